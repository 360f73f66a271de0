/*
 * What the pages of the secret ballot share. Their words stand in the page, translated, as
 * [data-word]; their steps are [data-step], of which one is shown.
 */
import { isAble } from "./digest.js";

/* What the server's refusals are called (docs/ballot.md). Whatever else answers comes from something
 * between, and what the server did is not known. */
const CODES = new Set(["form", "foreign", "element", "signature", "proof", "not_in_list", "nobodys",
    "voted", "too_often", "replayed", "not_open", "closed", "not_now", "unknown", "origin", "type",
    "busy", "storage", "damaged", "memory"]);

/* A refusal by the server, with its words and status; or no answer of it: then without words, and 0. */
export class Refusal extends Error {
    constructor(message, status, code = "") {
        super(message);
        this.status = status;
        this.code = code;
    }

    /* May the same be sent again, and be taken? */
    get isPassing() {
        return this.status === 0 || this.status >= 500;
    }
}

/* The element that a page's script works in, when the page is this one. */
export function rootOf(page) {
    return document.querySelector(`[data-ballot="${page}"]`);
}

/* Starts what computes, when the page is this one; says so where the browser can't, or where what
 * the page needs could not be loaded. Then it can be started again, with the card that is in this
 * page's memory only: so it takes the page's words when it has loaded. */
export function begin(page, start) {
    const root = rootOf(page);
    if (!root) {
        return;
    }
    if (!isAble()) {
        show(root, "unable");
        return;
    }
    const attempt = () => start(root).catch(() => show(root, "failed"));
    onSend(root.querySelector("[data-step=failed] form"), () => {
        show(root, "loading");
        return attempt();
    });
    attempt();
}

/* say("word", …): a word of the page with its places, {0} and so on, filled. Takes them out of the
 * page. */
export function wordsIn(root) {
    const words = {};
    for (const item of root.querySelectorAll("[data-word]")) {
        words[item.dataset.word] = item.textContent.trim();
    }
    root.querySelector("[data-words]").remove();
    return (name, ...values) =>
        words[name].replace(/\{(\d)\}/g, (place, i) => String(values[i] ?? place));
}

/* The part of the page with this name. */
export function part(root, name) {
    return root.querySelector(`[data-part="${name}"]`);
}

export function make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
        if (value !== false) {
            element.setAttribute(name, value === true ? "" : value);
        }
    }
    element.append(...children);
    return element;
}

/* Shows one step, and puts who reads or listens at its beginning. */
export function show(root, name) {
    for (const step of root.querySelectorAll("[data-step]")) {
        step.hidden = step.dataset.step !== name;
    }
    const heading = root.querySelector(`[data-step="${name}"] h2`);
    if (heading) {
        heading.tabIndex = -1;
        heading.focus();
    }
    window.scrollTo(0, 0);
}

/* Says what is wrong where the part stands, or nothing. */
export function complain(root, name, text) {
    const line = part(root, name);
    line.textContent = text;
    line.hidden = text === "";
    const field = line.dataset.of ? root.querySelector(`#${line.dataset.of}`) : null;
    if (field) {
        field.classList.toggle("is-invalid", text !== "");
        if (text === "") {
            field.removeAttribute("aria-invalid");
        } else {
            field.setAttribute("aria-invalid", "true");
            field.focus();
        }
    }
}

async function answered(address, options) {
    let answer;
    try {
        answer = await fetch(address, { credentials: "omit", cache: "no-store", ...options });
        if (answer.ok) {
            return new Uint8Array(await answer.arrayBuffer());
        }
    } catch {
        throw new Refusal("", 0);
    }
    const told = await answer.json().catch(() => null);
    throw told && CODES.has(told.code) ? new Refusal(told.message, answer.status, told.code)
        : new Refusal("", 0);
}

const PAUSES = [1000, 2000, 4000]; /* milliseconds before a busy server is asked again */

/* Does `ask`, and again while the server is busy, as when many come at once, before anybody is told. */
async function patiently(ask) {
    for (const pause of PAUSES) {
        try {
            return await ask();
        } catch (error) {
            if (error.code !== "busy") {
                throw error;
            }
        }
        await new Promise((done) => setTimeout(done, pause));
    }
    return ask();
}

/* The bytes at an address. */
export function load(address) {
    return patiently(() => answered(address, {}));
}

const PATIENCE = 30000; /* milliseconds until a connection counts as cut */

/* What the server answers, as a value. A Refusal when it refuses, or something else answered. */
async function sendOnce(address, text) {
    const abort = new AbortController(), timer = setTimeout(() => abort.abort(), PATIENCE);
    try {
        const bytes = await answered(address, { method: "POST", body: text, signal: abort.signal,
            headers: { "Content-Type": "application/json" } });
        return JSON.parse(new TextDecoder().decode(bytes)) ?? {};
    } catch (error) {
        throw error instanceof Refusal ? error : new Refusal("", 0);
    } finally {
        clearTimeout(timer);
    }
}

/* What is sent here may be sent as often as one likes. */
export function send(address, text) {
    return patiently(() => sendOnce(address, text));
}

/* Runs `work` when the form is sent, once at a time however often it is pressed. */
export function onSend(form, work) {
    let busy = false;
    form.addEventListener("submit", async (event) => {
        event.preventDefault();
        event.stopPropagation(); /* app.js would hold it for sent */
        if (busy) {
            return;
        }
        busy = true;
        form.setAttribute("aria-busy", "true");
        try {
            await work();
        } finally {
            busy = false;
            form.removeAttribute("aria-busy");
        }
    });
}

/* Lets the browser keep a text as a file. */
export function keep(name, text) {
    const address = URL.createObjectURL(new Blob([text], { type: "application/octet-stream" }));
    const link = make("a", { href: address, download: name });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(address), 60000);
}

/* What stands after '#', taken out of the address bar and of the window's history. Another one, of
 * another card, begins the page anew. One that names a place in the page stays: it is no card. */
export function takeFragment() {
    const isPlace = () => document.getElementById(location.hash.slice(1)) !== null;
    let text = isPlace() ? "" : location.hash.slice(1);
    try {
        text = decodeURIComponent(text);
    } catch {
        /* somebody typed a percent sign: it stays as it is */
    }
    window.addEventListener("hashchange", () => {
        if (location.hash !== "" && !isPlace()) {
            location.reload();
        }
    });
    if (text !== "") {
        history.replaceState(null, "", location.pathname + location.search);
    }
    return text;
}

/* Keeps somebody whose card is in this page's memory until voting is open. Each time the button is
 * pressed, `look` sees the page as it is by now, and says whether there is something to go on to. */
export function awaitOpening(root, look) {
    const say = wordsIn(root), form = part(root, "kept");
    form.hidden = false;
    onSend(form, async () => {
        complain(root, "kept-error", "");
        try {
            const text = new TextDecoder().decode(await load(location.pathname));
            const isOpen = look(new DOMParser().parseFromString(text, "text/html"));
            form.hidden = isOpen;
            complain(root, "kept-error", isOpen ? "" : say("still"));
        } catch {
            complain(root, "kept-error", say("cut"));
        }
    });
}

/* Copies the text of `from` when the button is pressed, and says so in the button; where the browser
 * doesn't let it, the text is marked. */
export function onCopy(button, from, done) {
    button.addEventListener("click", async () => {
        try {
            await navigator.clipboard.writeText(from.textContent);
            button.querySelector("span").textContent = done;
        } catch {
            getSelection().selectAllChildren(from);
        }
    });
}

/* Letters that only a Vietnamese input method makes of what is typed: it changes codes and cards. */
export function hasAccents(text) {
    return /\p{L}/u.test(text.replace(/[a-z]/gi, ""));
}

/* For beforeunload: the browser asks whether one wants to leave. Older ones want both. */
export function askToStay(event) {
    event.preventDefault();
    event.returnValue = "";
}

/* Runs `take` when a file is chosen. The file stays chosen. */
export function onFile(field, take) {
    field.addEventListener("change", async () => {
        if (field.files.length > 0) {
            await take();
        }
    });
}
