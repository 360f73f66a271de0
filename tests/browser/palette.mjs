/*
 * Smaller pictures: a screen has few colours, so that a palette of 256 shows it as well as the
 * sixteen millions of a screenshot, in a third of the bytes.
 */
import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { deflateSync, inflateSync } from "node:zlib";

const SIGNATURE = Buffer.from("89504e470d0a1a0a", "hex");

/* CRC-32 as PNG has it; node:zlib has one only from 20.15 on. */
function crc32(bytes) {
    let sum = 0xffffffff;
    for (const byte of bytes) {
        sum ^= byte;
        for (let bit = 0; bit < 8; bit++) {
            sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
        }
    }
    return (sum ^ 0xffffffff) >>> 0;
}

function chunksOf(file) {
    const chunks = [];
    for (let at = 8; at < file.length;) {
        const length = file.readUInt32BE(at);
        chunks.push([file.toString("latin1", at + 4, at + 8),
            file.subarray(at + 8, at + 8 + length)]);
        at += length + 12;
    }
    return chunks;
}

function chunk(type, data) {
    const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
    const ends = [Buffer.alloc(4), Buffer.alloc(4)];
    ends[0].writeUInt32BE(data.length);
    ends[1].writeUInt32BE(crc32(body));
    return Buffer.concat([ends[0], body, ends[1]]);
}

/* What the filter of a row adds to a byte: left, above and both, as the format of PNG has it. */
function predicted(filter, left, above, both) {
    if (filter === 4) {
        const sum = left + above - both;
        const [a, b, c] = [left, above, both].map((one) => Math.abs(sum - one));
        return a <= b && a <= c ? left : b <= c ? above : both;
    }
    return [0, left, above, (left + above) >> 1][filter];
}

/* The pixels, row by row. */
function decode(bytes, width, height, size) {
    const row = width * size, pixels = Buffer.alloc(row * height);
    for (let y = 0; y < height; y++) {
        const filter = bytes[y * (row + 1)];
        for (let x = 0; x < row; x++) {
            const to = y * row + x;
            pixels[to] = bytes[y * (row + 1) + 1 + x] + predicted(filter,
                x < size ? 0 : pixels[to - size], y === 0 ? 0 : pixels[to - row],
                x < size || y === 0 ? 0 : pixels[to - row - size]);
        }
    }
    return pixels;
}

/* The most frequent colours, and for every colour the nearest of them. */
function choose(counts) {
    const colours = [...counts.keys()].sort((a, b) => counts.get(b) - counts.get(a));
    const palette = colours.slice(0, 256);
    const parts = (colour) => [colour >> 16, (colour >> 8) & 255, colour & 255];
    const known = palette.map(parts);
    const index = new Map(colours.map((colour) => {
        const own = parts(colour);
        let best = 0, least = Infinity;
        for (const [i, one] of known.entries()) {
            const far = (one[0] - own[0]) ** 2 + (one[1] - own[1]) ** 2 + (one[2] - own[2]) ** 2;
            if (far < least) {
                [best, least] = [i, far];
            }
        }
        return [colour, best];
    }));
    return [Buffer.from(known.flat()), index];
}

function smaller(file) {
    const chunks = chunksOf(file);
    const head = Buffer.from(chunks[0][1]);
    const [width, height] = [head.readUInt32BE(0), head.readUInt32BE(4)];
    const size = { 2: 3, 6: 4 }[head[9]]; /* true colours, without and with transparency */
    assert.ok(head[8] === 8 && size && head[12] === 0, "a screenshot of another kind");
    const packed = chunks.filter(([type]) => type === "IDAT").map(([, data]) => data);
    const pixels = decode(inflateSync(Buffer.concat(packed)), width, height, size);
    const counts = new Map(), all = new Uint32Array(width * height);
    for (let i = 0; i < all.length; i++) {
        all[i] = pixels.readUIntBE(i * size, 3);
        counts.set(all[i], (counts.get(all[i]) ?? 0) + 1);
    }
    const [palette, index] = choose(counts);
    const rows = Buffer.alloc((width + 1) * height);
    for (let i = 0; i < all.length; i++) {
        rows[i + Math.floor(i / width) + 1] = index.get(all[i]);
    }
    head[9] = 3;
    return Buffer.concat([SIGNATURE, chunk("IHDR", head), chunk("PLTE", palette),
        chunk("IDAT", deflateSync(rows, { level: 9 })), chunk("IEND", Buffer.alloc(0))]);
}

/* Every PNG of a folder, in place. */
export function shrink(folder) {
    for (const name of readdirSync(folder).filter((one) => one.endsWith(".png"))) {
        const place = path.join(folder, name);
        writeFileSync(place, smaller(readFileSync(place)));
    }
}
