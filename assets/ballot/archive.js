/*
 * The archive of an election, as a trustee looks at it before decrypting: is the sum that the server
 * shows the sum of ballots that cards signed, each card's last one? Who decrypts something else could
 * be made to open a single ballot. The whole audit is `thidua ballot verify`.
 */
import { base64, challenge, hex } from "./digest.js";
import { slotCount } from "./election.js";
import { g, inverse, isMember, p, power, powers, q, read, scalar } from "./group.js";
import { isKnown, proofText } from "./proof.js";
import { keyOf, readTrustees } from "./trustee.js";

const BLOCK = 512;
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function fail(what) {
    throw new Error(what);
}

/* How many data an event of each type brings, and, where the last of them names those before it, how;
 * as src/ballot/archive_read.c has it. Data that no event names could be anybody's. */
const TYPES = new Map(Object.entries({
    Setup: { letter: "S", count: 4, isNaming: (text, [election, trustees, credentials]) => text ===
        `{"election":"${election}","trustees":"${trustees}","credentials":"${credentials}"}` },
    Ballot: { letter: "B", count: 1 },
    EndBallots: { letter: "E", count: 0 },
    EncryptedTally: { letter: "T", count: 2, isNaming: (text, [tally]) => {
        const n = JSON.parse(text).num_tallied;
        return text === `{"num_tallied":${n},"total_weight":${n},"encrypted_tally":"${tally}"}`;
    } },
    PartialDecryption: { letter: "D", count: 2, isNaming: (text, [decryption]) =>
        text === `{"owner":${JSON.parse(text).owner},"payload":"${decryption}"}` },
    Result: { letter: "R", count: 1 },
}));
const ORDER = /^SB*E(TD*R?)?$/;

/* The record that begins there: its name, its bytes, and where the next one begins. */
function recordAt(bytes, at) {
    const name = decoder.decode(bytes.subarray(at, at + 100)).replace(/\0+$/, "");
    const digits = decoder.decode(bytes.subarray(at + 124, at + 135));
    const size = /^[0-7]{11}$/.test(digits) ? parseInt(digits, 8) : fail("a record has no size");
    const body = bytes.subarray(at + BLOCK, at + BLOCK + size);
    return body.length === size
        ? { name, body, next: at + BLOCK + Math.ceil(size / BLOCK) * BLOCK }
        : fail("a record is cut");
}

/* The type of an event that has this text, stands at this place and follows these data. */
function typeOf(text, parent, height, parts) {
    const { type } = JSON.parse(text), rule = TYPES.get(type), hashes = parts.map(({ hash }) => hash);
    const payload = hashes.pop();
    const written = `{${parent ? `"parent":"${parent}",` : ""}"height":${height},"type":"${type}"` +
        `${payload ? `,"payload":"${payload}"` : ""}}`;
    if (!rule || text !== written) {
        fail("the chain of events is broken");
    }
    if (parts.length !== rule.count ||
        (rule.isNaming && !rule.isNaming(decoder.decode(parts[parts.length - 1].body), hashes))) {
        fail("an event's data are not those that it names");
    }
    return type;
}

/* [{ name, type, parts: [bytes…] }…], the payload last. An event's name is the hash of a text that
 * names the event before it and the payload, and the payload names the data before it: so an event's
 * name says what all before it are, to the last byte. Throws when a record is not what its name says,
 * the chain is broken, or there are data that are not named so. */
export async function readArchive(bytes) {
    const events = [];
    let parts = [], parent;
    for (let at = 0; at < bytes.length;) {
        const { name, body, next } = recordAt(bytes, at);
        const [, hash, kind] = /^([0-9a-f]{64})\.(data|event)\.json$/.exec(name) ?? [];
        if (at === 0 ? name !== "BELENIOS" : hash !== await hex(body)) {
            fail("a record is not what its name says");
        }
        if (kind === "data") {
            parts.push({ hash, body });
        } else if (kind === "event") {
            const type = typeOf(decoder.decode(body), parent, events.length, parts);
            events.push({ name: hash, type, parts: parts.map((part) => part.body) });
            parent = hash;
            parts = [];
        }
        at = next;
    }
    return parts.length === 0 ? events : fail("data stand before no event");
}

/* The names of the Setup and of the EndBallots, which stand in the minutes. Throws when the events are
 * not in order: one setup first, then ballots only, and one end; then sum, decryptions and result. */
export function namesOf(events) {
    const letters = events.map(({ type }) => TYPES.get(type).letter).join("");
    return ORDER.test(letters)
        ? { setup: events[0].name, end: events[letters.indexOf("E")].name }
        : fail("events are not in order");
}

function numberOf(text, limit) {
    const value = read(text, limit);
    return value === null ? fail("a number is wrong") : value;
}

function slotsText(slots) {
    return slots.map(({ alpha, beta }) => `{"alpha":"${alpha}","beta":"${beta}"}`).join(",");
}

function proofOf({ challenge: c, response }) {
    return { challenge: numberOf(c, q), response: numberOf(response, q) };
}

function elementOf(text) {
    const value = numberOf(text, p);
    return isMember(value) ? value : fail("a number is no element");
}

/* One of the branches, [{ alpha, beta }…], is of 0. */
async function checkOneOf(prefix, key, branches, proofs) {
    let sum = 0n;
    if (proofs.length !== branches.length) {
        fail("a proof is missing");
    }
    const commitments = branches.flatMap(({ alpha, beta }, i) => {
        const { challenge: c, response } = proofOf(proofs[i]);
        sum += c;
        return [key.ofG(response) * power(alpha, c) % p, key.ofY(response) * power(beta, c) % p];
    });
    if (await challenge(prefix + commitments.join(",")) !== scalar(sum)) {
        fail("a proof is wrong");
    }
}

async function checkAnswer(signer, key, question, answer) {
    const slots = answer.choices.map(({ alpha, beta }) =>
        ({ alpha: elementOf(alpha), beta: elementOf(beta) }));
    const lower = ({ alpha, beta }, by) =>
        ({ alpha, beta: beta * power(key.gInverse, BigInt(by)) % p });
    if (slots.length !== slotCount(question) ||
        answer.individual_proofs.length !== slots.length ||
        Boolean(answer.blank_proof) !== question.blank) {
        fail("an answer has the wrong shape");
    }
    for (const [i, slot] of slots.entries()) {
        await checkOneOf(`prove|${signer}|${slot.alpha},${slot.beta}|`, key,
            [slot, lower(slot, 1)], answer.individual_proofs[i]);
    }
    const sum = slots.slice(question.blank ? 1 : 0).reduce((all, { alpha, beta }) =>
        ({ alpha: all.alpha * alpha % p, beta: all.beta * beta % p }), { alpha: 1n, beta: 1n });
    const all = `${signer}|${slots.map(({ alpha, beta }) => `${alpha},${beta}`).join(",")}|`;
    const branches = question.blank ? [lower(slots[0], 1)] : [];
    for (let m = question.min; m <= question.max; m++) {
        branches.push(lower(sum, m));
    }
    await checkOneOf(question.blank ? `bproof1|${all}` : `prove|${all}${sum.alpha},${sum.beta}|`,
        key, branches, answer.overall_proof);
    if (question.blank) {
        await checkOneOf(`bproof0|${all}`, key, [slots[0], sum], answer.blank_proof);
    }
    return slots;
}

function answerText({ choices, individual_proofs: bits, overall_proof: sum, blank_proof: blank }) {
    const proofsText = (proofs) => `[${proofs.map(proofText).join(",")}]`;
    return `{"choices":[${slotsText(choices)}]` +
        `,"individual_proofs":[${bits.map(proofsText).join(",")}],"overall_proof":${proofsText(sum)}` +
        `${blank ? `,"blank_proof":${proofsText(blank)}` : ""}}`;
}

/* The ballot that a text writes, and what of it is signed. Only the one way to write a ballot counts:
 * JSON takes the last of two members of one name, and by a second "answers" behind the signature
 * anybody could change a ballot that stays signed. */
function readPaper(text) {
    const paper = JSON.parse(text), { hash, proof } = paper.signature;
    const signed = `{"election_uuid":"${paper.election_uuid}"` +
        `,"election_hash":"${paper.election_hash}","credential":"${paper.credential}"` +
        `,"answers":[${paper.answers.map(answerText).join(",")}]`;
    if (`${signed},"signature":{"hash":"${hash}","proof":${proofText(proof)}}}` !== text) {
        fail("a ballot is not written as ballots are");
    }
    return { paper, signed };
}

/* The slots of a ballot, all proofs of which hold. */
export async function checkPaper(election, key, text) {
    const { paper, signed } = readPaper(text);
    if (paper.election_uuid !== election.uuid || paper.election_hash !== election.fingerprint) {
        fail("a ballot is of another election");
    }
    if (paper.answers.length !== election.questions.length) {
        fail("a ballot has not one answer to each question");
    }
    const credential = elementOf(paper.credential);
    const hash = await base64(`${signed}}`);
    if (paper.signature.hash !== hash ||
        !await isKnown(`sig|${hash}|`, credential, proofOf(paper.signature.proof))) {
        fail("a ballot is not signed with its card");
    }
    const signer = `${election.fingerprint}|${credential}`, answers = [];
    for (const [i, question] of election.questions.entries()) {
        answers.push(await checkAnswer(signer, key, question, paper.answers[i]));
    }
    return { credential: paper.credential, answers };
}

/* The cards on the list that the setup names, as text. */
function cardsOf(text) {
    const listed = JSON.parse(text), cards = new Set(listed);
    const isRight = cards.size > 0 && cards.size === listed.length &&
        text === `[${listed.map((card) => `"${card}"`).join(",")}]` &&
        listed.every((card) => read(card, p) > 1n);
    return isRight ? cards : fail("the list of cards is wrong");
}

/* What the setup says of the election: the trustees, as trustee.js has them, and the cards. Throws
 * when it is of another election, or when the election's key is not that of these trustees. */
export async function readSetup(election, [setup]) {
    const [, trustees, cards] = setup.parts.map((part) => decoder.decode(part));
    if (await base64(setup.parts[0]) !== election.fingerprint) {
        fail("the archive is of another election");
    }
    const found = await readTrustees(trustees);
    if (keyOf(found) !== election.publicKey) {
        fail("the election's key is not that of its trustees");
    }
    return { trustees: found, cards: cardsOf(cards) };
}

/* The last ballot of each card, as text. Throws when a text is there twice: somebody brought back an
 * earlier choice of a voter. */
function latestOf(events) {
    const latest = new Map(), texts = new Set();
    for (const { parts } of events.filter(({ type }) => type === "Ballot")) {
        const text = decoder.decode(parts[0]);
        if (texts.has(text)) {
            fail("a ballot is there twice");
        }
        texts.add(text);
        latest.set(JSON.parse(text).credential, text);
    }
    return latest;
}

/* The sum of the ballots of these events: { tally, count, cards }, the tally as text. Only a card's
 * last ballot counts, and only those are checked; step(count) after each. Throws when something in
 * them does not hold, or the sum in the archive is another. */
export async function sumOf(election, events, step = () => {}) {
    namesOf(events);
    const { cards } = await readSetup(election, events), latest = latestOf(events);
    const key = { ofG: powers(g), ofY: powers(election.publicKey), gInverse: inverse(g) };
    let sums = election.questions.map((question) =>
        Array(slotCount(question)).fill({ alpha: 1n, beta: 1n }));
    for (const [credential, text] of latest) {
        const { answers } = await checkPaper(election, key, text);
        if (!cards.has(credential)) {
            fail("a ballot is of a card that is not in the list");
        }
        sums = sums.map((slots, i) => slots.map(({ alpha, beta }, j) => ({
            alpha: alpha * answers[i][j].alpha % p, beta: beta * answers[i][j].beta % p })));
        step(latest.size);
    }
    const tally = `[${sums.map((slots) => `[${slotsText(slots)}]`).join(",")}]`;
    const written = events.find(({ type }) => type === "EncryptedTally");
    if (written && (decoder.decode(written.parts[0]) !== tally ||
        JSON.parse(decoder.decode(written.parts[1])).num_tallied !== latest.size)) {
        fail("the sum in the archive is not that of its ballots");
    }
    return { tally, count: latest.size, cards: cards.size };
}
