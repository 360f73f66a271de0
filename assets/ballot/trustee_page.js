/*
 * A trustee decrypts. First the page fetches the archive and looks whether the sum to be decrypted is
 * that of all ballots: a trustee who decrypts whatever it is shown could be made to open one ballot.
 *
 * An archive may agree with itself and be another one, with ballots left out or others put in. So the
 * trustee types how the one of the minutes ends. The page doesn't show it before: what is copied from
 * the server's page would be compared with itself.
 */
import { namesOf, readArchive, readSetup, sumOf } from "./archive.js";
import { readElection } from "./election.js";
import { begin, complain, hasAccents, load, onFile, onSend, part, Refusal, send, show, wordsIn } from
    "./page.js";
import { findTrustee, makeDecryption, readSecret } from "./trustee.js";

async function start(root) {
    const address = location.pathname.replace(/\/trustee\/?$/, "");
    const election = await readElection(await load(`${address}/election.json`));
    const tally = new TextDecoder().decode(await load(`${address}/tally.json`));
    const say = wordsIn(root);
    const field = root.querySelector("#secret"), file = root.querySelector("#file");
    let secret = null, index = 0, paper = null;

    /* The part of the page that something is wrong with, and what; null when all is right. All that is
     * asked of the server's archive is asked of the one that ends as the minutes say. */
    async function check(end, found) {
        const bar = part(root, "progress");
        show(root, "checking");
        bar.removeAttribute("value");
        const events = await readArchive(await load(`${address}/archive`)), names = namesOf(events);
        if (!names.end.startsWith(end)) {
            return ["end-error", say("end_other")];
        }
        index = findTrustee((await readSetup(election, events)).trustees, found);
        if (index === 0) {
            return ["secret-error", say("secret_foreign")];
        }
        bar.value = 0;
        const sum = await sumOf(election, events, (count) => {
            bar.max = count;
            bar.value += 1;
        });
        if (sum.tally !== tally) {
            throw new Error("the sum is another one");
        }
        part(root, "who").textContent = say("who", index);
        part(root, "sum").textContent = say("sum", sum.count, sum.cards);
        part(root, "end-code").textContent = names.end.match(/.{4}/g).join(" ");
        return null;
    }

    function forget() {
        field.value = "";
        file.value = "";
    }

    /* What is in the file goes from it into the computation: others may see the screen. */
    async function keyText() {
        const [chosen] = file.files;
        return field.value.trim() === "" && chosen ? chosen.text().catch(() => "") : field.value;
    }

    async function enter() {
        const end = root.querySelector("#end").value.replace(/[\s-]/g, "").toLowerCase();
        complain(root, "secret-error", "");
        complain(root, "load-error", "");
        if (!/^[0-9a-f]{32,64}$/.test(end)) {
            complain(root, "end-error", say(hasAccents(end) ? "accents" : "end_wrong"));
            return;
        }
        complain(root, "end-error", "");
        const found = readSecret(await keyText());
        if (found === null) {
            complain(root, "secret-error", say("secret_wrong"));
            return;
        }
        try {
            const wrong = await check(end, found);
            if (wrong) {
                show(root, "key");
                complain(root, ...wrong);
                return;
            }
            secret = found;
            forget();
            show(root, "ready");
        } catch (error) {
            if (error instanceof Refusal) {
                /* Not loaded: nothing is wrong with it. */
                show(root, "key");
                complain(root, "load-error", say("not_loaded"));
                return;
            }
            forget();
            show(root, "bad");
        }
    }

    async function decrypt() {
        const bar = part(root, "decrypting"), slots = JSON.parse(tally);
        complain(root, "ready-error", "");
        bar.value = 0;
        bar.max = slots.flat().length;
        bar.hidden = paper !== null;
        try {
            paper = paper ?? await makeDecryption(election, slots, secret,
                { step: () => { bar.value += 1; } });
            const { trustee } = await send(`${address}/decryptions`, paper);
            if (trustee !== index) {
                throw new Refusal("", 0);
            }
            secret = null;
            show(root, "done");
        } catch (error) {
            complain(root, "ready-error", error instanceof Refusal
                ? error.message || say("cut") : say("unmade"));
        }
        bar.hidden = true;
    }

    onSend(root.querySelector("[data-step=key] form"), enter);
    onFile(file, async () => {
        field.value = "";
        await enter();
    });
    onSend(root.querySelector("[data-step=ready] form"), decrypt);
    show(root, "key");
}

export function trusteePage() {
    begin("trustee", start);
}
