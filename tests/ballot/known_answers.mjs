/*
 * Known answers for assets/ballot, in node and in browsers: it imports nothing but what it tests, and
 * answers the list of what differs. `vectors` is known/vectors.json, made by an implementation that
 * shares no code with this one.
 */
export const MODULES = ["group", "digest", "proof", "card", "trustee"];

/* Random numbers that are these, one after the other. */
function sequence(...values) {
    const left = values.map(BigInt);
    return () => left.shift();
}

export async function knownAnswers(modules, vectors) {
    const { group, digest, proof, card, trustee } = modules;
    const { p, q, power, powers, raise, scalar } = group;
    const wrong = [];
    const same = (what, actual, expected) => {
        if (String(actual) !== String(expected)) {
            wrong.push(`${what}: ${actual} instead of ${expected}`);
        }
    };
    const sameProof = (what, actual, expected) => {
        same(`${what}, challenge`, actual.challenge, expected.challenge);
        same(`${what}, response`, actual.response, expected.response);
    };

    const { credential, pok, iproof, decrypt, signature } = vectors;
    same("SHA-256", await digest.base64("abc"), vectors.sha256_b64_of_abc);
    same("order of g", raise(q), 1n);
    same("order of p", (p - 1n) % q, 0n);
    same("table", powers(7n)(q - 1n), power(7n, q - 1n));
    same("a card", card.readCard(` ${credential.secret.replaceAll("-", " ")}`), credential.secret);
    same("a wrong card", card.readCard(credential.secret.replace("Q", "R")), null);
    const secret = await card.cardSecret(credential.secret, credential.uuid);
    same("card's secret", secret, credential.s);
    same("card's public side", raise(secret), credential.public);

    const y = raise(BigInt(pok.x)), text = await trustee.newTrustee(sequence(pok.x, pok.w));
    const made = JSON.parse(text.public);
    same("trustee's key", BigInt(made.public_key) % 10n ** 20n, pok.X_mod_1e20);
    sameProof("trustee's proof", made.pok, pok);
    same("trustee's proof holds", await trustee.isTrustee(made), true);
    made.pok.response = String(BigInt(made.pok.response) - 1n);
    same("another does not", await trustee.isTrustee(made), false);

    const nonce = BigInt(iproof.r), alpha = raise(nonce), beta = power(y, nonce) * raise(1n) % p;
    const signer = `${iproof.election_hash}|${credential.public}`;
    const proofs = await proof.proveOneOf(`prove|${signer}|${alpha},${beta}|`, powers(y),
        [{ nonce, message: 1n }, { nonce, message: 0n }], 1, sequence(...iproof.fake, iproof.w));
    sameProof("made-up branch", proofs[0],
        { challenge: iproof.fake[0], response: iproof.fake[1] });
    sameProof("true branch", proofs[1],
        { challenge: iproof.challenge1, response: iproof.response1 });

    const election = { fingerprint: iproof.election_hash };
    const part = JSON.parse(await trustee.makeDecryption(election, [[{ alpha: String(alpha) }]],
        BigInt(pok.x), { random: sequence(decrypt.w) }));
    same("factor", BigInt(part.decryption_factors[0][0]) % 10n ** 20n, decrypt.factor_mod_1e20);
    sameProof("decryption", part.decryption_proofs[0][0], decrypt);
    same("decrypted", beta * group.inverse(BigInt(part.decryption_factors[0][0])) % p, raise(1n));

    sameProof("signature", await proof.proveKnown(`sig|${signature.hash}|`, secret,
        sequence(signature.w)), signature);
    same("negative", scalar(-1n), q - 1n);
    return wrong;
}
