/* What a trustee's page looks at before it decrypts: the archive, and the sum of its ballots. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { before, test } from "node:test";

import { namesOf, readArchive, sumOf } from "../../assets/ballot/archive.js";
import { cardSecret, readCard } from "../../assets/ballot/card.js";
import { base64 } from "../../assets/ballot/digest.js";
import { readElection } from "../../assets/ballot/election.js";
import { inverse, p } from "../../assets/ballot/group.js";
import { makePaper } from "../../assets/ballot/paper.js";
import { proveKnown } from "../../assets/ballot/proof.js";
import { findTrustee, readSecret } from "../../assets/ballot/trustee.js";
import { archiveOf, dataRecord, hashOf, recordsOf, replaced } from "./records.mjs";

const known = (name) => readFileSync(new URL(`known/${name}`, import.meta.url));
const bytes = new Uint8Array(known("fP9BVSbsHhY5kc.bel"));
const text = (part) => new TextDecoder().decode(part);
const data = (string) => new TextEncoder().encode(string);
let events, election;

before(async () => {
    events = await readArchive(bytes);
    election = await readElection(events[0].parts[0]);
});

/* The events with the ballots that `change` makes of them: texts in, texts out. */
function withBallots(change) {
    const ballots = events.filter(({ type }) => type === "Ballot").map(({ parts }) => text(parts[0]));
    return [events[0], ...change(ballots).map((ballot) => ({ type: "Ballot", parts: [data(ballot)] })),
        { name: "", type: "EndBallots", parts: [] }];
}

test("the sum of a known archive is the one in it", async () => {
    let steps = 0;
    const sum = await sumOf(election, events, () => { steps += 1; });
    const tally = events.find(({ type }) => type === "EncryptedTally").parts[0];
    assert.equal(sum.tally, text(tally));
    assert.deepEqual([sum.count, sum.cards, steps], [5, 5, 5]);
});

test("a trustee's key is found by its public half", () => {
    const trustees = JSON.parse(text(events[0].parts[1]));
    for (const i of [1, 2, 3]) {
        const secret = readSecret(known(`trustee${i}.privkey`).toString());
        assert.equal(findTrustee(trustees, secret), i);
        assert.equal(findTrustee(trustees, secret + 1n), 0);
    }
});

test("a single ballot gives another sum, and a card's last ballot counts", async () => {
    const one = await sumOf(election, withBallots((ballots) => ballots.slice(0, 1)));
    assert.equal(one.count, 1);
    const card = readCard(known("cards.txt").toString().split(/\s+/)[1]);
    const secret = await cardSecret(card, election.uuid);
    const blank = [[1, 0, 0, 0, 0, 0], [0, 0]];
    const later = await makePaper(election, secret, blank);
    const last = await sumOf(election, withBallots(() => [later.text]));
    const both = await sumOf(election, withBallots((ballots) => [ballots[0], later.text]));
    assert.equal(both.tally, last.tally);
    assert.equal(both.count, 1);
    assert.notEqual(one.tally, last.tally);
});

test("a voter's earlier ballot brought back", async () => {
    const first = text(events.find(({ type }) => type === "Ballot").parts[0]);
    const card = readCard(known("cards.txt").toString().split(/\s+/)[1]);
    const secret = await cardSecret(card, election.uuid);
    const early = await makePaper(election, secret, [[1, 0, 0, 0, 0, 0], [0, 0]]);
    const late = await makePaper(election, secret, [[0, 1, 0, 0, 0, 0], [0, 1]]);
    const sum = (...ballots) => sumOf(election, withBallots(() => ballots));
    assert.equal((await sum(first, early.text, late.text)).count, 1);
    await assert.rejects(sum(first, early.text, late.text, early.text), /twice/);
});

test("one setup, then ballots, one end, and no ballot after it", async () => {
    const at = (type) => events.findIndex((event) => event.type === type);
    const setup = events[0], ballot = events[at("Ballot")], end = events[at("EndBallots")];
    assert.deepEqual(namesOf(events), { setup: setup.name, end: end.name });
    assert.match(end.name, /^[0-9a-f]{64}$/);
    const wrong = [[], [setup], [setup, ballot], [ballot, end], [end], [setup, setup, end],
        [ballot, setup, end], [setup, end, ballot], [setup, ballot, end, end],
        [setup, ballot, { ...end, type: "EncryptedTally" }, end], [setup, end, setup]];
    for (const [i, list] of wrong.entries()) {
        await assert.rejects(sumOf(election, list), /in order/, `${i}`);
    }
    assert.equal((await sumOf(election, [setup, ballot, end])).count, 1);
});

/* A ballot with this content, signed with the card as a voter who cheats would do it. */
async function signed(content, secret) {
    const { signature, ...unsigned } = content;
    const body = JSON.stringify(unsigned), hash = await base64(body);
    const { challenge, response } = await proveKnown(`sig|${hash}|`, secret);
    const proof = { challenge: String(challenge), response: String(response) };
    return `${body.slice(0, -1)},"signature":${JSON.stringify({ ...signature, hash, proof })}}`;
}

test("every proof of a ballot is checked, however it is signed", async () => {
    const card = readCard(known("cards.txt").toString().split(/\s+/)[1]);
    const secret = await cardSecret(card, election.uuid);
    const { text: right } = await makePaper(election, secret, [[0, 1, 0, 1, 0, 0], [0, 1]]);
    const sum = (ballot) => sumOf(election, withBallots(() => [ballot]));
    assert.equal((await sum(await signed(JSON.parse(right), secret))).count, 1);
    await assert.rejects(sum(right.replace('"election_uuid":"f', '"election_uuid":"g')), /of another/);
    await assert.rejects(sum(right.replace(/.(?="}}}$)/, (digit) => (digit === "1" ? "2" : "1"))),
        /not signed/);
    await assert.rejects(sum(right.replace(/.(?="}\],"individual)/, (digit) =>
        (digit === "1" ? "2" : "1"))), /not signed/);

    /* Behind the signature, where it signs nothing. */
    const { text: other } = await makePaper(election, secret, [[0, 0, 1, 0, 0, 0], [1, 0]]);
    const answers = JSON.stringify(JSON.parse(other).answers);
    for (const more of [`,"answers":${answers}}`, ',"more":1}', " }", "} "]) {
        await assert.rejects(sum(right.replace(/}$/, more)), /not written/, more.slice(0, 12));
    }
    await assert.rejects(sum(right.replace(/}}}$/, '},"more":1}}')), /not written/);

    const change = (digits) => digits.replace(/.$/, (last) => (last === "1" ? "2" : "1"));
    const lies = [
        ["a wrong proof", (paper) => {
            const proof = paper.answers[0].individual_proofs[2][1];
            proof.challenge = change(proof.challenge);
        }],
        ["a wrong proof", (paper) => {
            const proof = paper.answers[0].overall_proof[0];
            proof.response = change(proof.response);
        }],
        ["a wrong proof", (paper) => {
            const proof = paper.answers[0].blank_proof[1];
            proof.challenge = change(proof.challenge);
        }],
        ["a wrong proof", (paper) => {
            const proof = paper.answers[1].overall_proof[1];
            proof.response = change(proof.response);
        }],
        ["one slot in another's place", (paper) => paper.answers[0].choices.reverse()],
        ["a number that is no element", (paper) => {
            paper.answers[0].choices[0].alpha = "2";
        }],
        ["a number written otherwise", (paper) => {
            paper.answers[0].choices[0].alpha = `0${paper.answers[0].choices[0].alpha}`;
        }],
        ...["choices", "individual_proofs", "overall_proof", "blank_proof"].map((part) =>
            [`less of ${part}`, (paper) => paper.answers[0][part].pop()]),
        ["a member more", (paper) => { paper.answers[0].more = "1"; }],
        ["an answer more", (paper) => paper.answers.push(paper.answers[1])],
        ["one answer less", (paper) => paper.answers.pop()],
        ["another's credential", (paper) => {
            paper.credential = JSON.parse(text(events[0].parts[2])).find((one) =>
                one !== paper.credential);
        }],
    ];
    for (const [what, lie] of lies) {
        const paper = JSON.parse(right);
        lie(paper);
        await assert.rejects(sum(await signed(paper, secret)), what);
    }
});

/* The archive with its events chained anew, each with the data that `change` makes of its own. */
function forged(change) {
    const records = recordsOf(bytes).slice(0, 1);
    let parent;
    events.forEach(({ type, parts }, height) => {
        const own = change(type, parts.map(text), height).map(dataRecord);
        const payload = own.length > 0 ? own[own.length - 1].name.slice(0, 64) : undefined;
        const event = JSON.stringify({ parent, height, type, payload });
        parent = hashOf(event);
        records.push(...own, { name: `${parent}.event.json`, body: data(event) });
    });
    return archiveOf(records);
}

test("under the codes of the minutes no other ballot, card, trustee or election can be shown", async () => {
    const records = recordsOf(bytes), names = namesOf(events);
    assert.deepEqual(namesOf(await readArchive(archiveOf(records))), names);
    const ballot = records.findIndex(({ body }) => text(body).startsWith('{"election_uuid"'));
    const own = await makePaper(election, 12345n, [[1, 0, 0, 0, 0, 0], [0, 0]]);
    const refused = (list, what) => assert.rejects(readArchive(archiveOf(list)), /that it names/, what);

    /* The server's own ballot before a voter's: the event names the voter's still. */
    await refused(replaced(records, ballot, 0, dataRecord(own.text)), "a ballot more");
    /* Its own first three data of the setup, which the fourth does not name. */
    for (const [at, what] of [[1, "election"], [2, "trustees"], [3, "cards"]]) {
        await refused(replaced(records, at, 1, dataRecord(`${text(records[at].body)} `)), what);
        await refused(replaced(records, at, 1), `${what} left out`);
    }
    await refused(replaced(records, 1, 2, records[2], records[1]), "trustees first");
    const end = records.findIndex(({ body }) => text(body).includes('"EndBallots"'));
    await assert.rejects(readArchive(archiveOf(replaced(records, end, 0, dataRecord(own.text)))),
        /chain of events/);
});

test("each event has the data that its type has, and its payload names them", async () => {
    assert.deepEqual(forged((type, parts) => parts), archiveOf(recordsOf(bytes)));
    const refused = (change, what) =>
        assert.rejects(readArchive(forged(change)), /that it names/, what);
    for (const [kind, count] of Object.entries({ Setup: 4, Ballot: 1, EndBallots: 0, EncryptedTally: 2,
        PartialDecryption: 2, Result: 1 })) {
        const of = (change) => (type, parts) => (type === kind ? change(parts) : parts);
        await refused(of((parts) => ["1", ...parts]), `${kind}: one more`);
        if (count > 0) {
            await refused(of((parts) => parts.slice(1)), `${kind}: one less`);
        }
        if (count > 1) {
            await refused(of((parts) => ["1", ...parts.slice(1)]), `${kind}: another`);
            await refused(of((parts) => [...parts.slice(0, -1),
                parts[parts.length - 1].replace(/^./, "{ ")]), `${kind}: named otherwise`);
        }
    }
    await assert.rejects(readArchive(forged((type, parts) =>
        parts.map((part) => (type === "Ballot" ? `\ufeff${part}` : part))))
        .then((found) => sumOf(election, found)), "a mark of byte order before a ballot");
    await assert.rejects(readArchive(archiveOf([...recordsOf(bytes), dataRecord("1")])), /no event/);
});

test("the election's key is that of its trustees, each of whom knows the own part", async () => {
    const [, listed, cards] = events[0].parts.map(text), trustees = JSON.parse(listed);
    const sum = async (change, publicKey) => {
        const value = JSON.parse(text(events[0].parts[0]));
        value.public_key = publicKey ?? value.public_key;
        const made = data(JSON.stringify(value)), list = change(structuredClone(trustees));
        return sumOf(await readElection(made), [{ name: "", type: "Setup", parts: [made,
            data(typeof list === "string" ? list : JSON.stringify(list)), data(cards), data("")] },
        { name: "", type: "EndBallots", parts: [] }]);
    };
    assert.equal((await sum((list) => list)).count, 0);
    const key = ([, { public_key: digits }]) => digits;
    await assert.rejects(sum((list) => list, key(trustees[0])), /not that of its trustees/);
    await assert.rejects(sum((list) => list.slice(1)), /not that of its trustees/);
    assert.equal((await sum((list) => list.slice(0, 1), key(trustees[0]))).count, 0);
    const square = String(BigInt(key(trustees[0])) ** 2n % p);
    await assert.rejects(sum((list) => [list[0], list[0]], square), /no trustees/);
    await assert.rejects(sum(() => ` ${listed}`), /no trustees/);
    await assert.rejects(sum(() => "[]"), /no trustees/);
    await assert.rejects(sum((list) => {
        list[1][1].pok.response = list[0][1].pok.response;
        return list;
    }), /its proof/);
    /* A key that cancels the others' needs no proof of theirs: its maker can't prove it. */
    const rogue = String(BigInt(key(trustees[0])) * inverse(BigInt(key(trustees[1]))) % p);
    await assert.rejects(sum((list) => {
        list[0][1].public_key = rogue;
        return list;
    }, String(BigInt(rogue) * BigInt(key(trustees[1])) * BigInt(key(trustees[2])) % p)), /its proof/);
});

test("the list of cards: none twice, none that is no card, written in one way", async () => {
    const [made, trustees, listed] = events[0].parts, cards = JSON.parse(text(listed));
    const sum = (list) => sumOf(election, [{ ...events[0], parts: [made, trustees, data(list), made] },
        { name: "", type: "EndBallots", parts: [] }]);
    assert.equal((await sum(text(listed))).cards, cards.length);
    for (const wrong of [[], [...cards, cards[0]], [...cards, "1"], [...cards, "0"],
        [...cards, String(p)], [...cards, `0${cards[0]}`]]) {
        await assert.rejects(sum(JSON.stringify(wrong)), /list of cards/, wrong[wrong.length - 1]);
    }
    await assert.rejects(sum(text(listed).replace(",", ", ")), /list of cards/);
});

test("a sum in the archive that is not that of its ballots", async () => {
    const sum = async (change) => sumOf(election, await readArchive(forged((type, parts) =>
        (type === "EncryptedTally" ? change(...parts) : parts))));
    const naming = (tally, n) => [tally,
        `{"num_tallied":${n},"total_weight":${n},"encrypted_tally":"${hashOf(tally)}"}`];
    assert.equal((await sum((tally) => naming(tally, 5))).count, 5);
    await assert.rejects(sum((tally) => naming(tally, 4)), /not that of its ballots/);
    const ballot = JSON.parse(text(events.find(({ type }) => type === "Ballot").parts[0]));
    const one = JSON.stringify(ballot.answers.map(({ choices }) => choices));
    await assert.rejects(sum(() => naming(one, 5)), /not that of its ballots/);
});

test("a card that is not in the list", async () => {
    const secret = 12345n;
    const foreign = await makePaper(election, secret, [[1, 0, 0, 0, 0, 0], [0, 0]]);
    await assert.rejects(sumOf(election, withBallots((ballots) => [...ballots, foreign.text])),
        /not in the list/);
});

test("a bit changed anywhere in a record, a record cut", async () => {
    for (let at = 1600; at < bytes.length; at += 9973) {
        const block = bytes.slice();
        block[at] ^= 1;
        const same = await readArchive(block).then(
            (found) => JSON.stringify(found) === JSON.stringify(events), () => false);
        const inPadding = bytes[at] === 0; /* not data: the audit of the program looks at these */
        assert.ok(!same || inPadding, `at ${at}`);
    }
    await assert.rejects(readArchive(bytes.subarray(0, bytes.length - 512)));
});
