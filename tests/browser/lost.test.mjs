/*
 * What an officer typed outlives a lost session, a lost connection, an expired form and a second click.
 */
import assert from "node:assert/strict";
import path from "node:path";
import { after, before, test } from "node:test";

import { allow, allowOffline, check, launch, open, shoot } from "./harness.mjs";
import { PASSWORD, signIn, start } from "./server.mjs";
import { box, line, saved, takeIn, WARDS } from "./year.mjs";

const rules = path.join(process.env.SOURCES, "regulations/ha-dong-2024/regulation.json");
let browser, server, year;

before(async () => {
    server = await start();
    browser = await launch();
    year = await takeIn(browser, server, WARDS, rules);
    year.account("lan", "Nguyễn Thị Lan", "unit_officer", 0);
    year.account("hung", "Lê Quốc Hùng", "leader", 0);
    year.account("cuc", "Bùi Thu Cúc", "unit_officer", 1);
    year.account("tung", "Ngô Thanh Tùng", "leader", 1);
});

after(async () => {
    await browser?.close();
    await server?.stop();
});

const plain = { javaScriptEnabled: false };

/* Signs in again in another window of the same person. */
async function signInAgain(page, login) {
    const other = await page.context().newPage();
    await signIn(other, server, login);
    await other.close();
    await page.evaluate(() => window.dispatchEvent(new Event("focus")));
}

test("signed out in another window: what is typed stays, and is saved after signing in", async () => {
    const page = await year.enter("lan");
    const address = year.sheet("self", 0, 0);
    allow(page, 401, `${address}/save`);
    await page.goto(address);
    const other = await page.context().newPage();
    await other.goto(server.url);
    await other.click(".sign-out button");
    await other.waitForURL(/sign-in/);
    await other.close();
    await box(page, "v:IV.1").fill("4");
    await box(page, "v:IV.1").blur();
    await page.getByRole("link", { name: "Đăng nhập ở cửa sổ mới" }).waitFor();
    assert.equal(await box(page, "v:IV.1").inputValue(), "4");
    await check(page);
    await shoot(page, "sheet-signed-out");
    await signInAgain(page, "lan");
    await saved(page, "IV.1");
    await page.reload();
    assert.equal(await box(page, "v:IV.1").inputValue(), "4");
    await page.context().close();
});

test("an administrator's new link ends the session: the next cells wait too", async () => {
    const page = await year.enter("lan");
    const address = year.sheet("self", 0, 0);
    allow(page, 401, `${address}/save`);
    await page.goto(address);
    const link = server.reset("lan");
    await box(page, "v:I.2").fill("90");
    await box(page, "v:I.2").press("Enter");
    await page.keyboard.type("5");
    await page.keyboard.press("Enter");
    await line(page, "I.3").filter({ hasText: "chưa lưu" }).waitFor();
    const other = await page.context().newPage();
    await signIn(other, server, "lan", link);
    await other.close();
    await page.evaluate(() => window.dispatchEvent(new Event("focus")));
    for (const item of ["I.2", "I.3"]) {
        await saved(page, item);
    }
    await page.reload();
    assert.equal(await box(page, "v:I.2").inputValue(), "90");
    assert.equal(await box(page, "t:I.3").inputValue(), "5");
    await page.context().close();
});

test("a lost connection keeps what was typed, and it is saved later", async () => {
    const page = await year.enter("lan");
    allowOffline(page);
    await page.goto(year.sheet("self", 0, 0));
    await page.context().setOffline(true);
    await box(page, "v:IV.1").fill("3");
    await box(page, "v:IV.1").blur();
    await line(page, "IV.1").filter({ hasText: "mất kết nối" }).waitFor();
    await shoot(page, "sheet-offline");
    await page.context().setOffline(false);
    await saved(page, "IV.1");
    await page.reload();
    assert.equal(await box(page, "v:IV.1").inputValue(), "3");
    await page.context().close();
});

/* As if the page had been loaded before the last sign-in. */
const expire = (page) => page.evaluate(() => {
    for (const field of document.querySelectorAll("input[name=csrf]")) {
        field.value = "0".repeat(64);
    }
});

test("an expired form saves a cell all the same: the page takes the new token", async () => {
    const page = await year.enter("lan");
    const address = year.sheet("self", 0, 0);
    allow(page, 403, `${address}/save`);
    await page.goto(address);
    await expire(page);
    await box(page, "v:I.4").fill("66,5");
    await box(page, "v:I.4").press("Tab");
    await saved(page, "I.4");
    await page.context().close();
});

test("without scripts an expired form comes back with all that was typed", async () => {
    const page = await year.enter("lan", plain);
    const address = year.sheet("self", 0, 0);
    allow(page, 403, address);
    await page.goto(address);
    await expire(page);
    await box(page, "v:III.1").fill("88");
    await page.locator("details:has([name='n:III.1']) > summary").click();
    const note = "hai dòng\n<b>\"và\" dấu & </b>";
    await box(page, "n:III.1").fill(note);
    await page.getByRole("button", { name: "Lưu", exact: true }).click();
    await page.getByText("Biểu mẫu này đã hết hạn").waitFor();
    assert.equal(await page.locator("input[name='v:III.1']").inputValue(), "88");
    await shoot(page, "expired");
    await page.getByRole("button", { name: "Gửi lại" }).click();
    await page.getByText("Đã lưu.").waitFor();
    assert.equal(await box(page, "v:III.1").inputValue(), "88");
    assert.equal(await box(page, "n:III.1").inputValue(), note);
    await page.context().close();
});

test("signed out without scripts: sign in elsewhere, send again, and it is saved", async () => {
    const page = await year.enter("lan", plain);
    const address = year.sheet("self", 0, 0);
    for (const status of [401, 403]) {
        allow(page, status, address);
    }
    await page.goto(address);
    await page.context().clearCookies();
    await box(page, "v:III.1").fill("77");
    await page.getByRole("button", { name: "Lưu", exact: true }).click();
    await page.getByText("phiên đăng nhập đã hết").waitFor();
    await shoot(page, "signed-out-form");
    const other = await page.context().newPage();
    await signIn(other, server, "lan");
    await other.close();
    await page.getByRole("button", { name: "Gửi lại" }).click();
    await page.getByRole("button", { name: "Gửi lại" }).click(); /* now with the new token */
    await page.getByText("Đã lưu.").waitFor();
    assert.equal(await box(page, "v:III.1").inputValue(), "77");
    await page.context().close();
});

test("what a stranger's page sends is not offered again", async () => {
    const page = await year.enter("lan");
    const address = `${year.sheet("self", 0, 0)}/save`;
    const answer = await page.context().request.post(address, { headers: {
        "Sec-Fetch-Site": "cross-site", Accept: "text/html" }, form: { "v:III.1": "100", csrf: "" } });
    assert.equal(answer.status(), 403);
    assert.ok(!(await answer.text()).includes("v:III.1"));
    await page.context().close();
});

test("a password is not written into a page that is offered again", async () => {
    const page = await open(browser, plain);
    allow(page, 403, `${server.url}/sign-in`);
    await page.goto(`${server.url}/sign-in`);
    await expire(page);
    await page.fill("#login", "lan");
    await page.fill("#password", PASSWORD);
    await page.click("form[action='/sign-in'] button");
    await page.getByText("Biểu mẫu này đã hết hạn").waitFor();
    assert.ok(!(await page.content()).includes(PASSWORD));
    await page.getByRole("link", { name: "Mở lại biểu mẫu" }).click();
    await page.waitForURL(/sign-in$/);
    await page.context().close();
});

/* The fields that pressing a button of the page's form would send, and sending them. */
const fieldsOf = (page, move) => page.evaluate((verb) => {
    const fields = new FormData(document.querySelector("main form"));
    fields.set("move", verb);
    return Object.fromEntries(fields);
}, move);
const send = (page, address, form) =>
    page.context().request.post(address, { form, maxRedirects: 0 });

async function fillAll(page) {
    for (const name of await page.locator("input.sheet-number").evaluateAll((all) =>
        all.map((one) => one.name))) {
        await box(page, name).fill(name.startsWith("t:") ? "80" : "5");
    }
    for (const part of await page.locator(".sheet-none input").all()) {
        await part.check();
    }
}

test("two clicks on a button send one form, and the same request twice submits once", async () => {
    const lan = await year.enter("lan", plain);
    const address = year.sheet("self", 0, 0);
    await lan.goto(address);
    await fillAll(lan);
    for (let i = 0; i < 2; i++) { /* with all that was typed, which is saved by the first */
        const answer = await send(lan, `${address}/move`, await fieldsOf(lan, "prepare"));
        assert.equal(answer.status(), 303);
        assert.match(answer.headers().location, /\?done=prepare$/);
    }
    await box(lan, "v:I.2").fill("6");
    const other = await send(lan, `${address}/move`, await fieldsOf(lan, "prepare"));
    assert.equal(other.status(), 409, "something else is not what was sent before");

    const hung = await year.enter("hung");
    await hung.goto(address);
    await hung.getByRole("button", { name: "Nộp", exact: true }).click();
    await hung.waitForURL(/move$/);
    await check(hung);
    const fields = await fieldsOf(hung, "submit");
    const posts = [];
    hung.on("request", (one) => one.method() === "POST" && posts.push(one.url()));
    await hung.getByRole("button", { name: "Nộp", exact: true }).dblclick();
    await hung.getByText("Đã nộp phiếu.").waitFor();
    assert.equal(posts.length, 1);
    await check(hung);

    const again = await Promise.all([0, 1].map(() => send(hung, `${address}/move`, fields)));
    assert.deepEqual(again.map((one) => one.status()), [303, 303]);
    await hung.goto(year.url);
    assert.equal(await hung.locator("td").first().getByText("Đã nộp").count(), 1);
    await hung.context().close();
    await lan.context().close();
});

/* Press Save on a sheet that `who` has sent on meanwhile: it is shown as it is, with what was typed. */
async function saveTooLate(page, address, who) {
    allow(page, 409, `${address}/save`);
    await page.getByRole("button", { name: "Lưu", exact: true }).click();
    await page.getByRole("alert").getByText(who).waitFor();
    assert.equal(await page.locator("input.sheet-number").count(), 0);
    const row = page.locator("[data-row='III.1']");
    assert.equal((await row.locator(".sheet-fixed").textContent()).trim(), "5");
    await row.getByText("Chưa lưu nội dung ông/bà vừa nhập: 77").waitFor();
    await page.locator("[data-row='IV.3']").getByText("Tổ chức phát động phong trào thi đua")
        .and(page.locator(".field-error")).waitFor();
    await page.locator("[data-row='II.3']").getByText(/vừa nhập: ghi chú chưa lưu/).waitFor();
    assert.equal(await page.locator(".field-error").count(), 3, "and nothing else");
}

async function typeMore(page) {
    await box(page, "v:III.1").fill("77");
    await box(page, "c:IV.3:none").uncheck();
    await page.locator("[name='c:IV.3'][value=launched]").check();
    await page.locator("details:has([name='n:II.3']) > summary").click();
    await box(page, "n:II.3").fill("ghi chú chưa lưu");
}

test("a sheet that was sent on meanwhile is shown as it is, with what was typed", async () => {
    const address = year.sheet("self", 1, 1);
    const cuc = await year.enter("cuc", plain), late = await year.enter("cuc");
    const tung = await year.enter("tung", plain), slow = await year.enter("tung", plain);
    await cuc.goto(address);
    await fillAll(cuc);
    await cuc.getByRole("button", { name: "Lưu", exact: true }).click();
    await cuc.getByText("Đã lưu.").waitFor();
    await late.goto(address);
    await slow.goto(address);
    await typeMore(slow);
    await cuc.getByRole("button", { name: "Trình thủ trưởng" }).click();
    await cuc.getByText("Đã trình; phiếu chờ thủ trưởng duyệt.").waitFor();
    allow(late, 403, `${address}/save`); /* what its script is told, which keeps all on the page */
    await typeMore(late);
    await saveTooLate(late, address, "Bùi Thu Cúc đã trình phiếu này cho thủ trưởng");
    await check(late);
    await shoot(late, "sheet-sent-on-meanwhile");

    await tung.goto(address);
    await tung.getByRole("button", { name: "Nộp", exact: true }).click();
    await tung.getByRole("button", { name: "Nộp", exact: true }).click();
    await tung.getByText("Đã nộp phiếu.").waitFor();
    await saveTooLate(slow, address, "Ngô Thanh Tùng đã nộp phiếu này");
    for (const page of [cuc, late, tung, slow]) {
        await page.context().close();
    }
});
