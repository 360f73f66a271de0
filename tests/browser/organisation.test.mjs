/*
 * A bloc's year from nothing, by hand: authority, units, bloc, year, members, head and deputy,
 * regulation. Every screen on the way is held to what pages promise.
 */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";

import { check, launch, open, shoot } from "./harness.mjs";
import { signIn, start } from "./server.mjs";

const regulation = path.join(process.env.SOURCES, "regulations/hai-phong-2024/regulation.json");
const UNITS = [["SCT", "Sở Công Thương"], ["SNV", "Sở Nội vụ"], ["STC", "Sở Tài chính"],
    ["SXD", "Sở Xây dựng"]];
let browser, server, admin, officer;

before(async () => {
    server = await start("sqlite");
    browser = await launch();
    admin = await open(browser);
    await signIn(admin, server, "admin", server.link);
});

after(async () => {
    await browser?.close();
    await server?.stop();
});

const send = (page) => page.click("main form button[type=submit]");
const heading = (page) => page.innerText("h1");

/* A refused form: its address may answer 422 or 409. */
async function refused(page, address, act) {
    page.mayFail = address;
    await act();
    await page.waitForLoadState();
    /* the browser notes the answer's status in its console too */
    page.problems = page.problems.filter((words) => !/status of 4(22|09)/.test(words));
}

async function look(page, name) {
    await check(page);
    await shoot(page, `organisation-${name}`);
}

test("an administrator adds the first authority", async () => {
    await admin.goto(`${server.url}/organisation`);
    await look(admin, "empty");
    await admin.click("main a.btn-primary");
    await look(admin, "root");
    await admin.evaluate(() => { document.querySelector("main form").noValidate = true; });
    await admin.fill("#name", "UBND thành phố Hải Phòng");
    await refused(admin, admin.url(), () => send(admin));
    assert.equal(await admin.inputValue("#name"), "UBND thành phố Hải Phòng");
    assert.equal(await admin.locator(".field-error").count(), 2);
    await look(admin, "root-refused");
    await admin.fill("#council", "Hội đồng Thi đua - Khen thưởng thành phố");
    await admin.fill("#standing_office", "Sở Nội vụ");
    await send(admin);
    await admin.waitForURL(/saved=1/);
    await look(admin, "list");

    const id = await admin.innerText("tbody code");
    const link = server.account("lan", "Trần Thị Lan", "--role", "officer", "--of", id);
    officer = await open(browser);
    await signIn(officer, server, "lan", link);
    await admin.goto(`${server.url}/organisation`);
    assert.equal(await admin.locator("tbody a").count(), 0, "no officer, no way in");
});

test("an officer adds units, of which none may share a short name", async () => {
    await officer.click("nav a[href='/organisation'] >> visible=true");
    await officer.click("tbody a");
    await look(officer, "authority-empty");
    for (const [code, name] of UNITS) {
        await officer.click("a[href$='/units']");
        await officer.fill("#name", name);
        await officer.fill("#code", code);
        await send(officer);
        await officer.waitForURL(/saved=1/);
    }
    await officer.click("a[href$='/units']");
    await officer.fill("#name", "Sở Nội vụ khác");
    await officer.fill("#code", "SNV");
    await refused(officer, officer.url(), () => send(officer));
    assert.match(await officer.innerText("#code-error"), /tên viết tắt/);
    await look(officer, "unit-refused");
    await officer.click("main form a.btn");
    await officer.click("tbody a >> text=Sở Xây dựng");
    await look(officer, "unit");
});

test("two who change the same are told, and see both", async () => {
    const other = await officer.context().newPage();
    await other.goto(officer.url());
    await other.fill("#name", "Sở Xây dựng thành phố");
    await send(other);
    await other.waitForURL(/saved=1/);
    await other.close();
    await officer.fill("#name", "Sở XD");
    await refused(officer, officer.url(), () => send(officer));
    assert.match(await officer.innerText(".flash"), /người khác/i);
    assert.match(await officer.innerText("#name-hint"), /Sở Xây dựng thành phố/);
    assert.equal(await officer.inputValue("#name"), "Sở XD");
    await look(officer, "conflict");
    await officer.fill("#name", "Sở Xây dựng");
    await send(officer);
    await officer.waitForURL(/saved=1/);
});

test("a wrong regulation is refused with every problem, and nothing is kept", async () => {
    const wrong = JSON.parse(readFileSync(regulation, "utf8"));
    delete wrong.title;
    wrong.scale.total = 1;
    const file = path.join(server.data, "wrong.json");
    writeFileSync(file, JSON.stringify(wrong));
    await officer.setInputFiles("#file", file);
    await refused(officer, `${officer.url().split("?")[0]}/rules`,
        () => officer.click("form[action$='/rules'] button"));
    assert.ok(await officer.locator(".problems li").count() >= 2);
    assert.match(await officer.innerText(".problems"), /\/scale/);
    await look(officer, "rules-refused");
    assert.equal(await officer.locator("a[href*='/rules/']").count(), 0);
});

test("a right one is taken, and can be read", async () => {
    await officer.setInputFiles("#file", regulation);
    await officer.click("form[action$='/rules'] button");
    await officer.waitForURL(/\/rules\/[a-z2-7]+\?saved=1/);
    const hash = await officer.innerText(".hash");
    assert.match(hash, /^[0-9a-f]{64}$/);
    await look(officer, "rules");
    await officer.click("nav a[href='/organisation'] >> visible=true");
    await officer.click("tbody a");
});

test("a bloc, and its year from nothing", async () => {
    await officer.click("a[href$='/blocs']");
    await look(officer, "bloc-new");
    await officer.fill("#name", "Khối các sở kinh tế");
    await officer.fill("#since", "2024-01-01");
    await send(officer);
    await officer.waitForURL(/\/blocs\/[a-z2-7]+\?saved=1/);
    await look(officer, "bloc-empty");
    await officer.click("main a[href$='/years']");
    await officer.fill("#label", "năm nay");
    await refused(officer, officer.url(), () => send(officer));
    assert.equal(await officer.inputValue("#label"), "năm nay");
    await look(officer, "year-refused");
    await officer.fill("#label", "2024");
    await send(officer);
    await officer.waitForURL(/\/settings\?saved=1/);
    await look(officer, "settings-empty");
});

test("members in the order that was asked for", async () => {
    const boxes = officer.locator("input[name=member]");
    for (let i = 0; i < UNITS.length; i++) {
        await boxes.nth(i).check();
        await officer.locator("input.order").nth(i).fill(String(UNITS.length - i));
    }
    await officer.click("form[action$='/members'] button");
    await officer.waitForURL(/saved=1/);
    const order = await officer.locator("#members ~ form tbody td:nth-child(2)").allInnerTexts();
    assert.deepEqual(order, UNITS.map(([code]) => code).reverse());
});

test("head and deputy, with the history of terms", async () => {
    const terms = [["head", "Sở Công Thương", "2024-01-01"], ["deputy", "Sở Nội vụ", "2024-01-01"],
        ["head", "Sở Tài chính", "2024-07-01"]];
    for (const [role, unit, since] of terms) {
        await officer.selectOption("#role", role);
        await officer.selectOption("#unit", { label: unit });
        await officer.fill("#since", since);
        await officer.click("form[action$='/terms'] button");
        await officer.waitForURL(/saved=1/);
    }
    const history = await officer.innerText("#terms ~ section");
    assert.match(history, /30\/06\/2024/, "the first head's term ended the day before");
});

test("the regulation, chosen among the authority's", async () => {
    await officer.selectOption("#regulation", { index: 1 });
    await officer.fill("#as_of", "2024-12-31");
    await officer.click("form[action$='/scoring'] button, form[action$='/rules'] button");
    await officer.waitForURL(/saved=1/);
    assert.equal(await officer.inputValue("#as_of"), "2024-12-31");
    await look(officer, "settings");
});

test("settings that changed meanwhile are not overwritten", async () => {
    const other = await officer.context().newPage();
    await other.goto(officer.url());
    await other.click("form[action$='/rules'] button");
    await other.waitForURL(/saved=1/);
    await other.close();
    await refused(officer, `${officer.url().split("?")[0]}/members`,
        () => officer.click("form[action$='/members'] button"));
    assert.match(await officer.innerText(".flash"), /người khác/i);
    await look(officer, "settings-conflict");
});

test("the next year begins as a copy", async () => {
    await officer.click(".crumbs a[href*='/blocs/']");
    await look(officer, "bloc");
    await officer.click("a[href$='/years']");
    await officer.fill("#label", "2025");
    await officer.selectOption("#copy_from", { label: "2024" });
    await send(officer);
    await officer.waitForURL(/\/settings\?saved=1/);
    assert.equal(await officer.locator("input[name=member]:checked").count(), UNITS.length);
    assert.notEqual(await officer.inputValue("#regulation"), "");
});

test("a bloc is delegated to an authority below", async () => {
    await officer.goto(`${server.url}/organisation`);
    await officer.click("tbody a");
    await look(officer, "authority");
    await officer.click("a[href$='/below']");
    await officer.fill("#name", "UBND quận Lê Chân");
    await officer.fill("#council", "Hội đồng Thi đua - Khen thưởng quận");
    await officer.fill("#standing_office", "Phòng Nội vụ");
    await send(officer);
    await officer.waitForURL(/saved=1/);
    await officer.goto(`${server.url}/organisation`);
    await officer.click("tbody a >> text=Hải Phòng");
    await officer.click("tbody a[href*='/blocs/']");
    await officer.click("main a[href$='/edit']");
    await officer.selectOption("#authority", { label: "UBND quận Lê Chân" });
    await look(officer, "bloc-edit");
    await send(officer);
    await officer.waitForURL(/saved=1/);
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
        stranger.mayFail = place;
        assert.equal((await stranger.goto(place)).status(), status, place);
    }
    assert.equal(await stranger.locator("a[href='/organisation']").count(), 0);
    admin.mayFail = address;
    assert.equal((await admin.goto(address)).status(), 404);
});
