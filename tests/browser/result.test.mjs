/*
 * Results as officers and members meet them, on the example years of the demonstration.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
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

/* What `thidua score` says of an example, by unit. */
function scored(example) {
    const env = { ...process.env, LANG: "C.UTF-8" };
    const done = spawnSync(process.env.THIDUA, ["score", "--format", "json", "--year",
        path.join(root, "examples", example, "year.json")], { env, encoding: "utf8" });
    return new Map(JSON.parse(done.stdout).units.map((unit) => [unit.code, unit]));
}

/* The rows of the chart: figures as texts, and each bar's parts, as written and as drawn. */
async function chart(page) {
    return page.locator(".chart tbody tr").evaluateAll((rows) => rows.map((row) => {
        const svg = row.querySelector("svg.chart-bar");
        const whole = svg.getBoundingClientRect();
        return {
            code: row.querySelector("th").textContent.trim(),
            figures: [...row.querySelectorAll("td.num")].map((td) => td.textContent.trim()),
            parts: [...svg.querySelectorAll("rect:not(.chart-room)")].map((rect) => {
                const drawn = rect.getBoundingClientRect();
                return { kind: rect.getAttribute("class"), x: Number(rect.getAttribute("x")),
                    width: Number(rect.getAttribute("width")),
                    drawnX: (drawn.left - whole.left) / whole.width,
                    drawnWidth: drawn.width / whole.width };
            }),
        };
    }));
}

/* "1.234,56" in hundredths, and a quotient rounded half up. */
const hundredths = (text) => BigInt(text.replaceAll(".", "").replace(",", ""));
const rounded = (above, below) => (2n * above + below) / (2n * below);

/* The parts from one end to the next, in thousandths of the whole width; empty ones are left out. */
function partsTo(ends) {
    let x = 0;
    return ends.flatMap(([kind, end]) => {
        const part = { kind, x, width: Number(end) - x };
        x = Math.max(x, Number(end));
        return part.width > 0 ? [part] : [];
    });
}

function assertDrawn(row, parts) {
    assert.deepEqual(row.parts.map(({ kind, x, width }) => ({ kind, x, width })), parts, row.code);
    for (const part of row.parts) {
        assert.ok(Math.abs(part.drawnX - part.x / 1000) < 0.001, `${row.code}: ${part.kind} begins`);
        assert.ok(Math.abs(part.drawnWidth - part.width / 1000) < 0.001, `${row.code}: ${part.kind}`);
    }
}

test("the chart's figures and bars are the sections' sums", async () => {
    const page = await results("haiphong.chuyenvien", "2024");
    const expected = scored("hai-phong-2024"), rows = await chart(page);
    const { sheets } = JSON.parse(readFileSync(path.join(root, "examples/hai-phong-2024/year.json")));
    assert.deepEqual(rows.map((row) => row.code), [...expected.keys()]);
    for (const row of rows) {
        /* Six sections of one item each, and the mean of seven sheets. */
        const about = sheets.filter((sheet) => sheet.unit === row.code);
        const sums = ["1", "2", "3", "4", "5", "6"].map((item) => about.reduce((sum, sheet) =>
            sum + BigInt(Math.round(Number(sheet.values[item]) * 100)), 0n));
        const below = BigInt(about.length);
        const [above, under] = expected.get(row.code).score.exact.split("/");
        assert.equal(Math.round(Number(above) / Number(under ?? 1) * 1e6),
            Math.round(Number(sums.reduce((a, b) => a + b)) / Number(below) * 1e4), row.code);
        assert.deepEqual(row.figures.slice(0, 6).map(hundredths),
            sums.map((sum) => rounded(sum, below)), row.code);
        assert.equal(row.figures.at(-1), expected.get(row.code).score.shown.replace(".", ","));
        let end = 0n;
        assertDrawn(row, partsTo(sums.map((sum, i) => {
            end += sum;
            return [`chart-shade-${i}`, rounded(end, 100n * below)]; /* of 1000 points */
        })));
    }
    await page.context().close();
});

test("in the chart a bonus is added, and what was deducted is taken from the end", async () => {
    const page = await results("bacgiang.chuyenvien", "2022");
    const expected = scored("bac-giang-2022"), rows = await chart(page);
    const points = (text) => hundredths(Number(text).toFixed(2).replace(".", ","));
    const end = (unit) => points(unit.score.exact) + points(unit.deducted);
    const full = [...expected.values()].reduce((most, unit) => end(unit) > most ? end(unit) : most,
        100000n);
    assert.deepEqual(rows.map((row) => row.code), [...expected.keys()]);
    assert.ok(rows.some((row) => row.parts.at(-1).kind === "chart-lost"));
    for (const row of rows) {
        const unit = expected.get(row.code), score = points(unit.score.exact);
        const figures = row.figures.map(hundredths);
        const [bonus, deducted, shown] = figures.slice(-3);
        const sections = figures.slice(0, -3);
        assert.deepEqual([bonus, deducted, shown], [unit.bonus, unit.deducted, unit.score.shown]
            .map(points), row.code);
        assert.equal(sections.reduce((a, b) => a + b) + bonus - deducted, score, row.code);
        const length = (value) => rounded(1000n * value, full);
        let sum = 0n;
        assertDrawn(row, partsTo([...sections.map((section, i) => {
            sum += section;
            return [`chart-shade-${i}`, length(sum < score ? sum : score)];
        }), ["chart-extra", length(score)], ["chart-lost", length(end(unit))]]));
    }
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
