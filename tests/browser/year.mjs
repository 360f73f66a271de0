/*
 * Years for tests, taken in from files as an administrator does it, and the people of their units.
 */
import { writeFileSync } from "node:fs";
import path from "node:path";

import { open } from "./harness.mjs";
import { signIn } from "./server.mjs";

/* Three wards under Hà Đông's rules; nobody has scored yet. */
export const WARDS = {
    format: "thidua-year/1",
    title: "Cụm thi đua các phường, năm 2024",
    regulation: "regulation.json",
    year: "2024",
    as_of: "2024-12-31",
    bloc: { id: "phuong", name: "Cụm thi đua các phường", kind: "territorial" },
    members: [
        { code: "SEN", name: "UBND phường Hoa Sen", role: "head" },
        { code: "DAO", name: "UBND phường Hoa Đào", role: "deputy" },
        { code: "MAI", name: "UBND phường Hoa Mai" }],
    sheets: [],
};

async function addAuthority(browser, server) {
    const page = await open(browser);
    await signIn(page, server, "admin", server.link);
    await page.goto(`${server.url}/organisation/new`);
    await page.fill("#name", "UBND quận Hà Đông");
    await page.fill("#council", "Hội đồng Thi đua - Khen thưởng quận");
    await page.fill("#standing_office", "Phòng Nội vụ");
    await page.click("main form button[type=submit]");
    await page.waitForURL(/saved=1/);
    await page.goto(`${server.url}/organisation`);
    const id = await page.innerText("tbody code");
    await page.context().close();
    return id;
}

/* A new server's first year: the object that is a year's file, scored by the regulation in a file.
 * The answer is
 *
 *     url           the address of its page
 *     units         the units' ids, in the members' order
 *     sheet(stage, rater, unit)  the address of a sheet; raters and units by their index
 *     enter(login, options)      a new window in which somebody is signed in: "canbo" is the
 *                                authority's officer
 *     account(login, name, role, unit)  somebody of a unit, by its index
 */
export async function takeIn(browser, server, year, regulation) {
    const file = path.join(server.folder, "year.json");
    writeFileSync(file, JSON.stringify(year));
    const authority = await addAuthority(browser, server);
    server.cli(["year", "import", "--of", authority, "--year", file, "--regulation", regulation]);

    const links = { canbo: server.account("canbo", "Vũ Thị Thu", "--role", "officer", "--of",
        authority) };
    const enter = async (login, options) => {
        const page = await open(browser, options);
        await signIn(page, server, login, links[login]);
        delete links[login];
        return page;
    };
    const page = await enter("canbo");
    await page.click("main a[href*='/years/']:not(.btn)");
    await page.waitForURL(/\/years\/[a-z2-7]+$/);
    const url = page.url();
    await page.goto(`${url}/settings`);
    const units = await page.locator("#members ~ form tbody tr").evaluateAll((rows) =>
        rows.map((row) => [Number(row.querySelector(".order").value),
            row.querySelector("[name=member]").value])
            .sort(([a], [b]) => a - b).map(([, id]) => id));
    await page.context().close();
    return {
        url, units, enter,
        sheet: (stage, rater, unit) => `${url}/sheets/${stage}/${units[rater]}/${units[unit]}`,
        account: (login, name, role, unit) => {
            links[login] = server.account(login, name, "--role", role, "--of", units[unit]);
        },
    };
}

/* Parts of a sheet's page. */
export const box = (page, name) => page.locator(`[name="${name}"]`);
export const line = (page, item) => page.locator(`[data-status="${item}"]`);
export const saved = (page, item) =>
    line(page, item).filter({ hasText: /đã lưu \d\d:\d\d/ }).waitFor();
