/*
 * Known answers of the voter's and trustee's code in Chromium, under exactly the policy it must live
 * with. bench/ballot_browser.mjs measures how long a ballot takes on a slow device.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";

import { launch, open } from "./harness.mjs";
import { serveModules } from "./modules.mjs";

const vectors = JSON.parse(readFileSync(
    new URL("../ballot/known/vectors.json", import.meta.url), "utf8"));
let browser, modules;

before(async () => {
    modules = await serveModules();
    browser = await launch();
});

after(async () => {
    await browser?.close();
    await modules?.close();
});

test("known answers, under default-src 'none'; script-src 'self'; connect-src 'self'", async () => {
    const page = await open(browser);
    await page.goto(modules.url);
    await page.waitForFunction(() => window.modules);
    assert.deepEqual(await page.evaluate((known) =>
        window.modules.knownAnswers(window.modules, known), vectors), []);
});
