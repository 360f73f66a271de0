/*
 * SHA-256 of a file's bytes. The only file that includes libsodium.
 */
#include "format/format.h"

#include <sodium.h>

#include "base/banned.h"

_Static_assert(FORMAT_SHA256_TEXT == crypto_hash_sha256_BYTES * 2 + 1, "room for the hex digits");

int format_sha256(const char *bytes, size_t n, char out[static FORMAT_SHA256_TEXT])
{
    unsigned char hash[crypto_hash_sha256_BYTES];

    if (sodium_init() < 0) {
        return TD_E_MEMORY;
    }
    crypto_hash_sha256(hash, (const unsigned char *)bytes, n);
    sodium_bin2hex(out, FORMAT_SHA256_TEXT, hash, sizeof hash);
    return TD_OK;
}
