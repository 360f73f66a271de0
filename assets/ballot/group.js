/*
 * The group BELENIOS-2048 and the numbers modulo its order, as in src/ballot/group.h: p is a prime of
 * 2048 bits, q a prime of 256 bits that divides p - 1, and g generates the subgroup of order q. An
 * element is a BigInt below p, a scalar one below q.
 *
 * BigInt does not take the same time for all numbers: what is secret here stays on the device of whom
 * it belongs to.
 */
export const p = BigInt("0x" +
    "a3ef2d011fefb1b6e39e568fccdffb0fb7dc7ef3a791b6862791811d21fc35f2" +
    "1e6d36856b428030421f514ed40bfd4c06e092a495af8d79a2f85e0fb11c0ede" +
    "07dd973f9c53e50930c6e82ac36de1ae3fb8c3aabfff12ce27a5022ddd8912d1" +
    "07435012768a2cdd0a4091d8fa447f6c7ebc15a349fa318a6b4fe17d8d47e843" +
    "a3e14dfa9b2162f4d7229abe93a188b46b006517d6f6747ebbb29c9ec3099b60" +
    "7f18fb1a8bc858279aa8599411d998d3e3fada9e010840d082d8c31911acdd4a" +
    "0e7992d0f18cc759cb5de0acf66a3882555bc810941e021b6a4ccfa04ee4008f" +
    "878affa2375e2999b44f6cef17d707301e59e0e6351e051ed9cec4157646e64f");
export const g = BigInt("0x" +
    "1307c1ab5f295885d7caa3a78a42415e31fd1c5807b61fb1e781878a52230a51" +
    "988b98c259597f9c5a9dfd001d26ba31d9d8976f01d95a1c8262ee68a0e92cea" +
    "541e5219e0d0d094301b894236823fe1d4bc04e29f3748aefd4f10d5b1a356a8" +
    "643e673fd9d215fc8fe5fb9cf9fdb8ea88fdb1a3381a697fdf9c2458570b06d2" +
    "6aef1be365fdd90165f397c6b870df8c1b9e519edcee8bb0f74b7a1615a274ba" +
    "60a7ea574a61f552d2dde0ce514e0927c4ff49b1964c4a913731ae4268d60d7f" +
    "22127b6cbba44d453ac8b72fd04e0991b7aeff04867d8724ac638f5f34100d2d" +
    "47aa680d43771902743d663f42d853c041e1c91fe3823f4bcf284308f1d7e653");
export const q = BigInt("0x" +
    "adb6066a73522565f4daa0f2579db7f2f0fa90c2168bc709e20263387d55c491");
export const GROUP_NAME = "BELENIOS-2048";

/* x modulo q, for any whole x. */
export function scalar(x) {
    const rest = x % q;
    return rest < 0n ? rest + q : rest;
}

/* base^x, x not negative: four bits at a time. */
export function power(base, x) {
    const small = [1n];
    for (let i = 1; i < 16; i++) {
        small.push(small[i - 1] * base % p);
    }
    let result = 1n;
    for (const digit of x.toString(16)) {
        for (let i = 0; i < 4; i++) {
            result = result * result % p;
        }
        result = result * small[parseInt(digit, 16)] % p;
    }
    return result;
}

/* A function that raises this base: the powers base^(d·16^i) are kept, so a scalar costs 64
 * multiplications instead of 320. Making the table costs as much as three powers. */
export function powers(base) {
    const rows = [];
    let step = base;
    for (let i = 0; i < 64; i++) {
        const row = [1n];
        for (let digit = 1; digit < 16; digit++) {
            row.push(row[digit - 1] * step % p);
        }
        rows.push(row);
        step = row[15] * step % p;
    }
    return (x) => {
        const digits = x.toString(16);
        let result = 1n;
        for (let i = 0; i < digits.length; i++) {
            result = result * rows[i][parseInt(digits[digits.length - 1 - i], 16)] % p;
        }
        return result;
    };
}

let ofGenerator = null;

/* g^x */
export function raise(x) {
    ofGenerator = ofGenerator || powers(g);
    return ofGenerator(x);
}

/* Is it in the subgroup of order q? */
export function isMember(x) {
    return x > 0n && x < p && power(x, q) === 1n;
}

/* The inverse of an element: all have order q. */
export function inverse(x) {
    return power(x, q - 1n);
}

/* The number that decimal digits write, below the limit: no sign, blank or leading zero. null when
 * they don't. */
export function read(digits, limit) {
    if (typeof digits !== "string" || !/^(0|[1-9][0-9]{0,616})$/.test(digits)) {
        return null;
    }
    const value = BigInt(digits);
    return value < limit ? value : null;
}

/* The number that bytes write, the most significant first. */
export function ofBytes(bytes) {
    let hex = "0x0";
    for (const byte of bytes) {
        hex += byte.toString(16).padStart(2, "0");
    }
    return BigInt(hex);
}

/* A scalar, each as likely as another. */
export function randomScalar() {
    for (;;) {
        const value = ofBytes(crypto.getRandomValues(new Uint8Array(32)));
        if (value < q) {
            return value;
        }
    }
}

/* A whole number below n, which is at most 256, each as likely as another. */
export function randomBelow(n) {
    const most = 256 - 256 % n;
    for (;;) {
        const [byte] = crypto.getRandomValues(new Uint8Array(1));
        if (byte < most) {
            return byte % n;
        }
    }
}
