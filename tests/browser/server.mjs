/*
 * The real program for browser tests: `thidua serve` on a temporary folder, with accounts made by
 * its command line and passwords chosen through their links, as an administrator does it.
 */
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";

export const PASSWORD = "bốn từ không ai đoán";

/* Nothing of the tester's own settings, and nothing outside of the folder. */
function cleanEnvironment(folder) {
    const kept = Object.entries(process.env).filter(([name]) => !name.startsWith("THIDUA"));
    return { ...Object.fromEntries(kept), HOME: folder, XDG_CONFIG_HOME: `${folder}/config`,
        XDG_DATA_HOME: `${folder}/share` };
}

/* Empties the database of tests/postgres.py. */
function cleanPostgres(database) {
    execFileSync("psql", [database, "-qc", "SET client_min_messages = error; " +
        "DROP SCHEMA public CASCADE", "-c", "CREATE SCHEMA public"]);
}

/* The first address in the output of a server that is ready. */
async function addressOf(server) {
    let said = "";
    for await (const line of createInterface({ input: server.stdout })) {
        said += `${line}\n`;
        if (line.startsWith("Stop with")) {
            break;
        }
    }
    const found = said.match(/Address: (http:\/\/\S+?:\d+)/);
    assert.ok(found, `the server did not start: ${said}${server.said}`);
    return found[1];
}

/* Starts the program on a new, empty database: PostgreSQL's under tests/postgres.py, otherwise
 * SQLite's. The answer is
 *
 *     url        http://127.0.0.1:PORT
 *     folder     a folder that is there until stop()
 *     link       the path of the first administrator's link; the login is "admin"
 *     cli(args)  runs another command on the same database, in English; its output
 *     account(login, name, ...args)  makes an account, with `account add`'s args; its link's path
 *     reset(login)  the path of a new link for an account
 *     stop()     ends the server, which must end well, and removes the folder
 *
 * demo: the folder of the sources; the database is then a demonstration's, with the example years.
 */
export async function start({ demo } = {}) {
    const program = process.env.THIDUA;
    assert.ok(program, "THIDUA names the program");
    const folder = mkdtempSync(path.join(tmpdir(), "thidua-browser-"));
    const database = process.env.THIDUA_POSTGRES;
    const env = cleanEnvironment(folder);
    if (database) {
        cleanPostgres(database);
    }
    const place = database ? ["--database", database] : ["--data", path.join(folder, "data")];
    const cli = (args) => execFileSync(program, [...args, ...place, "--language", "en"],
        { env, encoding: "utf8" });
    const linkOf = (words) => words.match(/http:\/\/\S+?(\/link\/[A-Za-z0-9_-]{43})/)[1];

    const link = demo ? (cli(["demo", "--from", demo]), null) : linkOf(cli(["init"]));
    const server = spawn(program, ["serve", "--port", "0", "--language", "en", ...place],
        { env, stdio: ["ignore", "pipe", "pipe"] });
    server.said = "";
    server.stderr.on("data", (bytes) => { server.said += bytes; });
    const ended = new Promise((done) => { server.on("close", done); });
    const url = await addressOf(server);
    server.stdout.resume();

    return {
        url, folder, link, cli,
        account: (login, name, ...args) =>
            linkOf(cli(["account", "add", login, "--name", name, ...args])),
        reset: (login) => linkOf(cli(["account", "reset", login])),
        stop: async () => {
            server.kill("SIGTERM");
            const code = await ended;
            rmSync(folder, { recursive: true, force: true });
            assert.equal(code, 0, server.said);
            assert.ok(!server.said.includes("Sanitizer"), server.said);
        },
    };
}

/* Chooses the password behind a link, and signs in. */
export async function signIn(page, server, login, link) {
    if (link) {
        await page.goto(server.url + link);
        await page.fill("#password", PASSWORD);
        await page.fill("#again", PASSWORD);
        await page.click("main button[type=submit]");
        await page.waitForURL(/\/sign-in$/);
    }
    await page.goto(`${server.url}/sign-in`);
    await page.fill("#login", login);
    await page.fill("#password", PASSWORD);
    await page.click("form[action='/sign-in'] button[type=submit]");
    await page.waitForURL(`${server.url}/`);
}
