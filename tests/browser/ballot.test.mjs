/*
 * A whole election in the browser: trustees make keys and the registrar cards, units vote on phones,
 * with all that goes wrong there, trustees decrypt, and two programs audit what came of it.
 */
import assert from "node:assert/strict";
import { cpSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";

import { namesOf, readArchive } from "../../assets/ballot/archive.js";
import { newCard } from "../../assets/ballot/card.js";
import { p } from "../../assets/ballot/group.js";
import { archiveOf, dataRecord, recordsOf, replaced } from "../ballot/records.mjs";
import { beleniosVerifies, download, election } from "./election.mjs";
import { allow, allowOffline, check, launch, open, shoot } from "./harness.mjs";
import { STRICT } from "./modules.mjs";
import { readQr, readQrs } from "./qr.mjs";
import { start } from "./server.mjs";

const PHONE = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };
let browser, server, vote, late;
const cards = [], trackers = [], keys = [];

before(async () => {
    server = await start();
    browser = await launch();
    vote = election(server, "binh-xet", {
        description: "Hội nghị tổng kết Khối thi đua số 1", name: "Bình xét Cờ thi đua năm 2026",
        questions: [
            { answers: ["Sở A", "Sở B \"mới\"", "Sở C & D"], blank: true, min: 1, max: 2,
                question: "Đề nghị tặng Cờ thi đua" },
            { answers: ["Tán thành", "Không tán thành"], min: 0, max: 1,
                question: "Sở B làm Khối trưởng" },
            { answers: ["Ông A", "Bà B"], blank: true, min: 1, max: 1, question: "Bầu Khối phó" }] });
});

after(async () => {
    await browser?.close();
    await server?.stop();
});

/* A voter's phone, at the step of choosing. */
async function enter(card, options = {}) {
    const page = await open(browser, { ...PHONE, ...options });
    await page.goto(`${server.url}/ballot/${vote.uuid}`);
    await page.fill("#card", card);
    await page.getByRole("button", { name: "Tiếp tục" }).click();
    await page.getByRole("heading", { name: "Lựa chọn của ông/bà" }).waitFor();
    return page;
}

async function choose(page, ...names) {
    for (const name of names) {
        await page.getByLabel(name, { exact: true }).check();
    }
    await page.getByRole("button", { name: "Xem lại phiếu" }).click();
    await page.getByRole("heading", { name: "Đây có đúng là lựa chọn của ông/bà?" }).waitFor();
}

async function cast(page) {
    await page.getByRole("button", { name: "Bỏ phiếu", exact: true }).click();
    await page.getByRole("heading", { name: "Phiếu đã vào hòm" }).waitFor();
    const tracker = await page.locator("[data-part=tracker]").textContent();
    assert.match(tracker, /^[A-Za-z0-9+/]{43}$/);
    trackers.push(tracker);
    return tracker;
}

/* The fields that are checked, also where they are taken out of the page later. */
function choicesOf(page) {
    return page.locator("input:checked").elementHandles();
}

async function assertForgotten(fields) {
    assert.ok(fields.length > 0);
    for (const field of fields) {
        assert.equal(await field.evaluate(({ checked }) => checked), false);
    }
}

/* The names of an election's setup and end, as the minutes have them. */
async function minutesOf(folder) {
    const name = readdirSync(folder).find((file) => file.endsWith(".bel"));
    return namesOf(await readArchive(readFileSync(path.join(folder, name))));
}

const inGroups = (code) => code.match(/.{4}/g).join(" ");

test("two trustees make their keys", async () => {
    for (const [i, name] of ["Sở Nội vụ", "Công an tỉnh (Đội 2)"].entries()) {
        const page = await open(browser);
        await page.goto(`${server.url}/ballot/key`);
        await page.getByRole("button", { name: "Tạo khóa" }).click();
        await page.getByText("Hãy ghi một tên").waitFor();
        await page.fill("#name", name);
        if (i === 0) {
            await check(page);
        }
        await page.getByRole("button", { name: "Tạo khóa" }).click();
        await page.getByText("Nếu mất khóa thì không có kết quả").waitFor();
        const secret = await download(page, "Lưu khóa bí mật (.privkey)");
        const open_ = await download(page, "Lưu khóa công khai (.pubkey)");
        const digits = (await page.locator("[data-part=digits]").textContent()).replaceAll(" ", "");
        assert.equal(secret.text, `"${digits}"`);
        assert.equal(secret.name, ["So-Noi-vu.privkey", "Cong-an-tinh-Doi-2.privkey"][i]);
        assert.ok(!open_.text.includes(digits));
        const path = await page.locator(".key-qr path").getAttribute("d");
        const box = await page.locator(".key-qr svg").getAttribute("viewBox");
        assert.equal(readQr(path, Number(box.split(" ")[2])), digits);
        if (i === 0) {
            await check(page);
            await shoot(page, "ballot-key");
        }
        keys.push({ digits, file: vote.write(secret.name, secret.text),
            open: vote.write(open_.name, open_.text) });
        await page.context().close();
    }
});

/* What the window could go back to. */
async function historyOf(page) {
    const session = await page.context().newCDPSession(page);
    const { entries } = await session.send("Page.getNavigationHistory");
    return entries.map(({ url }) => url);
}

test("a card that comes before voting is open is kept in the page; a card votes once", async () => {
    const early = election(server, "som", { description: "", name: "Cuộc sớm", questions: [
        { answers: ["A", "B"], min: 0, max: 1, question: "Chọn?" }] });
    early.run("cards", early.uuid, "--voters", "2", "--cards", early.path("c"), "--public",
        early.path("p"));
    const [card] = readFileSync(early.path("c"), "utf8").trim().split("\n"), waiting = [];
    for (const address of ["/ballot", `/ballot/${early.uuid}`]) {
        const page = await open(browser, PHONE);
        await page.goto(`${server.url}${address}#${card}`);
        await page.getByText("Đã đọc thẻ của ông/bà nhưng chưa mở bỏ phiếu").waitFor();
        assert.equal(page.url(), `${server.url}${address}`);
        assert.ok(!(await page.content()).includes(card));
        await check(page);
        await page.getByRole("button", { name: "Thử lại" }).click();
        await page.locator("[data-part=kept-error]").getByText("Chưa mở bỏ phiếu.").waitFor();
        await check(page);
        await shoot(page, "ballot-early");
        waiting.push(page);
    }
    for (const address of ["key", `${early.uuid}/cards`, `${early.uuid}/trustee`]) {
        const page = await open(browser);
        await page.goto(`${server.url}/ballot/${address}#${card}`);
        await page.waitForURL(`${server.url}/ballot/${address}`);
        await page.context().close();
    }
    early.run("open", early.folder, keys[0].open, keys[1].open, "--public", early.path("p"),
        "--once");
    for (const page of waiting) {
        await page.getByRole("button", { name: "Thử lại" }).click();
        await page.getByRole("heading", { name: "Lựa chọn của ông/bà" }).waitFor();
        assert.equal(page.url(), `${server.url}/ballot/${early.uuid}`);
        assert.ok((await historyOf(page)).every((url) => !url.includes(card)));
        await page.getByText("mỗi thẻ chỉ bỏ phiếu một lần").filter({ visible: true }).waitFor();
        await choose(page, "A");
        await page.getByText("mỗi thẻ chỉ bỏ phiếu một lần").filter({ visible: true }).waitFor();
    }
    const [refused, first] = waiting, chosen = await choicesOf(refused);
    await first.getByRole("button", { name: "Bỏ phiếu", exact: true }).click();
    await first.getByRole("heading", { name: "Phiếu đã vào hòm" }).waitFor();
    allow(refused, 409, `${server.url}/ballot/${early.uuid}/ballots`);
    await refused.getByRole("button", { name: "Bỏ phiếu", exact: true }).click();
    await refused.getByRole("heading", { name: "Phiếu không được nhận" }).waitFor();
    assert.equal(await refused.locator("[data-part=sending-error]").textContent(),
        "Thẻ này đã bỏ phiếu. Trong cuộc bỏ phiếu này mỗi thẻ chỉ bỏ phiếu một lần.");
    assert.equal(await refused.getByRole("button", { name: "Gửi lại" }).isVisible(), false);
    await assertForgotten(chosen);
    await check(refused);
    await waiting[0].goto(`${server.url}/ballot/${early.uuid}/trackers`);
    await waiting[0].getByText("mỗi thẻ chỉ bỏ phiếu một lần").waitFor();
    early.run("close", early.folder);
    for (const page of waiting) {
        await page.context().close();
    }
});

test("the registrar makes the cards, and nothing of them leaves the browser", async () => {
    const page = await open(browser);
    const sent = [];
    await page.goto(`${server.url}/ballot/${vote.uuid}`);
    await page.locator(".ballot-sum").getByText("Chưa mở bỏ phiếu.").waitFor();
    await check(page);
    await page.getByRole("link", { name: "tạo thẻ bỏ phiếu" }).click();
    await page.waitForURL(/\/cards$/);
    page.on("request", (request) => sent.push(`${request.method()} ${request.url()}`));
    await page.fill("#count", "0");
    await page.getByRole("button", { name: "Tạo thẻ" }).click();
    await page.getByText("Hãy ghi một số nguyên từ 1 đến 10000.").waitFor();
    await page.fill("#count", "7");
    assert.equal(await page.inputValue("#address"), server.url);
    for (const wrong of [null, "", "thidua.example.vn", "http://thidua.example.vn",
        "https://localhost", "https://may.localhost:8443/ballot", "https://[::1]", "https://127.1"]) {
        if (wrong !== null) { /* else: as the page was opened, by an address of this device */
            await page.fill("#address", wrong);
        }
        await page.getByRole("button", { name: "Tạo thẻ" }).click();
        await page.getByText("Hãy ghi địa chỉ mà điện thoại dùng").waitFor();
        await page.fill("#address", "");
    }
    await check(page);
    await page.fill("#address", " https://thidua.example.vn/ballot ");
    await page.getByRole("button", { name: "Tạo thẻ" }).click();
    await page.getByText("Đã tạo 7 thẻ.").waitFor();
    await check(page);
    await shoot(page, "ballot-cards");
    const kept = await download(page, "Lưu các thẻ (bí mật)");
    const list = await download(page, "Lưu danh sách công khai");
    cards.push(...kept.text.trim().split("\n"));
    assert.equal(cards.length, 7);
    assert.ok(cards.every((card) => !list.text.includes(card)));
    const drawn = readQrs(await page.locator("[data-part=cards]").innerHTML());
    assert.deepEqual(drawn, cards.map((card) => `https://thidua.example.vn/ballot#${card}`));
    assert.deepEqual(await page.locator(".voting-card-text").allTextContents(), cards);
    const harmless = ["GET blob:", `GET ${server.url}/assets/`];
    assert.deepEqual(sent.filter((asked) => !harmless.some((one) => asked.startsWith(one))), []);
    const numbers = JSON.parse(list.text).map(BigInt);
    assert.ok(numbers.every((number, i) => i === 0 || numbers[i - 1] < number));

    /* The same cards serve another round. */
    await page.close({ runBeforeUnload: false });
    const again = await open(browser);
    await again.goto(`${server.url}/ballot/${vote.uuid}/cards`);
    await again.getByText("Vòng sau với thẻ cũ").click();
    const goOn = again.getByRole("button", { name: "Dùng lại các thẻ này" });
    await goOn.click();
    await again.getByText("Hãy chọn tệp thẻ trước.").waitFor();
    await check(again);
    await again.setInputFiles("#old", { name: "cards.txt", mimeType: "text/plain",
        buffer: Buffer.from(kept.text.replace(/^./, "0")) });
    await again.getByText("Tệp này có thứ không phải là thẻ").waitFor();
    await again.setInputFiles("#old", { name: "cards.txt", mimeType: "text/plain",
        buffer: Buffer.from(kept.text) });
    await again.getByText("Hãy ghi địa chỉ mà điện thoại dùng").waitFor();
    assert.equal(await again.getByText("Tệp này có thứ không phải là thẻ").isVisible(), false);
    await again.fill("#address", "https://thidua.example.vn");
    await goOn.click();
    await again.getByText("Đã tạo 7 thẻ.").waitFor();
    assert.equal((await download(again, "Lưu danh sách công khai")).text, list.text);

    vote.run("open", vote.folder, keys[0].open, keys[1].open,
        "--public", vote.write("public.json", list.text));
    await again.context().close();
});

test("the command's sheet of cards can be read too", () => {
    const file = (name) => vote.path(name);
    vote.run("cards", vote.uuid, "--voters", "3", "--cards", file("c"), "--public", file("p"),
        "--sheet", file("s.html"), "--address", "https://thidua.example.vn/ballot");
    const made = readFileSync(file("c"), "utf8").trim().split("\n");
    assert.deepEqual(readQrs(readFileSync(file("s.html"), "utf8")),
        made.map((card) => `https://thidua.example.vn/ballot#${card}`));
    assert.throws(() => vote.run("cards", vote.uuid, "--voters", "3", "--cards", file("c2"),
        "--public", file("p2"), "--sheet", file("s2.html"), "--address", "javascript:alert(1)"));
});

test("a card's code leads to the vote, and leaves the address", async () => {
    const page = await open(browser, PHONE);
    const asked = [];
    page.on("request", (request) => asked.push(request.url() + (request.postData() ?? "")));
    await page.goto(`${server.url}/ballot#${cards[0]}`);
    await page.getByRole("heading", { name: "Lựa chọn của ông/bà" }).waitFor();
    assert.equal(page.url(), `${server.url}/ballot/${vote.uuid}`);
    await page.getByRole("button", { name: "Xem lại phiếu" }).click();
    await page.getByText("Ở đây chưa chọn gì.").first().waitFor();
    assert.equal(await page.getByText("Ở đây chưa chọn gì.").count(), 3);
    await page.getByLabel("Sở A").check();
    await page.getByLabel("Sở B \"mới\"").check();
    await page.getByText("Đã chọn: 2, nhiều nhất 2").waitFor();
    await page.getByLabel("Sở C & D").check();
    await page.getByText("Đã chọn: 3, nhiều nhất 2").waitFor();
    await page.getByRole("button", { name: "Xem lại phiếu" }).click();
    await page.getByText("Không tính được.").waitFor();
    await check(page);
    await page.getByLabel("Sở C & D").uncheck();
    await page.getByText("mỗi thẻ được bỏ phiếu lại").filter({ visible: true }).waitFor();
    await page.locator(".skip-link").focus();
    await page.keyboard.press("Enter");
    await page.waitForURL(/#content$/);
    await page.goBack();
    assert.ok(await page.getByLabel("Sở A").isChecked());
    await shoot(page, "ballot-choose");
    await choose(page, "Tán thành", "Bà B");
    assert.deepEqual(await page.locator(".review dd").allTextContents(),
        ["Sở A", "Sở B \"mới\"", "Tán thành", "Bà B"]);
    await page.getByText("mỗi thẻ được bỏ phiếu lại").filter({ visible: true }).waitFor();
    await check(page);
    await shoot(page, "ballot-review");
    await page.getByRole("button", { name: "Sửa" }).click();
    await choose(page, "Không tán thành");
    const chosen = await choicesOf(page);
    await cast(page);
    await assertForgotten(chosen);
    await page.getByText("danh sách có mã kết thúc đúng như trong biên bản").waitFor();
    await check(page);
    await shoot(page, "ballot-done");
    assert.equal(await page.locator("input:checked").count(), 0);
    assert.ok(asked.every((text) => !text.includes(cards[0])), "the card was sent");
    assert.equal((await page.context().cookies()).length, 0);
    await page.getByRole("link", { name: "Tìm trong danh sách phiếu được tính" }).click();
    await page.getByText("Phiếu của ông/bà có trong danh sách và được tính.").waitFor();
    await check(page);
    await shoot(page, "ballot-trackers");
    await page.fill("#tracker", trackers[0].slice(1));
    await page.getByRole("button", { name: "Tìm phiếu của tôi" }).click();
    await page.getByText("Mã này không có trong danh sách.").waitFor();
    await page.context().close();
});

test("a card mistyped, one of another meeting; then typed without dashes; a double click", async () => {
    const page = await open(browser, PHONE);
    await page.goto(`${server.url}/ballot/${vote.uuid}`);
    await page.fill("#card", cards[1].slice(0, -1));
    await check(page);
    await page.getByRole("button", { name: "Tiếp tục" }).click();
    await page.getByText("Đây không phải là nội dung của thẻ.").waitFor();
    await check(page);
    await page.fill("#card", cards[1].replace(/.$/, "ư"));
    await page.getByRole("button", { name: "Tiếp tục" }).click();
    await page.getByText("Hãy tắt bộ gõ tiếng Việt").waitFor();
    await page.fill("#card", newCard());
    await page.getByRole("button", { name: "Tiếp tục" }).click();
    await page.getByText("Thẻ này không thuộc cuộc bỏ phiếu này.").waitFor();
    await shoot(page, "ballot-card-wrong");
    await page.fill("#card", ` ${cards[1].replaceAll("-", "")} `);
    await page.getByRole("button", { name: "Tiếp tục" }).click();
    await page.getByLabel("Sở A").check();
    await page.getByLabel("Phiếu trắng: tôi không chọn ai ở đây").first().check();
    assert.equal(await page.getByLabel("Sở A").isChecked(), false);
    await choose(page, "Không có ý kiến", "Ông A");
    let posts = 0;
    page.on("request", (request) => { posts += Number(request.method() === "POST"); });
    await page.getByRole("button", { name: "Bỏ phiếu", exact: true }).dblclick({ noWaitAfter: true })
        .catch(() => {}); /* the second click may find no button any more */
    await page.getByRole("heading", { name: "Phiếu đã vào hòm" }).waitFor();
    trackers.push(await page.locator("[data-part=tracker]").textContent());
    assert.equal(posts, 1);
    await page.context().close();
});

test("the connection breaks between the box and the tracker: sent again, counted once", async () => {
    const page = await enter(cards[2]);
    await choose(page, "Sở C & D", "Tán thành", "Bà B");
    let first = null;
    await page.route("**/ballots", async (route) => {
        if (first === null) {
            first = route.request().postData();
            assert.equal((await route.fetch()).status(), 200); /* it arrived */
            await route.abort("connectionreset");
        } else {
            assert.equal(route.request().postData(), first);
            await route.continue();
        }
    });
    allowOffline(page);
    await page.getByRole("button", { name: "Bỏ phiếu", exact: true }).click();
    await page.getByText("nên chưa biết phiếu đã đến hay chưa").waitFor();
    await page.getByRole("heading", { name: "Chưa rõ phiếu đã đến hay chưa" }).waitFor();
    page.problems = page.problems.filter((words) => !/CONNECTION_RESET/.test(words));
    await shoot(page, "ballot-cut");
    const told = await page.locator("[data-part=sending-error]").textContent();
    await page.getByRole("button", { name: "Gửi lại" }).click();
    await page.getByRole("heading", { name: "Phiếu đã vào hòm" }).waitFor();
    const tracker = await page.locator("[data-part=tracker]").textContent();
    assert.ok(told.includes(tracker));
    trackers.push(tracker);
    await page.context().close();
});

test("what comes from a proxy or a network's own page is no answer of the server's", async () => {
    const page = await enter(cards[2]), html = { contentType: "text/html", body: "<html>" };
    await choose(page, "Sở C & D", "Tán thành", "Bà B");
    const answers = [{ ...html, status: 502 }, { ...html, status: 504 }, { ...html, status: 403 },
        html, { json: { tracker: trackers[0] } }, { json: null },
        { status: 403, json: { code: 403001, message: "Request blocked" } },
        { status: 422, json: { message: "Không nhận" } }];
    const left = [...answers], address = `${server.url}/ballot/${vote.uuid}/ballots`;
    for (const status of [502, 504, 403, 422]) {
        allow(page, status, address);
    }
    await page.route("**/ballots", async (route) => {
        assert.equal((await route.fetch()).status(), 200); /* it is in the box */
        await (left.length > 0 ? route.fulfill(left.shift()) : route.continue());
    });
    for (const i of answers.keys()) {
        await page.getByRole("button", { name: i === 0 ? "Bỏ phiếu" : "Gửi lại", exact: true }).click();
        await page.getByText("nên chưa biết phiếu đã đến hay chưa").waitFor();
        await page.getByRole("heading", { name: "Chưa rõ phiếu đã đến hay chưa" }).waitFor();
        assert.equal(left.length, answers.length - 1 - i);
        assert.ok(!(await page.locator("[data-step=sending]").innerText()).includes("không được nhận"));
    }
    await check(page);
    const told = await page.locator("[data-part=sending-error]").textContent();
    await page.getByRole("button", { name: "Gửi lại" }).click();
    await page.getByRole("heading", { name: "Phiếu đã vào hòm" }).waitFor();
    trackers[trackers.length - 1] = await page.locator("[data-part=tracker]").textContent();
    assert.ok(told.includes(trackers[trackers.length - 1]));
    await page.context().close();
});

test("what the page needs does not come: tried again, with the card", async () => {
    const page = await open(browser, PHONE), address = `${server.url}/ballot/${vote.uuid}`;
    allow(page, 502, address);
    await page.route("**/credentials.json", (route) => route.fulfill({ status: 502, body: "" }));
    await page.goto(`${address}#${cards[2]}`);
    for (let i = 0; i < 2; i++) {
        await page.getByRole("heading", { name: "Trang chưa tải được hết" }).waitFor();
        await check(page);
        await page.unroute("**/credentials.json");
        if (i === 0) {
            await page.route("**/credentials.json", (route) => route.fulfill({ body: "<html>" }));
        }
        await page.getByRole("button", { name: "Thử lại" }).click();
    }
    await page.getByRole("heading", { name: "Lựa chọn của ông/bà" }).waitFor();
    assert.equal(await page.locator("fieldset").count(), 3);
    assert.equal(page.url(), address);
    await page.context().close();
});

test("a device that fails to encrypt: said, nothing sent, and tried again", async () => {
    const page = await enter(cards[2]);
    await choose(page, "Sở C & D", "Tán thành", "Bà B");
    const posts = [];
    page.on("request", (request) => {
        posts.push(...(request.method() === "POST" ? [request.url()] : []));
    });
    await page.evaluate(() => {
        crypto.subtle.digest = () => {
            delete crypto.subtle.digest;
            return Promise.reject(new Error("out of order"));
        };
    });
    await page.getByRole("button", { name: "Bỏ phiếu", exact: true }).click();
    await page.getByText("Thiết bị này chưa mã hóa được lá phiếu").waitFor();
    await page.getByRole("heading", { name: "Phiếu không được nhận" }).waitFor();
    assert.deepEqual(posts, []);
    await check(page);
    await page.getByRole("button", { name: "Gửi lại" }).click();
    await page.getByRole("heading", { name: "Phiếu đã vào hòm" }).waitFor();
    assert.equal(posts.length, 1);
    trackers[trackers.length - 1] = await page.locator("[data-part=tracker]").textContent();
    await page.context().close();
});

let last = null; /* the tracker of the card that votes again */

test("a clock of another century, and a card that votes again", async () => {
    const page = await open(browser, PHONE);
    await page.clock.setFixedTime(new Date("1999-12-31T23:59:59Z"));
    await page.goto(`${server.url}/ballot/${vote.uuid}#${cards[3]}`);
    await choose(page, "Sở A", "Tán thành", "Ông A");
    const before = await cast(page);
    await page.context().close();
    const again = await enter(cards[3]);
    await choose(again, "Sở B \"mới\"", "Tán thành", "Ông A");
    /* The server is busy for a moment: nobody need press anything. */
    const busy = { status: 503, json: { code: "busy", message: "Máy chủ đang bận." } };
    allow(again, 503, `${server.url}/ballot/${vote.uuid}/ballots`);
    await again.route("**/ballots", (route) => route.fulfill(busy), { times: 2 });
    last = await cast(again);
    trackers.splice(trackers.indexOf(before), 1);
    await again.goto(`${server.url}/ballot/${vote.uuid}/trackers`);
    assert.deepEqual(await again.locator("[data-tracker]").allTextContents(), trackers.sort());
    await again.context().close();
});

test("a browser that can't: without scripts, and not over HTTPS", async () => {
    const plain = await open(browser, { ...PHONE, javaScriptEnabled: false });
    await plain.goto(`${server.url}/ballot/${vote.uuid}`);
    await plain.getByText("Trang này cần JavaScript").waitFor();
    const unable = await open(browser, PHONE);
    await unable.addInitScript(() =>
        Object.defineProperty(Crypto.prototype, "subtle", { value: undefined }));
    for (const address of ["key", vote.uuid, `${vote.uuid}/cards`]) {
        await unable.goto(`${server.url}/ballot/${address}`);
        if (!address.endsWith("cards")) {
            await unable.getByText("bắt đầu bằng https://").waitFor();
        }
    }
    await unable.goto(`${server.url}/ballot/${vote.uuid}`);
    await check(unable);
    await unable.context().close();
    await plain.context().close();
});

test("the pages' script under default-src 'none'; script-src 'self'; connect-src 'self'", async () => {
    const page = await open(browser, PHONE);
    /* Without what shows: styles, fonts and pictures are forbidden there. */
    await page.route(`${server.url}/ballot/*`, async (route) => {
        const answer = await route.fetch();
        const body = (await answer.text()).replace(/<link[^>]*>|<img[^>]*>|<svg.*?<\/svg>/gs, "");
        const headers = { ...answer.headers(), "content-security-policy": STRICT };
        await route.fulfill({ response: answer, body, headers });
    });
    await page.goto(`${server.url}/ballot/key`);
    await page.fill("#name", "A");
    await page.getByRole("button", { name: "Tạo khóa" }).click();
    await page.getByText("Chỉ mình ông/bà có khóa này").waitFor();
    const typed = page.locator("[data-part=digits]");
    assert.match(await typed.textContent(), /^[\d ]{80,}$/);
    page.on("dialog", (dialog) => dialog.accept());
    await page.goto(`${server.url}/ballot/${vote.uuid}#${cards[5]}`);
    await page.getByRole("heading", { name: "Lựa chọn của ông/bà" }).waitFor();
    await choose(page, "Sở A", "Không tán thành", "Ông A");
    await cast(page);
    await page.context().close();
});

test("a ballot whose tracker did not come, while somebody else votes with the card", async () => {
    const page = await enter(cards[3]);
    await choose(page, "Sở A", "Tán thành", "Ông A");
    await page.route("**/ballots", async (route) => {
        assert.equal((await route.fetch()).status(), 200);
        await route.abort("connectionreset");
    }, { times: 1 });
    allowOffline(page);
    await page.getByRole("button", { name: "Bỏ phiếu", exact: true }).click();
    await page.getByRole("button", { name: "Gửi lại" }).waitFor();
    page.problems = page.problems.filter((words) => !/CONNECTION_RESET/.test(words));
    const other = await enter(cards[3]);
    await choose(other, "Sở B \"mới\"", "Tán thành", "Ông A");
    await cast(other);
    trackers.splice(trackers.indexOf(last), 1);
    await other.context().close();
    allow(page, 409, `${server.url}/ballot/${vote.uuid}/ballots`);
    await page.getByRole("button", { name: "Gửi lại" }).click();
    await page.getByRole("heading", { name: "Phiếu khác của thẻ này được tính" }).waitFor();
    await page.getByText("Nếu ông/bà không bỏ lại, hãy báo ngay cho người tổ chức.").waitFor();
    await check(page);
    await page.context().close();
});

test("voting ends while somebody chooses", async () => {
    late = await enter(cards[4]);
    await choose(late, "Sở A", "Tán thành", "Ông A");
    vote.run("close", vote.folder);
    vote.run("tally", vote.folder);
    allow(late, 409, `${server.url}/ballot/${vote.uuid}/ballots`);
    const chosen = await choicesOf(late);
    await late.getByRole("button", { name: "Bỏ phiếu", exact: true }).click();
    await late.getByRole("link", { name: "Về trang đầu" }).waitFor();
    await late.getByRole("heading", { name: "Phiếu không được nhận" }).waitFor();
    assert.equal(await late.locator("[data-part=sending-error]").textContent(),
        "Đã kết thúc bỏ phiếu. Lá phiếu không được nhận.");
    await assertForgotten(chosen);
    await check(late);
    await shoot(late, "ballot-closed");
    await late.context().close();
});

test("setup's and end's codes stand on the page of the election and of the trackers", async () => {
    const page = await open(browser, PHONE), { setup, end } = await minutesOf(vote.folder);
    for (const address of ["", "/trackers"]) {
        await page.goto(`${server.url}/ballot/${vote.uuid}${address}`);
        assert.equal(await page.locator("[data-end]").textContent(), inGroups(end));
        assert.equal(await page.locator("[data-setup]").textContent(), inGroups(setup));
        await check(page);
    }
    await shoot(page, "ballot-end");
    await page.context().close();
});

test("the trustees decrypt: with the file, with the digits; the page says whose is missing", async () => {
    const first = await open(browser);
    await first.goto(`${server.url}/ballot/${vote.uuid}`);
    await first.getByText("Người giữ khóa 2: còn thiếu").waitFor();
    await check(first);
    await shoot(first, "ballot-decrypting");
    await first.getByRole("link", { name: "Tôi giữ khóa: giải mã" }).click();
    const { end } = await minutesOf(vote.folder);
    await first.fill("#secret", keys[0].digits);
    for (const wrong of ["", end.slice(0, 31), `${end}0`, end.replace(/^./, "x")]) {
        await first.fill("#end", wrong);
        await first.getByRole("button", { name: "Tiếp tục" }).click();
        await first.getByText("Hãy nhập ít nhất 32 ký tự đầu của mã kết thúc").waitFor();
    }
    await check(first);
    await first.fill("#end", end.slice(0, 32).replace(/.$/, (digit) => (digit === "1" ? "2" : "1")));
    await first.getByRole("button", { name: "Tiếp tục" }).click();
    await first.getByText("Hồ sơ mà máy chủ đưa ra có mã kết thúc khác").waitFor();
    await check(first);
    await first.fill("#end", end.slice(0, 32).replace(/^../, "đê"));
    await first.getByRole("button", { name: "Tiếp tục" }).click();
    await first.getByText("Hãy tắt bộ gõ tiếng Việt").waitFor();
    /* Cut off while the archive comes: that says nothing of the archive. */
    await first.fill("#end", end);
    allowOffline(first);
    await first.route("**/archive", (route) => route.abort("connectionreset"), { times: 1 });
    await first.getByRole("button", { name: "Tiếp tục" }).click();
    await first.getByText("Chưa tải được hết hồ sơ").waitFor();
    first.problems = first.problems.filter((words) => !/CONNECTION_RESET/.test(words));
    await check(first);
    await first.fill("#end", inGroups(end).slice(0, 39).toUpperCase());
    await first.fill("#secret", "12a");
    await check(first);
    await first.getByRole("button", { name: "Tiếp tục" }).click();
    await first.getByText("Đây không phải là khóa").waitFor();
    await first.fill("#secret", keys[0].digits.replace(/.$/, (digit) => (digit === "1" ? "2" : "1")));
    await first.getByRole("button", { name: "Tiếp tục" }).click();
    await first.getByText("Không người giữ khóa nào của cuộc bỏ phiếu này có khóa này").waitFor();
    await first.fill("#end", "");
    await first.setInputFiles("#file", keys[0].file);
    await first.getByText("Hãy nhập ít nhất 32 ký tự đầu của mã kết thúc").waitFor();
    assert.equal(await first.locator("#secret").inputValue(), "");
    await first.fill("#end", inGroups(end).slice(0, 39));
    await first.getByRole("button", { name: "Tiếp tục" }).click();
    await first.getByText("Ông/bà là người giữ khóa số 1.").waitFor();
    await first.getByText("Tổng gồm 5 phiếu của 7 thẻ.").waitFor();
    assert.equal(await first.locator("[data-part=end-code]").textContent(), inGroups(end));
    assert.equal(await first.locator("#secret").inputValue(), "");
    await check(first);
    await shoot(first, "ballot-decrypt");
    await first.getByRole("button", { name: "Giải mã và gửi" }).click();
    await first.getByRole("heading", { name: "Đã nhận phần của ông/bà" }).waitFor();
    await first.getByRole("link", { name: "Xem còn thiếu gì" }).click();
    await first.getByText("Người giữ khóa 1: xong").waitFor();
    await first.getByText("Người giữ khóa 2: còn thiếu").waitFor();
    await first.context().close();

    const second = await open(browser, PHONE);
    await second.goto(`${server.url}/ballot/${vote.uuid}/trustee`);
    await second.fill("#end", (await minutesOf(vote.folder)).end);
    await second.fill("#secret", keys[1].digits.match(/.{1,7}/g).join(" "));
    await second.getByRole("button", { name: "Tiếp tục" }).click();
    const send = second.getByRole("button", { name: "Giải mã và gửi" });
    await send.waitFor();
    await second.evaluate(() => {
        crypto.subtle.digest = () => {
            delete crypto.subtle.digest;
            return Promise.reject(new Error("out of order"));
        };
    });
    await send.click();
    await second.getByText("Thiết bị này không giải mã được tổng phiếu").waitFor();
    for (const answer of [{ contentType: "text/html", body: "<html>" }, { json: { trustee: 1 } }]) {
        await second.route("**/decryptions", (route) => route.fulfill(answer));
        await send.click();
        await second.getByText("Chưa nhận được trả lời của máy chủ. Hãy bấm lại").waitFor();
        await second.unroute("**/decryptions");
    }
    await check(second);
    await send.click();
    await second.getByRole("heading", { name: "Đã nhận phần của ông/bà" }).waitFor();
    await second.context().close();
});

test("the trustee's page does not decrypt a single ballot that the server passes off as the sum", async () => {
    /* Voting of a second election, with the first ballot's slots in place of the sum. */
    const other = election(server, "khac", { description: "", name: "Cuộc khác", questions: [
        { answers: ["A", "B"], min: 0, max: 1, question: "Chọn?" }] });
    other.run("cards", other.uuid, "--voters", "2", "--cards", other.path("c"), "--public",
        other.path("p"));
    other.run("open", other.folder, keys[0].open, keys[1].open, "--public", other.path("p"));
    const papers = readFileSync(other.path("c"), "utf8").trim().split("\n").map((card, i) =>
        other.write(`b${i}`, other.run("vote", other.folder, "--card", other.write(`k${i}`, card),
            "--choices", "[[1,0]]")));
    other.run("cast", other.folder, ...papers);
    other.run("close", other.folder);
    other.run("tally", other.folder);
    const lie = JSON.parse(readFileSync(papers[0], "utf8")).answers.map(({ choices }) => choices);
    const page = await open(browser);
    await page.route("**/tally.json", (route) => route.fulfill({ json: lie }));
    await page.goto(`${server.url}/ballot/${other.uuid}/trustee`);
    await page.fill("#end", (await minutesOf(other.folder)).end);
    await page.setInputFiles("#file", keys[0].file);
    await page.getByRole("heading", { name: "Không giải mã" }).waitFor();
    await check(page);
    await page.context().close();
});

test("the trustee's page decrypts no data that the events of the right archive do not name", async () => {
    const made = election(server, "gia", { description: "", name: "Cuộc giả", questions: [
        { answers: ["A", "B"], min: 0, max: 1, question: "Chọn?" }] });
    made.run("cards", made.uuid, "--voters", "2", "--cards", made.path("c"), "--public",
        made.path("p"));
    made.run("open", made.folder, keys[0].open, keys[1].open, "--public", made.path("p"));
    const [one, two] = readFileSync(made.path("c"), "utf8").trim().split("\n").map((card, i) =>
        made.write(`k${i}`, card));
    const [cast_, also, other] = [[one, "[[1,0]]"], [two, "[[1,0]]"], [one, "[[0,0]]"]].map(
        ([card, choices], i) => made.write(`b${i}`,
            made.run("vote", made.folder, "--card", card, "--choices", choices)));
    made.run("cast", made.folder, cast_, also);
    made.run("close", made.folder);
    made.run("tally", made.folder);

    /* Another ballot of the first card before its own, and the sum with it. */
    const records = recordsOf(readFileSync(path.join(made.folder, `${made.uuid}.bel`)));
    const [own, more, text] = [cast_, also, other].map((file) => readFileSync(file, "utf8").trim());
    const [slots, others] = [text, more].map((paper) => JSON.parse(paper).answers[0].choices);
    const lie = [slots.map(({ alpha, beta }, i) => ({
        alpha: String(BigInt(alpha) * BigInt(others[i].alpha) % p),
        beta: String(BigInt(beta) * BigInt(others[i].beta) % p) }))];
    const at = records.findIndex(({ body }) => body.toString() === own);
    assert.equal(at, records.findIndex(({ name }) => name.includes(".event")) + 1);
    const forged = archiveOf(replaced(records, at, 0, dataRecord(text)));
    const page = await open(browser);
    const sent = [];
    page.on("request", (request) => sent.push(request.method()));
    await page.route("**/tally.json", (route) => route.fulfill({ json: lie }));
    await page.route("**/archive", (route) => route.fulfill({ body: Buffer.from(forged) }));
    await page.goto(`${server.url}/ballot/${made.uuid}/trustee`);
    await page.fill("#end", (await minutesOf(made.folder)).end);
    await page.setInputFiles("#file", keys[0].file);
    await page.getByRole("heading", { name: "Không giải mã" }).waitFor();
    assert.ok(!sent.includes("POST"));
    await page.context().close();
});

test("the trustee's page does not decrypt an archive that is right, but another one than in the minutes", async () => {
    /* Five vote; the server shows the first ballot, padded with cards that nobody was given. */
    const true_ = election(server, "dung", { description: "", name: "Cuộc đúng", questions: [
        { answers: ["A", "B"], min: 0, max: 1, question: "Chọn?" }] });
    const padded = path.join(server.folder, "padded");
    true_.run("cards", true_.uuid, "--voters", "6", "--cards", true_.path("c"), "--public",
        true_.path("p"));
    true_.run("open", true_.folder, keys[0].open, keys[1].open, "--public", true_.path("p"));
    cpSync(true_.folder, padded, { recursive: true });
    const papers = readFileSync(true_.path("c"), "utf8").trim().split("\n").map((card, i) =>
        true_.write(`b${i}`, true_.run("vote", true_.folder, "--card", true_.write(`k${i}`, card),
            "--choices", "[[1,0]]")));
    true_.run("cast", true_.folder, ...papers.slice(0, 5));
    true_.run("cast", padded, papers[0], ...papers.slice(5));
    for (const folder of [true_.folder, padded]) {
        true_.run("close", folder);
        true_.run("tally", folder);
    }
    const { end } = await minutesOf(true_.folder), other = await minutesOf(padded);
    assert.notEqual(end, other.end);
    const bytes = readFileSync(path.join(padded, `${true_.uuid}.bel`));
    const tally = (await readArchive(bytes)).find(({ type }) => type === "EncryptedTally").parts[0];
    const page = await open(browser);
    const sent = [];
    page.on("request", (request) => sent.push(request.method()));
    await page.route("**/tally.json", (route) => route.fulfill({ body: Buffer.from(tally) }));
    await page.route("**/archive", (route) => route.fulfill({ body: bytes }));
    await page.goto(`${server.url}/ballot/${true_.uuid}/trustee`);
    await page.fill("#end", end.slice(0, 32));
    await page.setInputFiles("#file", keys[0].file);
    await page.getByText("Hồ sơ mà máy chủ đưa ra có mã kết thúc khác").waitFor();
    assert.equal(await page.getByRole("button", { name: "Giải mã và gửi" }).isVisible(), false);
    /* All else in it holds: with its own code it would be decrypted. */
    await page.fill("#end", other.end);
    await page.getByRole("button", { name: "Tiếp tục" }).click();
    await page.getByText("Tổng gồm 2 phiếu của 6 thẻ.").waitFor();
    assert.ok(!sent.includes("POST"));
    await page.context().close();
});

test("the result, and what two programs say of it", async () => {
    const page = await open(browser);
    await page.goto(`${server.url}/ballot/${vote.uuid}`);
    await page.getByText("Đã có kết quả.").waitFor();
    const counts = await page.locator(".ballot-counts td").allTextContents();
    assert.deepEqual(counts.map(Number), [1, 2, 2, 1, 2, 2, 1, 0, 3, 2]);
    await check(page);
    await shoot(page, "ballot-result");
    await page.goto(`${server.url}/ballot`);
    await check(page);
    await shoot(page, "ballot-list");
    assert.match(vote.run("verify", vote.folder, "--issued", "7"), /./);
    assert.ok(beleniosVerifies(vote.folder), "belenios-tool says no");
    await page.context().close();
});
