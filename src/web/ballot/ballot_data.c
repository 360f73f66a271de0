/*
 * What the scripts of the secret ballot fetch, byte for byte as it stands in the archive, and what
 * they bring.
 */
#include "web/ballot/ballot.h"
#include "web/json.h"
#include "web/web.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/banned.h"

#define CODE_ORIGIN "origin"
#define CODE_TYPE "type"

/* ---- refusals -------------------------------------------------------------------------------- */

static const struct {
    const char *code;
    int status;
    struct td_message words;
} answers[] = {
    {BOX_CODE_FORM,
     422,
     {.id = TD_ID("The server can't read what was sent, and took nothing. Load "
                  "the page again, then try once more.")}},
    {BOX_CODE_FOREIGN, 422, {.id = TD_ID("This is for another election. Nothing was taken.")}},
    {BOX_CODE_ELEMENT,
     422,
     {.id = TD_ID("The ballot is not made as it should be, and was not "
                  "taken. Load the page again and vote once more.")}},
    {BOX_CODE_SIGNATURE,
     422,
     {.id = TD_ID("The ballot is not signed with its card, and was not "
                  "taken. Load the page again and vote once more.")}},
    {BOX_CODE_PROOF,
     422,
     {.id = TD_ID("A proof in the ballot is wrong, and it was not taken. Load "
                  "the page again and vote once more.")}},
    {BOX_CODE_NOT_IN_LIST,
     422,
     {.id = TD_ID("This card is not one of this election. Look whether "
                  "it is the right card, and each character of it.")}},
    {BOX_CODE_NOBODYS,
     422,
     {.id = TD_ID("This is not the decryption of a trustee of this "
                  "election. Nothing was taken.")}},
    {BOX_CODE_VOTED,
     409,
     {.id = TD_ID("This card has voted already. In this election a card votes "
                  "once.")}},
    {BOX_CODE_TOO_OFTEN,
     409,
     {.id = TD_ID("This card has voted too often. Its last ballot counts, and no other "
                  "is taken.")}},
    {BOX_CODE_REPLAYED,
     409,
     {.id = TD_ID("This ballot was taken, and then a later ballot of the same card replaced "
                  "it. If you did not vote again, tell the organisers at once.")}},
    {BOX_CODE_NOT_OPEN, 409, {.id = TD_ID("Voting has not begun yet. Nothing was taken.")}},
    {BOX_CODE_CLOSED, 409, {.id = TD_ID("Voting has ended. The ballot was not taken.")}},
    {BOX_CODE_NOT_NOW,
     409,
     {.id = TD_ID("This can't be done now: the election is not that far, or "
                  "is past it.")}},
    {HALL_CODE_UNKNOWN, 404, {.id = TD_ID("There is no such election here.")}},
    {CODE_ORIGIN, 403, {.id = TD_ID("This came from another site's page. Nothing was taken.")}},
    {CODE_TYPE, 415, {.id = TD_ID("The server takes JSON here. Nothing was taken.")}},
    {BOX_CODE_BUSY,
     503,
     {.id = TD_ID("The server is busy. Send it again in a few seconds: a ballot "
                  "counts once, however often it is sent.")}},
    {BOX_CODE_STORAGE,
     503,
     {.id = TD_ID("The server can't store anything just now. Tell the "
                  "organisers, and send it again later: a ballot counts "
                  "once, however often it is sent.")}},
    {BOX_CODE_DAMAGED,
     503,
     {.id = TD_ID("The election's archive does not hold. Nothing was taken; "
                  "tell the organisers.")}},
    {BOX_CODE_MEMORY,
     503,
     {.id = TD_ID("The server has no memory for it just now. Send it again in "
                  "a few seconds.")}},
};

void ballot_refuse(struct http_exchange *x, const struct language *language, const char *code)
{
    size_t i = 0;

    while (i + 1 < sizeof answers / sizeof *answers && strcmp(answers[i].code, code) != 0) {
        i++;
    }
    buf_clear(http_body(x));
    http_set_status(x, answers[i].status);
    http_set_type(x, "application/json");
    if (answers[i].status == 503) {
        http_set_header(x, "Retry-After", "3");
    }
    struct json json = json_begin(http_body(x), language);
    json_open(&json, NULL, '{');
    json_message(&json, "message", &answers[i].words);
    json_text(&json, "code", answers[i].code);
    json_close(&json, '}');
}

static int refuse(struct http_exchange *x, const struct refusal *refusal)
{
    ballot_refuse(x, web_of(x)->language, refusal->code);
    return TD_OK;
}

bool ballot_is_script(const struct http_exchange *x)
{
    return http_request_method(x) == HTTP_POST &&
           strncmp(http_path(x), "/ballot/", strlen("/ballot/")) == 0;
}

const char *ballot_misfit(struct http_exchange *x, bool comes_from_elsewhere)
{
    const char *type = http_header(x, "Content-Type");
    size_t n = strlen("application/json");

    if (comes_from_elsewhere) {
        return CODE_ORIGIN;
    }
    bool is_json = type != NULL && strncasecmp(type, "application/json", n) == 0 &&
                   (type[n] == '\0' || type[n] == ';' || type[n] == ' ');
    return is_json ? NULL : CODE_TYPE;
}

/* ---- what is fetched ------------------------------------------------------------------------- */

static int send_piece(struct http_exchange *x, enum box_piece piece)
{
    struct web *web = web_of(x);
    struct refusal refusal =
        hall_piece(web->site->hall, http_param(x, "election"), piece, http_body(x));

    if (refusal.code != NULL) {
        (void)refuse(x, &refusal);
        if (strcmp(refusal.code, BOX_CODE_NOT_NOW) == 0 ||
            strcmp(refusal.code, BOX_CODE_NOT_OPEN) == 0) {
            http_set_status(x, 404); /* not there yet */
        }
        return TD_OK;
    }
    http_set_type(x, "application/json");
    return TD_OK;
}

int ballot_send_election(struct http_exchange *x)
{
    return send_piece(x, BOX_ELECTION);
}

int ballot_send_trustees(struct http_exchange *x)
{
    return send_piece(x, BOX_TRUSTEES);
}

int ballot_send_credentials(struct http_exchange *x)
{
    return send_piece(x, BOX_CREDENTIALS);
}

int ballot_send_tally(struct http_exchange *x)
{
    return send_piece(x, BOX_TALLY);
}

int ballot_send_archive(struct http_exchange *x)
{
    struct web *web = web_of(x);
    const char *uuid = http_param(x, "election");
    char disposition[TOKEN_TEXT + 64];
    int fd = -1;
    size_t n = 0;

    struct refusal refusal = hall_archive(web->site->hall, uuid, &fd, &n);
    if (refusal.code != NULL) {
        (void)refuse(x, &refusal);
        if (strcmp(refusal.code, BOX_CODE_NOT_OPEN) == 0) {
            http_set_status(x, 404);
        }
        return TD_OK;
    }
    http_set_file(x, fd, n);
    (void)snprintf(disposition, sizeof disposition, "attachment; filename=\"%.14s.bel\"", uuid);
    http_set_header(x, "Content-Disposition", disposition);
    http_set_type(x, "application/x-tar");
    return TD_OK;
}

/* ---- what is brought ------------------------------------------------------------------------- */

int ballot_cast(struct http_exchange *x)
{
    struct web *web = web_of(x);
    char tracker[DIGEST_BASE64] = "";
    size_t n = 0;
    const char *bytes = http_sent(x, &n);

    struct refusal refusal =
        hall_cast(web->site->hall, http_param(x, "election"), bytes, n, tracker);
    if (refusal.code != NULL) {
        return refuse(x, &refusal);
    }
    struct json json = json_begin(http_body(x), web->language);
    http_set_type(x, "application/json");
    json_open(&json, NULL, '{');
    json_text(&json, "tracker", tracker);
    json_close(&json, '}');
    return TD_OK;
}

int ballot_decrypt(struct http_exchange *x)
{
    struct web *web = web_of(x);
    unsigned trustee = 0;
    size_t n = 0;
    const char *bytes = http_sent(x, &n);

    struct refusal refusal =
        hall_decrypt(web->site->hall, http_param(x, "election"), bytes, n, &trustee);
    if (refusal.code != NULL) {
        return refuse(x, &refusal);
    }
    struct json json = json_begin(http_body(x), web->language);
    http_set_type(x, "application/json");
    json_open(&json, NULL, '{');
    json_whole(&json, "trustee", trustee);
    json_close(&json, '}');
    return TD_OK;
}
