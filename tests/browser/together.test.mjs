/*
 * Two officers of one unit on one sheet at once: neither overwrites the other unseen, with scripts and
 * without.
 */
import assert from "node:assert/strict";
import path from "node:path";
import { after, before, test } from "node:test";

import { allow, check, launch, shoot } from "./harness.mjs";
import { start } from "./server.mjs";
import { box, line, saved, takeIn, WARDS } from "./year.mjs";

const rules = path.join(process.env.SOURCES, "regulations/ha-dong-2024/regulation.json");
let browser, server, year;

before(async () => {
    server = await start();
    browser = await launch();
    year = await takeIn(browser, server, WARDS, rules);
    year.account("lan", "Nguyễn Thị Lan", "unit_officer", 0);
    year.account("minh", "Trần Văn Minh", "unit_officer", 0);
});

after(async () => {
    await browser?.close();
    await server?.stop();
});

test("two at once see both values and choose", async () => {
    const lan = await year.enter("lan"), minh = await year.enter("minh");
    allow(minh, 409, `${year.sheet("self", 0, 0)}/save`);
    for (const page of [lan, minh]) {
        await page.goto(year.sheet("self", 0, 0));
    }
    await box(lan, "v:III.1").fill("90");
    await box(lan, "v:III.1").blur();
    await saved(lan, "III.1");
    await box(minh, "v:III.1").fill("95");
    await box(minh, "v:III.1").blur();
    await line(minh, "III.1").filter({ hasText: "Nguyễn Thị Lan" }).waitFor();
    assert.match(await line(minh, "III.1").textContent(), /90/);
    await check(minh);
    await shoot(minh, "sheet-clash");
    await minh.getByRole("button", { name: "Giữ giá trị của tôi" }).click();
    await saved(minh, "III.1");
    await lan.reload();
    assert.equal(await box(lan, "v:III.1").inputValue(), "95");
    await lan.context().close();
    await minh.context().close();
});

test("without scripts two see both values, and choose", async () => {
    const plain = { javaScriptEnabled: false };
    const lan = await year.enter("lan", plain), minh = await year.enter("minh", plain);
    allow(minh, 409, `${year.sheet("self", 0, 0)}/save`);
    for (const page of [lan, minh]) {
        await page.goto(year.sheet("self", 0, 0));
    }
    await box(lan, "v:II.3").fill("90");
    await lan.getByRole("button", { name: "Lưu", exact: true }).click();
    await lan.getByText("Đã lưu.").waitFor();
    await box(minh, "v:II.3").fill("80");
    await minh.locator("details:has([name='n:II.3']) > summary").click();
    await box(minh, "n:II.3").fill("ghi chú của Minh");
    await minh.getByRole("button", { name: "Lưu", exact: true }).click();
    await minh.getByText(/Nguyễn Thị Lan đã ghi ở đây/).waitFor();
    assert.equal(await box(minh, "v:II.3").inputValue(), "80");
    await minh.getByLabel(/của họ/).check();
    await shoot(minh, "sheet-clash-plain");
    await minh.getByRole("button", { name: "Lưu", exact: true }).click();
    await minh.getByText("Đã lưu.").waitFor();
    assert.equal(await box(minh, "v:II.3").inputValue(), "90");
    assert.equal(await box(minh, "n:II.3").inputValue(), "ghi chú của Minh");
    await lan.context().close();
    await minh.context().close();
});
