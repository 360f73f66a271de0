/*
 * Scoring as people do it: an officer with the keyboard, a leader who returns and submits, two at
 * once, a session that ends, and all of it without scripts.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import path from "node:path";
import { after, before, test } from "node:test";

import { check, launch, open, shoot } from "./harness.mjs";
import { PASSWORD, signIn, start } from "./server.mjs";

let browser, server, year, units;
const sheet = (stage, rater, unit) => `${server.url}${year}/sheets/${stage}/${rater}/${unit}`;
const links = {};

before(async () => {
    server = await start();
    const made = execFileSync(process.env.SHEET_YEAR,
        [path.join(server.data, "thidua.db"), process.env.REGULATION], { encoding: "utf8" });
    const [home, authority, id, ...rest] = made.trim().split("\n");
    year = `/h/${home}/years/${id}`;
    units = rest;
    for (const [login, name, role, of] of [
        ["lan", "Nguyễn Thị Lan", "unit_officer", units[0]],
        ["minh", "Trần Văn Minh", "unit_officer", units[0]],
        ["hung", "Lê Quốc Hùng", "leader", units[0]],
        ["dao", "Phạm Thị Đào", "unit_officer", units[1]],
        ["canbo", "Vũ Thị Thu", "officer", authority]]) {
        links[login] = server.account(login, name, "--role", role, "--of", of);
    }
    browser = await launch();
});

after(async () => {
    await browser?.close();
    await server?.stop();
});

async function enter(login, options) {
    const page = await open(browser, options);
    await signIn(page, server, login, links[login]);
    delete links[login];
    return page;
}
const box = (page, name) => page.locator(`[name="${name}"]`);
const line = (page, item) => page.locator(`[data-status="${item}"]`);
const saved = (page, item) => line(page, item).filter({ hasText: /đã lưu \d\d:\d\d/ }).waitFor();

test("the home page says what waits, and leads to the sheet", async () => {
    const page = await enter("lan");
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
    await page.context().close();
});

test("a sheet is filled by keyboard alone, cell by cell", async () => {
    const page = await enter("lan");
    await page.goto(sheet("self", units[0], units[0]));
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

test("a column of a spreadsheet fills the boxes below, all or none", async () => {
    const page = await enter("lan");
    await page.goto(sheet("self", units[0], units[0]));
    await box(page, "v:I.2").focus();
    await page.evaluate(() => {
        const data = new DataTransfer();
        data.setData("text/plain", "97,35\r\n6\r\n81,2\r\n");
        document.activeElement.dispatchEvent(new ClipboardEvent("paste",
            { clipboardData: data, bubbles: true, cancelable: true }));
    });
    await page.getByRole("button", { name: "Điền", exact: true }).click();
    for (const item of ["I.2", "I.3", "I.4"]) {
        await saved(page, item);
    }
    await page.reload();
    assert.equal(await box(page, "v:I.4").inputValue(), "81,2");
    await shoot(page, "sheet-filling");
    await page.context().close();
});

test("two at once see both values and choose", async () => {
    const lan = await enter("lan"), minh = await enter("minh");
    minh.mayFail = `${sheet("self", units[0], units[0])}/save`;
    for (const page of [lan, minh]) {
        await page.goto(sheet("self", units[0], units[0]));
    }
    await box(lan, "v:III.1").fill("90");
    await box(lan, "v:III.1").blur();
    await saved(lan, "III.1");
    await box(minh, "v:III.1").fill("95");
    await box(minh, "v:III.1").blur();
    await line(minh, "III.1").filter({ hasText: "Nguyễn Thị Lan" }).waitFor();
    assert.match(await line(minh, "III.1").textContent(), /90/);
    await shoot(minh, "sheet-clash");
    await minh.getByRole("button", { name: "Giữ giá trị của tôi" }).click();
    await saved(minh, "III.1");
    await lan.reload();
    assert.equal(await box(lan, "v:III.1").inputValue(), "95");
    await lan.context().close();
    await minh.context().close();
});

test("a session that ended loses nothing: signed in again, it is saved", async () => {
    const page = await enter("lan");
    await page.goto(sheet("self", units[0], units[0]));
    await page.context().clearCookies();
    await box(page, "v:IV.1").fill("4");
    await box(page, "v:IV.1").blur();
    await page.getByRole("link", { name: "Đăng nhập ở cửa sổ mới" }).waitFor();
    assert.equal(await box(page, "v:IV.1").inputValue(), "4");
    const other = await page.context().newPage();
    await other.goto(`${server.url}/sign-in`);
    await other.fill("#login", "lan");
    await other.fill("#password", PASSWORD);
    await other.click("form[action='/sign-in'] button[type=submit]");
    await other.waitForURL(`${server.url}/`);
    await other.close();
    await page.evaluate(() => window.dispatchEvent(new Event("focus")));
    await saved(page, "IV.1");
    await page.context().close();
});

test("without scripts: refused and redrawn, prepared, returned, submitted", async () => {
    const plain = { javaScriptEnabled: false };
    const lan = await enter("lan", plain);
    const address = sheet("self", units[0], units[0]);
    await lan.goto(address);
    await box(lan, "v:IV.4").fill("abc");
    await lan.getByRole("button", { name: "Lưu", exact: true }).click();
    assert.equal(await box(lan, "v:IV.4").inputValue(), "abc");
    await lan.getByText("đây không phải là số; hãy ghi như 12,5").waitFor();
    await box(lan, "v:IV.4").fill("29,5");
    for (const name of ["v:I.5:case", "v:I.5:model", "v:II.2:reminder", "v:II.2:criticism",
        "v:IV.2:absent", "v:IV.2:wrong_composition", "v:II.1", "v:II.3"]) {
        if (await box(lan, name).count() > 0) {
            await box(lan, name).fill(name === "v:II.3" ? "100" : "0");
        }
    }
    for (const name of ["t:I.3", "t:I.4"]) {
        await box(lan, name).fill("80");
    }
    for (const item of ["I.6", "III.2"]) {
        await box(lan, `c:${item}`).first().check();
    }
    await lan.getByRole("button", { name: "Trình thủ trưởng" }).click();
    await lan.getByText("Còn mục chưa nhập").waitFor(); /* IV.3 is empty: not a zero */
    await shoot(lan, "sheet-refused");
    await box(lan, "c:IV.3:none").check();
    await lan.getByRole("button", { name: "Trình thủ trưởng" }).click();
    await lan.getByText("Đã trình; phiếu chờ thủ trưởng duyệt.").waitFor();
    assert.equal(await lan.getByRole("button", { name: "Lưu", exact: true }).count(), 0);

    const hung = await enter("hung", plain);
    await hung.getByRole("link", { name: "Xem và nộp" }).first().click();
    await hung.getByRole("button", { name: "Trả lại" }).click();
    await hung.fill("#remark", "Bổ sung minh chứng mục I.2");
    await hung.getByRole("button", { name: "Trả lại" }).click();
    await lan.goto(address);
    await lan.getByText("Bổ sung minh chứng mục I.2").waitFor();
    await lan.getByRole("button", { name: "Trình thủ trưởng" }).click();
    await hung.goto(address);
    await hung.getByRole("button", { name: "Nộp", exact: true }).click();
    await shoot(hung, "sheet-confirm");
    await hung.getByRole("button", { name: "Nộp", exact: true }).click();
    await hung.getByText("Đã nộp phiếu.").waitFor();
    await lan.goto(address);
    assert.equal(await lan.locator("input.sheet-number").count(), 0);
    await shoot(lan, "sheet-submitted");

    const dao = await enter("dao", plain);
    await dao.goto(server.url + year);
    await dao.getByText("Đã nộp").first().waitFor();
    const status = await dao.goto(address);
    assert.equal(status.status(), 404); /* sealed until her own are in */
    for (const page of [lan, hung, dao]) {
        await page.context().close();
    }
});

test("the authority's officer sees the board and opens the sheets", async () => {
    const page = await enter("canbo");
    await page.goto(server.url + year);
    await check(page);
    await shoot(page, "board-officer");
    await page.getByRole("link", { name: "Mở các phiếu cho mọi thành viên" }).click();
    await check(page);
    await shoot(page, "release");
    await page.getByRole("button", { name: "Mở các phiếu" }).click();
    await page.getByText("Các phiếu đã mở cho mọi thành viên.").waitFor();
    await page.context().close();
});
