/*
 * A sheet on the page: reached from what waits, filled cell by cell, pasted from a spreadsheet.
 */
import assert from "node:assert/strict";
import path from "node:path";
import { after, before, test } from "node:test";

import { allow, check, launch, shoot } from "./harness.mjs";
import { start } from "./server.mjs";
import { box, line, saved, takeIn, WARDS } from "./year.mjs";

const rules = path.join(process.env.SOURCES, "regulations/ha-dong-2024/regulation.json");
let browser, server, year;

before(async () => {
    server = await start();
    browser = await launch();
    year = await takeIn(browser, server, WARDS, rules);
    year.account("lan", "Nguyễn Thị Lan", "unit_officer", 0);
});

after(async () => {
    await browser?.close();
    await server?.stop();
});

test("the home page says what waits, and leads to the sheet", async () => {
    const page = await year.enter("lan");
    await page.getByRole("heading", { name: "Việc chờ ông/bà" }).waitFor();
    await check(page);
    await shoot(page, "home");
    await page.getByRole("link", { name: "Cụm thi đua các phường, 2024" }).first().click();
    await check(page);
    await shoot(page, "year");
    await page.getByRole("link", { name: "Bắt đầu chấm" }).first().click();
    await page.waitForURL(/\/sheets\/self\//);
    await check(page);
    await shoot(page, "sheet-empty");
    const names = await page.locator("input.sheet-number").evaluateAll((boxes) =>
        boxes.map((one) => one.getAttribute("aria-label")));
    assert.deepEqual(names.filter((name) => !/^\p{L}.*: ./u.test(name)), [],
        "each box says what kind of figure it takes, and of what");
    await page.context().close();
});

test("a sheet is filled by keyboard alone, cell by cell", async () => {
    const page = await year.enter("lan");
    await page.goto(year.sheet("self", 0, 0));
    allow(page, 422, `${page.url()}/save`);
    await box(page, "t:I.1").focus();
    await page.keyboard.type("50000");
    await page.keyboard.press("Enter");
    assert.equal(await page.evaluate(() => document.activeElement.name), "v:I.1");
    await page.keyboard.type("45 000");
    await page.keyboard.press("Enter");
    await saved(page, "I.1");
    await page.locator("[data-points='I.1']").filter({ hasText: "108,00" }).waitFor();
    assert.equal(await page.evaluate(() => document.activeElement.name), "v:I.2");
    await page.keyboard.type("1.250");
    await page.keyboard.press("Tab");
    await line(page, "I.2").filter({ hasText: "hai cách" }).waitFor({ timeout: 5000 });
    await page.context().close();
});

/* As Excel puts it on the clipboard: lines end in CR LF, cells are parted by tabs. */
async function paste(page, name, text) {
    await box(page, name).focus();
    await page.evaluate((words) => navigator.clipboard.writeText(words), text);
    await page.keyboard.press("Control+V");
}

const clipboard = { permissions: ["clipboard-read", "clipboard-write"] };

test("a column of a spreadsheet fills the boxes below, after a look at it", async () => {
    const page = await year.enter("lan", clipboard);
    await page.goto(year.sheet("self", 0, 0));
    await paste(page, "v:I.2", "97,35\tghi chú\r\n6\t\r\n81,2\t\r\n");
    const list = line(page, "I.2").locator("li");
    assert.deepEqual((await list.allTextContents()).map((words) => words.replace(/\s+/g, " ")),
        ["I.2: 97,35", "I.3: 6", "I.4: 81,2"]);
    assert.equal(await box(page, "v:I.2").inputValue(), "", "nothing is filled unasked");
    await check(page);
    await shoot(page, "sheet-paste");
    await page.getByRole("button", { name: "Huỷ bỏ", exact: true }).press("Enter");
    assert.equal(await box(page, "v:I.2").inputValue(), "");

    await paste(page, "v:I.2", "97,35\r\n6\r\n81,2\r\n");
    await page.keyboard.press("Enter"); /* the focus is on "fill" */
    for (const item of ["I.2", "I.3", "I.4"]) {
        await saved(page, item);
    }
    await page.reload();
    assert.equal(await box(page, "v:I.2").inputValue(), "97,35");
    assert.equal(await box(page, "v:I.4").inputValue(), "81,2");
    await shoot(page, "sheet-filling");
    await page.context().close();
});

test("a bad cell of a column is shown at its box, and nothing is saved until it is right",
    async () => {
        const page = await year.enter("lan", clipboard);
        const address = year.sheet("self", 0, 0);
        allow(page, 422, `${address}/save`);
        await page.goto(address);
        await paste(page, "v:I.2", "95\r\nnhiều\r\n70\r\n");
        await page.getByRole("button", { name: "Điền", exact: true }).click();
        await line(page, "I.3").filter({ hasText: "đây không phải là số" }).waitFor();
        assert.equal(await box(page, "v:I.3").getAttribute("aria-invalid"), "true");
        assert.equal(await box(page, "v:I.3").inputValue(), "nhiều");
        await check(page);
        await shoot(page, "sheet-paste-refused");

        const other = await year.enter("lan");
        await other.goto(address);
        assert.equal(await box(other, "v:I.2").inputValue(), "97,35", "all or nothing");
        await box(page, "v:I.3").fill("7");
        await box(page, "v:I.3").press("Tab");
        for (const item of ["I.2", "I.3", "I.4"]) {
            await saved(page, item);
        }
        await other.reload();
        for (const [name, value] of [["v:I.2", "95"], ["v:I.3", "7"], ["v:I.4", "70"]]) {
            assert.equal(await box(other, name).inputValue(), value);
        }
        await other.context().close();
        await page.context().close();
    });

test("more cells than boxes: what is left over is said", async () => {
    const page = await year.enter("lan", clipboard);
    await page.goto(year.sheet("self", 0, 0));
    const names = await page.locator("input.sheet-number").evaluateAll((boxes) =>
        boxes.map((one) => one.name).filter((name) => name.startsWith("v:")));
    const last = names.at(-1);
    await paste(page, last, "1\r\n2\r\n3\r\n");
    const said = line(page, last.split(":")[1]);
    assert.match(await said.textContent(), /thừa.*2; 3/s);
    assert.equal(await said.locator("li").count(), 1);
    await shoot(page, "sheet-paste-too-many");
    await page.context().close();
});
