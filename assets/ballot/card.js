/*
 * Voting cards and what is derived from them, as in src/ballot/credential.h: 14 random digits of base
 * 58 and a check digit, three by three: 9wm-tBf-Tz1-Rdg-CGr.
 */
import { derive } from "./digest.js";
import { raise, randomBelow } from "./group.js";

const ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const DIGITS = 14;
const CHECK = 53;

function checkDigit(digits) {
    let rest = 0;
    for (const digit of digits) {
        rest = (rest * ALPHABET.length + digit) % CHECK;
    }
    return CHECK - rest;
}

export function isToken(text) {
    return text.length === DIGITS && [...text].every((digit) => ALPHABET.includes(digit));
}

/* What somebody typed, as a card is written. null when it is none: too long or short, a character
 * that no card has, or the check digit doesn't fit. Blanks and dashes may be anywhere. */
export function readCard(typed) {
    const text = typed.replace(/[\s\u00a0.\-\u2010-\u2015]/g, "");
    const digits = [...text].map((digit) => ALPHABET.indexOf(digit));
    if (digits.length !== DIGITS + 1 || digits.includes(-1) ||
        digits[DIGITS] !== checkDigit(digits.slice(0, DIGITS))) {
        return null;
    }
    return text.match(/.{3}/g).join("-");
}

export function newCard(below = randomBelow) {
    const digits = [];
    for (let i = 0; i < DIGITS; i++) {
        digits.push(below(ALPHABET.length));
    }
    digits.push(checkDigit(digits));
    return digits.map((digit) => ALPHABET[digit]).join("").match(/.{3}/g).join("-");
}

/* The secret of a card in the election with this identifier, and its public side. */
export async function cardSecret(card, uuid) {
    return derive(card, uuid);
}

export async function cardPublic(card, uuid) {
    return raise(await cardSecret(card, uuid));
}

/* The list of public sides, sorted: the order of making would tell who has which card. */
export function publicList(credentials) {
    const sorted = [...credentials].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
    return `[${sorted.map((credential) => `"${credential}"`).join(",")}]`;
}
