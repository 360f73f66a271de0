/*
 * Digests on OpenSSL: see digest.h. The only file that knows EVP.
 */
#include "ballot/digest.h"

#include <stdint.h>
#include <string.h>

#include <openssl/evp.h>

#include "base/banned.h"

#define DERIVE_ROUNDS 1000 /* the protocol's */

bool digest_sha256(const void *bytes, size_t n, unsigned char ret[static DIGEST_BYTES])
{
    if (EVP_Digest(bytes, n, ret, NULL, EVP_sha256(), NULL) != 1) {
        memset(ret, 0, DIGEST_BYTES);
        return false;
    }
    return true;
}

bool digest_hex(const void *bytes, size_t n, char ret[static DIGEST_HEX])
{
    static const char digits[] = "0123456789abcdef";
    unsigned char hash[DIGEST_BYTES];
    bool done = digest_sha256(bytes, n, hash);

    for (size_t i = 0; i < DIGEST_BYTES; i++) {
        ret[2 * i] = digits[hash[i] >> 4];
        ret[2 * i + 1] = digits[hash[i] & 15];
    }
    ret[DIGEST_HEX - 1] = '\0';
    return done;
}

bool digest_base64(const void *bytes, size_t n, char ret[static DIGEST_BASE64])
{
    unsigned char hash[DIGEST_BYTES];
    unsigned char text[DIGEST_BASE64 + 1]; /* with one '=' */
    bool done = digest_sha256(bytes, n, hash);

    (void)EVP_EncodeBlock(text, hash, DIGEST_BYTES);
    memcpy(ret, text, DIGEST_BASE64 - 1);
    ret[DIGEST_BASE64 - 1] = '\0';
    return done;
}

bool digest_derive(const char *secret, const char *salt, unsigned char ret[static DIGEST_BYTES])
{
    if (PKCS5_PBKDF2_HMAC(secret, (int)strlen(secret), (const unsigned char *)salt,
                          (int)strlen(salt), DERIVE_ROUNDS, EVP_sha256(), DIGEST_BYTES, ret) != 1) {
        memset(ret, 0, DIGEST_BYTES);
        return false;
    }
    return true;
}
