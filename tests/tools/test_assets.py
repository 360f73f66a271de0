"""assets embeds every byte under a name that changes with the contents, and refuses what is not as
the lock says."""
import gzip
import json
import re
import subprocess
import unittest

from tool import ROOT, TreeTest, load

assets = load("assets")

SVG = ('<svg\n  xmlns="x"\n  width="24"\n  viewBox="0 0 24 24"\n  fill="none"\n'
       '  stroke="currentColor"\n  class="icon"\n>\n'
       '  <path stroke="none" d="M0 0h24v24H0z" fill="none" />\n  <path d="M5 12" />\n</svg>')


class AssetsTest(TreeTest):
    def emit(self, files, named):
        source, header = self.root / "assets.c", self.root / "assets.h"
        assets.emit(source, header, files, named)
        return source, header

    def test_every_byte_arrives(self):
        data = bytes(range(256)) * 40
        paths = {"/assets/a.css": data, "/assets/b.woff2": b"\x00\x01\xfe"}
        source, header = self.emit(paths, {"a.css": "/assets/a.css"})
        self.write("main.c", """
#include "assets.h"
#include <stdio.h>
int main(int argc, char **argv)
{
    (void)argv;
    const struct http_asset *asset = asset_find(ASSET_A_CSS);
    fwrite(argc > 1 ? asset->gzip : asset->bytes, 1, argc > 1 ? asset->gzip_n : asset->n, stdout);
    return assets_count == 2 && assets[1].gzip == NULL && assets[1].n == 3 ? 0 : 1;
}
""")
        program = self.root / "main"
        subprocess.run(["gcc", f"-I{ROOT / 'src'}", f"-I{ROOT / 'include'}", "-o", program, source,
                        self.root / "main.c", ROOT / "src/web/asset.c"], check=True)
        plain = subprocess.run([program], capture_output=True, check=True).stdout
        packed = subprocess.run([program, "gzip"], capture_output=True, check=True).stdout
        self.assertEqual(plain, data)
        self.assertEqual(gzip.decompress(packed), data)
        self.assertLess(len(packed), len(data))
        self.assertIn('"text/css; charset=utf-8"', source.read_text())
        self.assertIn("ASSET_A_CSS", header.read_text())

    def test_the_same_contents_give_the_same_bytes(self):
        first = [path.read_bytes() for path in self.emit({"/assets/a.css": b"x" * 99}, {})]
        second = [path.read_bytes() for path in self.emit({"/assets/a.css": b"x" * 99}, {})]
        self.assertEqual(first, second)

    def test_other_contents_give_another_name_and_another_source(self):
        self.assertNotEqual(assets.hashed("app.css", b"a"), assets.hashed("app.css", b"b"))
        self.assertRegex(assets.hashed("app.css", b"a"), r"^app\.[0-9a-f]{16}\.css$")
        one = self.emit({"/assets/a.css": b"x"}, {})[0].read_bytes()
        self.assertNotEqual(one, self.emit({"/assets/a.css": b"y"}, {})[0].read_bytes())

    def test_an_icon_keeps_what_draws_it(self):
        symbol = assets.symbol("check", SVG)
        self.assertEqual(symbol, '<symbol id="check" viewBox="0 0 24 24" fill="none" '
                                 'stroke="currentColor"><path d="M5 12" /></symbol>')

    def test_the_sprite_holds_exactly_the_icons_named(self):
        icons = "node_modules/@tabler/icons/icons"
        for name in ("outline/check", "outline/star", "filled/star", "outline/other"):
            self.write(f"{icons}/{name}.svg", SVG)
        sprite = assets.sprite(self.root, ["check", "star-filled"]).decode()
        self.assertEqual(re.findall(r'id="([^"]*)"', sprite), ["check", "star-filled"])

    def test_another_version_than_the_lock_s_is_refused(self):
        self.write("package-lock.json", json.dumps({"packages": {
            "": {}, "node_modules/a": {"version": "1.0.0"},
            "node_modules/b": {"version": "1.0.0", "optional": True}}}))
        with self.assertRaisesRegex(assets.Problem, "is missing"):
            assets.check_versions(self.root)
        self.write("node_modules/a/package.json", '{"version": "1.0.1"}')
        with self.assertRaisesRegex(assets.Problem, "is 1.0.1, not 1.0.0"):
            assets.check_versions(self.root)
        self.write("node_modules/a/package.json", '{"version": "1.0.0"}')
        assets.check_versions(self.root)

    def test_a_package_without_licence_is_refused(self):
        self.write("package.json", '{"dependencies": {"a": "1"}}')
        for name in ("a", "bootstrap"):
            self.write(f"node_modules/{name}/package.json", '{"version": "1", "license": "MIT"}')
        self.write("node_modules/bootstrap/LICENSE", "free")
        with self.assertRaisesRegex(assets.Problem, "has no licence"):
            assets.licences(self.root)
        self.write("licences/a.txt", "ours")
        text = assets.licences(self.root).decode()
        self.assertIn("a 1 (MIT)\n\nours", text)
        self.assertIn("free", text)


if __name__ == "__main__":
    unittest.main()
