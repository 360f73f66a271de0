/*
 * Prints the golden page, with values that would break out of a page that lets them.
 */
#include "out.h"

#include <stdio.h>

#include "base/banned.h"

int main(void)
{
    const struct sample sample = {
        .name = "<b>\"'&/../?x=1 ế",
        .link = "javascript:alert(1)",
        .count = 3,
        .is_late = true,
        .title = TD_MESSAGE("A title of {0}", TD_TEXT("<i>")),
        .points = {100050, 2},
        .day = {2024, 12, 8},
        .saved = {INT64_C(1795232525000)},
    };
    struct buf out;
    struct html html = {.out = &out, .language = language_find("vi"), .csrf = "\"token"};

    buf_init(&out, 64 * 1024);
    golden_html(&html, &sample);
    fputs(buf_string(&out), stdout);
    int status = buf_ok(&out) ? 0 : 1;
    buf_release(&out);
    return status;
}
