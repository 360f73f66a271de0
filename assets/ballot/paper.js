/*
 * A voter's ballot, made on the voter's device: see src/ballot/paper.h. Every slot is encrypted and
 * proved to be 0 or 1, their sum to be allowed, and the whole is signed with the card.
 */
import { base64 } from "./digest.js";
import { areAllowed } from "./election.js";
import { p, powers, raise, randomScalar, scalar } from "./group.js";
import { proofText, proveKnown, proveOneOf } from "./proof.js";

function proofsText(proofs) {
    return `[${proofs.map(proofText).join(",")}]`;
}

/* One of the allowed sums; or, where blank is allowed, blank. */
function branchesOfSum(question, blank, sum) {
    const branches = question.blank
        ? [{ nonce: blank.nonce, message: blank.message - 1n }] : [];
    for (let m = question.min; m <= question.max; m++) {
        branches.push({ nonce: sum.nonce, message: sum.message - BigInt(m) });
    }
    return branches;
}

async function makeAnswer(making, question, choices) {
    const { signer, raiseKey, random } = making;
    const slots = [], proofs = [];
    for (const choice of choices) {
        const nonce = random(), message = BigInt(choice);
        const alpha = raise(nonce), beta = raiseKey(nonce) * raise(message) % p;
        const text = `${alpha},${beta}`;
        proofs.push(await proveOneOf(`prove|${signer}|${text}|`, raiseKey,
            [{ nonce, message }, { nonce, message: message - 1n }], choice, random));
        slots.push({ nonce, message, alpha, beta, text });
        making.step();
    }

    const answers = question.blank ? slots.slice(1) : slots;
    const sum = {
        nonce: scalar(answers.reduce((all, slot) => all + slot.nonce, 0n)),
        message: answers.reduce((all, slot) => all + slot.message, 0n),
    };
    const [blank] = slots;
    const all = `${signer}|${slots.map((slot) => slot.text).join(",")}|`;
    const branches = branchesOfSum(question, blank, sum);
    const truth = branches.findIndex((branch) => branch.message === 0n);
    let overallPrefix = `bproof1|${all}`;
    if (!question.blank) { /* the protocol names the sum only where it is the only statement */
        const product = (part) => answers.reduce((so, slot) => so * slot[part] % p, 1n);
        overallPrefix = `prove|${all}${product("alpha")},${product("beta")}|`;
    }
    const overall = await proveOneOf(overallPrefix, raiseKey, branches, truth, random);
    const empty = question.blank
        ? await proveOneOf(`bproof0|${all}`, raiseKey, [blank, sum], choices[0], random) : null;
    making.step();
    return `{"choices":[` +
        slots.map((slot) => `{"alpha":"${slot.alpha}","beta":"${slot.beta}"}`).join(",") +
        `],"individual_proofs":[${proofs.map(proofsText).join(",")}]` +
        `,"overall_proof":${proofsText(overall)}` +
        `${empty ? `,"blank_proof":${proofsText(empty)}` : ""}}`;
}

/* Steps that making a ballot reports. */
export function stepCount(election) {
    return election.questions.reduce((n, question) =>
        n + question.answers.length + (question.blank ? 1 : 0) + 1, 0);
}

/* The ballot's bytes as text, and its tracker. `secret` is the card's; choices are as areAllowed
 * says; step() is called as often as stepCount says. */
export async function makePaper(election, secret, choices,
    { random = randomScalar, step = () => {} } = {}) {
    if (!areAllowed(election, choices)) {
        throw new Error("the choices are not allowed");
    }
    const credential = raise(secret);
    const making = { signer: `${election.fingerprint}|${credential}`, random, step,
        raiseKey: powers(election.publicKey) };
    const answers = [];
    for (const [i, question] of election.questions.entries()) {
        answers.push(await makeAnswer(making, question, choices[i]));
    }
    const unsigned = `{"election_uuid":"${election.uuid}"` +
        `,"election_hash":"${election.fingerprint}","credential":"${credential}"` +
        `,"answers":[${answers.join(",")}]`;
    const hash = await base64(`${unsigned}}`);
    const proof = await proveKnown(`sig|${hash}|`, secret, random);
    const text = `${unsigned},"signature":{"hash":"${hash}","proof":${proofText(proof)}}}`;
    return { text, tracker: await base64(text) };
}
