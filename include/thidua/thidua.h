/*
 * libthidua: the rules of emulation clusters and blocs, computed exactly and explained.
 *
 * 1. Fill a struct td_regulation (or let src/format read one from JSON) and td_regulation_check it.
 * 2. Fill a struct td_year and td_year_check it.
 * 3. td_score gives scores, ranks, outcomes, proposals and what is still open; td_explain the
 *    arithmetic behind one unit's score.
 *
 * Memory is the caller's arena; errors are values; messages are ids with typed arguments. Nothing
 * is global, so any number of threads may work, each with its own arena.
 */
#ifndef THIDUA_THIDUA_H
#define THIDUA_THIDUA_H

#include "thidua/arena.h"
#include "thidua/calendar.h"
#include "thidua/date.h"
#include "thidua/decimal.h"
#include "thidua/frame.h"
#include "thidua/message.h"
#include "thidua/problem.h"
#include "thidua/regulation.h"
#include "thidua/score.h"
#include "thidua/status.h"
#include "thidua/tally.h"
#include "thidua/year.h"

#endif
