/* Elections for browser tests: made by the program's commands where its server looks for them. */
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

/* An election of this draft, set up:
 *
 *     uuid, folder     of the election
 *     run(…words)      `thidua ballot` with these; its output, in English
 *     path(name)       a file beside the election that nobody else uses
 *     write(name, text)  writes it; its path
 */
export function election(server, name, draft) {
    const folder = path.join(server.folder, "data", "elections", name);
    const desk = path.join(server.folder, `desk-${name}`);
    mkdirSync(path.dirname(folder), { recursive: true });
    mkdirSync(desk);
    const place = (file) => path.join(desk, file);
    const write = (file, text) => {
        writeFileSync(place(file), text);
        return place(file);
    };
    const run = (...words) => execFileSync(process.env.THIDUA,
        ["ballot", ...words, "--language", "en"],
        { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
    run("setup", folder, "--questions", write("questions.json", JSON.stringify(draft)));
    return { uuid: readFileSync(path.join(folder, "uuid"), "utf8"), folder, run, path: place, write };
}

/* Does Debian's belenios-tool say that all checks passed? */
export function beleniosVerifies(folder) {
    const done = spawnSync("belenios-tool", ["election", "verify", "--dir", folder],
        { encoding: "utf8" });
    return done.status === 0 && /all checks passed/.test(done.stdout + done.stderr);
}

/* What a button lets one keep: { name, text }. */
export async function download(page, button) {
    const [file] = await Promise.all([page.waitForEvent("download"),
        page.getByRole("button", { name: button }).click()]);
    assert.equal(await file.failure(), null);
    return { name: file.suggestedFilename(), text: readFileSync(await file.path(), "utf8") };
}
