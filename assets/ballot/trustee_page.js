/*
 * A trustee decrypts. First the page fetches the archive and looks whether the sum to be decrypted is
 * that of all ballots: a trustee who decrypts whatever it is shown could be made to open one ballot.
 */
import { readArchive, sumOf } from "./archive.js";
import { isAble } from "./digest.js";
import { readElection } from "./election.js";
import { complain, load, onFile, onSend, part, rootOf, send, show, wordsIn } from "./page.js";
import { findTrustee, makeDecryption, readSecret } from "./trustee.js";

const text = (bytes) => new TextDecoder().decode(bytes);

async function start(root) {
    const say = wordsIn(root), address = location.pathname.replace(/\/trustee\/?$/, "");
    const bytes = await load(`${address}/election.json`);
    const election = await readElection(bytes);
    const trustees = JSON.parse(text(await load(`${address}/trustees.json`)));
    const tally = text(await load(`${address}/tally.json`));
    const bar = part(root, "progress");
    let secret = null, paper = null;

    async function check() {
        show(root, "checking");
        bar.removeAttribute("value");
        const events = await readArchive(await load(`${address}/archive`));
        if (text(events[0].parts[0]) !== text(bytes)) {
            throw new Error("the archive is of another election");
        }
        bar.value = 0;
        const sum = await sumOf(election, events, (count) => {
            bar.max = count;
            bar.value += 1;
        });
        if (sum.tally !== tally) {
            throw new Error("the sum is another one");
        }
        part(root, "sum").textContent = say("sum", sum.count, sum.cards);
    }

    async function enter() {
        const found = readSecret(root.querySelector("#secret").value);
        if (found === null) {
            complain(root, "secret-error", say("secret_wrong"));
            return;
        }
        const index = findTrustee(trustees, found);
        if (index === 0) {
            complain(root, "secret-error", say("secret_foreign"));
            return;
        }
        complain(root, "secret-error", "");
        secret = found;
        root.querySelector("#secret").value = "";
        root.querySelector("#file").value = "";
        part(root, "who").textContent = say("who", index);
        try {
            await check();
            show(root, "ready");
        } catch {
            secret = null;
            show(root, "bad");
        }
    }

    async function decrypt() {
        if (paper === null) {
            paper = await makeDecryption(election, JSON.parse(tally), secret);
        }
        try {
            await send(`${address}/decryptions`, paper);
            secret = null;
            show(root, "done");
        } catch (error) {
            complain(root, "ready-error", error.message || say("cut"));
        }
    }

    onSend(root.querySelector("[data-step=key] form"), enter);
    onFile(root.querySelector("#file"), async (found) => {
        root.querySelector("#secret").value = found.trim();
        await enter();
    });
    onSend(root.querySelector("[data-step=ready] form"), decrypt);
    show(root, "key");
}

export function trusteePage() {
    const root = rootOf("trustee");
    if (!root) {
        return;
    }
    if (!isAble()) {
        show(root, "unable");
        return;
    }
    start(root).catch(() => show(root, "failed"));
}
