/*
 * A sheet from the first figure to the release of all, without scripts: refused and redrawn, prepared,
 * returned, submitted, sealed from others, opened.
 */
import assert from "node:assert/strict";
import path from "node:path";
import { after, before, test } from "node:test";

import { allow, check, launch, shoot } from "./harness.mjs";
import { start } from "./server.mjs";
import { box, takeIn, WARDS } from "./year.mjs";

const rules = path.join(process.env.SOURCES, "regulations/ha-dong-2024/regulation.json");
let browser, server, year;

before(async () => {
    server = await start();
    browser = await launch();
    year = await takeIn(browser, server, WARDS, rules);
    year.account("lan", "Nguyễn Thị Lan", "unit_officer", 0);
    year.account("hung", "Lê Quốc Hùng", "leader", 0);
    year.account("dao", "Phạm Thị Đào", "unit_officer", 1);
});

after(async () => {
    await browser?.close();
    await server?.stop();
});

test("without scripts: refused and redrawn, prepared, returned, submitted", async () => {
    const plain = { javaScriptEnabled: false };
    const lan = await year.enter("lan", plain);
    const address = year.sheet("self", 0, 0);
    await lan.goto(address);
    for (const status of [409, 422]) {
        allow(lan, status, address);
    }
    await box(lan, "v:IV.4").fill("abc");
    await lan.getByRole("button", { name: "Lưu", exact: true }).click();
    assert.equal(await box(lan, "v:IV.4").inputValue(), "abc");
    await lan.getByText("đây không phải là số; hãy ghi như 12,5").waitFor();
    await box(lan, "v:IV.4").fill("29,5");
    for (const [name, value] of [["t:I.1", "50000"], ["v:I.1", "45 000"], ["v:I.2", "97,35"],
        ["v:I.3", "6"], ["v:I.4", "81,2"], ["v:III.1", "95"], ["v:IV.1", "3"]]) {
        await box(lan, name).fill(value);
    }
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

    const hung = await year.enter("hung", plain);
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

    const dao = await year.enter("dao", plain);
    await dao.goto(year.url);
    await dao.getByText("Đã nộp").first().waitFor();
    allow(dao, 404, address);
    const status = await dao.goto(address);
    assert.equal(status.status(), 404); /* sealed until her own are in */
    for (const page of [lan, hung, dao]) {
        await page.context().close();
    }
});

test("the authority's officer sees the board and opens the sheets", async () => {
    const page = await year.enter("canbo");
    await page.goto(year.url);
    await check(page);
    await shoot(page, "board-officer");
    await page.getByRole("link", { name: "Mở các phiếu cho mọi thành viên" }).click();
    await check(page);
    await shoot(page, "release");
    await page.getByRole("button", { name: "Mở các phiếu" }).click();
    await page.getByText("Các phiếu đã mở cho mọi thành viên.").waitFor();
    await page.context().close();
});
