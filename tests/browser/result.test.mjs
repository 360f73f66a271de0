/*
 * Results as officers and members meet them, on the example years of the demonstration.
 */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

import { check, launch, open, shoot } from "./harness.mjs";
import { start } from "./server.mjs";

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), "..", "..");
let server;
let browser;

before(async () => {
    server = await start({ demo: root });
    browser = await launch();
});

after(async () => {
    await browser?.close();
    await server?.stop();
});

/* Enters the demonstration and opens the results of a year. */
async function results(login, label, options) {
    const page = await open(browser, options);
    await page.goto(`${server.url}/demo`);
    await page.click(`button[value="${login}"]`);
    await page.waitForURL(`${server.url}/`);
    await page.click(`main a[href*='/years/']:not(.btn):has-text(', ${label}')`);
    await page.waitForURL(/\/years\/[a-z2-7]+$/);
    await page.goto(`${page.url()}/results`);
    return page;
}

const plain = (text) => text.trim().replace(/\s+/g, " ");

test("a final result: ranking, proposals, chart", async () => {
    const page = await results("haiphong.chuyenvien", "2024");
    assert.match(await page.textContent("main"), /Đây là kết quả cuối cùng/);
    assert.equal(await page.locator("h2", { hasText: "Chưa phải kết quả cuối cùng" }).count(), 0);
    const ranks = await page.locator("td.rank").allTextContents();
    assert.ok(ranks.length > 1);
    assert.equal(plain(ranks[0]), "1");
    assert.equal(await page.locator("svg.chart-bar").count(), ranks.length);
    assert.ok(await page.locator(".award").count() > 0);
    await check(page);
    await shoot(page, "result-ranking");
    await page.context().close();
});

test("what is open is said, by kind", async () => {
    const page = await results("bacgiang.chuyenvien", "2022");
    const box = page.locator(".notice-box", { hasText: "Chưa phải kết quả cuối cùng" });
    assert.equal(await box.count(), 1);
    const groups = box.locator("details");
    assert.ok(await groups.count() > 0);
    for (let i = 0; i < await groups.count(); i++) {
        const said = Number(await groups.nth(i).locator(".count").textContent());
        assert.equal(await groups.nth(i).locator("li").count(), said);
    }
    await check(page);
    await shoot(page, "result-open");
    await page.context().close();
});

test("the explanation ends at the ranking's number", async () => {
    const page = await results("haiphong.chuyenvien", "2024");
    const row = page.locator("tr", { has: page.locator("td.rank") }).first();
    const score = plain(await row.locator("td.score").textContent());
    await row.locator("th a").click();
    await page.waitForURL(/results\/[a-z2-7]{20}$/);
    assert.equal(plain(await page.textContent(".headline-score")), score);
    assert.ok((await page.textContent(".reasoning")).includes(score));
    assert.equal(await page.locator(".reasoning > li > details[open]").count() > 0, true);
    assert.ok(await page.locator(".reasoning .reasoning details:not([open])").count() > 0);
    await check(page);
    await shoot(page, "result-unit");

    await page.click("a[href$='open=all']");
    await page.waitForURL(/open=all$/);
    assert.equal(await page.locator(".reasoning details:not([open])").count(), 0);
    await page.context().close();
});

test("all sheets stand side by side, and add up", async () => {
    const page = await results("haiphong.chuyenvien", "2024");
    await page.locator("th a").first().click();
    await page.click("a[href$='/grid']");
    await page.waitForURL(/grid$/);
    const points = (text) => Math.round(Number(text.replaceAll(".", "").replace(",", ".")) * 100);
    const columns = await page.locator("thead th").count() - 2;
    assert.ok(columns > 1);
    const rows = await page.locator("tbody tr:not(.sum)").evaluateAll((all) =>
        all.map((one) => [...one.querySelectorAll("td")].slice(1).map((td) => td.textContent)));
    const totals = (await page.locator("tfoot td").allTextContents()).slice(1);
    assert.equal(totals.length, columns);
    for (let c = 0; c < columns; c++) {
        const sum = rows.filter((row) => row.length === columns && /\d/.test(row[c]))
            .reduce((before, row) => before + points(row[c]), 0);
        assert.equal(sum, points(totals[c] || "0"));
    }
    await check(page);
    await shoot(page, "result-grid");
    await page.context().close();
});

test("the summary for paper", async () => {
    const page = await results("bacgiang.chuyenvien", "2022");
    await page.goto(`${page.url()}/print`);
    const words = await page.textContent("main");
    for (const one of ["Cộng hòa xã hội chủ nghĩa Việt Nam", "Độc lập - Tự do - Hạnh phúc",
        "Thư ký", "Tạm tính"]) {
        assert.ok(words.includes(one), one);
    }
    assert.match(words, /SHA-256: [0-9a-f]{64}/);
    await check(page);
    await shoot(page, "result-print");
    await page.emulateMedia({ media: "print" });
    assert.equal(await page.locator(".paper-bar").isVisible(), false);
    if (process.env.SHOTS) {
        await page.setViewportSize({ width: 794, height: 1123 });
        await page.screenshot({ path: path.join(process.env.SHOTS, "result-print-paper.png") });
        const pdf = await page.pdf({ preferCSSPageSize: true });
        writeFileSync(path.join(process.env.SHOTS, "result-print.pdf"), pdf);
    }
    await page.context().close();
});

test("the year as a file", async () => {
    const page = await results("haiphong.chuyenvien", "2024");
    const [file] = await Promise.all([page.waitForEvent("download"),
        page.click("a[href$='/results/file']")]);
    assert.equal(file.suggestedFilename(), "year-2024.json");
    await page.context().close();
});

test("a member who owes sheets sees no score, without JavaScript too", async () => {
    const page = await results("hadong.sen.lanhdao", "2025", { javaScriptEnabled: false });
    const words = await page.textContent("main");
    assert.ok(words.includes("Chưa xem được điểm"));
    assert.equal(await page.locator("td.score, .chart-bar").count(), 0);
    assert.ok(await page.locator(".notice-box li a").count() > 0);
    await shoot(page, "result-sealed");
    const first = page.url();
    await page.goto(`${first}/print`);
    assert.equal(page.url(), first);
    await page.context().close();
});
