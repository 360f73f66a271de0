/*
 * The order in which Vietnamese lists stand: A Ă Â B C D Đ E Ê …, letters before tones, and a
 * number as the number it is, so that "Khối 9" comes before "Khối 10". Databases order by bytes or
 * by a locale of theirs; people look for "Đào" after "Dung" and not after "Yên".
 *
 * alphabet.c is the only file that knows ICU. Nothing here depends on the locale.
 */
#ifndef BASE_ALPHABET_H
#define BASE_ALPHABET_H

/* Less than, equal to or greater than 0 as the name a comes before, with or after b. Names that
 * differ in a byte are never equal. Any thread may call it. */
int alphabet_compare(const char *a, const char *b) __attribute__((nonnull));

#endif
