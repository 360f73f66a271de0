/*
 * The one door through which every change goes onto the record (GOV-3, law 9).
 *
 * A change is written in the transaction that makes it, onto the chain it belongs to: one chain for
 * each bloc's year, one for the rest of a home, one for the installation. Each entry's hash covers
 * that of the entry before it, so that an altered, missing or reordered entry shows. The payload
 * (old and new) enters the hash through a salted hash of its own, so that it can be erased by law.
 *
 * Canonical form. Every field is written as its length in bytes in decimal, ':', the bytes, '\n'.
 *
 *     payload_hash = SHA-256("thidua-payload/1\n" salt old new)
 *                    where an absent old or new is "-\n"
 *     hash         = SHA-256("thidua-audit/1\n" home_id chain seq at account_id for_id verb
 *                            object payload_hash previous_hash)
 *
 * Numbers are in decimal, hashes in lower-case hex; the first entry's previous_hash is 64 zeros.
 */
#ifndef OFFICE_AUDIT_H
#define OFFICE_AUDIT_H

#include "office/office.h"

#define AUDIT_HOME "home"                 /* the chain of a home's own matters */
#define AUDIT_INSTALLATION "installation" /* home_id and chain of accounts and the like */

struct audit_change {
    const char *home_id;
    const char *chain;  /* a year_id, AUDIT_HOME or AUDIT_INSTALLATION */
    const char *for_id; /* the unit or authority for whom it was done; NULL: none */
    const char *verb;   /* "sheet.submit": the noun and what was done */
    const char *object; /* what was changed: an id, or a path of ids joined by '/' */
    const char *old;    /* as text for people and programs; NULL: there was nothing */
    const char *new;    /* NULL: there is nothing any more */
};

/* Append the change to its chain. To be called in the transaction that makes it. */
int audit_write(struct db_tx *tx, const struct office *office, const struct actor *actor,
                const struct audit_change *change) TD_MUST_CHECK __attribute__((nonnull));

/* What audit_verify found wrong. */
enum audit_fault {
    AUDIT_ALTERED,   /* the entry's hash isn't that of its fields, or not the one that the head of
                        the chain recorded */
    AUDIT_MISSING,   /* a number is skipped, or the end of the chain isn't the recorded one */
    AUDIT_REORDERED, /* the entry doesn't follow the one before it */
    AUDIT_PAYLOAD,   /* old or new was altered */
};

struct audit_finding {
    enum audit_fault fault;
    const char *home_id, *chain;
    int64_t seq;
    struct audit_finding *next;
};

struct audit_report {
    int64_t chains, entries, erased; /* erased: entries whose payload is no longer there */
    struct audit_finding *first;     /* NULL: all holds */
};

/* Check every chain of the database. */
int audit_verify(struct office *office, struct td_arena *arena, struct audit_report *ret)
    TD_MUST_CHECK __attribute__((nonnull));

#endif
