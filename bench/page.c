/*
 * A page of the size and shape of a scoring grid: see page.h.
 */
#include "page.h"

#define ROWS 60

void page_render(struct buf *body)
{
    buf_text(body, "<!doctype html><html lang=\"vi\"><head><meta charset=\"utf-8\"><title>Bảng điểm"
                   "</title><link rel=\"stylesheet\" href=\"/assets/app.css\"></head><body><main>"
                   "<table class=\"table\"><thead><tr><th>Tiêu chí</th><th>Điểm tối đa</th>"
                   "<th>Tự chấm</th><th>Thẩm định</th></tr></thead><tbody>");
    for (int row = 0; row < ROWS; row++) {
        buf_printf(
            body,
            "<tr id=\"item-%d\"><th scope=\"row\">%d. Thực hiện nhiệm vụ được giao trong năm, "
            "đúng tiến độ và có chất lượng</th><td class=\"number\">%d,00</td>"
            "<td><input name=\"own-%d\" inputmode=\"decimal\" value=\"%d,%02d\"></td>"
            "<td class=\"number\">%d,%02d</td></tr>",
            row, row + 1, row % 7 + 10, row, row % 7 + 9, row, row % 7 + 8, row);
    }
    buf_text(body, "</tbody></table></main></body></html>");
}
