/*
 * What a script is answered that saved cells: the figures as they are now, or why nothing was
 * saved.
 */
#include "office/rules.h"
#include "web/json.h"
#include "web/sheet/sheet_page.h"

#include <string.h>

#include "base/banned.h"

struct answering {
    struct web *web;
    const struct sheet *sheet;
    const struct sheet_form *form;
    struct json json;
};

static void points(struct answering *a, const char *key, int64_t units)
{
    json_decimal(&a->json, key,
                 (struct td_decimal){units, a->sheet->regulation->scale.item_decimals});
}

static void put_rows(struct answering *a)
{
    const struct sheet *s = a->sheet;
    json_open(&a->json, "rows", '[');
    for (int32_t i = 0; i < s->regulation->item_count; i++) {
        struct td_message state = sheet_points_words(s, i);
        json_open(&a->json, NULL, '{');
        json_text(&a->json, "id", rules_item_id(s->regulation, i));
        if (s->points[i].state == TD_ITEM_SCORED) {
            points(a, "points", s->points[i].points);
        } else {
            json_text(&a->json, "points", "");
        }
        json_message(&a->json, "state", &state);
        json_close(&a->json, '}');
    }
    for (int32_t n = 0; n < s->regulation->node_count; n++) {
        if (s->regulation->nodes[n].item == TD_NONE) {
            json_open(&a->json, NULL, '{');
            json_text(&a->json, "id", s->regulation->nodes[n].id);
            points(a, "points", s->sums[n]);
            json_close(&a->json, '}');
        }
    }
    json_close(&a->json, ']');
}

static int32_t part_of(const struct td_item *item, const char *id)
{
    int32_t part = 0;
    while (part + 1 < item->part_count && strcmp(item->parts[part].id, id) != 0) {
        part++;
    }
    return part;
}

/* The fields that were sent, as the sheet has them now. */
static void put_cells(struct answering *a)
{
    const struct sheet *s = a->sheet;
    json_open(&a->json, "cells", '[');
    for (size_t i = 0; i < a->form->count; i++) {
        const struct sheet_input *input = &a->form->inputs[i];
        int32_t n = 0;
        while (strcmp(rules_item_id(s->regulation, n), input->item) != 0) {
            n++; /* the item is one of the regulation's: sheet_form_read took its id from there */
        }
        const struct td_item *item = &s->regulation->items[n];
        json_open(&a->json, NULL, '{');
        json_text(&a->json, "name", a->form->names[i]);
        if (input->kind == SHEET_REMARK) {
            json_whole(&a->json, "version", s->notes[n].version);
        } else if (input->kind == SHEET_TARGET) {
            json_text(&a->json, "value", sheet_number(a->web, s->targets[n], item->decimals));
        } else {
            int32_t cell = item->cell + (input->part == NULL ? 0 : part_of(item, input->part));
            json_whole(&a->json, "version", s->versions[cell]);
            json_text(&a->json, "value", sheet_value(a->web, item, s->cells[cell]));
        }
        json_close(&a->json, '}');
    }
    json_close(&a->json, ']');
}

static void put_refusals(struct answering *a)
{
    json_open(&a->json, "problems", '[');
    for (const struct td_problem *p = a->form->problems.first; p != NULL; p = p->next) {
        json_open(&a->json, NULL, '{');
        json_text(&a->json, "name", p->where);
        json_message(&a->json, "message", &p->what);
        json_close(&a->json, '}');
    }
    json_close(&a->json, ']');
    json_open(&a->json, "clashes", '[');
    for (const struct sheet_clash *c = a->form->clashes; c != NULL; c = c->next) {
        struct buf when;
        struct html h = {.out = &when, .language = a->web->language, .csrf = ""};
        buf_init(&when, 64);
        html_instant(&h, c->at);
        json_open(&a->json, NULL, '{');
        json_text(&a->json, "name", a->form->names[c->input]);
        json_text(&a->json, "by", c->by);
        json_text(&a->json, "at", buf_string(&when));
        json_text(&a->json, "note", c->note);
        json_text(&a->json, "evidence", c->evidence);
        json_close(&a->json, '}');
        buf_release(&when);
    }
    json_close(&a->json, ']');
}

void sheet_answer(struct web *web, const struct sheet *sheet, const struct sheet_form *form,
                  struct instant saved)
{
    struct answering a = {.web = web,
                          .sheet = sheet,
                          .form = form,
                          .json = json_begin(http_body(web->x), web->language)};
    struct td_message progress =
        TD_MESSAGE("{0}/{1} items", TD_COUNT(sheet->filled), TD_COUNT(sheet->fillable));
    struct buf clock;
    struct html h = {.out = &clock, .language = web->language, .csrf = ""};
    buf_init(&clock, 64);
    html_clock(&h, (struct html_clock){saved});
    http_set_type(web->x, "application/json");
    json_open(&a.json, NULL, '{');
    json_text(&a.json, "clock", buf_string(&clock));
    json_whole(&a.json, "version", sheet->version);
    points(&a, "total", sheet->total);
    json_message(&a.json, "progress", &progress);
    put_rows(&a);
    put_cells(&a);
    put_refusals(&a);
    json_close(&a.json, '}');
    buf_release(&clock);
}
