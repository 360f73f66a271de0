-- The account that signs in by this name.
-- name: account_by_login
-- result: one
-- in: login text
-- row: account
-- out: account_id text, login text, name text, password text?, administrator bool, active bool, language text, created int
SELECT account_id, login, name, password, administrator, active, language, created
FROM account WHERE login = :login;

-- An account.
-- name: account_by_id
-- result: one
-- in: account_id text
-- row: account
SELECT account_id, login, name, password, administrator, active, language, created
FROM account WHERE account_id = :account_id;

-- A new account, without a password.
-- name: account_add
-- result: none
-- in: account_id text, login text, name text, administrator bool, language text, created int
INSERT INTO account (account_id, login, name, password, administrator, active, language, created)
VALUES (:account_id, :login, :name, NULL, :administrator, 1, :language, :created);

-- The password; NULL takes it away.
-- name: account_set_password
-- result: none
-- in: account_id text, password text?
UPDATE account SET password = :password WHERE account_id = :account_id;

-- May the account sign in?
-- name: account_set_active
-- result: none
-- in: account_id text, active bool
UPDATE account SET active = :active WHERE account_id = :account_id;

-- The language of its pages.
-- name: account_set_language
-- result: none
-- in: account_id text, language text
UPDATE account SET language = :language WHERE account_id = :account_id;

-- Accounts in the order of their logins, from behind one on.
-- name: account_list
-- result: many
-- in: after text, count int
-- out: account_id text, login text, name text, has_password bool, administrator bool, active bool
SELECT account_id, login, name, CASE WHEN password IS NULL THEN 0 ELSE 1 END, administrator, active
FROM account WHERE login > :after ORDER BY login LIMIT :count;

-- A link with which the password is set, once.
-- name: account_link_add
-- result: none
-- in: token_hash text, account_id text, expires int
INSERT INTO account_link (token_hash, account_id, expires) VALUES (:token_hash, :account_id, :expires)
ON CONFLICT (token_hash) DO UPDATE SET expires = excluded.expires;

-- Whose link it is.
-- name: account_link
-- result: one
-- in: token_hash text
-- out: account_id text, expires int, login text, name text, active bool
SELECT l.account_id, l.expires, a.login, a.name, a.active
FROM account_link l JOIN account a ON a.account_id = l.account_id
WHERE l.token_hash = :token_hash;

-- All links of an account are void.
-- name: account_link_remove
-- result: none
-- in: account_id text
DELETE FROM account_link WHERE account_id = :account_id;

-- Links that nobody used in time.
-- name: account_link_expire
-- result: none
-- scan: links are few, and this is housekeeping
-- in: now int
DELETE FROM account_link WHERE expires < :now;

-- What an account may do, with its scopes' names; NULL where the scope isn't there.
-- name: account_roles
-- homes: an account has its roles wherever they are
-- result: many
-- in: account_id text
-- out: home_id text, role text, scope_id text, scope_name text?
SELECT r.home_id, r.role, r.scope_id, COALESCE(a.name, u.name)
FROM account_role r
LEFT JOIN authority a ON a.home_id = r.home_id AND a.authority_id = r.scope_id AND r.role IN ('officer', 'observer')
LEFT JOIN unit u ON u.home_id = r.home_id AND u.unit_id = r.scope_id AND r.role IN ('leader', 'unit_officer')
WHERE r.account_id = :account_id
ORDER BY r.home_id, r.role, r.scope_id;

-- The account may do more.
-- name: account_role_add
-- result: none
-- in: account_id text, home_id text, role text, scope_id text
INSERT INTO account_role (account_id, home_id, role, scope_id) VALUES (:account_id, :home_id, :role, :scope_id)
ON CONFLICT (account_id, home_id, role, scope_id) DO UPDATE SET role = excluded.role;

-- Is it given the role?
-- name: account_role_has
-- result: one
-- in: account_id text, home_id text, role text, scope_id text
-- out: role text
SELECT role FROM account_role
WHERE account_id = :account_id AND home_id = :home_id AND role = :role AND scope_id = :scope_id;

-- The account may do less.
-- name: account_role_remove
-- result: none
-- in: account_id text, home_id text, role text, scope_id text
DELETE FROM account_role
WHERE account_id = :account_id AND home_id = :home_id AND role = :role AND scope_id = :scope_id;

-- The authority's home and name.
-- name: account_scope_authority
-- result: many
-- scan: roles are given rarely, and the command line knows the scope's id only
-- homes: the home is what is asked for
-- in: scope_id text
-- row: account_scope
-- out: home_id text, name text
SELECT home_id, name FROM authority WHERE authority_id = :scope_id ORDER BY home_id LIMIT 2;

-- The unit's home and name.
-- name: account_scope_unit
-- result: many
-- scan: as above
-- homes: as above
-- in: scope_id text
-- row: account_scope
SELECT home_id, name FROM unit WHERE unit_id = :scope_id ORDER BY home_id LIMIT 2;

-- How often a subject failed to sign in, and when last.
-- name: throttle
-- result: one
-- in: subject text
-- out: failures int, last int
SELECT failures, last FROM throttle WHERE subject = :subject;

-- The subject's count is another now.
-- name: throttle_set
-- result: none
-- in: subject text, failures int, last int
INSERT INTO throttle (subject, failures, last) VALUES (:subject, :failures, :last)
ON CONFLICT (subject) DO UPDATE SET failures = excluded.failures, last = excluded.last;

-- The subject has a clean slate.
-- name: throttle_remove
-- result: none
-- in: subject text
DELETE FROM throttle WHERE subject = :subject;

-- What is so old that it counts no more.
-- name: throttle_expire
-- result: none
-- in: before int
DELETE FROM throttle WHERE last < :before;
