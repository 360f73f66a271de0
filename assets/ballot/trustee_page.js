/*
 * A trustee decrypts. First the page fetches the archive and looks whether the sum to be decrypted is
 * that of all ballots: a trustee who decrypts whatever it is shown could be made to open one ballot.
 *
 * An archive may agree with itself and be another one, with ballots left out or others put in. So the
 * trustee types how the one of the minutes ends. The page doesn't show it before: what is copied from
 * the server's page would be compared with itself.
 */
import { namesOf, readArchive, sumOf } from "./archive.js";
import { readElection } from "./election.js";
import { begin, complain, load, onFile, onSend, part, send, show, wordsIn } from "./page.js";
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

    /* False when it is not the archive that ends so. */
    async function check(end) {
        show(root, "checking");
        bar.removeAttribute("value");
        const events = await readArchive(await load(`${address}/archive`));
        if (text(events[0].parts[0]) !== text(bytes)) {
            throw new Error("the archive is of another election");
        }
        const names = namesOf(events);
        if (!names.end.startsWith(end)) {
            return false;
        }
        part(root, "end-code").textContent = names.end.match(/.{4}/g).join(" ");
        bar.value = 0;
        const sum = await sumOf(election, events, (count) => {
            bar.max = count;
            bar.value += 1;
        });
        if (sum.tally !== tally) {
            throw new Error("the sum is another one");
        }
        part(root, "sum").textContent = say("sum", sum.count, sum.cards);
        return true;
    }

    function forget() {
        root.querySelector("#secret").value = "";
        root.querySelector("#file").value = "";
    }

    async function enter() {
        const end = root.querySelector("#end").value.replace(/[\s-]/g, "").toLowerCase();
        if (!/^[0-9a-f]{32,64}$/.test(end)) {
            complain(root, "end-error", say("end_wrong"));
            return;
        }
        complain(root, "end-error", "");
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
        part(root, "who").textContent = say("who", index);
        try {
            if (!await check(end)) {
                show(root, "key");
                complain(root, "end-error", say("end_other"));
                return;
            }
            secret = found;
            forget();
            show(root, "ready");
        } catch {
            forget();
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
    begin("trustee", start);
}
