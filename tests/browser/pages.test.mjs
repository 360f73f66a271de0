/*
 * The frame and the shared parts in a browser, from sample pages that a program prints.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createServer } from "node:http";
import path from "node:path";
import { after, before, test } from "node:test";

import { check, launch, open, POLICY, shoot } from "./harness.mjs";

const program = process.env.PAGES;
const print = (...words) => execFileSync(program, words, { maxBuffer: 1 << 24 });
let browser, server, base, types;

function answer(request, response) {
    const url = new URL(request.url, "http://localhost");
    if (types.has(url.pathname)) {
        response.writeHead(200, { "Content-Type": types.get(url.pathname) });
        response.end(print("asset", url.pathname));
        return;
    }
    const [, language, name] = url.pathname.split("/");
    try {
        const page = print(language, name);
        response.writeHead(200, { "Content-Type": "text/html; charset=utf-8",
            "Content-Security-Policy": POLICY });
        response.end(page);
    } catch {
        response.writeHead(404).end();
    }
}

before(async () => {
    types = new Map(print("assets").toString().trim().split("\n").map((row) => row.split("\t")));
    server = createServer(answer);
    await new Promise((done) => server.listen(0, "127.0.0.1", done));
    base = `http://127.0.0.1:${server.address().port}`;
    browser = await launch();
});

after(async () => {
    await browser?.close();
    server?.close();
});

for (const name of ["parts", "form", "error", "signed-out"]) {
    test(`${name} keeps what every page promises`, async () => {
        const page = await open(browser);
        await page.goto(`${base}/vi/${name}`, { waitUntil: "load" });
        await check(page);
        await shoot(page, name);
        await page.context().close();
    });
}

test("the English page keeps it too", async () => {
    const page = await open(browser);
    await page.goto(`${base}/en/parts`);
    assert.equal(await page.getAttribute("html", "lang"), "en");
    await check(page);
    await page.context().close();
});

test("the font and the icons of the program are shown", async () => {
    const page = await open(browser);
    await page.goto(`${base}/vi/parts`);
    await page.evaluate(() => document.fonts.ready);
    const loaded = await page.evaluate(() =>
        [...document.fonts].filter((font) => font.status === "loaded").map((font) => font.family));
    assert.ok(loaded.some((family) => family.includes("Be Vietnam Pro")));
    const box = await page.locator(".menu-side svg.icon").first().boundingBox();
    assert.ok(box.width >= 16 && box.width < 40);
    await page.context().close();
});

test("a phone's menu opens without JavaScript", async () => {
    const page = await open(browser, { javaScriptEnabled: false,
        viewport: { width: 360, height: 740 } });
    await page.goto(`${base}/vi/parts`);
    const link = page.locator(".menu-phone a").first();
    assert.equal(await link.isVisible(), false);
    await page.locator(".menu-phone summary").click();
    assert.equal(await link.isVisible(), true);
    assert.equal(await page.locator(".menu-side").isVisible(), false);
    await page.context().close();
});

test("the first Tab leads past the menu to the content", async () => {
    const page = await open(browser);
    await page.goto(`${base}/vi/parts`);
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement.className), "skip-link");
    await page.keyboard.press("Enter");
    assert.equal(await page.evaluate(() => location.hash), "#content");
    await page.context().close();
});

test("after a refusal the wrong field has the focus and names its error", async () => {
    const page = await open(browser);
    await page.goto(`${base}/vi/form`);
    const name = await page.evaluate(() => document.activeElement.name);
    assert.equal(name, "points");
    const described = await page.evaluate(() =>
        document.getElementById(document.activeElement.getAttribute("aria-describedby")).innerText);
    assert.match(described, /9o0/);
    assert.equal(await page.inputValue("textarea"), "\nDòng đầu để trống");
    assert.equal(await page.inputValue("#unit"), 'Sở Nông nghiệp và Môi trường "<số 1>"');
    await page.context().close();
});

test("every form that posts carries the token", async () => {
    const page = await open(browser);
    await page.goto(`${base}/vi/form`);
    const forms = await page.evaluate(() => [...document.forms]
        .map((form) => [form.method, new FormData(form).get("csrf")]));
    assert.ok(forms.length >= 2);
    assert.ok(forms.every(([method, token]) => method === "post" && token === "0123456789abcdef"));
    await page.context().close();
});

test("on paper there is no menu, and black stands on white", async () => {
    const page = await open(browser);
    await page.goto(`${base}/vi/parts`);
    await page.emulateMedia({ media: "print" });
    for (const part of [".menu-side", ".user", ".skip-link", ".pager", ".page-action", ".footer"]) {
        assert.equal(await page.locator(part).first().isVisible(), false, part);
    }
    assert.equal(await page.evaluate(() => getComputedStyle(document.body).color), "rgb(0, 0, 0)");
    if (process.env.SHOTS) {
        await page.pdf({ path: path.join(process.env.SHOTS, "parts.pdf"), preferCSSPageSize: true });
        await page.setViewportSize({ width: 700, height: 900 });
        await page.screenshot({ path: path.join(process.env.SHOTS, "parts-print.png"),
            fullPage: true });
    }
    await page.context().close();
});
