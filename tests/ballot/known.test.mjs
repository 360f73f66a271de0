/* Known answers and bad inputs of assets/ballot, in node. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { isToken, newCard, publicList, readCard } from "../../assets/ballot/card.js";
import { areAllowed } from "../../assets/ballot/election.js";
import { isMember, p, q, randomBelow, randomScalar, read } from "../../assets/ballot/group.js";
import { readSecret } from "../../assets/ballot/trustee.js";
import { knownAnswers, MODULES } from "./known_answers.mjs";

const vectors = JSON.parse(readFileSync(new URL("known/vectors.json", import.meta.url)));

test("known answers", async () => {
    const modules = {};
    for (const name of MODULES) {
        modules[name] = await import(`../../assets/ballot/${name}.js`);
    }
    assert.deepEqual(await knownAnswers(modules, vectors), []);
    /* The check can fail. */
    vectors.signature.response += "1";
    assert.equal((await knownAnswers(modules, vectors)).length, 1);
});

test("a card: typed in any spacing; a wrong character is found", () => {
    for (let round = 0; round < 20; round++) {
        const card = newCard();
        assert.match(card, /^([1-9A-HJ-NP-Za-km-z]{3}-){4}[1-9A-HJ-NP-Za-km-z]{3}$/);
        assert.equal(readCard(card.replaceAll("-", "")), card);
        assert.equal(readCard(`  ${card.replaceAll("-", " – ")}\n`), card);
        assert.equal(readCard(card.slice(1)), null);
        assert.equal(readCard(`${card}1`), null);
        assert.equal(readCard(card.replace(/^./, "0")), null);
        /* The check is modulo 53: of 57 wrong digits at most one fits. */
        const others = [..."123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"]
            .filter((digit) => digit !== card[0] && readCard(digit + card.slice(1)) !== null);
        assert.ok(others.length <= 1);
    }
    assert.ok(isToken("3VfgFgLynFTL9M"));
    assert.ok(!isToken("3VfgFgLynFTL9l"));
});

test("numbers: read as they are written, below the limit", () => {
    assert.equal(read("0", q), 0n);
    for (const wrong of ["", "01", "-1", "+1", "1e3", " 1", "0x1", String(q), 1, null, undefined]) {
        assert.equal(read(wrong, q), null, String(wrong));
    }
    assert.equal(readSecret(`"${q - 1n}"\n`), q - 1n);
    assert.equal(readSecret("12 345\n67"), 1234567n);
    assert.equal(readSecret("12a"), null);
    for (const wrong of [0n, p, p + 1n, 2n, p - 1n]) {
        assert.ok(!isMember(wrong));
    }
    assert.ok(isMember(1n));
});

test("random numbers: below the limit, and of its whole range", () => {
    let most = 0n;
    for (let i = 0; i < 200; i++) {
        const value = randomScalar();
        assert.ok(value >= 0n && value < q);
        most = value > most ? value : most;
    }
    assert.ok(most > q / 10n * 9n); /* else 200 in 0.9 q: once in 10^9 */
    const seen = new Set();
    for (let i = 0; i < 2000; i++) {
        seen.add(randomBelow(58));
    }
    assert.equal(seen.size, 58);
    assert.ok([...seen].every((digit) => digit >= 0 && digit < 58));
});

test("choices: each kind of question", () => {
    const some = { answers: ["A", "B", "C"], blank: true, min: 1, max: 2 };
    const either = { answers: ["A", "B"], blank: false, min: 0, max: 1 };
    const allowed = (first, second) => areAllowed({ questions: [some, either] }, [first, second]);
    assert.ok(allowed([0, 1, 0, 1], [0, 0]));
    assert.ok(allowed([1, 0, 0, 0], [0, 1]));
    for (const wrong of [[0, 0, 0, 0], [1, 1, 0, 0], [0, 1, 1, 1], [0, 1, 0], [0, 2, 0, 0]]) {
        assert.ok(!allowed(wrong, [0, 0]), String(wrong));
    }
    assert.ok(!allowed([1, 0, 0, 0], [1, 1]));
    assert.ok(!areAllowed({ questions: [some, either] }, [[1, 0, 0, 0]]));
});

test("a list of public sides is sorted by number", () => {
    assert.equal(publicList([10n, 9n, 100n]), '["9","10","100"]');
});
