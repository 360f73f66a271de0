/*
 * Names in the order of the Vietnamese alphabet.
 */
#include "base/alphabet.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/banned.h"

/* Đ after D, Ă and Â after A, letters before tones, numbers as numbers. */
static const char *const in_order[] = {
    "",
    "An Dương",
    "ba",
    "bà",
    "bá",
    "bạ",
    "Bắc Giang",
    "Bến Tre",
    "Dung",
    "Đào",
    "Hà Đông",
    "Hải Phòng",
    "Khối 9",
    "Khối 10",
    "Ong",
    "Ông",
    "Ơn",
    "UBND phường Hoa Cúc",
    "UBND phường Hoa Đào",
    "UBND phường Hoa Hồng",
    "Xã Ưng",
    "Yên Dũng",
};
#define COUNT (sizeof in_order / sizeof *in_order)

static int sign(int value)
{
    return (value > 0) - (value < 0);
}

static void test_alphabet__every_pair(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT; i++) {
        for (size_t k = 0; k < COUNT; k++) {
            int want = (i > k) - (i < k);
            int got = sign(alphabet_compare(in_order[i], in_order[k]));
            if (got != want) {
                fail_msg("“%s” and “%s”: %d", in_order[i], in_order[k], got);
            }
        }
    }
}

/* What looks alike to the alphabet still has one order. */
static void test_alphabet__no_two_are_equal(void **state)
{
    (void)state;
    assert_true(alphabet_compare("Khối 09", "Khối 9") != 0);
    assert_int_equal(sign(alphabet_compare("Khối 09", "Khối 9")),
                     -sign(alphabet_compare("Khối 9", "Khối 09")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_alphabet__every_pair),
        cmocka_unit_test(test_alphabet__no_two_are_equal),
    };
    return cmocka_run_group_tests_name("alphabet", tests, NULL, NULL);
}
