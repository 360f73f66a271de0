/*
 * A real browser for tests: Debian's Chromium, driven by playwright-core. Every page of every test
 * is watched: after each test none may have reported an error, a warning, a refusal that was not
 * announced with allow(), or a breach of the policy. check() holds a page to what every page
 * promises; shoot() keeps pictures of it for people to look at.
 */
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { HtmlValidate } from "html-validate";
import { chromium } from "playwright-core";

const here = path.dirname(fileURLToPath(import.meta.url));
const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const validator = new HtmlValidate(JSON.parse(readFileSync(path.join(here, "htmlvalidate.json"))));

/* What the server sends with every page. */
export const POLICY = "default-src 'none'; style-src 'self'; script-src 'self'; font-src 'self'; " +
    "img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; " +
    "frame-ancestors 'none'";

/* Chromium itself, past Debian's shell wrapper, which some machines' shells stumble over. */
function executable() {
    const places = ["/usr/lib/chromium/chromium", "/usr/bin/chromium"];
    const found = places.find((place) => existsSync(place));
    assert.ok(found, "no Chromium: run script/bootstrap test");
    return found;
}

export async function launch() {
    const flags = ["--headless", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync"];
    if (process.getuid() === 0) {
        flags.push("--no-sandbox"); /* the sandbox refuses to start as root */
    }
    return chromium.launch({ executablePath: executable(), args: flags });
}

/* Every page since the last test's end. */
let watched = [];

function judge() {
    const reports = watched.flatMap((page) => page.problems);
    for (const page of watched) {
        page.problems = [];
    }
    watched = watched.filter((page) => !page.isClosed());
    assert.deepEqual(reports, [], "a page reports problems");
}

if (process.env.NODE_TEST_CONTEXT) { /* run by node --test */
    (await import("node:test")).afterEach(judge);
}

/* From now on the server may answer `status` to this page at addresses that begin so. */
export function allow(page, status, address) {
    page.allowed.push({ status, address });
}

/* From now on this page may lose its connection. */
export function allowOffline(page) {
    page.mayBreak = true;
}

function isAllowed(page, status, address) {
    return page.allowed.some((one) => one.status === status && address.startsWith(one.address));
}

/* A line of the browser's console. What allow() announced is noted there too. */
function note(page, message) {
    const status = message.text().match(/^Failed to load resource: .* status of (\d+)/);
    if ((status && isAllowed(page, Number(status[1]), message.location().url)) ||
        (page.mayBreak && /ERR_INTERNET_DISCONNECTED/.test(message.text()))) {
        return;
    }
    if (message.type() === "error" || message.type() === "warning") {
        page.problems.push(`console: ${message.text()} ${message.location().url}`);
    }
}

function watch(page) {
    page.setDefaultTimeout(30000);
    page.problems = [];
    page.allowed = [];
    watched.push(page);
    page.on("console", (message) => note(page, message));
    page.on("pageerror", (error) => page.problems.push(`script: ${error.message}`));
    page.on("requestfailed", (request) => {
        const why = request.failure().errorText;
        if (why !== "net::ERR_ABORTED" && !page.mayBreak) { /* aborted: the page was left */
            page.problems.push(`not loaded: ${request.url()}: ${why}`);
        }
    });
    page.on("response", (response) => {
        if (response.status() >= 400 && !isAllowed(page, response.status(), response.url())) {
            page.problems.push(`${response.status()}: ${response.url()}`);
        }
        const isRedirect = response.status() >= 300 && response.status() < 400;
        if (response.request().isNavigationRequest() && !isRedirect) {
            page.source = response.text();
            page.source.catch(() => {}); /* the page may be left before it is asked for */
        }
    });
}

/* A page in a window of its own, with cookies of its own; pages that it opens are watched too. The
 * policy is not bypassed: the checks run in a world of their own. */
export async function open(browser, options = {}) {
    const context = await browser.newContext({
        viewport: { width: 1280, height: 900 }, locale: "vi-VN", ...options });
    context.on("page", watch);
    if (options.javaScriptEnabled !== false) { /* without scripts the console tells of breaches */
        await context.exposeBinding("reportBreach", ({ page }, words) =>
            page.problems.push(`policy: ${words}`));
        await context.addInitScript(() => {
            document.addEventListener("securitypolicyviolation", (event) =>
                window.reportBreach(`${event.violatedDirective}: ${event.blockedURI}`));
        });
    }
    return context.newPage();
}

async function overflow(page) {
    return page.evaluate(() => {
        const width = document.documentElement.clientWidth;
        if (document.documentElement.scrollWidth <= width) {
            return [];
        }
        return [...document.body.querySelectorAll("*")]
            .filter((element) => element.getBoundingClientRect().right > width + 1)
            .slice(0, 5)
            .map((element) => `${element.tagName.toLowerCase()}.${element.className}`);
    });
}

/* What every page promises. Looks at it wide and narrow; leaves it wide. */
export async function check(page) {
    assert.deepEqual(page.problems, [], "the page reports problems");

    const report = await validator.validateString(await page.source);
    const words = report.results.flatMap((result) => result.messages)
        .map((message) => `${message.line}:${message.column} ${message.ruleId}: ${message.message}`);
    assert.deepEqual(words, [], "the HTML is not valid");

    for (const width of [1280, 390, 360]) {
        await page.setViewportSize({ width, height: 900 });
        assert.deepEqual(await overflow(page), [], `at ${width} px something is too wide`);
        if (width === 390) {
            continue; /* the same layout as at 360 */
        }
        /* In a window as high as the page nothing stands under the bar that sticks to its end. */
        const height = await page.evaluate(() => document.documentElement.scrollHeight);
        await page.setViewportSize({ width, height });
        await page.evaluate(axeSource);
        const found = await page.evaluate(() => window.axe.run(document, {
            runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }));
        const breaches = found.violations.map((one) =>
            `${one.id}: ${one.help}: ${one.nodes.map((node) => node.html).slice(0, 3).join(" ")}`);
        assert.deepEqual(breaches, [], `at ${width} px people are left out`);
    }
    await page.setViewportSize({ width: 1280, height: 900 });
}

const TALLEST = 2400;

/* Pictures of the page as it is, wide and narrow, in a folder: as much of it as is of use. */
export async function picture(page, folder, name) {
    mkdirSync(folder, { recursive: true });
    for (const [kind, width, height] of [["desktop", 1280, 800], ["phone", 390, 844]]) {
        await page.setViewportSize({ width, height });
        const whole = await page.evaluate(() => {
            window.scrollTo(0, 0);
            return document.documentElement.scrollHeight;
        });
        /* What sticks to the window's end stands at the picture's end. */
        await page.setViewportSize({ width, height: Math.min(Math.max(whole, height), TALLEST) });
        await page.screenshot({ path: path.join(folder, `${name}-${kind}.png`) });
    }
    await page.setViewportSize({ width: 1280, height: 900 });
}

/* The same when the environment names a folder for them. */
export async function shoot(page, name) {
    if (process.env.SHOTS) {
        await picture(page, process.env.SHOTS, name);
    }
}
