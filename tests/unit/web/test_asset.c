/*
 * The embedded files: found by the names that pages use, and what they say they are.
 */
#include "web/asset.h"

#include "web/assets.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/banned.h"

static void test_asset__is_found_by_the_name_that_pages_use(void **state)
{
    (void)state;
    const char *paths[] = {ASSET_APP_CSS, ASSET_APP_JS, ASSET_ICONS_SVG, ASSET_LICENCES_TXT,
                           ASSET_MARK_SVG};

    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        const struct http_asset *asset = asset_find(paths[i]);
        assert_non_null(asset);
        assert_string_equal(asset->path, paths[i]);
        assert_true(asset->n > 100);
    }
    assert_null(asset_find("/assets/app.css"));
    assert_null(asset_find(""));
}

static void test_asset__every_one_is_whole(void **state)
{
    (void)state;
    size_t fonts = 0;

    assert_true(assets_count > 5);
    for (size_t i = 0; i < assets_count; i++) {
        const struct http_asset *asset = &assets[i];
        assert_true(strncmp(asset->path, "/assets/", 8) == 0);
        assert_true(i == 0 || strcmp(assets[i - 1].path, asset->path) < 0);
        /* The byte after the end is the assembler's NUL, so the length is the file's. */
        assert_int_equal(asset->bytes[asset->n], 0);
        if (asset->gzip != NULL) {
            assert_true(asset->gzip_n < asset->n);
            assert_memory_equal(asset->gzip, "\x1f\x8b", 2);
        }
        if (strcmp(asset->type, "font/woff2") == 0) {
            assert_memory_equal(asset->bytes, "wOF2", 4);
            fonts++;
        }
    }
    assert_true(fonts >= 8);
}

static void test_asset__nothing_is_loaded_from_elsewhere(void **state)
{
    (void)state;
    const struct http_asset *css = asset_find(ASSET_APP_CSS);
    const char *text = (const char *)css->bytes;

    assert_null(strstr(text, "url(http"));
    assert_null(strstr(text, "url(\"http"));
    assert_null(strstr(text, "url(//"));
    assert_null(strstr(text, "url(\"//"));
    assert_null(strstr(text, "@import"));
    assert_non_null(strstr(text, "/assets/be-vietnam-pro-vietnamese-400-normal."));
}

static void test_asset__the_licences_are_kept(void **state)
{
    (void)state;
    const char *text = (const char *)asset_find(ASSET_LICENCES_TXT)->bytes;

    assert_non_null(strstr(text, "@tabler/core"));
    assert_non_null(strstr(text, "@tabler/icons"));
    assert_non_null(strstr(text, "bootstrap"));
    assert_non_null(strstr(text, "SIL Open Font License"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_asset__is_found_by_the_name_that_pages_use),
        cmocka_unit_test(test_asset__every_one_is_whole),
        cmocka_unit_test(test_asset__nothing_is_loaded_from_elsewhere),
        cmocka_unit_test(test_asset__the_licences_are_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
