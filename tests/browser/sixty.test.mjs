/*
 * A member's own sheet of sixty items, filled by its officer and submitted by its leader, by
 * keyboard alone: after the page is there, nothing is clicked.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";

import { check, launch, shoot } from "./harness.mjs";
import { start } from "./server.mjs";
import { box, saved, takeIn } from "./year.mjs";

let browser, server, year, values;

before(async () => {
    server = await start();
    browser = await launch();
    execFileSync("python3", [path.join(process.env.SOURCES, "tests/sixty_year.py"), server.folder,
        "--sheets"]);
    const whole = JSON.parse(readFileSync(path.join(server.folder, "year.json"), "utf8"));
    values = whole.sheets[0].values;
    year = await takeIn(browser, server, { ...whole, sheets: [] },
        path.join(server.folder, "regulation.json"));
    year.account("lan", "Nguyễn Thị Lan", "unit_officer", 0);
    year.account("hung", "Lê Quốc Hùng", "leader", 0);
});

after(async () => {
    await browser?.close();
    await server?.stop();
});

/* Tab until the focus is on what the function in the page says. */
async function tabTo(page, what, key = "Tab") {
    for (let i = 0; i < 400; i++) {
        await page.keyboard.press(key);
        if (await page.evaluate(what)) {
            return;
        }
    }
    assert.fail(`no ${what} within reach of the keyboard`);
}
const button = (words) => `document.activeElement.tagName === "BUTTON" &&
    document.activeElement.innerText.trim() === "${words}"`;
const focused = (page) => page.evaluate(() => document.activeElement.name);
const hundredths = (text) => Math.round(Number(text.replace(".", "").replace(",", ".")) * 100);

test("sixty items by keyboard: typed, summed, sent to the leader", async () => {
    const page = await year.enter("lan");
    await page.goto(year.sheet("self", 0, 0));
    const items = Object.keys(values);
    assert.equal(items.length, 60);
    await tabTo(page, "document.activeElement.name === 'v:I.1'");
    for (const [i, item] of items.entries()) {
        assert.equal(await focused(page), `v:${item}`);
        await page.keyboard.type(values[item].replace(".", ","));
        /* Enter and the arrow lead down; Tab leads over the notes below each box. */
        if (i % 20 === 19 && i < 59) {
            await tabTo(page, `document.activeElement.name === "v:${items[i + 1]}"`);
        } else if (i < 59) {
            await page.keyboard.press(i % 2 === 0 ? "Enter" : "ArrowDown");
        }
    }
    await page.keyboard.press("ArrowUp");
    assert.equal(await focused(page), `v:${items[58]}`);
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Tab"); /* leaves the last */
    await saved(page, items[59]);
    await page.locator("[data-progress]").filter({ hasText: "60/60" }).waitFor();
    const sum = items.reduce((before, item) => before + Number(values[item]) * 100, 0);
    assert.equal(hundredths(await page.innerText("[data-total]")), sum);

    await page.reload();
    for (const item of items) {
        assert.equal(hundredths(await box(page, `v:${item}`).inputValue()),
            Number(values[item]) * 100);
        assert.equal(hundredths(await page.locator(`[data-points="${item}"]`).innerText()),
            Number(values[item]) * 100);
    }
    for (const section of ["I", "II", "III", "IV", "V", "VI"]) {
        const below = items.filter((item) => item.startsWith(`${section}.`))
            .reduce((before, item) => before + Number(values[item]) * 100, 0);
        assert.equal(hundredths(await page.locator(`[data-points="${section}"]`).innerText()), below);
    }
    assert.equal(hundredths(await page.innerText("[data-total]")), sum);
    await check(page);
    await shoot(page, "sheet-sixty");

    await tabTo(page, button("Trình thủ trưởng"), "Shift+Tab");
    await page.keyboard.press("Enter");
    await page.getByText("Đã trình; phiếu chờ thủ trưởng duyệt.").waitFor();
    await page.context().close();
});

test("the leader finds it, reads it and submits it by keyboard", async () => {
    const page = await year.enter("hung");
    await tabTo(page, `document.activeElement.innerText.trim() === "Xem và nộp"`);
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/sheets\/self\//);
    await page.locator("[data-progress]").filter({ hasText: "60/60" }).waitFor();
    await tabTo(page, button("Nộp"), "Shift+Tab");
    await page.keyboard.press("Enter");
    await page.getByText("Phiếu đã nộp thì không sửa được nữa.").waitFor();
    await tabTo(page, button("Nộp"));
    await page.keyboard.press("Enter");
    await page.getByText("Đã nộp phiếu.").waitFor();
    assert.equal(await page.locator("input.sheet-number").count(), 0);
    await check(page);
    await page.context().close();
});
