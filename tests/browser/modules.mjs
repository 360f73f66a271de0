/*
 * The modules of assets/ballot as they stand, in a page under the strictest policy that they must
 * live with: an address to open, and what closes it. The page has nothing but
 * window.modules, a promise of them all.
 */
import { createServer } from "node:http";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), "..", "..");
export const STRICT = "default-src 'none'; script-src 'self'; connect-src 'self'";

const NAMES = ["archive", "card", "digest", "election", "group", "paper", "proof", "trustee"];
const PAGE = `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>modules</title>
<script type="module" src="/modules.js"></script></head><body></body></html>`;
const SCRIPT = `${NAMES.map((name) =>
    `import * as ${name} from "/assets/ballot/${name}.js";`).join("\n")}
import { knownAnswers } from "/tests/ballot/known_answers.mjs";
window.modules = { ${NAMES.join(", ")}, knownAnswers };`;

function fileOf(address) {
    const known = /^\/(assets\/ballot|tests\/ballot(\/known)?)\/[\w.]+\.(js|mjs|json)$/.test(address);
    const file = path.join(root, address);
    return known && existsSync(file) ? readFileSync(file) : null;
}

export async function serveModules() {
    const server = createServer((request, answer) => {
        if (request.url === "/favicon.ico") {
            answer.writeHead(204).end();
            return;
        }
        const made = { "/": PAGE, "/modules.js": SCRIPT }[request.url] ?? fileOf(request.url);
        answer.writeHead(made === null ? 404 : 200, {
            "Content-Type": request.url === "/" ? "text/html; charset=utf-8" : "text/javascript",
            "Content-Security-Policy": STRICT,
        });
        answer.end(made ?? "");
    });
    await new Promise((done) => { server.listen(0, "127.0.0.1", done); });
    return { url: `http://127.0.0.1:${server.address().port}/`,
        close: () => new Promise((done) => { server.close(done); server.closeAllConnections(); }) };
}

/* Milliseconds that a ballot of 5 of 10 candidates takes in this page, with the processor made
 * `slower` times slower: the first after the page was opened, as a voter meets it. */
export async function measureBallot(page, url, slower) {
    const session = await page.context().newCDPSession(page);
    await page.goto(url);
    await page.waitForFunction(() => window.modules);
    await session.send("Emulation.setCPUThrottlingRate", { rate: slower });
    const took = await page.evaluate(async () => {
        const { group, paper } = window.modules;
        const election = { uuid: "3VfgFgLynFTL9M", fingerprint: "A".repeat(43),
            publicKey: group.power(group.g, group.randomScalar()), questions: [
                { question: "5 of 10", blank: true, min: 1, max: 5,
                    answers: Array.from({ length: 10 }, (none, i) => `candidate ${i}`) }] };
        const choices = [[0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0]], secret = group.randomScalar();
        const began = performance.now();
        await paper.makePaper(election, secret, choices);
        return performance.now() - began;
    });
    await session.send("Emulation.setCPUThrottlingRate", { rate: 1 });
    return took;
}
