"""Archives of elections (.bel) read and written by tests, apart from the code that is tested.

An archive is a timestamp and a list of events; an event is a type and its data, the payload last.
write() names and chains whatever it is given, so a test can tell any lie consistently.
"""

import base64
import hashlib
import json
import pathlib

BLOCK = 512


def sha(data):
    return hashlib.sha256(data).hexdigest()


def record(name, data, timestamp):
    head = bytearray(BLOCK)

    def put(at, text):
        head[at:at + len(text)] = text

    put(0, name.encode())
    put(100, b"0000644")
    put(108, b"0000000")
    put(116, b"0000000")
    put(124, b"%011o" % len(data))
    put(136, b"%011o" % timestamp)
    put(148, b" " * 8)
    put(156, b"0")
    put(148, b"%06o\0 " % sum(head))
    return bytes(head) + data + bytes(-len(data) % BLOCK)


def read(path):
    """The timestamp, and [(type, [data…])…]."""
    data, at, events, parts = pathlib.Path(path).read_bytes(), 0, [], []
    timestamp = int(data[136:147], 8)
    while at < len(data):
        name = data[at:at + 100].rstrip(b"\0").decode()
        size = int(data[at + 124:at + 135], 8)
        body = data[at + BLOCK:at + BLOCK + size]
        at += BLOCK + -(-size // BLOCK) * BLOCK
        if name.endswith(".data.json"):
            parts.append(body)
        elif name.endswith(".event.json"):
            events.append((json.loads(body)["type"], parts))
            parts = []
    return timestamp, events


def code(path, kind="EndBallots"):
    """The name of the archive's event of this type, as it stands in the minutes; "" without one."""
    data, at, found = pathlib.Path(path).read_bytes(), 0, ""
    while at < len(data):
        name = data[at:at + 100].rstrip(b"\0").decode()
        size = int(data[at + 124:at + 135], 8)
        if name.endswith(".event.json") and json.loads(
                data[at + BLOCK:at + BLOCK + size])["type"] == kind:
            found = name[:64]
        at += BLOCK + -(-size // BLOCK) * BLOCK
    return found


def write(timestamp, events, change=lambda event: None):
    """The bytes of an archive of these events; change may change each event before it is named."""
    out = [record("BELENIOS", b'{"version":1,"timestamp":"%d"}' % timestamp, timestamp)]
    parent, stored = None, set()
    for height, (kind, parts) in enumerate(events):
        for part in parts:
            if sha(part) not in stored:
                out.append(record(sha(part) + ".data.json", part, timestamp))
        event = ({} if parent is None else {"parent": parent}) | {"height": height, "type": kind}
        if parts:
            event["payload"] = sha(parts[-1])
        change(event)
        body = json.dumps(event, separators=(",", ":")).encode()
        parent = sha(body)
        out.append(record(parent + ".event.json", body, timestamp))
    return b"".join(out)


def setup_of(election, trustees, credentials):
    """The data of a Setup."""
    names = {"election": sha(election), "trustees": sha(trustees),
             "credentials": sha(credentials)}
    return [election, trustees, credentials, compact(names)]


def tally_of(count, tally):
    return [tally, compact({"num_tallied": count, "total_weight": count,
                            "encrypted_tally": sha(tally)})]


def decryption_of(owner, decryption):
    return [decryption, compact({"owner": owner, "payload": sha(decryption)})]


def compact(value):
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def tracker(data):
    return base64.b64encode(hashlib.sha256(data).digest()).decode().rstrip("=")
