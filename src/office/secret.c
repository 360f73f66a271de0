/*
 * Secrets over libsodium, which this file alone knows.
 */
#include "office/secret.h"

#include "format/format.h"

#include <errno.h>
#include <sodium.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/banned.h"

#define TOKEN_BYTES 32

_Static_assert(SECRET_PASSWORD_TEXT == crypto_pwhash_STRBYTES, "room for argon2id text");
_Static_assert(SECRET_TOKEN_TEXT ==
                   sodium_base64_ENCODED_LEN(TOKEN_BYTES, sodium_base64_VARIANT_URLSAFE_NO_PADDING),
               "room for a token");
_Static_assert(SECRET_HASH_TEXT == FORMAT_SHA256_TEXT, "room for a hash");

int secret_gate_init(struct secret_gate *gate)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);

    if (sodium_init() < 0 || sem_init(&gate->places, 0, cores < 1 ? 1 : (unsigned)cores) != 0) {
        return TD_E_MEMORY;
    }
    return TD_OK;
}

void secret_gate_release(struct secret_gate *gate)
{
    sem_destroy(&gate->places);
}

static void enter(struct secret_gate *gate)
{
    while (sem_wait(&gate->places) != 0) {
        /* A signal; wait on. */
    }
}

static int hash(const char *password, char out[static SECRET_PASSWORD_TEXT])
{
    int failed =
        crypto_pwhash_str_alg(out, password, strlen(password), crypto_pwhash_OPSLIMIT_INTERACTIVE,
                              crypto_pwhash_MEMLIMIT_INTERACTIVE, crypto_pwhash_ALG_ARGON2ID13);
    return failed != 0 ? TD_E_MEMORY : TD_OK;
}

int secret_password_hash(struct secret_gate *gate, const char *password,
                         char out[static SECRET_PASSWORD_TEXT])
{
    enter(gate);
    int status = hash(password, out);
    sem_post(&gate->places);
    return status;
}

int secret_password_verify(struct secret_gate *gate, const char *stored, const char *password,
                           bool *ret)
{
    char scratch[SECRET_PASSWORD_TEXT];
    int status = TD_OK;

    enter(gate);
    if (stored == NULL) {
        /* The same work as for a password that is there. */
        status = hash(password, scratch);
        *ret = false;
    } else {
        /* A failure for want of memory must not look like a wrong password. */
        errno = 0;
        *ret = crypto_pwhash_str_verify(stored, password, strlen(password)) == 0;
        status = !*ret && errno == ENOMEM ? TD_E_MEMORY : TD_OK;
    }
    sem_post(&gate->places);
    sodium_memzero(scratch, sizeof(scratch));
    return status;
}

/* At most 256 bytes at once, which the kernel gives whole. */
static int random_bytes(unsigned char *bytes, size_t n)
{
    ssize_t got = 0;
    do {
        got = getrandom(bytes, n, 0);
    } while (got < 0 && errno == EINTR);
    return got == (ssize_t)n ? TD_OK : TD_E_IO;
}

int secret_token(char out[static SECRET_TOKEN_TEXT])
{
    unsigned char bytes[TOKEN_BYTES];
    int status = random_bytes(bytes, sizeof(bytes));
    if (status == TD_OK) {
        sodium_bin2base64(out, SECRET_TOKEN_TEXT, bytes, sizeof(bytes),
                          sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    }
    sodium_memzero(bytes, sizeof(bytes));
    return status;
}

int secret_id(char *out, size_t room)
{
    /* 32 letters divide 256 values of a byte evenly, so none comes more often than another. */
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz234567";
    unsigned char bytes[64];
    int status = random_bytes(bytes, sizeof(bytes));
    if (status != TD_OK || room < 1 || room > sizeof(bytes) + 1) {
        return status != TD_OK ? status : TD_E_INVALID;
    }
    for (size_t i = 0; i + 1 < room; i++) {
        out[i] = letters[bytes[i] & 31];
    }
    out[room - 1] = '\0';
    return TD_OK;
}

int secret_hash(const char *text, char out[static SECRET_HASH_TEXT])
{
    return format_sha256(text, strlen(text), out);
}

void secret_mac(const char *key, const char *text, char out[static SECRET_HASH_TEXT])
{
    crypto_auth_hmacsha256_state state;
    unsigned char mac[crypto_auth_hmacsha256_BYTES];

    crypto_auth_hmacsha256_init(&state, (const unsigned char *)key, strlen(key));
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)text, strlen(text));
    crypto_auth_hmacsha256_final(&state, mac);
    sodium_bin2hex(out, SECRET_HASH_TEXT, mac, sizeof(mac));
    sodium_memzero(&state, sizeof(state));
}

bool secret_equal(const char *a, const char *b)
{
    size_t n = strlen(a);
    return n == strlen(b) && sodium_memcmp(a, b, n) == 0;
}

void secret_wipe(void *bytes, size_t n)
{
    sodium_memzero(bytes, n);
}
