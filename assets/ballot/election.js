/*
 * An election as its text says, and the fingerprint that every ballot names: the hash of the bytes
 * as they stand in the archive.
 */
import { base64 } from "./digest.js";
import { GROUP_NAME, isMember, p, read } from "./group.js";

/* How many numbers a question takes: one for each answer, and one before them for blank. */
export function slotCount(question) {
    return question.answers.length + (question.blank ? 1 : 0);
}

/* { uuid, name, description, fingerprint, publicKey, questions }. Throws when it is none. */
export async function readElection(bytes) {
    const value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    const publicKey = read(value.public_key, p);
    if (value.version !== 1 || value.group !== GROUP_NAME || publicKey === null ||
        publicKey === 1n || !isMember(publicKey) || typeof value.uuid !== "string") {
        throw new Error("this is no election");
    }
    return {
        uuid: value.uuid, name: value.name, description: value.description,
        fingerprint: await base64(bytes), publicKey,
        questions: value.questions.map(({ question, answers, blank, min, max }) =>
            ({ question, answers, blank: Boolean(blank), min, max })),
    };
}

/* Do these choices, [[0,1,…],…] with one number per slot, obey the questions? */
export function areAllowed(election, choices) {
    return choices.length === election.questions.length && election.questions.every((question, i) => {
        const slots = choices[i];
        if (slots.length !== slotCount(question) || !slots.every((slot) => slot === 0 || slot === 1)) {
            return false;
        }
        const sum = slots.slice(question.blank ? 1 : 0).reduce((a, b) => a + b, 0);
        return question.blank && slots[0] === 1 ? sum === 0
            : sum >= question.min && sum <= question.max;
    });
}
