/*
 * The archive of an election, as a trustee looks at it before decrypting: is the sum that the server
 * shows the sum of ballots that cards signed, each card's last one? Who decrypts something else could
 * be made to open a single ballot. The whole audit is `thidua ballot verify`.
 */
import { base64, challenge, hex } from "./digest.js";
import { slotCount } from "./election.js";
import { g, inverse, isMember, p, power, powers, q, read, scalar } from "./group.js";
import { isKnown } from "./proof.js";

const BLOCK = 512;
const decoder = new TextDecoder("utf-8", { fatal: true });

function fail(what) {
    throw new Error(what);
}

/* [{ name, type, parts: [bytes…] }…], the payload last, as the chain of events names them. As each
 * event holds the name of the one before it, an event's name says what all before it are. Throws when
 * a record is not what its name says, or the chain is broken. */
export async function readArchive(bytes) {
    const events = [];
    let parts = [], parent;
    for (let at = 0; at < bytes.length;) {
        const name = decoder.decode(bytes.subarray(at, at + 100)).replace(/\0.*$/, "");
        const size = parseInt(decoder.decode(bytes.subarray(at + 124, at + 135)), 8);
        const body = bytes.subarray(at + BLOCK, at + BLOCK + size);
        if (!(size >= 0) || body.length !== size) {
            fail("a record is cut");
        }
        at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
        if (name === "BELENIOS") {
            continue;
        }
        const [hash, kind] = name.split(/\.(.*)/);
        if (hash !== await hex(body)) {
            fail("a record is not what its name says");
        }
        if (kind === "data.json") {
            parts.push({ hash, body });
            continue;
        }
        const event = JSON.parse(decoder.decode(body));
        const last = parts.length > 0 ? parts[parts.length - 1].hash : undefined;
        if (event.parent !== parent || event.height !== events.length || event.payload !== last) {
            fail("the chain of events is broken");
        }
        events.push({ name: hash, type: event.type, parts: parts.map((part) => part.body) });
        parent = hash;
        parts = [];
    }
    return events;
}

/* The names of the Setup and of the EndBallots, which stand in the minutes. Throws when these events
 * are not in order: one setup first, then ballots only, and after one end none. */
export function namesOf(events) {
    const end = events.findIndex(({ type }) => type === "EndBallots");
    const isOrdered = end > 0 && events.every(({ type }, i) =>
        (type === "Setup") === (i === 0) && (type === "Ballot") === (i > 0 && i < end) &&
        (type === "EndBallots") === (i === end));
    return isOrdered ? { setup: events[0].name, end: events[end].name }
        : fail("events are not in order");
}

function numberOf(text, limit) {
    const value = read(text, limit);
    return value === null ? fail("a number is wrong") : value;
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
        answer.individual_proofs.length !== slots.length) {
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

/* The ballot that a text writes, and what of it is signed. Only the one way to write a ballot counts:
 * JSON takes the last of two members of one name, and by a second "answers" behind the signature
 * anybody could change a ballot that stays signed. */
function readPaper(text) {
    const paper = JSON.parse(text), { hash, proof } = paper.signature;
    const signed = text.slice(0, text.lastIndexOf(',"signature":'));
    const signature = `{"hash":"${hash}","proof":{"challenge":"${proof.challenge}"` +
        `,"response":"${proof.response}"}}`;
    if (JSON.stringify(paper) !== text || `${signed},"signature":${signature}}` !== text) {
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

/* The sum of the ballots of these events: { tally, count, cards }, the tally as text. Only a card's
 * last ballot counts, and only those are checked; step(count) after each. Throws when something does
 * not hold, or a text is there twice: somebody brought back an earlier choice of a voter. */
export async function sumOf(election, events, step = () => {}) {
    namesOf(events);
    const [, , listed] = events[0].parts.map((part) => decoder.decode(part));
    const cards = new Set(JSON.parse(listed)), latest = new Map();
    const texts = new Set();
    for (const { type, parts } of events) {
        if (type === "Ballot") {
            const text = decoder.decode(parts[0]);
            if (texts.has(text)) {
                fail("a ballot is there twice");
            }
            texts.add(text);
            latest.set(JSON.parse(text).credential, text);
        }
    }
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
    const tally = `[${sums.map((slots) => `[${slots.map(({ alpha, beta }) =>
        `{"alpha":"${alpha}","beta":"${beta}"}`).join(",")}]`).join(",")}]`;
    return { tally, count: latest.size, cards: cards.size };
}
