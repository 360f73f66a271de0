-- What the installation is for.
-- name: installation
-- result: one
-- out: purpose text, created int
SELECT purpose, created FROM installation WHERE one = 1;

-- The installation begins.
-- name: installation_add
-- result: none
-- in: purpose text, created int
INSERT INTO installation (one, purpose, created) VALUES (1, :purpose, :created);

-- How many administrators can sign in or could once they choose a password.
-- name: installation_administrators
-- result: one
-- scan: accounts are few, and this is asked when the program starts
-- out: administrators int, ready int
SELECT CAST(COUNT(*) AS BIGINT), CAST(COALESCE(SUM(CASE WHEN password IS NULL THEN 0 ELSE 1 END), 0) AS BIGINT)
FROM account WHERE administrator = 1 AND active = 1;

-- The administrator who was there first and has no password yet.
-- name: installation_first_administrator
-- result: one
-- scan: as above
-- out: account_id text, login text
SELECT account_id, login FROM account
WHERE administrator = 1 AND active = 1 AND password IS NULL
ORDER BY created, account_id LIMIT 1;
