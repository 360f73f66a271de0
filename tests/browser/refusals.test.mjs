/*
 * Pages that say no, and the way on from each: a wrong address, no right, too much, too many tries,
 * a link that is gone, a password that won't do, and a database that is away.
 */
import assert from "node:assert/strict";
import { execSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";

import { allow, check, launch, open, shoot } from "./harness.mjs";
import { PASSWORD, start } from "./server.mjs";
import { takeIn, WARDS } from "./year.mjs";

const rules = path.join(process.env.SOURCES, "regulations/ha-dong-2024/regulation.json");
const control = process.env.THIDUA_POSTGRES_CTL;
let browser, server, year, member;

before(async () => {
    server = await start();
    browser = await launch();
    year = await takeIn(browser, server, WARDS, rules);
    year.account("lan", "Nguyễn Thị Lan", "unit_officer", 0);
    member = await year.enter("lan");
});

after(async () => {
    await browser?.close();
    await server?.stop();
});

/* Goes where the server answers `status` with a page. */
async function meet(page, status, address) {
    allow(page, status, address);
    assert.equal((await page.goto(address)).status(), status);
}

async function look(page, name) {
    await check(page);
    await shoot(page, name);
}

test("a wrong address, and one that is not for this account", async () => {
    await meet(member, 404, `${server.url}/khong-co`);
    await look(member, "error-404");
    await member.getByRole("link", { name: "Về trang chủ" }).click();
    await member.waitForURL(`${server.url}/`);
    await meet(member, 403, `${server.url}/organisation`);
    await look(member, "error-403");
});

test("a file that is too large", async () => {
    const officer = await year.enter("canbo");
    await officer.goto(`${server.url}/organisation`);
    await officer.click("tbody a");
    await officer.waitForURL(/authorities/);
    const file = path.join(server.folder, "large.json");
    writeFileSync(file, Buffer.alloc(9 * 1024 * 1024, 0x20));
    await officer.setInputFiles("#file", file);
    allow(officer, 413, `${officer.url()}/rules`);
    await officer.click("form[action$='/rules'] button");
    await officer.getByText("quá lớn").first().waitFor();
    await look(officer, "error-413");
    await officer.context().close();
});

test("wrong words at the door, then too many of them", async () => {
    const page = await open(browser);
    for (const status of [422, 429]) {
        allow(page, status, `${server.url}/sign-in`);
    }
    await page.goto(`${server.url}/sign-in`);
    await look(page, "sign-in");
    for (let tries = 0; tries < 6; tries++) {
        await page.fill("#login", "minh.nguyen");
        await page.fill("#password", "không phải thế");
        await Promise.all([page.waitForNavigation(),
            page.click("form[action='/sign-in'] button[type=submit]")]);
        assert.equal(await page.inputValue("#login"), "minh.nguyen", "the name is kept");
        assert.equal(await page.inputValue("#password"), "");
        if (tries === 0) {
            await look(page, "sign-in-refused");
        }
    }
    assert.match(await page.innerText(".flash"), /Thử lại sau \d+ giây|sau \d+ giây/);
    await look(page, "sign-in-throttled");
    await page.context().close();
});

test("a link of one use: the password that won't do, then gone", async () => {
    const page = await open(browser);
    const link = server.url + server.account("hoa", "Đỗ Thị Hoa");
    await page.goto(link);
    await look(page, "password-link");
    for (const [password, again] of [["ngắn", "ngắn"], [PASSWORD, `${PASSWORD}x`]]) {
        allow(page, 422, link);
        await page.evaluate(() => { document.querySelector("main form").noValidate = true; });
        await page.fill("#password", password);
        await page.fill("#again", again);
        await Promise.all([page.waitForNavigation(), page.click("main button[type=submit]")]);
        assert.equal(await page.locator(".field-error").count(), 1);
        assert.ok(!(await page.content()).includes(PASSWORD));
    }
    await look(page, "password-link-refused");
    await page.fill("#password", PASSWORD);
    await page.fill("#again", PASSWORD);
    await page.click("main button[type=submit]");
    await page.waitForURL(/sign-in$/);
    await meet(page, 404, link);
    await look(page, "link-gone");
    await page.context().close();
});

test("one's own password is changed with the old one", async () => {
    await member.goto(`${server.url}/password`);
    await look(member, "password");
    allow(member, 422, `${server.url}/password`);
    await member.fill("#old", "không nhớ");
    await member.fill("#password", "năm từ khác hẳn cũ");
    await member.fill("#again", "năm từ khác hẳn cũ");
    await Promise.all([member.waitForNavigation(), member.click("main button[type=submit]")]);
    assert.equal(await member.locator(".field-error").count(), 1);
    await look(member, "password-refused");
});

test("a form of another day is offered again", async () => {
    const officer = await year.enter("canbo");
    await officer.goto(`${server.url}/organisation`);
    await officer.click("tbody a");
    await officer.click("a[href$='/units']");
    await officer.waitForURL(/units$/);
    allow(officer, 403, officer.url());
    await officer.evaluate(() => {
        document.querySelector("main input[name=csrf]").value = "0".repeat(64);
    });
    await officer.fill("#name", "UBND phường Hoa Cúc");
    await officer.fill("#code", "CUC");
    await officer.click("main form button[type=submit]");
    await officer.getByText("Biểu mẫu này đã hết hạn").waitFor();
    await look(officer, "expired-form");
    await officer.getByRole("button", { name: "Gửi lại" }).click();
    await officer.waitForURL(/saved=1/);
    assert.match(await officer.innerText("main"), /Hoa Cúc/);
    await officer.context().close();
});

test("the database is away: said plainly, and over when it is back",
    { skip: control === undefined }, async () => {
        const page = await year.enter("canbo");
        execSync(`${control} stop -m immediate`);
        try {
            await meet(page, 503, `${server.url}/organisation`);
            await look(page, "error-503");
        } finally {
            execSync(`${control} start`);
        }
        for (let tries = 0; tries < 20; tries++) {
            const answer = await page.goto(`${server.url}/organisation`);
            if (answer.status() === 200) {
                break;
            }
            await page.waitForTimeout(500);
        }
        assert.match(await page.innerText("main"), /UBND quận Hà Đông/);
        await page.context().close();
    });
