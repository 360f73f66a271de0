-- The last entry of a chain.
-- name: audit_head
-- result: one
-- in: home_id text, chain text
-- out: seq int, hash text
SELECT seq, hash FROM audit_head WHERE home_id = :home_id AND chain = :chain;

-- The chain's last entry is another now.
-- name: audit_head_set
-- result: none
-- in: home_id text, chain text, seq int, hash text
INSERT INTO audit_head (home_id, chain, seq, hash) VALUES (:home_id, :chain, :seq, :hash)
ON CONFLICT (home_id, chain) DO UPDATE SET seq = excluded.seq, hash = excluded.hash;

-- One more entry at the end of a chain.
-- name: audit_entry_add
-- result: none
-- in: home_id text, chain text, seq int, at int, account_id text, for_id text, verb text, object text, payload_hash text, previous_hash text, hash text
INSERT INTO audit_entry (home_id, chain, seq, at, account_id, for_id, verb, object, payload_hash, previous_hash, hash)
VALUES (:home_id, :chain, :seq, :at, :account_id, :for_id, :verb, :object, :payload_hash, :previous_hash, :hash);

-- What an entry says was there and is there now.
-- name: audit_payload_add
-- result: none
-- in: home_id text, chain text, seq int, salt text, old_text text?, new_text text?
INSERT INTO audit_payload (home_id, chain, seq, salt, old_text, new_text)
VALUES (:home_id, :chain, :seq, :salt, :old_text, :new_text);

-- Entries of all chains in order, from behind one on; salt is NULL where the payload was erased. That
-- the payloads lie behind it too is said for PostgreSQL, which would merge them from the first one on.
-- name: audit_entries_after
-- result: many
-- in: home_id text, chain text, seq int, count int
-- out: home_id text, chain text, seq int, at int, account_id text, for_id text, verb text, object text, payload_hash text, previous_hash text, hash text, salt text?, old_text text?, new_text text?
SELECT e.home_id, e.chain, e.seq, e.at, e.account_id, e.for_id, e.verb, e.object, e.payload_hash, e.previous_hash, e.hash,
    p.salt, p.old_text, p.new_text
FROM audit_entry e
LEFT JOIN audit_payload p ON p.home_id = e.home_id AND p.chain = e.chain AND p.seq = e.seq
    AND (p.home_id, p.chain, p.seq) > (:home_id, :chain, :seq)
WHERE (e.home_id, e.chain, e.seq) > (:home_id, :chain, :seq)
ORDER BY e.home_id, e.chain, e.seq
LIMIT :count;

-- Heads of all chains in order, from behind one on, each with whether its chain has any entry.
-- name: audit_heads_after
-- result: many
-- in: home_id text, chain text, count int
-- out: home_id text, chain text, seq int, has_entry bool
SELECT h.home_id, h.chain, h.seq,
    CASE WHEN EXISTS (SELECT 1 FROM audit_entry e WHERE e.home_id = h.home_id AND e.chain = h.chain) THEN 1 ELSE 0 END
FROM audit_head h
WHERE (h.home_id, h.chain) > (:home_id, :chain)
ORDER BY h.home_id, h.chain
LIMIT :count;

-- The first time that something was done, by its verb.
-- name: audit_first
-- result: one
-- in: home_id text, chain text, verb text
-- out: seq int
SELECT seq FROM audit_entry
WHERE home_id = :home_id AND chain = :chain AND verb = :verb
ORDER BY seq LIMIT 1;
