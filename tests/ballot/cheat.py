"""What somebody can make who holds a voter's card or a trustee's key and a program of their own."""

import hashlib
import itertools
import json
import secrets

import bel

P = int("a3ef2d011fefb1b6e39e568fccdffb0fb7dc7ef3a791b6862791811d21fc35f21e6d36856b428030421f514e"
        "d40bfd4c06e092a495af8d79a2f85e0fb11c0ede07dd973f9c53e50930c6e82ac36de1ae3fb8c3aabfff12ce"
        "27a5022ddd8912d107435012768a2cdd0a4091d8fa447f6c7ebc15a349fa318a6b4fe17d8d47e843a3e14dfa"
        "9b2162f4d7229abe93a188b46b006517d6f6747ebbb29c9ec3099b607f18fb1a8bc858279aa8599411d998d3"
        "e3fada9e010840d082d8c31911acdd4a0e7992d0f18cc759cb5de0acf66a3882555bc810941e021b6a4ccfa0"
        "4ee4008f878affa2375e2999b44f6cef17d707301e59e0e6351e051ed9cec4157646e64f", 16)
Q = 78571733251071885079927659812671450121821421258408794611510081919805623223441
G = int("1307c1ab5f295885d7caa3a78a42415e31fd1c5807b61fb1e781878a52230a51988b98c259597f9c5a9dfd00"
        "1d26ba31d9d8976f01d95a1c8262ee68a0e92cea541e5219e0d0d094301b894236823fe1d4bc04e29f3748ae"
        "fd4f10d5b1a356a8643e673fd9d215fc8fe5fb9cf9fdb8ea88fdb1a3381a697fdf9c2458570b06d26aef1be3"
        "65fdd90165f397c6b870df8c1b9e519edcee8bb0f74b7a1615a274ba60a7ea574a61f552d2dde0ce514e0927"
        "c4ff49b1964c4a913731ae4268d60d7f22127b6cbba44d453ac8b72fd04e0991b7aeff04867d8724ac638f5f"
        "34100d2d47aa680d43771902743d663f42d853c041e1c91fe3823f4bcf284308f1d7e653", 16)


def challenge(text):
    return int(hashlib.sha256(text.encode()).hexdigest(), 16) % Q


def secret_of(card, uuid):
    return int.from_bytes(hashlib.pbkdf2_hmac("sha256", card.encode(), uuid.encode(), 1000),
                          "big") % Q


def know(prefix, secret):
    w = secrets.randbelow(Q)
    c = challenge(f"{prefix}{pow(G, w, P)}")
    return {"challenge": str(c), "response": str((w - secret * c) % Q)}


def signed(value, secret):
    """The ballot with a new signature, of this secret."""
    value = {key: value[key] for key in value if key != "signature"}
    hashed = bel.tracker(bel.compact(value))
    return bel.compact(value | {"signature": {"hash": hashed,
                                              "proof": know(f"sig|{hashed}|", secret)}})


def either(prefix, y, branches, truth, r):
    """An OR-proof with even challenges only: what is multiplied by -1 doesn't change it."""
    for _ in itertools.count():
        proofs, text, w = [], [], secrets.randbelow(Q)
        for i, (a, b) in enumerate(branches):
            c, response = (0, w) if i == truth else (2 * secrets.randbelow(Q // 2),
                                                     secrets.randbelow(Q))
            proofs.append([c, response])
            text += [pow(G, response, P) * pow(a, c, P) % P, pow(y, response, P) * pow(b, c, P) % P]
        c = (challenge(prefix + ",".join(map(str, text))) - sum(p[0] for p in proofs)) % Q
        if c % 2 == 0:
            proofs[truth] = [c, (w - r * c) % Q]
            return [{"challenge": str(c), "response": str(response)} for c, response in proofs]


def outside(ballot, election, secret, answer):
    """The ballot with an answer of no choice, whose first alpha is multiplied by -1; every proof of
    it holds."""
    value, question = json.loads(ballot), election["questions"][answer]
    y, n = int(election["public_key"]), len(question["answers"])
    signer = f"{value['election_hash']}|{value['credential']}"
    nonces = [secrets.randbelow(Q) for _ in range(n)]
    slots = [(pow(G, r, P), pow(y, r, P)) for r in nonces]
    slots[0] = (P - slots[0][0], slots[0][1])
    lowered = pow(G, -1, P)
    bits = [either(f"prove|{signer}|{a},{b}|", y, [(a, b), (a, b * lowered % P)], 0, r)
            for (a, b), r in zip(slots, nonces)]
    alpha, beta = 1, 1
    for a, b in slots:
        alpha, beta = alpha * a % P, beta * b % P
    texts = ",".join(f"{a},{b}" for a, b in slots)
    overall = either(f"prove|{signer}|{texts}|{alpha},{beta}|", y,
                     [(alpha, beta * pow(lowered, m, P) % P)
                      for m in range(question["min"], question["max"] + 1)], 0, sum(nonces))
    value["answers"][answer] = {
        "choices": [{"alpha": str(a), "beta": str(b)} for a, b in slots],
        "individual_proofs": bits, "overall_proof": overall}
    return signed(value, secret)


def decryption(value, fingerprint, key, alphas, at):
    """The decryption with one factor multiplied by -1; its proof, with an even challenge, holds."""
    question, slot = at
    factor = P - pow(alphas[question][slot], key, P)
    for _ in itertools.count():
        w = secrets.randbelow(Q)
        c = challenge(f"decrypt|{fingerprint}|{pow(G, key, P)}|{pow(G, w, P)},"
                      f"{pow(alphas[question][slot], w, P)}")
        if c % 2 == 0:
            break
    value["decryption_factors"][question][slot] = str(factor)
    value["decryption_proofs"][question][slot] = {"challenge": str(c),
                                                  "response": str((w - key * c) % Q)}
