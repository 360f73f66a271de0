/*
 * The sheet of voting cards: see ballot_sheet.h. The only file that knows libqrencode.
 */
#include "cli/ballot_sheet.h"

#include "language/language.h"

#include <qrencode.h>
#include <string.h>

#include "base/banned.h"

#define QUIET 4 /* the border of a QR code that readers need, in modules */

static const char style[] =
    "@page{size:A4;margin:10mm}body{margin:0;font:12pt/1.35 sans-serif;color:#000}"
    "p{margin:0 0 2mm}ul{margin:0;padding:0;display:flex;flex-wrap:wrap}"
    "li{list-style:none;box-sizing:border-box;width:50%;height:54mm;padding:4mm;"
    "border:1px dashed #777;break-inside:avoid;display:flex;gap:4mm;align-items:center}"
    "svg{width:40mm;height:40mm;flex:none}.title{font-weight:bold}"
    ".card{font:bold 13pt/1.3 monospace;white-space:nowrap}.how{font-size:9pt}";

bool sheet_address_valid(const char *address)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "-._~:/[]";

    return (strncmp(address, "https://", 8) == 0 || strncmp(address, "http://", 7) == 0) &&
           strlen(address) <= SHEET_ADDRESS_MAX && address[strspn(address, plain)] == '\0';
}

/* The code as one path, a square for each dark module. */
static bool write_code(const char *text, const char *label, struct buf *to)
{
    QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);

    if (code == NULL) {
        return false;
    }
    buf_printf(to, "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\"><path d=\"",
               code->width + 2 * QUIET, code->width + 2 * QUIET, label);
    for (int row = 0; row < code->width; row++) {
        for (int column = 0; column < code->width; column++) {
            if ((code->data[row * code->width + column] & 1) != 0) {
                buf_printf(to, "M%d %dh1v1h-1z", column + QUIET, row + QUIET);
            }
        }
    }
    buf_text(to, "\"/></svg>");
    explicit_bzero(code->data, (size_t)code->width * (size_t)code->width);
    QRcode_free(code);
    return true;
}

static bool write_card(struct cli *cli, const char *address, const char *card, struct buf *to)
{
    struct td_message title = TD_WORDS("Secret ballot: voting card");
    struct td_message code = TD_WORDS("QR code of this card");
    struct td_message how =
        TD_MESSAGE("Scan the code, or open {0} and type the card. Whoever has this card can vote "
                   "with it: show it to nobody, and keep it for further rounds.",
                   TD_TEXT(address));
    char target[SHEET_ADDRESS_MAX + CARD_TEXT + 16];
    int n = snprintf(target, sizeof target, "%s#%s", address, card);

    buf_text(to, "<li>");
    bool done =
        n > 0 && (size_t)n < sizeof target && write_code(target, message_text(cli, &code), to);
    explicit_bzero(target, sizeof target);
    buf_printf(to, "<div><p class=\"title\">%s</p>", message_text(cli, &title));
    buf_printf(to, "<p class=\"card\">%s</p>", card);
    buf_printf(to, "<p class=\"how\">%s</p></div></li>\n", message_text(cli, &how));
    return done;
}

bool sheet_write(struct cli *cli, const char *address, const char *cards, size_t count,
                 struct buf *to)
{
    struct td_message title = TD_WORDS("Voting cards");
    struct td_message first =
        TD_MESSAGE("{0} cards. Cut them, fold them, mix them in a box, and let everybody draw one. "
                   "Destroy this sheet's leftovers and its file.",
                   TD_COUNT(count));
    bool done = true;

    buf_printf(to,
               "<!DOCTYPE html>\n<html lang=\"%s\"><head><meta charset=\"utf-8\"><title>%s</title>"
               "<style>%s</style></head><body>\n",
               language_code(cli->language), message_text(cli, &title), style);
    buf_printf(to, "<p>%s</p>\n<ul>\n", message_text(cli, &first));
    for (size_t i = 0; done && i < count; i++) {
        struct td_mark mark = td_arena_mark(cli->arena);
        done = write_card(cli, address, cards + i * CARD_TEXT, to);
        td_arena_rewind(cli->arena, mark);
    }
    buf_text(to, "</ul>\n</body></html>\n");
    return done && buf_ok(to);
}
