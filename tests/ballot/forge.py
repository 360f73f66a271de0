"""Signing as a card does, apart from the code that is tested: what only a cheating voter has."""

import base64
import hashlib
import secrets

# BELENIOS-2048
P = int("a3ef2d011fefb1b6e39e568fccdffb0fb7dc7ef3a791b6862791811d21fc35f21e6d36856b428030"
        "421f514ed40bfd4c06e092a495af8d79a2f85e0fb11c0ede07dd973f9c53e50930c6e82ac36de1ae"
        "3fb8c3aabfff12ce27a5022ddd8912d107435012768a2cdd0a4091d8fa447f6c7ebc15a349fa318a"
        "6b4fe17d8d47e843a3e14dfa9b2162f4d7229abe93a188b46b006517d6f6747ebbb29c9ec3099b60"
        "7f18fb1a8bc858279aa8599411d998d3e3fada9e010840d082d8c31911acdd4a0e7992d0f18cc759"
        "cb5de0acf66a3882555bc810941e021b6a4ccfa04ee4008f878affa2375e2999b44f6cef17d70730"
        "1e59e0e6351e051ed9cec4157646e64f", 16)
G = int("1307c1ab5f295885d7caa3a78a42415e31fd1c5807b61fb1e781878a52230a51988b98c259597f9c"
        "5a9dfd001d26ba31d9d8976f01d95a1c8262ee68a0e92cea541e5219e0d0d094301b894236823fe1"
        "d4bc04e29f3748aefd4f10d5b1a356a8643e673fd9d215fc8fe5fb9cf9fdb8ea88fdb1a3381a697f"
        "df9c2458570b06d26aef1be365fdd90165f397c6b870df8c1b9e519edcee8bb0f74b7a1615a274ba"
        "60a7ea574a61f552d2dde0ce514e0927c4ff49b1964c4a913731ae4268d60d7f22127b6cbba44d45"
        "3ac8b72fd04e0991b7aeff04867d8724ac638f5f34100d2d47aa680d43771902743d663f42d853c0"
        "41e1c91fe3823f4bcf284308f1d7e653", 16)
Q = 78571733251071885079927659812671450121821421258408794611510081919805623223441


def secret_of(card, uuid):
    made = hashlib.pbkdf2_hmac("sha256", card.encode(), uuid.encode(), 1000)
    return int.from_bytes(made, "big") % Q


def signed(uuid, card, ballot):
    """The ballot's text with a new signature of the card, whatever else is in it."""
    text = ballot[:ballot.index(b',"signature":')]
    digest = base64.b64encode(hashlib.sha256(text + b"}").digest()).decode().rstrip("=")
    nonce = secrets.randbelow(Q)
    commitment = pow(G, nonce, P)
    challenge = int.from_bytes(
        hashlib.sha256(f"sig|{digest}|{commitment}".encode()).digest(), "big") % Q
    response = (nonce - secret_of(card, uuid) * challenge) % Q
    return text + (f',"signature":{{"hash":"{digest}","proof":{{"challenge":"{challenge}",'
                   f'"response":"{response}"}}}}}}').encode()
