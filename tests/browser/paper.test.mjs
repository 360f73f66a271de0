/*
 * A sheet that came on paper is entered on its unit's behalf (USE-10): the head's office does it for
 * a member, the deputy's for the head (USE-4). It stays the unit's own, and says who entered it from
 * which paper; everybody else is refused.
 */
import assert from "node:assert/strict";
import path from "node:path";
import { after, before, test } from "node:test";

import { allow, check, launch, shoot } from "./harness.mjs";
import { start } from "./server.mjs";
import { box, saved, takeIn, WARDS } from "./year.mjs";

const rules = path.join(process.env.SOURCES, "regulations/hai-phong-2024/regulation.json");
const PAPER = "Số 12/BC-UBND ngày 05/12/2024, Chủ tịch ký";
const [SEN, DAO, MAI] = [0, 1, 2];
let browser, server, year;

before(async () => {
    server = await start();
    browser = await launch();
    year = await takeIn(browser, server, WARDS, rules);
    year.account("lan", "Nguyễn Thị Lan", "unit_officer", SEN);
    year.account("hung", "Phạm Văn Hùng", "leader", SEN);
    year.account("dao", "Đỗ Thị Đào", "leader", DAO);
    year.account("mai", "Lê Thị Mai", "leader", MAI);
});

after(async () => {
    await browser?.close();
    await server?.stop();
});

/* The row of a unit's own sheet on the year's page. */
const own = (page, name) => page.locator("tr", { has: page.getByRole("rowheader", { name }) })
    .locator("td").first();

/* What is answered to this page's reader who asks to enter the sheet, past what the page offers. */
async function ask(page, rater) {
    const text = await page.content();
    const [, csrf] = text.match(/name="csrf" value="([0-9a-f]{64})"/);
    const answer = await page.context().request.post(`${year.sheet("self", rater, rater)}/move`,
        { form: { csrf, seen: "0", move: "enter", sure: "yes", remark: PAPER }, maxRedirects: 0 });
    return answer.status();
}

test("others are refused: the authority, the deputy, the head for itself, the unit itself",
    async () => {
        for (const [login, rater, sees, asks] of [["canbo", MAI, 404, 404],
            ["dao", MAI, 404, 404], ["hung", SEN, 200, 403], ["mai", MAI, 200, 403],
            ["mai", SEN, 404, 404]]) {
            const page = await year.enter(login);
            await page.goto(year.url);
            assert.equal(await ask(page, rater), asks, `${login} asks`);
            assert.equal(await own(page, WARDS.members[rater].name)
                .getByRole("link", { name: "nhập thay" }).count(), 0, login);
            allow(page, sees, year.sheet("self", rater, rater));
            const answer = await page.goto(year.sheet("self", rater, rater));
            assert.equal(answer.status(), sees, `${login} looks`);
            assert.equal(await page.getByRole("button", { name: /Nhập thay/ }).count(), 0, login);
            await page.context().close();
        }
    });

test("the head's office enters a member's sheet; its leader submits it", async () => {
    const lan = await year.enter("lan");
    await lan.goto(year.url);
    await own(lan, "UBND phường Hoa Mai").getByRole("link", { name: "nhập thay" }).click();
    await lan.getByText("UBND phường Hoa Mai").first().waitFor();
    await check(lan);
    await shoot(lan, "paper-offered");
    await lan.getByRole("button", { name: "Nhập thay phiếu giấy" }).click();
    await lan.getByText("Nhập thay phiếu giấy của đơn vị này?").waitFor();
    await check(lan);
    await shoot(lan, "paper-ask");

    /* From which paper has to be said. */
    allow(lan, 422, `${year.sheet("self", MAI, MAI)}/move`);
    await lan.evaluate(() => { document.querySelector("main form").noValidate = true; });
    await lan.getByRole("button", { name: "Bắt đầu nhập thay" }).click();
    await lan.locator(".field-error").waitFor();
    assert.equal(await lan.getAttribute("#remark", "aria-invalid"), "true");
    await check(lan);
    await lan.fill("#remark", PAPER);
    await lan.getByRole("button", { name: "Bắt đầu nhập thay" }).click();
    await lan.getByText("Hãy nhập đúng những gì ghi trên phiếu giấy").waitFor();
    await lan.getByText(`UBND phường Hoa Sen nhập thay UBND phường Hoa Mai, theo phiếu giấy: ${PAPER}`)
        .waitFor();

    for (const [item, value] of ["385,5", "143", "96,5", "95", "145", "96,5"].entries()) {
        await box(lan, `v:${item + 1}`).fill(value);
        await box(lan, `v:${item + 1}`).blur();
        await saved(lan, `${item + 1}`);
    }
    await check(lan);
    await shoot(lan, "paper-entered");
    assert.equal(await lan.getByRole("button", { name: "Nộp", exact: true }).count(), 0);
    await lan.getByRole("button", { name: "Trình thủ trưởng" }).click();
    await lan.getByText("Đã trình; phiếu chờ thủ trưởng duyệt.").waitFor();

    const hung = await year.enter("hung");
    await hung.locator("li.task", { hasText: "nhập thay UBND phường Hoa Mai" })
        .getByRole("link", { name: "Xem và nộp" }).click();
    await hung.getByRole("button", { name: "Nộp", exact: true }).click();
    await hung.getByRole("button", { name: "Nộp", exact: true }).click();
    await hung.getByText("Đã nộp phiếu.").waitFor();
    await lan.context().close();
    await hung.context().close();
});

test("the unit sees its sheet submitted, with both names and the paper", async () => {
    const mai = await year.enter("mai");
    await mai.goto(year.sheet("self", MAI, MAI));
    await mai.getByText(`UBND phường Hoa Sen nhập thay UBND phường Hoa Mai, theo phiếu giấy: ${PAPER}`)
        .waitFor();
    assert.match(await mai.innerText(".page-lead"), /UBND phường Hoa Mai/);
    await mai.getByText(/Phạm Văn Hùng/).waitFor(); /* who submitted it */
    assert.equal(await mai.locator("input.sheet-number").count(), 0);
    await check(mai);
    await shoot(mai, "paper-submitted");
    await mai.goto(year.url);
    await own(mai, "UBND phường Hoa Mai").getByText("(nhập thay)").waitFor();
    await mai.context().close();
});

test("the deputy's office enters the head's sheet, without scripts too", async () => {
    const dao = await year.enter("dao", { javaScriptEnabled: false });
    await dao.goto(year.url);
    await own(dao, "UBND phường Hoa Sen").getByRole("link", { name: "nhập thay" }).click();
    await dao.getByRole("button", { name: "Nhập thay phiếu giấy" }).click();
    await dao.fill("#remark", PAPER);
    await dao.getByRole("button", { name: "Bắt đầu nhập thay" }).click();
    await dao.getByText(`UBND phường Hoa Đào nhập thay UBND phường Hoa Sen, theo phiếu giấy: ${PAPER}`)
        .waitFor();
    await box(dao, "v:1").fill("380");
    await dao.getByRole("button", { name: "Lưu", exact: true }).click();
    await dao.getByText("Đã lưu.").waitFor();

    /* The head sees it, and may go on itself. */
    const lan = await year.enter("lan");
    await lan.goto(year.sheet("self", SEN, SEN));
    await lan.getByText("UBND phường Hoa Đào nhập thay UBND phường Hoa Sen").waitFor();
    assert.equal(await box(lan, "v:1").inputValue(), "380");
    await box(lan, "v:2").fill("143");
    await box(lan, "v:2").blur();
    await saved(lan, "2");
    await lan.context().close();
    await dao.context().close();
});
