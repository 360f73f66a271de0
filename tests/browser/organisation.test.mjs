/*
 * A bloc's year from nothing, by hand: authority, units, bloc, year, members, head and deputy,
 * regulation. Every screen on the way is held to what pages promise.
 */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";

import { allow, check, launch, open, shoot } from "./harness.mjs";
import { signIn, start } from "./server.mjs";

const regulation = path.join(process.env.SOURCES, "regulations/hai-phong-2024/regulation.json");
const UNITS = [["SCT", "Sở Công Thương"], ["SNV", "Sở Nội vụ"], ["STC", "Sở Tài chính"],
    ["SXD", "Sở Xây dựng"]];
let browser, server, admin, officer;

before(async () => {
    server = await start();
    browser = await launch();
    admin = await open(browser);
    await signIn(admin, server, "admin", server.link);
});

after(async () => {
    await browser?.close();
    await server?.stop();
});

/* Clicks, and waits for the page that answers. */
async function go(page, selector) {
    await Promise.all([page.waitForNavigation(), page.click(selector)]);
}

/* Sends a form that is saved. */
async function save(page, selector = "main form button[type=submit]") {
    await go(page, selector);
    assert.match(page.url(), /saved=1/, await page.innerText("main"));
}

const heading = (page) => page.innerText("h1");

/* Sends a form that is refused, with 422 or 409. */
async function refused(page, address, selector = "main form button[type=submit]") {
    const place = address.split("?")[0];
    allow(page, 422, place);
    allow(page, 409, place);
    await go(page, selector);
    assert.equal(page.url(), place);
}

async function look(page, name) {
    await check(page);
    await shoot(page, `organisation-${name}`);
}

test("an administrator adds the first authority", async () => {
    await admin.goto(`${server.url}/organisation`);
    await look(admin, "empty");
    await go(admin, "main a.btn-primary");
    await look(admin, "root");
    await admin.evaluate(() => { document.querySelector("main form").noValidate = true; });
    await admin.fill("#name", "UBND thành phố Hải Phòng");
    await refused(admin, admin.url());
    assert.equal(await admin.inputValue("#name"), "UBND thành phố Hải Phòng");
    assert.equal(await admin.locator(".field-error").count(), 2);
    await look(admin, "root-refused");
    await admin.fill("#council", "Hội đồng Thi đua - Khen thưởng thành phố");
    await admin.fill("#standing_office", "Sở Nội vụ");
    await save(admin);
    await look(admin, "list");

    const id = await admin.innerText("tbody code");
    const link = server.account("lan", "Trần Thị Lan", "--role", "officer", "--of", id);
    officer = await open(browser);
    await signIn(officer, server, "lan", link);
    await admin.goto(`${server.url}/organisation`);
    assert.equal(await admin.locator("tbody a").count(), 0, "no officer, no way in");
});

test("an officer adds units, of which none may share a short name", async () => {
    await go(officer, "nav a[href='/organisation'] >> visible=true");
    await go(officer, "tbody a");
    await look(officer, "authority-empty");
    for (const [code, name] of UNITS) {
        await go(officer, "a[href$='/units']");
        await officer.fill("#name", name);
        await officer.fill("#code", code);
        await save(officer);
    }
    await go(officer, "a[href$='/units']");
    await officer.fill("#name", "Sở Nội vụ khác");
    await officer.fill("#code", "SNV");
    await refused(officer, officer.url());
    assert.match(await officer.innerText("#code-error"), /tên viết tắt/);
    await look(officer, "unit-refused");
    await go(officer, "main form a.btn");
    await go(officer, "tbody a >> text=Sở Xây dựng");
    await look(officer, "unit");
});

test("two who change the same are told, and see both", async () => {
    const other = await officer.context().newPage();
    await other.goto(officer.url());
    await other.fill("#name", "Sở Xây dựng thành phố");
    await save(other);
    await other.close();
    await officer.fill("#name", "Sở XD");
    await refused(officer, officer.url());
    assert.match(await officer.innerText(".flash"), /người khác/i);
    assert.match(await officer.innerText("#name-hint"), /Sở Xây dựng thành phố/);
    assert.equal(await officer.inputValue("#name"), "Sở XD");
    await look(officer, "conflict");
    await officer.fill("#name", "Sở Xây dựng");
    await save(officer);
});

test("a wrong regulation is refused with every problem, and nothing is kept", async () => {
    const wrong = JSON.parse(readFileSync(regulation, "utf8"));
    delete wrong.title;
    wrong.criteria[0].points = 1;
    const file = path.join(server.folder, "wrong.json");
    writeFileSync(file, JSON.stringify(wrong));
    await officer.setInputFiles("#file", file);
    await refused(officer, `${officer.url().split("?")[0]}/rules`,
        "form[action$='/rules'] button");
    assert.ok(await officer.locator(".problems li").count() >= 2);
    assert.match(await officer.innerText(".problems"), /\/criteria\/0\/points/);
    await look(officer, "rules-refused");
    assert.equal(await officer.locator("a[href*='/rules/']").count(), 0);
});

test("a right one is taken, and can be read", async () => {
    await officer.setInputFiles("#file", regulation);
    await save(officer, "form[action$='/rules'] button");
    const hash = await officer.innerText(".hash");
    assert.match(hash, /^[0-9a-f]{64}$/);
    await look(officer, "rules");
    await go(officer, "nav a[href='/organisation'] >> visible=true");
    await go(officer, "tbody a");
});

test("a bloc, and its year from nothing", async () => {
    await go(officer, "a[href$='/blocs']");
    await look(officer, "bloc-new");
    await officer.fill("#name", "Khối các sở kinh tế");
    await officer.fill("#since", "2024-01-01");
    await save(officer);
    await look(officer, "bloc-empty");
    await go(officer, "main a[href$='/years']");
    await officer.fill("#label", "năm nay");
    await refused(officer, officer.url());
    assert.equal(await officer.inputValue("#label"), "năm nay");
    await look(officer, "year-refused");
    await officer.fill("#label", "2024");
    await save(officer);
    await look(officer, "settings-empty");
});

test("members in the order that was asked for", async () => {
    const boxes = officer.locator("input[name=member]");
    for (let i = 0; i < UNITS.length; i++) {
        await boxes.nth(i).check();
        await officer.locator("input.order").nth(i).fill(String(UNITS.length - i));
    }
    await save(officer, "form[action$='/members'] button");
    const order = await officer.locator("#members ~ form tbody .quiet").allInnerTexts();
    assert.deepEqual(order, UNITS.map(([code]) => code).reverse());
});

test("head and deputy, with the history of terms", async () => {
    const terms = [["head", "Sở Công Thương", "2024-01-01"], ["deputy", "Sở Nội vụ", "2024-01-01"],
        ["head", "Sở Tài chính", "2024-07-01"]];
    for (const [role, unit, since] of terms) {
        await officer.selectOption("#role", role);
        await officer.selectOption("#unit", { label: unit });
        await officer.fill("#since", since);
        await save(officer, "form[action$='/terms'] button");
    }
    const history = await officer.innerText("#terms ~ section");
    assert.match(history, /30\/06\/2024/, "the first head's term ended the day before");
});

test("members that are refused stand as they were typed", async () => {
    const members = "form[action$='/members']";
    const head = officer.locator(`${members} tr`, { hasText: "SNV" });
    const other = officer.locator(`${members} tr`, { hasText: "SCT" });
    await head.locator("input[type=checkbox]").uncheck();
    await other.locator("input.order").fill("7");
    const settings = officer.url().split("?")[0];
    await refused(officer, `${settings}/members`, `${members} button[type=submit]`);
    assert.match(await officer.innerText("#members-error"), /danh sách/);
    assert.equal(await head.locator("input[type=checkbox]").isChecked(), false);
    assert.equal(await other.locator("input[type=checkbox]").isChecked(), true);
    assert.equal(await other.locator("input.order").inputValue(), "7");
    await check(officer);
    await officer.goto(settings);
    assert.equal(await head.locator("input[type=checkbox]").isChecked(), true);
});

test("the regulation, chosen among the authority's", async () => {
    await officer.selectOption("#regulation", { index: 1 });
    await officer.fill("#as_of", "2024-12-31");
    await save(officer, "form[action$='/rules'] button");
    assert.equal(await officer.inputValue("#as_of"), "2024-12-31");
    await look(officer, "settings");
});

test("settings that changed meanwhile are not overwritten", async () => {
    const other = await officer.context().newPage();
    await other.goto(officer.url());
    await save(other, "form[action$='/rules'] button");
    await other.close();
    await refused(officer, `${officer.url().split("?")[0]}/members`,
        "form[action$='/members'] button");
    assert.match(await officer.innerText(".flash"), /người khác/i);
    await look(officer, "settings-conflict");
});

test("the next year begins as a copy", async () => {
    await go(officer, ".crumbs a[href*='/blocs/']");
    await look(officer, "bloc");
    await go(officer, "a[href$='/years']");
    await officer.fill("#label", "2025");
    await officer.selectOption("#copy_from", { label: "2024" });
    await save(officer);
    assert.equal(await officer.locator("input[name=member]:checked").count(), UNITS.length);
    assert.notEqual(await officer.inputValue("#regulation"), "");
});

test("a bloc is delegated to an authority below", async () => {
    await officer.goto(`${server.url}/organisation`);
    await go(officer, "tbody a");
    await look(officer, "authority");
    await go(officer, "a[href$='/below']");
    await officer.fill("#name", "UBND quận Lê Chân");
    await officer.fill("#council", "Hội đồng Thi đua - Khen thưởng quận");
    await officer.fill("#standing_office", "Phòng Nội vụ");
    await save(officer);
    await officer.goto(`${server.url}/organisation`);
    await go(officer, "tbody a >> text=Hải Phòng");
    await go(officer, "tbody a[href*='/blocs/']");
    await go(officer, "main a[href$='/edit']");
    await officer.selectOption("#authority", { label: "UBND quận Lê Chân" });
    await look(officer, "bloc-edit");
    await save(officer);
    assert.match(await officer.innerText(".particulars"), /Lê Chân/);
    assert.equal(await heading(officer), "Khối các sở kinh tế");
});

test("others don't find any of it", async () => {
    const address = officer.url();
    const unit = server.account("binh", "Bình");
    const stranger = await open(browser);
    await signIn(stranger, server, "binh", unit);
    for (const [place, status] of [[address, 404], [`${server.url}/organisation`, 403],
        [`${server.url}/organisation/new`, 403]]) {
        allow(stranger, status, place);
        assert.equal((await stranger.goto(place)).status(), status, place);
    }
    assert.equal(await stranger.locator("a[href='/organisation']").count(), 0);
    allow(admin, 404, address);
    assert.equal((await admin.goto(address)).status(), 404);
});
