/*
 * A voter's ballot: made on the voter's device, checked by whoever receives or counts it.
 *
 * Every slot is encrypted and proved to be 0 or 1, their sum to be one of those the question allows
 * (or the ballot blank there), and the whole is signed with the voter's card. There is one right
 * text of a ballot, to the byte; its hash is the tracker by which a voter finds it in the archive.
 */
#ifndef BALLOT_PAPER_H
#define BALLOT_PAPER_H

#include "ballot/credential.h"
#include "ballot/election.h"
#include "ballot/proof.h"
#include "thidua/message.h"

/* A slot takes less than 2,000 bytes of text, and less than 400 more with its share of the
 * question's own proofs: what is longer is no ballot of an election that is valid. */
#define PAPER_TEXT_MAX ((size_t)SLOTS_MAX * 2400 + 8192)

struct paper_answer {
    struct ciphertext *slots; /* as many as the question has */
    struct proof (*bits)[2];  /* for each slot */
    struct proof *overall;    /* as many as overall_count says */
    struct proof empty[2];    /* where blank is allowed */
};

struct paper {
    struct element credential;
    struct paper_answer *answers; /* one per question */
    char signed_hash[DIGEST_BASE64];
    struct proof signature;
    char tracker[DIGEST_BASE64];
};

/* What is wrong with a ballot. */
enum paper_fault {
    PAPER_RIGHT,
    PAPER_FOREIGN,   /* for another election */
    PAPER_FORM,      /* not the text of a ballot of this election */
    PAPER_STRANGER,  /* its card is not one of the list */
    PAPER_ELEMENT,   /* a number that is no element of the group */
    PAPER_SIGNATURE, /* not signed with the card that it names */
    PAPER_BIT,       /* a choice that is not proved to be 0 or 1 */
    PAPER_SUM,       /* a number of choices that is not proved to be allowed */
    PAPER_BLANK,     /* not proved to be blank or not */
    PAPER_MEMORY,    /* could not be checked */
};

/* Each in words. id NULL for PAPER_RIGHT. */
struct td_message paper_words(enum paper_fault fault) TD_MUST_CHECK;

/* Do these choices, one per slot, obey the questions? The votes are secret: takes the same time for
 * all that do. */
bool choices_valid(const struct election *election, const bool *choices) TD_MUST_CHECK
    __attribute__((nonnull));

/* A ballot of a voter's choices, which are valid. Its text becomes what is in `to`, its tracker
 * ret_tracker. TD_E_MEMORY: nothing was made. */
int paper_make(struct group *group, struct td_arena *arena, const struct election *election,
               const struct scalar *card, const bool *choices, struct buf *to,
               char ret_tracker[static DIGEST_BASE64]) TD_MUST_CHECK;

/* Read a ballot and check all that can be checked of it alone, what is cheap first. With a list
 * its card is looked up before anything is computed: anybody can make a ballot that is right but
 * for its card, and send it again and again. NULL: any card's is read.
 * ret is valid as long as the arena when the answer is PAPER_RIGHT. */
enum paper_fault paper_read(struct group *group, struct td_arena *arena,
                            const struct election *election, const struct credentials *listed,
                            const char *bytes, size_t n, struct paper *ret) TD_MUST_CHECK
    __attribute__((nonnull(1, 2, 3, 5, 7)));

/* ---- what making and checking share (paper.c) ------------------------------------------------ */

/* Branches of the overall proof: one per allowed sum, and one for blank. */
size_t overall_count(const struct question *question) TD_MUST_CHECK __attribute__((nonnull));

/* Memory for an answer. False when there is none. */
bool paper_answer_init(struct td_arena *arena, const struct question *question,
                       struct paper_answer *ret) TD_MUST_CHECK __attribute__((nonnull));

/* What a proof of this answer is about, "prove|…|" and so on. Released by the caller. */
void prefix_of_bit(struct group *group, const char *signer, const struct ciphertext *slot,
                   struct buf *ret) __attribute__((nonnull));
void prefix_of_answer(struct group *group, const char *kind, const char *signer,
                      const struct question *question, const struct paper_answer *answer,
                      struct buf *ret) __attribute__((nonnull));

/* The sum of an answer's slots, the one for blank not among them. */
void sum_of_answer(struct group *group, const struct question *question,
                   const struct paper_answer *answer, struct ciphertext *ret)
    __attribute__((nonnull));

/* What is claimed of a slot: 0 or 1; of an answer: one of the allowed sums; blank or nothing
 * chosen. The ciphertexts are given as claims, of any m; blank is not looked at where it is not
 * allowed. */
void claims_of_bit(struct claim slot, struct claim ret[static 2]);
void claims_of_sum(const struct question *question, struct claim blank, struct claim sum,
                   struct claim *ret) __attribute__((nonnull));
void claims_of_empty(struct claim blank, struct claim sum, struct claim ret[static 2]);

/* "fingerprint|credential": who signs what. Released by the caller. */
void signer_of(struct group *group, const struct election *election,
               const struct element *credential, struct buf *ret) __attribute__((nonnull));

/* The hash that is signed: of the text up to its signature and the brace that then closes it. False
 * when there is no memory. */
bool hash_unsigned(const char *bytes, size_t n, char ret[static DIGEST_BASE64]) TD_MUST_CHECK;

/* "sig|hash|" */
#define SIGNATURE_PREFIX (4 + DIGEST_BASE64 + 1)
void prefix_of_signature(const struct paper *paper, char ret[static SIGNATURE_PREFIX]);

#endif
