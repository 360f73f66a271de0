/*
 * The registrar makes the cards, here: the server gets the public list only, as a file that the
 * registrar hands over. They are random, so their order on the sheet tells nothing; who gets which is
 * drawn in the room.
 */
import { cardPublic, newCard, publicList, readCard } from "./card.js";
import { askToStay, begin, complain, keep, make, onFile, onSend, part, show, wordsIn } from
    "./page.js";
import { drawQr } from "./qr.js";

const MOST = 10000;

/* The address of the ballot's page that somebody typed, as voters' phones reach it. null when they
 * can't: this device's own name for itself leads nowhere there, and without HTTPS no browser
 * encrypts. */
function readAddress(typed) {
    try {
        const { protocol, hostname, origin } = new URL(typed.trim());
        const isHere = /(^|\.)localhost\.?$|^127\.|^0\.0\.0\.0$|^\[::1?\]$/.test(hostname);
        return protocol === "https:" && !isHere ? `${origin}/ballot` : null;
    } catch {
        return null;
    }
}

/* A card to be cut out. Nothing on it numbers it. */
function cardElement(say, name, address, card) {
    return make("li", { class: "voting-card" },
        drawQr(`${address}#${card}`, say("qr")),
        make("div", { class: "voting-card-words" },
            make("p", { class: "voting-card-title" }, say("title")),
            make("p", { class: "voting-card-name" }, name),
            make("p", { class: "voting-card-text" }, card),
            make("p", { class: "voting-card-how" }, say("how", address))));
}

async function makeAll(root, say, cards) {
    const address = readAddress(root.querySelector("#address").value);
    if (address === null) {
        complain(root, "address-error", say("address_wrong"));
        return;
    }
    complain(root, "address-error", "");
    const uuid = root.dataset.election, bar = part(root, "progress"), list = part(root, "cards");
    const credentials = [];
    show(root, "working");
    bar.max = cards.length;
    list.replaceChildren();
    for (const card of cards) {
        credentials.push(await cardPublic(card, uuid));
        list.append(cardElement(say, root.dataset.name, address, card));
        bar.value = credentials.length;
    }
    part(root, "keep-public").addEventListener("click", () =>
        keep(`${uuid}-public.json`, publicList(credentials)));
    part(root, "keep-cards").addEventListener("click", () =>
        keep(`${uuid}-cards.txt`, `${cards.join("\n")}\n`));
    part(root, "print").addEventListener("click", () => window.print());
    part(root, "made").textContent = say("made", cards.length);
    window.addEventListener("beforeunload", askToStay);
    show(root, "made");
}

async function start(root) {
    const say = wordsIn(root);
    root.querySelector("#address").value = location.origin;
    onSend(part(root, "new"), async () => {
        const n = Number(root.querySelector("#count").value);
        if (!Number.isInteger(n) || n < 1 || n > MOST) {
            complain(root, "count-error", say("count_wrong"));
            return;
        }
        complain(root, "count-error", "");
        await makeAll(root, say, Array.from({ length: n }, () => newCard()));
    });
    const old = root.querySelector("#old");
    async function takeOld() {
        const [file] = old.files, text = file ? await file.text().catch(() => "") : "";
        const cards = text.split(/\r?\n/).filter((line) => line.trim() !== "").map(readCard);
        complain(root, "count-error", "");
        if (cards.length === 0 || cards.length > MOST || cards.includes(null) ||
            new Set(cards).size < cards.length) {
            complain(root, "old-error", say(file ? "old_wrong" : "old_missing"));
            return;
        }
        complain(root, "old-error", "");
        await makeAll(root, say, cards);
    }
    onSend(part(root, "old"), takeOld);
    onFile(old, takeOld);
    show(root, "ask");
}

export function cardsPage() {
    begin("cards", start);
}
