/* The records of an archive, for tests that put others in their place. */
import { createHash } from "node:crypto";

const textOf = (bytes) => new TextDecoder().decode(bytes).replace(/\0.*$/s, "");

export const hashOf = (body) => createHash("sha256").update(body).digest("hex");

/* [{ name, body }…] */
export function recordsOf(archive) {
    const records = [];
    for (let at = 0; at < archive.length;) {
        const size = parseInt(textOf(archive.subarray(at + 124, at + 135)), 8);
        records.push({ name: textOf(archive.subarray(at, at + 100)),
            body: archive.subarray(at + 512, at + 512 + size) });
        at += 512 + Math.ceil(size / 512) * 512;
    }
    return records;
}

/* The bytes of an archive of these; in the headers only what a page reads. */
export function archiveOf(records) {
    return new Uint8Array(Buffer.concat(records.flatMap(({ name, body }) => {
        const header = Buffer.alloc(512);
        header.write(name, 0);
        header.write(body.length.toString(8).padStart(11, "0"), 124);
        return [header, body, Buffer.alloc((512 - body.length % 512) % 512)];
    })));
}

export function dataRecord(text) {
    return { name: `${hashOf(text)}.data.json`, body: new TextEncoder().encode(text) };
}

/* The records with others in place of `count` of them. */
export function replaced(records, at, count, ...others) {
    return [...records.slice(0, at), ...others, ...records.slice(at + count)];
}
