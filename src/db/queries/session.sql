-- Someone signed in.
-- name: session_add
-- result: none
-- in: token_hash text, account_id text, created int, ends int
INSERT INTO session (token_hash, account_id, created, seen, ends)
VALUES (:token_hash, :account_id, :created, :created, :ends);

-- The session and whose it is.
-- name: session
-- result: one
-- in: token_hash text
-- out: account_id text, seen int, ends int, login text, name text, administrator bool, active bool, language text
SELECT s.account_id, s.seen, s.ends, a.login, a.name, a.administrator, a.active, a.language
FROM session s JOIN account a ON a.account_id = s.account_id
WHERE s.token_hash = :token_hash;

-- The session was used.
-- name: session_touch
-- result: none
-- in: token_hash text, seen int
UPDATE session SET seen = :seen WHERE token_hash = :token_hash;

-- The session is over.
-- name: session_remove
-- result: none
-- in: token_hash text
DELETE FROM session WHERE token_hash = :token_hash;

-- All sessions of an account are over, but for one.
-- name: session_remove_others
-- result: none
-- in: account_id text, kept text
DELETE FROM session WHERE account_id = :account_id AND token_hash <> :kept;

-- Sessions that have lasted as long as any can.
-- name: session_expire
-- result: none
-- in: now int
DELETE FROM session WHERE ends < :now;
