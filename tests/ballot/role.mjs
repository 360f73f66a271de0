/*
 * What the pages' code does for each role, as commands, for tests that run other programs beside it:
 *
 *     role.mjs cards UUID N              {"cards": […], "public": "…"}
 *     role.mjs public UUID < CARDS       the public list of cards, one a line
 *     role.mjs key NAME                  NAME.privkey and NAME.pubkey
 *     role.mjs vote ELECTION CARD CHOICES     the ballot; ELECTION is the file of its text
 *     role.mjs audit ARCHIVE…        what a trustee's page finds in each: {"ARCHIVE": "…"}, "" nothing
 *     role.mjs decrypt ELECTION TALLY KEY     the decryption; TALLY is the file of its text
 */
import { readFileSync, writeFileSync } from "node:fs";

import { readArchive, sumOf } from "../../assets/ballot/archive.js";
import { cardPublic, cardSecret, newCard, publicList, readCard } from "../../assets/ballot/card.js";
import { readElection } from "../../assets/ballot/election.js";
import { makePaper } from "../../assets/ballot/paper.js";
import { makeDecryption, newTrustee, readSecret } from "../../assets/ballot/trustee.js";

async function listOf(cards, uuid) {
    const credentials = [];
    for (const card of cards) {
        credentials.push(await cardPublic(card, uuid));
    }
    return publicList(credentials);
}

/* What the trustee's page would not decrypt it for. */
async function faultOf(file) {
    try {
        const events = await readArchive(new Uint8Array(readFileSync(file)));
        await sumOf(await readElection(events[0].parts[0]), events);
        return "";
    } catch (error) {
        return error.message;
    }
}

const roles = {
    cards: async (uuid, n) => {
        const cards = Array.from({ length: Number(n) }, () => newCard());
        return JSON.stringify({ cards, public: await listOf(cards, uuid) });
    },
    public: async (uuid) =>
        listOf(readFileSync(0, "utf8").trim().split("\n").map(readCard), uuid),
    key: async (name) => {
        const trustee = await newTrustee();
        writeFileSync(`${name}.privkey`, trustee.private);
        writeFileSync(`${name}.pubkey`, trustee.public);
        return "";
    },
    vote: async (file, card, choices) => {
        const election = await readElection(readFileSync(file));
        const secret = await cardSecret(readCard(card), election.uuid);
        return (await makePaper(election, secret, JSON.parse(choices))).text;
    },
    audit: async (...files) => {
        const faults = {};
        for (const file of files) {
            faults[file] = await faultOf(file);
        }
        return JSON.stringify(faults);
    },
    decrypt: async (file, tally, key) => makeDecryption(await readElection(readFileSync(file)),
        JSON.parse(readFileSync(tally, "utf8")), readSecret(readFileSync(key, "utf8"))),
};

const [role, ...words] = process.argv.slice(2);
process.stdout.write(await roles[role](...words));
