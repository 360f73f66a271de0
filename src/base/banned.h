/*
 * Functions of libc that don't compile in this house. Every .c file includes this last, after the
 * headers that declare them; the compiler's message names what to use instead.
 *
 * Banned are those that write without a bound, those that hide failure or depend on the locale
 * when reading numbers, those that keep their answer in static memory, those that run a shell, and
 * those that take memory past every limit.
 */
#ifndef BASE_BANNED_H
#define BASE_BANNED_H

#define BANNED(function, instead) banned_##function##__use_##instead

/* Unbounded or easily misread copying. */
#undef strcpy
#define strcpy(...) BANNED(strcpy, td_arena_text)
#undef stpcpy
#define stpcpy(...) BANNED(stpcpy, td_arena_text)
#undef strcat
#define strcat(...) BANNED(strcat, buf_text)
#undef strncpy
#define strncpy(...) BANNED(strncpy, td_arena_text)
#undef strncat
#define strncat(...) BANNED(strncat, buf_add)
#undef sprintf
#define sprintf(...) BANNED(sprintf, buf_printf)
#undef vsprintf
#define vsprintf(...) BANNED(vsprintf, buf_printf)
#undef asprintf
#define asprintf(...) BANNED(asprintf, buf_printf)
#undef vasprintf
#define vasprintf(...) BANNED(vasprintf, buf_printf)
#undef gets
#define gets(...) BANNED(gets, fread)
#undef strtok
#define strtok(...) BANNED(strtok, memchr)

/* Memory on the stack whose size is not known. */
#undef alloca
#define alloca(...) BANNED(alloca, td_arena_alloc)
#undef strdupa
#define strdupa(...) BANNED(strdupa, td_arena_text)
#undef strndupa
#define strndupa(...) BANNED(strndupa, td_arena_text)

/* Numbers: these skip blanks, accept signs and prefixes, wrap or depend on the locale. */
#undef atoi
#define atoi(...) BANNED(atoi, td_decimal_parse)
#undef atol
#define atol(...) BANNED(atol, td_decimal_parse)
#undef atoll
#define atoll(...) BANNED(atoll, td_decimal_parse)
#undef atof
#define atof(...) BANNED(atof, td_decimal_parse)
#undef strtol
#define strtol(...) BANNED(strtol, td_decimal_parse)
#undef strtoll
#define strtoll(...) BANNED(strtoll, td_decimal_parse)
#undef strtoul
#define strtoul(...) BANNED(strtoul, td_decimal_parse)
#undef strtoull
#define strtoull(...) BANNED(strtoull, td_decimal_parse)
#undef strtof
#define strtof(...) BANNED(strtof, td_decimal_parse)
#undef strtod
#define strtod(...) BANNED(strtod, td_decimal_parse)
#undef strtold
#define strtold(...) BANNED(strtold, td_decimal_parse)
#undef scanf
#define scanf(...) BANNED(scanf, td_decimal_parse)
#undef fscanf
#define fscanf(...) BANNED(fscanf, td_decimal_parse)
#undef sscanf
#define sscanf(...) BANNED(sscanf, td_decimal_parse)
#undef vsscanf
#define vsscanf(...) BANNED(vsscanf, td_decimal_parse)

/* Answers in static memory, shared by all threads. */
#undef gmtime
#define gmtime(...) BANNED(gmtime, gmtime_r)
#undef localtime
#define localtime(...) BANNED(localtime, localtime_r)
#undef ctime
#define ctime(...) BANNED(ctime, td_date_print)
#undef ctime_r
#define ctime_r(...) BANNED(ctime_r, td_date_print)
#undef asctime
#define asctime(...) BANNED(asctime, td_date_print)
#undef asctime_r
#define asctime_r(...) BANNED(asctime_r, td_date_print)

/* The locale is the process's, and a language is the reader's. */
#undef setlocale
#define setlocale(...) BANNED(setlocale, src_language)

/* A shell reads what it is given. */
#undef system
#define system(...) BANNED(system, posix_spawn)
#undef popen
#define popen(...) BANNED(popen, posix_spawn)

/* Guessable numbers and guessable names. */
#undef rand
#define rand(...) BANNED(rand, randombytes_buf)
#undef srand
#define srand(...) BANNED(srand, randombytes_buf)
#undef random
#define random(...) BANNED(random, randombytes_buf)
#undef srandom
#define srandom(...) BANNED(srandom, randombytes_buf)
#undef mktemp
#define mktemp(...) BANNED(mktemp, mkstemp)
#undef tmpnam
#define tmpnam(...) BANNED(tmpnam, mkstemp)
#undef tempnam
#define tempnam(...) BANNED(tempnam, mkstemp)

#endif
