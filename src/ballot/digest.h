/*
 * SHA-256 in the two forms that archives use, and the slow derivation of a secret from a card.
 * Functions answer false when the machine has no memory for it, and then leave zeros.
 */
#ifndef BALLOT_DIGEST_H
#define BALLOT_DIGEST_H

#include "thidua/status.h"

#include <stdbool.h>
#include <stddef.h>

#define DIGEST_BYTES 32
#define DIGEST_HEX 65    /* lower case, NUL included: how an archive names data */
#define DIGEST_BASE64 44 /* standard alphabet without padding, NUL included: trackers */

bool digest_sha256(const void *bytes, size_t n, unsigned char ret[static DIGEST_BYTES])
    TD_MUST_CHECK;
bool digest_hex(const void *bytes, size_t n, char ret[static DIGEST_HEX]) TD_MUST_CHECK;
bool digest_base64(const void *bytes, size_t n, char ret[static DIGEST_BASE64]) TD_MUST_CHECK;

/* PBKDF2-HMAC-SHA256 with 1000 rounds. */
bool digest_derive(const char *secret, const char *salt, unsigned char ret[static DIGEST_BYTES])
    TD_MUST_CHECK __attribute__((nonnull));

#endif
