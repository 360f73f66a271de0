/*
 * A trustee: a key made on the trustee's own device, and its part of the decryption.
 */
import { GROUP_NAME, isMember, p, power, q, raise, randomScalar, read } from "./group.js";
import { isKnown, proofText, proveKnown, proveSame } from "./proof.js";

function pokPrefix(publicKey) {
    return `pok|${GROUP_NAME}|${publicKey}|`;
}

/* The texts of both halves: `private` is kept, `public` with its proof is given away. */
export async function newTrustee(random = randomScalar) {
    const secret = random(), publicKey = raise(secret);
    const pok = await proveKnown(pokPrefix(publicKey), secret, random);
    return { private: `"${secret}"`,
        public: `{"pok":${proofText(pok)},"public_key":"${publicKey}"}` };
}

/* The private half that somebody typed or chose a file with: digits, in quotes or not, with blanks
 * anywhere. null when it is none. */
export function readSecret(text) {
    return read(text.replace(/[\s"]/g, ""), q);
}

/* Which of the trustees, from 1, has this secret? 0 when none has. */
export function findTrustee(trustees, secret) {
    const digits = String(raise(secret));
    return trustees.findIndex(([, trustee]) => trustee.public_key === digits) + 1;
}

/* Is the public half an element whose private half its maker knows? */
export async function isTrustee(trustee) {
    const publicKey = read(trustee.public_key, p);
    const proof = { challenge: read(trustee.pok.challenge, q),
        response: read(trustee.pok.response, q) };
    return publicKey !== null && publicKey !== 1n && proof.challenge !== null &&
        proof.response !== null && isMember(publicKey) &&
        isKnown(pokPrefix(publicKey), publicKey, proof);
}

/* The trustees that a text writes, [["Single", trustee]…], each with a key of its own that its maker
 * knows. Throws when it writes none. */
export async function readTrustees(text) {
    const trustees = JSON.parse(text), keys = new Set();
    const written = trustees.map(([, { pok, public_key: key }]) =>
        `["Single",{"pok":${proofText(pok)},"public_key":"${key}"}]`);
    for (const [, trustee] of trustees) {
        keys.add(trustee.public_key);
        if (!await isTrustee(trustee)) {
            throw new Error("a trustee's key or its proof is wrong");
        }
    }
    if (keys.size === 0 || keys.size !== trustees.length || `[${written.join(",")}]` !== text) {
        throw new Error("these are no trustees");
    }
    return trustees;
}

/* The key that these trustees have together. */
export function keyOf(trustees) {
    return trustees.reduce((key, [, trustee]) => key * BigInt(trustee.public_key) % p, 1n);
}

/* The text of the trustee's part: tally is [[{"alpha":…},…],…], the numbers as digits. */
export async function makeDecryption(election, tally, secret,
    { random = randomScalar, step = () => {} } = {}) {
    const prefix = `decrypt|${election.fingerprint}|${raise(secret)}|`;
    const factors = [], proofs = [];
    for (const slots of tally) {
        const factorsOf = [], proofsOf = [];
        for (const slot of slots) {
            const alpha = read(slot.alpha, p);
            if (alpha === null || !isMember(alpha)) {
                throw new Error("the tally holds a number that is no element");
            }
            factorsOf.push(`"${power(alpha, secret)}"`);
            proofsOf.push(proofText(await proveSame(prefix, alpha, secret, random)));
            step();
        }
        factors.push(`[${factorsOf.join(",")}]`);
        proofs.push(`[${proofsOf.join(",")}]`);
    }
    return `{"decryption_factors":[${factors.join(",")}],"decryption_proofs":[${proofs.join(",")}]}`;
}
