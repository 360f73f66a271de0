/* Reads the QR codes that pages draw, with a decoder that others wrote. */
import jsQR from "jsqr";

const SCALE = 4;

/* What the code says whose modules are the path M<x> <y>h1v1h-1z… in a square of `size`; null when
 * it can't be read. */
export function readQr(path, size) {
    const width = size * SCALE, pixels = new Uint8ClampedArray(width * width * 4).fill(255);
    for (const [, x, y] of path.matchAll(/M(\d+) (\d+)h1v1h-1z/g)) {
        for (let i = 0; i < SCALE * SCALE; i++) {
            const column = Number(x) * SCALE + i % SCALE;
            const row = Number(y) * SCALE + Math.floor(i / SCALE);
            pixels.fill(0, (row * width + column) * 4, (row * width + column) * 4 + 3);
        }
    }
    return jsQR(pixels, width, width)?.data ?? null;
}

/* Of every code in HTML. */
export function readQrs(html) {
    return [...html.matchAll(/viewBox="0 0 (\d+) \d+"[^>]*><path d="(M[^"]+)"/g)]
        .map(([, size, path]) => readQr(path, Number(size)));
}
