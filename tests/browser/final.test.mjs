/*
 * Seven members from no sheet to the final result: Hải Phòng's example year is taken in without its
 * sheets; each member's officer signs in, types or pastes what the example holds, its leader
 * submits, the head opens all. In the end pages and file say what `thidua score` says of the example.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";

import { check, launch, shoot } from "./harness.mjs";
import { start } from "./server.mjs";
import { box, takeIn } from "./year.mjs";

const example = path.join(process.env.SOURCES, "examples/hai-phong-2024/year.json");
const rules = path.join(process.env.SOURCES, "regulations/hai-phong-2024/regulation.json");
const whole = JSON.parse(readFileSync(example, "utf8"));
const codes = whole.members.map((member) => member.code);
const plain = { javaScriptEnabled: false };
const comma = (value) => value.replace(".", ",");
let browser, server, year;

before(async () => {
    server = await start();
    browser = await launch();
    year = await takeIn(browser, server, { ...whole, sheets: [] }, rules);
    for (const [i, member] of whole.members.entries()) {
        year.account(`canbo${i}`, `Cán bộ ${member.code}`, "unit_officer", i);
        year.account(`lanhdao${i}`, `Lãnh đạo ${member.code}`, "leader", i);
    }
});

after(async () => {
    await browser?.close();
    await server?.stop();
});

/* What `thidua score` says of a year's file. */
function score(file) {
    const env = { ...process.env, LANG: "C.UTF-8" };
    return JSON.parse(execFileSync(process.env.THIDUA, ["score", "--format", "json", "--year", file,
        "--regulation", rules], { env, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }));
}

/* The sheets that a member owes: its own, then one for each other. */
const owed = (rater) => whole.sheets.filter((sheet) => (sheet.rater ?? sheet.unit) === codes[rater]);
const addressOf = (sheet, rater) => year.sheet(sheet.stage, rater, codes.indexOf(sheet.unit));

/* All six figures at once, as a column from a spreadsheet. */
async function pasteSheet(page, values) {
    await box(page, "v:1").focus();
    await page.evaluate((text) => navigator.clipboard.writeText(text),
        `${values.map(comma).join("\r\n")}\r\n`);
    await page.keyboard.press("Control+V");
    await page.keyboard.press("Enter");
    await page.locator("[data-progress]").filter({ hasText: "6/6" }).waitFor();
}

async function typeSheet(page, values) {
    await box(page, "v:1").focus();
    for (const value of values) {
        await page.keyboard.type(comma(value));
        await page.keyboard.press("Enter");
    }
    await page.keyboard.press("Tab");
    await page.locator("[data-progress]").filter({ hasText: "6/6" }).waitFor();
}

test("before anybody scored there is no result", async () => {
    const page = await year.enter("canbo");
    await page.goto(`${year.url}/results`);
    await page.getByText("Chưa phải kết quả cuối cùng").waitFor();
    await check(page);
    await page.context().close();
});

async function fillSheets(rater) {
    const officer = await year.enter(`canbo${rater}`,
        { permissions: ["clipboard-read", "clipboard-write"] });
    const sheets = owed(rater);
    assert.equal(sheets.length, 7);
    for (const sheet of sheets) {
        await officer.goto(addressOf(sheet, rater));
        await (sheet.stage === "self" ? typeSheet : pasteSheet)(officer, Object.values(sheet.values));
        await officer.getByRole("button", { name: "Trình thủ trưởng" }).click();
        await officer.getByText("Đã trình; phiếu chờ thủ trưởng duyệt.").waitFor();
    }
    await officer.context().close();
}

async function submitSheets(rater) {
    const leader = await year.enter(`lanhdao${rater}`, plain);
    const links = leader.getByRole("link", { name: "Xem và nộp" });
    assert.equal(await links.count(), 7);
    const places = await links.evaluateAll((all) => all.map((link) => link.href));
    for (const place of places) {
        await leader.goto(place);
        await leader.getByRole("button", { name: "Nộp", exact: true }).click();
        await leader.getByText("Phiếu đã nộp thì không sửa được nữa.").waitFor();
        await leader.getByRole("button", { name: "Nộp", exact: true }).click();
        await leader.getByText("Đã nộp phiếu.").waitFor();
    }
    await leader.goto(server.url);
    await leader.getByText("Hiện không có việc nào chờ ông/bà.").waitFor();
    await leader.context().close();
}

for (const [rater, code] of codes.entries()) {
    test(`${code} fills seven sheets on their pages, and its leader submits them`, async () => {
        await fillSheets(rater);
        await submitSheets(rater);
    });
}

test("the head opens all sheets to all", async () => {
    const head = await year.enter("lanhdao0");
    await head.goto(year.url);
    await head.getByRole("link", { name: "Mở các phiếu cho mọi thành viên" }).click();
    await check(head);
    await head.getByRole("button", { name: "Mở các phiếu" }).click();
    await head.getByText("Các phiếu đã mở cho mọi thành viên.").waitFor();
    await check(head);
    await head.context().close();
});

test("the ranking is final, and is what thidua score says of the example", async () => {
    const expected = score(example);
    assert.equal(expected.final, true);
    const page = await year.enter("lanhdao3");
    await page.goto(`${year.url}/results`);
    await page.getByText("Đây là kết quả cuối cùng").waitFor();
    const shown = await page.locator("tr:has(td.rank)").evaluateAll((rows) => rows.map((row) => ({
        rank: row.querySelector("td.rank").textContent.trim(),
        name: row.querySelector("th a").textContent.trim(),
        score: row.querySelector("td.score").textContent.trim() })));
    assert.deepEqual(shown, expected.units.map((unit) => ({
        rank: String(unit.rank), name: unit.name, score: comma(unit.score.shown) })));
    const awards = await page.locator(".awards dd").allTextContents();
    const names = Object.fromEntries(expected.units.map((unit) => [unit.code, unit.name]));
    assert.deepEqual(awards.map((words) => words.trim().replace(/ \(.*/, "")).sort(),
        expected.proposals.map((one) => names[one.unit]).sort());
    await check(page);
    await shoot(page, "final-ranking");
    await page.context().close();
});

test("the year's file gives the same result once more", async () => {
    const page = await year.enter("canbo");
    await page.goto(`${year.url}/results`);
    const [download] = await Promise.all([page.waitForEvent("download"),
        page.click("a[href$='/results/file']")]);
    const file = path.join(server.folder, "out.json");
    await download.saveAs(file);
    const expected = score(example), got = score(file);
    for (const part of ["regulation", "year", "final", "pending", "units", "proposals", "ties",
        "notices"]) {
        assert.deepEqual(got[part], expected[part], part);
    }
    const sheets = (list) => list.map((one) =>
        [one.stage, one.rater ?? null, one.unit, Object.entries(one.values).map(([item, value]) =>
            [item, Number(value)])]).map((one) => JSON.stringify(one)).sort();
    assert.deepEqual(sheets(JSON.parse(readFileSync(file, "utf8")).sheets), sheets(whole.sheets));
    await page.context().close();
});
