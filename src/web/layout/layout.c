/*
 * The few choices that the templates of this folder leave to C.
 */
#include "web/layout/layout.h"

#include "base/banned.h"

const char *badge_class(enum badge_tone tone)
{
    switch (tone) {
    case BADGE_WAITING:
        return "state-waiting";
    case BADGE_LATE:
        return "state-late";
    case BADGE_DONE:
        return "state-done";
    case BADGE_NOTE:
        return "state-note";
    case BADGE_QUIET:
        break;
    }
    return "state-quiet";
}

const char *layout_flash_class(enum layout_flash_kind kind)
{
    switch (kind) {
    case LAYOUT_FLASH_SAVED:
        return "flash-saved";
    case LAYOUT_FLASH_REFUSED:
        return "flash-refused";
    case LAYOUT_FLASH_NOTE:
    case LAYOUT_FLASH_NONE:
        break;
    }
    return "flash-note";
}
