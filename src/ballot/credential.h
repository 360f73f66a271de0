/*
 * Voting cards and what is derived from them.
 *
 * A card bears 14 random digits of base 58 and a check digit, three by three: 9wm-tBf-Tz1-Rdg-CGr.
 * With the election's identifier it gives a secret scalar s; g^s is public and goes into the
 * election's list. Whoever has a card can vote with it, and can prove how it voted: cards are
 * shuffled and drawn, and the server never sees one.
 */
#ifndef BALLOT_CREDENTIAL_H
#define BALLOT_CREDENTIAL_H

#include "ballot/group.h"
#include "thidua/arena.h"

#define CARD_TEXT 20 /* NUL included */
#define TOKEN_TEXT 15
#define CREDENTIALS_MAX 10000

/* The public side of all cards of an election. */
struct credentials {
    size_t count;
    struct element *items;
};

/* A new election's identifier: 14 random digits of base 58. Asks for group_ok as all do. */
void token_new(struct group *group, char ret[static TOKEN_TEXT]);
bool token_valid(const char *token) TD_MUST_CHECK __attribute__((nonnull));

/* A new card. To be wiped when it has been printed. */
void card_new(struct group *group, char ret[static CARD_TEXT]);
/* Is it written as a card, with the right check digit? */
bool card_valid(const char *card) TD_MUST_CHECK __attribute__((nonnull));

/* The secret of a valid card in the election with this identifier. */
void card_secret(struct group *group, const char *card, const char *uuid, struct scalar *ret)
    __attribute__((nonnull));

/* Sort, as lists are published: the order of making would tell who has which card. */
void credentials_sort(struct credentials *credentials) __attribute__((nonnull));
bool credentials_hold(const struct credentials *credentials, const struct element *credential,
                      size_t *ret_index) TD_MUST_CHECK __attribute__((nonnull(1, 2)));

/* ["<number>",…] */
void credentials_write(struct group *group, const struct credentials *credentials, struct buf *to)
    __attribute__((nonnull));
/* Every one an element of the group other than 1, and no two alike. */
bool credentials_read(struct group *group, struct td_arena *arena, const char *bytes, size_t n,
                      struct credentials *ret) TD_MUST_CHECK __attribute__((nonnull));

#endif
