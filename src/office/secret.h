/*
 * Secrets: passwords, tokens, and what is derived from them. The only file of this room that knows
 * libsodium is secret.c.
 *
 * A token is 32 random bytes, shown once to whom it belongs; the database holds its SHA-256 only.
 * A password is stored as argon2id text. One hashing takes 64 MiB and some 80 ms of a core, so a
 * gate lets in at most as many at once as there are cores: more would only take memory.
 */
#ifndef OFFICE_SECRET_H
#define OFFICE_SECRET_H

#include "thidua/status.h"

#include <semaphore.h>
#include <stdbool.h>
#include <stddef.h>

#define SECRET_TOKEN_TEXT 44     /* 32 bytes in base64url without padding, NUL included */
#define SECRET_HASH_TEXT 65      /* a SHA-256 in hex, NUL included */
#define SECRET_PASSWORD_TEXT 128 /* argon2id text, NUL included */

struct secret_gate {
    sem_t places;
};

/* TD_OK, or TD_E_MEMORY when the library of ciphers can't be started. */
int secret_gate_init(struct secret_gate *gate) TD_MUST_CHECK __attribute__((nonnull));
void secret_gate_release(struct secret_gate *gate) __attribute__((nonnull));

/* The password as it is stored. TD_E_MEMORY when there are no 64 MiB. */
int secret_password_hash(struct secret_gate *gate, const char *password,
                         char out[static SECRET_PASSWORD_TEXT]) TD_MUST_CHECK
    __attribute__((nonnull));

/* Is it the password that was stored? `stored` NULL: no, after the same time. */
int secret_password_verify(struct secret_gate *gate, const char *stored, const char *password,
                           bool *ret) TD_MUST_CHECK __attribute__((nonnull(1, 3, 4)));

/* A new token, fit for addresses and cookies. TD_E_IO when the machine gives no random bytes. */
int secret_token(char out[static SECRET_TOKEN_TEXT]) TD_MUST_CHECK;

/* room - 1 random characters of [a-z2-7], 5 bits each. room at most 65. TD_E_IO as above. */
int secret_id(char *out, size_t room) TD_MUST_CHECK __attribute__((nonnull));

/* SHA-256 of a text in hex. */
int secret_hash(const char *text, char out[static SECRET_HASH_TEXT]) TD_MUST_CHECK
    __attribute__((nonnull));

/* HMAC-SHA-256 of a text under a key, in hex. */
void secret_mac(const char *key, const char *text, char out[static SECRET_HASH_TEXT])
    __attribute__((nonnull));

/* Are the texts the same? Takes no longer when more of their beginning is. */
bool secret_equal(const char *a, const char *b) TD_MUST_CHECK __attribute__((nonnull));

/* Overwrite what is not needed any more; no compiler leaves it out. */
void secret_wipe(void *bytes, size_t n) __attribute__((nonnull));

#endif
