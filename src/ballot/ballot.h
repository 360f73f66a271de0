/*
 * A secret ballot that anyone can verify. This is the face of the room: include it, and read it
 * first.
 *
 * The protocol is Belenios, version 1, in the group BELENIOS-2048, so that a program which others
 * wrote, Debian's belenios-tool, can check every election held with this one.
 *
 *   who                 does                                              with
 *   trustees            make their keys, and decrypt the sum              trustee.h, tally.h
 *   the registrar       makes voting cards and their public list          credential.h
 *   whoever sets up     asks the questions                                election.h
 *   voters              encrypt, prove and sign their choices             paper.h
 *   the server          takes ballots into the archive, one by one        hall.h, box.h
 *   everybody           audits the archive                                verify.h
 *
 * What the program that takes ballots never has: a card, a trustee's key, a choice. What nobody can
 * do alone: decrypt, which takes every trustee; add a ballot, which takes a card; change or drop
 * one, which changes the archive that others have copies of.
 *
 * Below these are ledger.h (what an archive means), archive.h (its bytes), group.h (elements and
 * scalars), proof.h (the three proofs), scan.h (texts with one right form) and digest.h. Nothing
 * here knows of years, units or meetings.
 *
 * A struct group belongs to one thread; so does everything that was given it. Memory comes from the
 * caller's arena. Texts are bounded and refused as a whole; no function answers half a thing.
 */
#ifndef BALLOT_BALLOT_H
#define BALLOT_BALLOT_H

#include "ballot/archive.h"
#include "ballot/box.h"
#include "ballot/credential.h"
#include "ballot/election.h"
#include "ballot/group.h"
#include "ballot/hall.h"
#include "ballot/ledger.h"
#include "ballot/paper.h"
#include "ballot/tally.h"
#include "ballot/trustee.h"
#include "ballot/verify.h"

#endif
