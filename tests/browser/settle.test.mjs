/*
 * A sheet that never came: the authority's officer, or the leader of the head's unit, decides with a
 * reason whether it is waited for (SCO-8). The result's page and the explanation say what was
 * decided, by whom and why; a mistake in the form is shown at its field; others are refused.
 */
import assert from "node:assert/strict";
import path from "node:path";
import { after, before, test } from "node:test";

import { allow, check, launch, shoot } from "./harness.mjs";
import { start } from "./server.mjs";
import { takeIn, WARDS } from "./year.mjs";

const rules = path.join(process.env.SOURCES, "regulations/hai-phong-2024/regulation.json");
const [SEN, DAO, MAI] = [0, 1, 2];
const codes = WARDS.members.map((member) => member.code);
const values = { 1: "380", 2: "140", 3: "95", 4: "94", 5: "140", 6: "95" };
const filed = "2024-12-05";
/* All sheets, but those that MAI, and SEN about DAO, owe on the others. */
const sheets = [...codes.map((unit) => ({ stage: "self", unit, submitted: filed, values })),
    ...codes.flatMap((rater) => codes.filter((unit) => unit !== rater && rater !== "MAI" &&
        !(rater === "SEN" && unit === "DAO"))
        .map((unit) => ({ stage: "cross", rater, unit, submitted: filed, values })))];
const REASON = "Phường Hoa Mai giải thể từ ngày 01/12/2024", BY = "Hội nghị trù bị ngày 05/12/2024";
let browser, server, year;

before(async () => {
    server = await start();
    browser = await launch();
    year = await takeIn(browser, server, { ...WARDS, sheets }, rules);
    year.account("lan", "Nguyễn Thị Lan", "unit_officer", SEN);
    year.account("hung", "Phạm Văn Hùng", "leader", SEN);
    year.account("dao", "Đỗ Thị Đào", "leader", DAO);
    const officer = await year.enter("canbo"); /* those who owe sheets are to see the results too */
    await officer.goto(`${year.url}/release`);
    await officer.getByRole("button", { name: "Mở các phiếu" }).click();
    await officer.getByText("Các phiếu đã mở").waitFor();
    await officer.context().close();
});

after(async () => {
    await browser?.close();
    await server?.stop();
});

const open = (page) => page.locator(".notice-box details", { hasText: "Phiếu còn thiếu" });
const missing = (page, rater, unit) => open(page).locator("li")
    .filter({ hasText: rater }).filter({ hasText: unit });
const settled = (page) => page.locator("table", { hasText: "Người hoặc cuộc họp quyết định" })
    .locator("tbody tr");

async function crumbs(page) {
    return page.locator(".crumbs a").evaluateAll((links) =>
        links.map((link) => link.getAttribute("href")));
}

/* What is answered to who sends a decision past the form. */
async function decide(page, rater, unit) {
    const text = await page.content();
    const [, csrf] = text.match(/name="csrf" value="([0-9a-f]{64})"/);
    const answer = await page.context().request.post(`${year.sheet("cross", rater, unit)}/settle`,
        { form: { csrf, decision: "count_without", scope: "one", reason: "x", by: "y" },
            maxRedirects: 0 });
    return answer.status();
}

test("others are not asked, and are refused", async () => {
    for (const [login, rater, unit] of [["lan", MAI, SEN], ["dao", MAI, SEN], ["hung", SEN, DAO]]) {
        const page = await year.enter(login);
        await page.goto(`${year.url}/results`);
        const words = [WARDS.members[rater].name, WARDS.members[unit].name];
        assert.equal(await missing(page, ...words).count(), 1, "it is missing");
        assert.equal(await missing(page, ...words).getByRole("link").count(), 0, login);
        assert.equal(await decide(page, rater, unit), 403);
        allow(page, 403, year.sheet("cross", rater, unit));
        assert.equal((await page.goto(`${year.sheet("cross", rater, unit)}/settle`)).status(), 403);
        await page.context().close();
    }
});

test("the head's leader decides; mistakes are shown at their fields", async () => {
    const hung = await year.enter("hung");
    await hung.goto(`${year.url}/results`);
    assert.equal(await missing(hung, "Hoa Mai", "Hoa Sen").count(), 1);
    await missing(hung, "Hoa Mai", "Hoa Sen").getByRole("link", { name: "Quyết định" }).click();
    await hung.waitForURL(/settle$/);
    const here = new URL(year.url).pathname;
    assert.deepEqual(await crumbs(hung), ["/", here, `${here}/results`]);
    await check(hung);
    await shoot(hung, "settle");

    allow(hung, 422, hung.url());
    await hung.fill("#by", BY);
    await hung.evaluate(() => { document.querySelector("main form").noValidate = true; });
    await Promise.all([hung.waitForNavigation(), hung.click("main form button[type=submit]")]);
    for (const [field, invalid] of [["decision", "true"], ["by", null]]) {
        assert.equal(await hung.getAttribute(`#${field}`, "aria-invalid"), invalid, field);
    }
    assert.equal(await hung.inputValue("#by"), BY, "what was typed stands");
    await hung.selectOption("#decision", "count_without");
    await hung.evaluate(() => { document.querySelector("main form").noValidate = true; });
    await Promise.all([hung.waitForNavigation(), hung.click("main form button[type=submit]")]);
    assert.equal(await hung.getAttribute("#reason", "aria-invalid"), "true");
    assert.equal(await hung.locator(".field-error").count(), 1);
    assert.equal(await hung.inputValue("#decision"), "count_without");
    await check(hung);
    await shoot(hung, "settle-refused");

    await hung.fill("#reason", REASON);
    await hung.click("main form button[type=submit]");
    await hung.waitForURL(/results\?saved=1$/);
    assert.equal(await missing(hung, "Hoa Mai", "Hoa Sen").count(), 0);
    assert.equal(await missing(hung, "Hoa Mai", "Hoa Đào").count(), 1, "only that sheet");
    assert.equal(await settled(hung).count(), 1);
    for (const words of ["Chấm chéo", "Hoa Mai", "Hoa Sen", "không tính", REASON, BY]) {
        assert.ok((await settled(hung).textContent()).includes(words), words);
    }
    assert.deepEqual(await crumbs(hung), ["/", here]);
    await check(hung);
    await shoot(hung, "settled");
    await hung.context().close();
});

test("two change a decision at once: the later one sees both", async () => {
    const hung = await year.enter("hung"), officer = await year.enter("canbo");
    const address = `${year.sheet("cross", MAI, SEN)}/settle`;
    await hung.goto(address);
    await officer.goto(address);
    await hung.fill("#by", "Cụm trưởng");
    await hung.click("main form button[type=submit]");
    await hung.waitForURL(/saved=1$/);
    allow(officer, 409, address);
    await officer.selectOption("#decision", "wait");
    await officer.click("main form button[type=submit]");
    await officer.getByRole("alert").waitFor();
    assert.equal(await officer.inputValue("#decision"), "wait");
    assert.match(await officer.innerText("#decision-hint"), /không tính phiếu này/);
    assert.match(await officer.innerText("#by-hint"), /Cụm trưởng/);
    assert.equal(await officer.locator("#reason-hint").getByText(REASON).count(), 0, "the same");
    await check(officer);
    await officer.selectOption("#decision", "count_without");
    await officer.fill("#by", BY);
    await officer.click("main form button[type=submit]");
    await officer.waitForURL(/saved=1$/);
    assert.ok((await settled(officer).textContent()).includes(BY));
    await officer.context().close();
    await hung.context().close();
});

test("the explanation says it, with the reason", async () => {
    const dao = await year.enter("dao");
    await dao.goto(`${year.url}/results`);
    await dao.getByRole("rowheader").getByRole("link", { name: "UBND phường Hoa Sen" }).click();
    await dao.click("a[href$='open=all']");
    await dao.getByText("Chấm chéo, UBND phường Hoa Mai: không có phiếu, đã thống nhất không tính: " +
        REASON).first().waitFor();
    await check(dao);
    await dao.context().close();
});

test("the deputy's leader decides about the head's sheet, the authority about all of a unit's",
    async () => {
        const dao = await year.enter("dao");
        await dao.goto(`${year.url}/results`);
        await missing(dao, "Hoa Sen", "Hoa Đào").getByRole("link", { name: "Quyết định" }).click();
        await dao.selectOption("#decision", "wait");
        await dao.fill("#reason", "Trưởng cụm nộp sau ngày 10/12");
        await dao.click("main form button[type=submit]");
        await dao.waitForURL(/results\?saved=1$/);
        assert.equal(await missing(dao, "Hoa Sen", "Hoa Đào").count(), 1, "it is waited for");
        await missing(dao, "Hoa Sen", "Hoa Đào").getByText("Trưởng cụm nộp sau").waitFor();

        const officer = await year.enter("canbo", { javaScriptEnabled: false });
        await officer.goto(`${year.url}/results`);
        await missing(officer, "Hoa Mai", "Hoa Đào").getByRole("link", { name: "Quyết định" })
            .click();
        await officer.selectOption("#decision", "count_without");
        await officer.selectOption("#scope", "all");
        await officer.fill("#reason", REASON);
        await officer.click("main form button[type=submit]");
        await officer.waitForURL(/results\?saved=1$/);
        assert.equal(await missing(officer, "Hoa Mai", "").count(), 0);
        assert.match(await settled(officer).filter({ hasText: "tất cả các đơn vị" }).textContent(),
            new RegExp(REASON));
        assert.equal(await settled(officer).count(), 3);
        await officer.context().close();
        await dao.context().close();
    });
