/*
 * Proofs that tell nothing but that they hold, as in src/ballot/proof.h. Every challenge is the hash
 * of the prefix, which ends with '|', and of the commitments. `random` gives scalars that nobody
 * knows; tests give their own.
 */
import { challenge } from "./digest.js";
import { p, power, raise, randomScalar, scalar } from "./group.js";

/* I know x of g^x. */
export async function proveKnown(prefix, x, random = randomScalar) {
    const w = random();
    const c = await challenge(`${prefix}${raise(w)}`);
    return { challenge: c, response: scalar(w - x * c) };
}

export async function isKnown(prefix, publicX, proof) {
    const commitment = raise(proof.response) * power(publicX, proof.challenge) % p;
    return await challenge(`${prefix}${commitment}`) === proof.challenge;
}

/* The same x is in g^x and base^x. */
export async function proveSame(prefix, base, x, random = randomScalar) {
    const w = random();
    const c = await challenge(`${prefix}${raise(w)},${power(base, w)}`);
    return { challenge: c, response: scalar(w - x * c) };
}

/* One of several ciphertexts is of 0. Each branch is { nonce, message }, of the ciphertext
 * (g^nonce, y^nonce g^message): who proves has made them all, so that every power is one of g or of
 * y, whose tables are there. `raiseKey` raises y. branches[truth].message is 0. */
export async function proveOneOf(prefix, raiseKey, branches, truth, random = randomScalar) {
    const proofs = [], commitments = [];
    let sum = 0n;
    branches.forEach(({ nonce, message }, i) => {
        const proof = { challenge: i === truth ? 0n : random(), response: random() };
        const x = scalar(proof.response + nonce * proof.challenge);
        commitments.push(raise(x), raiseKey(x) * raise(scalar(message * proof.challenge)) % p);
        sum += proof.challenge;
        proofs.push(proof);
    });
    const c = scalar(await challenge(prefix + commitments.join(",")) - sum);
    const w = proofs[truth].response;
    proofs[truth] = { challenge: c, response: scalar(w - branches[truth].nonce * c) };
    return proofs;
}

/* {"challenge":"…","response":"…"} */
export function proofText(proof) {
    return `{"challenge":"${proof.challenge}","response":"${proof.response}"}`;
}
