/*
 * Pictures of every screen, wide and as on a phone, on the demonstration's data:
 *
 *     THIDUA=PROGRAM node tests/browser/screens.mjs FOLDER
 *
 * script/screens runs it for docs/screens. It fails when the program has a page that it doesn't
 * picture, or when a page breaks what every page promises.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { allow, check, launch, open, picture } from "./harness.mjs";
import { shrink } from "./palette.mjs";
import { signIn, start } from "./server.mjs";
import { box, line, saved } from "./year.mjs";

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), "..", "..");
const folder = process.argv[2];
assert.ok(folder, "screens.mjs FOLDER");
const server = await start({ demo: root });
rmSync(folder, { recursive: true, force: true }); /* no picture of a screen that is gone */
const browser = await launch();
const seen = new Set();

async function take(page, name) {
    seen.add(new URL(page.url()).pathname);
    await check(page);
    await picture(page, folder, name);
}

/* Somebody of the demonstration, at home. */
async function enter(login, options) {
    const page = await open(browser, options);
    await page.goto(`${server.url}/demo`);
    await page.click(`button[value="${login}"]`);
    await page.waitForURL(`${server.url}/`);
    return page;
}

async function toYear(page, label) {
    await page.goto(server.url);
    await page.click(`main a[href*='/years/']:not(.btn):has-text(', ${label}')`);
    await page.waitForURL(/\/years\/[a-z2-7]+$/);
    return page.url();
}

async function follow(page, selector, name) {
    const before = page.url();
    await page.locator(selector).first().click();
    await page.waitForURL((url) => url.href !== before);
    await page.waitForLoadState();
    if (name) {
        await take(page, name);
    }
}

async function meet(page, status, address, name) {
    allow(page, status, address);
    assert.equal((await page.goto(address)).status(), status);
    await take(page, name);
}

async function doors() {
    const page = await open(browser);
    await page.goto(`${server.url}/sign-in`);
    await take(page, "sign-in");
    allow(page, 422, `${server.url}/sign-in`);
    await page.fill("#login", "hadong.sen.canbo");
    await page.fill("#password", "không phải thế");
    await page.click("form[action='/sign-in'] button[type=submit]");
    await page.locator(".flash").waitFor();
    await take(page, "sign-in-refused");
    await page.goto(`${server.url}/demo`);
    await take(page, "demo");
    const link = server.account("quantri", "Quản trị viên (ví dụ)", "--administrator");
    await page.goto(server.url + link);
    await take(page, "password-link");
    await signIn(page, server, "quantri", link);
    await page.goto(`${server.url}/organisation/new`);
    await take(page, "organisation-new");
    await meet(page, 404, server.url + link, "link-gone");
    await page.context().close();
}

async function memberAtWork() {
    const page = await enter("hadong.sen.canbo");
    await take(page, "home");
    await page.goto(`${server.url}/password`);
    await take(page, "password");
    await meet(page, 404, `${server.url}/khong-co`, "error");
    await meet(page, 403, `${server.url}/organisation`, "error-forbidden");
    const year = await toYear(page, "2025");
    await take(page, "year");
    await page.goto(`${year}/results`);
    await take(page, "result-sealed");

    await page.goto(year);
    await follow(page, "main a[href*='/sheets/self']", "sheet-empty");
    const sheet = page.url();
    for (const [name, value] of [["t:I.1", "50000"], ["v:I.1", "45000"], ["v:I.2", "97,35"],
        ["t:I.3", "8"], ["v:I.3", "6"], ["t:I.4", "80"]]) {
        await box(page, name).fill(value);
        await box(page, name).press("Tab");
        await saved(page, name.slice(2));
    }
    await box(page, "c:I.6").first().check();
    await saved(page, "I.6");
    await take(page, "sheet-filling");
    allow(page, 422, `${sheet}/`);
    allow(page, 409, `${sheet}/save`);
    await box(page, "v:I.4").fill("1.250");
    await box(page, "v:I.4").press("Tab");
    await line(page, "I.4").filter({ hasText: "hai cách" }).waitFor();
    await take(page, "sheet-wrong");
    await box(page, "v:I.4").fill("81,2");
    await box(page, "v:I.4").press("Tab");
    await saved(page, "I.4");

    const leader = await enter("hadong.sen.lanhdao");
    await leader.goto(sheet);
    await box(leader, "v:III.1").fill("95");
    await box(leader, "v:III.1").press("Tab");
    await saved(leader, "III.1");
    await box(page, "v:III.1").fill("90");
    await box(page, "v:III.1").press("Tab");
    await page.getByRole("button", { name: "Giữ giá trị của tôi" }).waitFor();
    await take(page, "sheet-clash");
    await page.getByRole("button", { name: "Giữ giá trị của họ" }).click();
    await page.reload();
    await page.getByRole("button", { name: "Trình thủ trưởng" }).click();
    await page.getByText("Còn mục chưa nhập").first().waitFor();
    await take(page, "sheet-refused");

    await leader.reload();
    await leader.getByRole("button", { name: "Nộp", exact: true }).click();
    await leader.waitForURL(/move$/);
    await take(leader, "sheet-confirm");
    await expired(page, sheet);
    await leader.context().close();
    await page.context().close();
}

/* A form of before the last sign-in, and one of somebody who is signed out. */
async function expired(page, sheet) {
    for (const status of [401, 403]) {
        allow(page, status, `${sheet}/save`);
    }
    await page.goto(sheet);
    const send = async (name) => {
        await page.evaluate(() => {
            document.querySelector("form[data-sheet] [name=csrf]").value = "0".repeat(64);
            document.querySelector("form[data-sheet]").submit();
        });
        await page.getByRole("button", { name: "Gửi lại" }).waitFor();
        await take(page, name);
    };
    await send("expired");
    await page.goto(sheet);
    await page.context().clearCookies();
    await send("signed-out");
}

async function results() {
    const page = await enter("haiphong.chuyenvien");
    await take(page, "home-officer");
    const year = await toYear(page, "2024");
    await take(page, "year-officer");
    await follow(page, "main a[href*='/sheets/self']", "sheet-submitted");
    await page.goto(year);
    await follow(page, "main a[href*='/sheets/cross']", "sheet-cross");
    await page.goto(`${year}/results`);
    await take(page, "result-ranking");
    await follow(page, "tr:has(td.rank) th a", "result-unit");
    await follow(page, "a[href$='/grid']", "result-grid");
    await page.goto(`${year}/results/print`);
    await take(page, "result-print");
    await page.emulateMedia({ media: "print" });
    await page.setViewportSize({ width: 794, height: 1123 });
    await page.screenshot({ path: path.join(folder, "result-print-paper.png") });
    await page.context().close();

    const other = await enter("bacgiang.chuyenvien");
    await other.goto(`${await toYear(other, "2022")}/results`);
    await take(other, "result-open");
    await other.context().close();
}

async function organisation() {
    const page = await enter("hadong.chuyenvien");
    await page.goto(`${server.url}/organisation`);
    await take(page, "organisation-list");
    await follow(page, "tbody a", "organisation-authority");
    const authority = page.url();
    for (const [end, name] of [["/edit", "organisation-authority-edit"],
        ["/below", "organisation-below"], ["/units", "organisation-unit-new"],
        ["/blocs", "organisation-bloc-new"]]) {
        await page.goto(authority + end);
        await take(page, name);
    }
    allow(page, 422, `${authority}/units`);
    await page.goto(`${authority}/units`);
    await page.fill("#name", "UBND phường Hoa Sen mới");
    await page.fill("#code", "SEN");
    await page.click("main form button[type=submit]");
    await page.locator(".field-error").first().waitFor();
    await take(page, "organisation-unit-refused");
    await page.goto(authority);
    await follow(page, "main a[href*='/units/']", "organisation-unit");
    await page.goto(authority);
    await follow(page, "main a[href*='/rules/']", "organisation-rules");
    await page.goto(authority);
    await follow(page, "main a[href*='/blocs/']", "organisation-bloc");
    const bloc = page.url();
    for (const [end, name] of [["/edit", "organisation-bloc-edit"],
        ["/years", "organisation-year-new"]]) {
        await page.goto(bloc + end);
        await take(page, name);
    }
    const year = await toYear(page, "2025");
    await page.goto(`${year}/results`);
    await take(page, "result-begun");
    await page.locator("details:not([open]):has(a[href$='/settle']) > summary").first().click();
    await follow(page, "details[open] a[href$='/settle']", "settle");
    await page.goto(`${year}/settings`);
    await take(page, "organisation-settings");
    await page.goto(`${year}/release`);
    await take(page, "release");
    await page.context().close();
}

/* Every page that the program has, but the file to keep. */
function checkAll() {
    const rows = execFileSync(process.env.THIDUA, ["routes"], { encoding: "utf8" });
    const patterns = rows.trim().split("\n").map((row) => row.split("\t"))
        .filter(([method, pattern]) => method === "GET" && !pattern.endsWith("/file"))
        .map(([, pattern]) => pattern);
    const missing = patterns.filter((pattern) => {
        const form = new RegExp(`^${pattern.replace(/\{\w+\}/g, "[^/]+")}$`);
        return ![...seen].some((address) => form.test(address));
    });
    assert.deepEqual(missing, [], "pages without a picture");
}

try {
    await doors();
    await memberAtWork();
    await results();
    await organisation();
    checkAll();
    shrink(folder);
} finally {
    await browser.close();
    await server.stop();
}
