/*
 * thidua routes: every address that the server answers, who may use it, and what for: from the
 * table that the server itself uses.
 */
#include "cli/cli.h"
#include "web/web.h"

#include "base/banned.h"

static const char *who(int permission)
{
    switch ((enum web_permission)permission) {
    case WEB_ANYONE:
        return "anyone";
    case WEB_SIGNED_IN:
        return "signed_in";
    case WEB_ADMINISTRATOR:
        return "administrator";
    case WEB_OFFICER:
        return "officer";
    case WEB_MEMBER_OF_HOME:
        return "member_of_home";
    }
    return "?";
}

enum cli_exit cmd_routes(struct cli *cli)
{
    for (const struct http_route *r = web_routes; r->name != NULL; r++) {
        fprintf(cli->out, "%s\t%s\t%s\t%s\t%s\n", r->method == HTTP_GET ? "GET" : "POST",
                r->pattern, who(r->permission), r->name, language_text(cli->language, r->summary));
    }
    return CLI_OK;
}
