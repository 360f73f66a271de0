/*
 * Signing in and staying so.
 *
 * A session is a random token in a cookie; the database holds its SHA-256. It ends when it was
 * silent for too long, when it is too old, at sign-out, and when the password changes.
 *
 * Guessing is slowed by account and by address: each attempt is counted before the password is
 * looked at, so that many at once gain nothing, and after a few the next must wait, longer each
 * time. An unknown login, a wrong password and a closed account get the same answer after the same
 * work.
 */
#ifndef OFFICE_SESSION_H
#define OFFICE_SESSION_H

#include "office/office.h"
#include "office/secret.h"

#define SESSION_SUBJECT_FREE 5  /* attempts at an account without waiting */
#define SESSION_ADDRESS_FREE 30 /* from an address, behind which many may sit */
#define SESSION_WAIT_MAX_MS (INT64_C(15) * 60 * 1000)
#define SESSION_FORGET_MS (INT64_C(24) * 3600 * 1000) /* an attempt so old counts no more */

struct session_begin_in {
    const char *login, *password;
    const char *address; /* of the client, as text */
};

struct session_begun {
    char token[SECRET_TOKEN_TEXT]; /* for the cookie */
    int max_age_s;                 /* the longest that it can be of use */
    int wait_s;                    /* refused: so long until the next attempt; 0: not the reason */
};

/* Sign in. OFFICE_REFUSED: not with this login and password; or, when wait_s is not 0, too many
 * attempts, and nothing was looked at. Slow by nature. */
int session_begin(struct office *office, const struct session_begin_in *in, struct td_arena *arena,
                  struct session_begun *ret) TD_MUST_CHECK __attribute__((nonnull));

/* Who has the session: the actor with roles and scopes' names, in the arena. OFFICE_NOT_FOUND when
 * there is none, or it has ended. Writes once a minute when the session was last seen, unless the
 * writing of another's is under way or has just failed: then with a later call. */
int session_find(struct office *office, const char *token, struct td_arena *arena,
                 const struct actor **ret) TD_MUST_CHECK __attribute__((nonnull));

/* Sign out. A session that isn't there is TD_OK. */
int session_end(struct office *office, const struct actor *actor, const char *token,
                struct td_arena *arena) TD_MUST_CHECK __attribute__((nonnull));

/* Drop sessions, attempts and links that are over: housekeeping, to be called now and then. */
int session_sweep(struct office *office, struct td_arena *arena) TD_MUST_CHECK
    __attribute__((nonnull));

#endif
