/*
 * Prints sample pages of the frame and its parts, and the assets, for the browser tests to look at:
 * the templates themselves, with invented data.
 *
 *     pages LANGUAGE parts|form|error|signed-out        one page
 *     pages assets                                      path, type and length of each asset
 *     pages asset PATH                                  its bytes
 */
#include "pages.h"
#include "web/assets.h"
#include "web/layout/layout.h"
#include "web/templates.h"

#include <stdio.h>
#include <string.h>

#include "base/banned.h"

static const struct layout_item menu[] = {
    {.label = {.id = "Trang chủ"}, .href = "/", .icon = "home", .count = 3},
    {.label = {.id = "Bảng chấm điểm"}, .href = "/sheets", .icon = "home", .is_current = true},
    {.label = {.id = "Kết quả"}, .href = "/results", .icon = "home"},
    {.label = {.id = "Hội nghị và biên bản của toàn khối"}, .href = "/meetings", .count = 12},
};

static const struct layout_crumb crumbs[] = {
    {.label = {.id = "Trang chủ"}, .href = "/"},
    {.label = {.id = "Khối thi đua các sở, ban, ngành <số 2>"}, .href = "/blocs/2"},
};

static struct layout frame(const char *title)
{
    return (struct layout){
        .title = {.id = title},
        .crumbs = crumbs,
        .crumb_count = 2,
        .menu = menu,
        .menu_count = sizeof(menu) / sizeof(menu[0]),
        .user = {.name = "Đặng Thị Hồng Thắm", .role = {.id = "Khối trưởng"}},
        .is_demo = true,
    };
}

static void print_parts(struct html *h)
{
    struct layout layout = frame("Bảng tự chấm điểm năm 2026");

    layout.lead = layout_text(
        "Nhập điểm đơn vị tự chấm, sau đó gửi bảng điểm cho Khối trưởng trước ngày 10/12/2026.");
    layout.action =
        (struct layout_action){layout_text("Gửi bảng điểm"), "/sheets/7/submit", "circle-check"};
    layout.flash =
        (struct layout_flash){LAYOUT_FLASH_SAVED, layout_text("Đã lưu bảng điểm lúc 10:42.")};
    parts_page_html(h, &layout);
}

static void print_form(struct html *h)
{
    struct layout layout = frame("Đăng ký thi đua năm 2026");

    layout.flash = (struct layout_flash){LAYOUT_FLASH_REFUSED,
                                         layout_text("Chưa lưu được: có một ô chưa đúng.")};
    form_page_html(h, &layout);
}

static void print_error(struct html *h)
{
    struct error_page page = {
        .layout = frame("Không tìm thấy trang"),
        .status = 404,
        .what = layout_text("Không có trang nào ở địa chỉ này."),
        .remedy = layout_text("Hãy kiểm tra lại địa chỉ, hoặc đi tiếp từ trang chủ."),
        .reference = "7f3a-20c1",
    };

    error_page_html(h, &page);
}

static void print_signed_out(struct html *h)
{
    struct layout layout = {.title = layout_text("Đăng nhập")};

    sign_in_sample_html(h, &layout);
}

static int print_page(const char *code, const char *name)
{
    static const struct {
        const char *name;
        void (*print)(struct html *h);
    } pages[] = {
        {"parts", print_parts},
        {"form", print_form},
        {"error", print_error},
        {"signed-out", print_signed_out},
    };
    const struct language *language = language_find(code);
    struct buf out;
    int status = 1;

    if (language == NULL) {
        return status;
    }
    buf_init(&out, (size_t)1024 * 1024);
    struct html html = {.out = &out, .language = language, .csrf = "0123456789abcdef"};
    for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
        if (strcmp(pages[i].name, name) == 0) {
            pages[i].print(&html);
            status = buf_ok(&out) && buf_length(&out) > 0 ? 0 : 1;
        }
    }
    fwrite(buf_string(&out), 1, buf_length(&out), stdout);
    buf_release(&out);
    return status;
}

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "asset") == 0) {
        const struct http_asset *asset = asset_find(argv[2]);
        if (asset == NULL) {
            return 1;
        }
        fwrite(asset->bytes, 1, asset->n, stdout);
        return 0;
    }
    if (argc == 2 && strcmp(argv[1], "assets") == 0) {
        for (size_t i = 0; i < assets_count; i++) {
            printf("%s\t%s\n", assets[i].path, assets[i].type);
        }
        return 0;
    }
    return argc == 3 ? print_page(argv[1], argv[2]) : 1;
}
