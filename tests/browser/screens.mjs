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
import { beleniosVerifies, download, election } from "./election.mjs";
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

/* An election: two trustees, three cards, one of which votes by its page. */
async function secretBallot() {
    const vote = election(server, "binh-xet", {
        description: "Hội nghị tổng kết Khối thi đua số 1", name: "Bình xét Cờ thi đua năm 2026",
        questions: [
            { answers: ["Sở Nội vụ", "Sở Tài chính", "Sở Y tế", "Sở Tư pháp"], blank: true, min: 1,
                max: 2, question: "Đề nghị tặng Cờ thi đua của Ủy ban nhân dân thành phố" },
            { answers: ["Tán thành", "Không tán thành"], min: 0, max: 1,
                question: "Sở Tài chính làm Khối trưởng năm 2027" }] });
    const address = `${server.url}/ballot/${vote.uuid}`, page = await open(browser);
    const press = (name) => page.getByRole("button", { name, exact: true }).click();
    const keys = [];
    for (const name of ["Sở Tư pháp", "Công an thành phố"]) {
        await page.goto(`${server.url}/ballot/key`);
        await page.fill("#name", name);
        if (keys.length === 0) {
            await take(page, "ballot-key");
        }
        await press("Tạo khóa");
        const secret = await download(page, "Lưu khóa bí mật (.privkey)");
        const public_ = await download(page, "Lưu khóa công khai (.pubkey)");
        if (keys.length === 0) {
            await take(page, "ballot-key-made");
        }
        keys.push({ secret: vote.write(secret.name, secret.text),
            public: vote.write(public_.name, public_.text) });
    }
    await page.goto(address);
    await take(page, "ballot-set-up");
    await page.goto(`${address}/cards`);
    await page.fill("#count", "6");
    await page.fill("#address", "https://thidua.example.vn");
    await take(page, "ballot-cards");
    await press("Tạo thẻ");
    const list = await download(page, "Lưu danh sách công khai");
    const cards = (await download(page, "Lưu các thẻ (bí mật)")).text.trim().split("\n");
    await take(page, "ballot-cards-made");
    await page.emulateMedia({ media: "print" });
    await page.setViewportSize({ width: 794, height: 1123 });
    await page.screenshot({ path: path.join(folder, "ballot-cards-paper.png") });
    await page.emulateMedia({ media: null });
    vote.run("open", vote.folder, keys[0].public, keys[1].public, "--public",
        vote.write("public.json", list.text));

    await page.goto(`${server.url}/ballot`);
    await take(page, "ballot-list");
    await page.goto(address);
    await page.fill("#card", cards[0].replace(/.$/, "0"));
    await press("Tiếp tục");
    await page.getByText("Đây không phải là nội dung của thẻ").waitFor();
    await take(page, "ballot-card");
    await page.fill("#card", cards[0]);
    await press("Tiếp tục");
    await page.getByLabel("Sở Nội vụ").check();
    await page.getByLabel("Sở Y tế").check();
    await page.getByLabel("Tán thành", { exact: true }).check();
    await take(page, "ballot-choices");
    await press("Xem lại phiếu");
    await take(page, "ballot-review");
    await press("Bỏ phiếu");
    await page.getByRole("heading", { name: "Phiếu đã vào hòm" }).waitFor();
    await take(page, "ballot-done");
    await page.getByRole("link", { name: "Tìm trong danh sách phiếu được tính" }).click();
    await page.getByText("Phiếu của ông/bà có trong danh sách").waitFor();
    await take(page, "ballot-trackers");

    vote.run("close", vote.folder);
    vote.run("tally", vote.folder);
    await page.goto(address);
    await take(page, "ballot-decrypting");
    const end = await page.locator("[data-end]").textContent();
    for (const key of keys) {
        await page.goto(`${address}/trustee`);
        if (key === keys[0]) {
            await take(page, "ballot-trustee");
        }
        await page.fill("#end", end);
        await page.setInputFiles("#file", key.secret);
        await page.getByRole("heading", { name: "Giải mã tổng số phiếu" }).waitFor();
        if (key === keys[0]) {
            await take(page, "ballot-trustee-ready");
        }
        await press("Giải mã và gửi");
        await page.getByRole("heading", { name: "Đã nhận phần của ông/bà" }).waitFor();
    }
    await page.goto(address);
    await take(page, "ballot-result");
    assert.ok(beleniosVerifies(vote.folder), "belenios-tool says no");
    await page.context().close();
}

/* Every page that the program has, but files: the year's to keep, and what scripts fetch. */
function checkAll() {
    const rows = execFileSync(process.env.THIDUA, ["routes"], { encoding: "utf8" });
    const patterns = rows.trim().split("\n").map((row) => row.split("\t"))
        .filter(([method, pattern]) =>
            method === "GET" && !/\/(file|archive|\w+\.json)$/.test(pattern))
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
    await secretBallot();
    checkAll();
    shrink(folder);
} finally {
    await browser.close();
    await server.stop();
}
