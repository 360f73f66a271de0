/*
 * SHA-256 in the forms that elections use, and the slow derivation of a secret from a card. The
 * browser computes them (crypto.subtle), which it does for pages that came by HTTPS, or from this
 * device, only.
 */
import { ofBytes, scalar } from "./group.js";

const encoder = new TextEncoder();

/* Can this browser, at this address, compute at all? */
export function isAble() {
    return typeof BigInt === "function" && Boolean(globalThis.crypto && globalThis.crypto.subtle);
}

function bytesOf(data) {
    return typeof data === "string" ? encoder.encode(data) : data;
}

async function sha256(data) {
    return new Uint8Array(await crypto.subtle.digest("SHA-256", bytesOf(data)));
}

/* In base 64 without padding: fingerprints and trackers. */
export async function base64(data) {
    return btoa(String.fromCharCode(...await sha256(data))).replace(/=+$/, "");
}

/* In hexadecimal: how an archive names data. */
export async function hex(data) {
    return [...await sha256(data)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/* Modulo q: what proofs call a challenge. */
export async function challenge(text) {
    return scalar(ofBytes(await sha256(text)));
}

/* PBKDF2-HMAC-SHA256 with 1000 rounds, modulo q. */
export async function derive(secret, salt) {
    const key = await crypto.subtle.importKey("raw", bytesOf(secret), "PBKDF2", false,
        ["deriveBits"]);
    const bits = await crypto.subtle.deriveBits(
        { name: "PBKDF2", hash: "SHA-256", salt: bytesOf(salt), iterations: 1000 }, key, 256);
    return scalar(ofBytes(new Uint8Array(bits)));
}
