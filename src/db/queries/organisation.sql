-- Authorities, units and blocs.

-- Begin a home.
-- name: home_insert
-- result: none
-- in: home_id text, created int
INSERT INTO home (home_id, created) VALUES (:home_id, :created);

-- An authority of any home, for an administrator.
-- name: authority_all
-- result: many
-- row: authority
-- out: home_id text, authority_id text, parent_id text?, parent_name text?, name text, council text, standing_office text, version int
-- homes: an administrator keeps them all
-- scan: every authority of the installation is asked for
SELECT a.home_id, a.authority_id, a.parent_id, p.name, a.name, a.council, a.standing_office, a.version
FROM authority a
LEFT JOIN authority p ON p.home_id = a.home_id AND p.authority_id = a.parent_id
ORDER BY a.name, a.home_id, a.authority_id;

-- All authorities of a home: a handful, from which the tree is made.
-- name: authority_of_home
-- result: many
-- in: home_id text
-- row: authority
SELECT a.home_id, a.authority_id, a.parent_id, p.name, a.name, a.council, a.standing_office, a.version
FROM authority a
LEFT JOIN authority p ON p.home_id = a.home_id AND p.authority_id = a.parent_id
WHERE a.home_id = :home_id
ORDER BY a.name, a.authority_id;

-- One authority.
-- name: authority_one
-- result: one
-- in: home_id text, authority_id text
-- row: authority
SELECT a.home_id, a.authority_id, a.parent_id, p.name, a.name, a.council, a.standing_office, a.version
FROM authority a
LEFT JOIN authority p ON p.home_id = a.home_id AND p.authority_id = a.parent_id
WHERE a.home_id = :home_id AND a.authority_id = :authority_id;

-- A new authority.
-- name: authority_insert
-- result: none
-- in: home_id text, authority_id text, parent_id text?, name text, council text, standing_office text
INSERT INTO authority (home_id, authority_id, parent_id, name, council, standing_office, version)
VALUES (:home_id, :authority_id, :parent_id, :name, :council, :standing_office, 1);

-- Change an authority that is still as it was seen.
-- name: authority_update
-- result: none
-- in: home_id text, authority_id text, name text, council text, standing_office text, version int
UPDATE authority
SET name = :name, council = :council, standing_office = :standing_office, version = version + 1
WHERE home_id = :home_id AND authority_id = :authority_id AND version = :version;

-- The units whose particulars an authority keeps.
-- name: unit_of_authority
-- result: many
-- in: home_id text, authority_id text
-- row: unit
-- out: home_id text, unit_id text, authority_id text, authority_name text, code text, name text, version int
SELECT u.home_id, u.unit_id, u.authority_id, a.name, u.code, u.name, u.version
FROM unit u
JOIN authority a ON a.home_id = u.home_id AND a.authority_id = u.authority_id
WHERE u.home_id = :home_id AND u.authority_id = :authority_id
ORDER BY u.name, u.unit_id;

-- One unit.
-- name: unit_one
-- result: one
-- in: home_id text, unit_id text
-- row: unit
SELECT u.home_id, u.unit_id, u.authority_id, a.name, u.code, u.name, u.version
FROM unit u
JOIN authority a ON a.home_id = u.home_id AND a.authority_id = u.authority_id
WHERE u.home_id = :home_id AND u.unit_id = :unit_id;

-- A unit by its code.
-- name: unit_by_code
-- result: one
-- in: home_id text, code text
-- out: unit_id text
SELECT unit_id FROM unit WHERE home_id = :home_id AND code = :code;

-- A new unit.
-- name: unit_insert
-- result: none
-- in: home_id text, unit_id text, authority_id text, code text, name text
INSERT INTO unit (home_id, unit_id, authority_id, code, name, version)
VALUES (:home_id, :unit_id, :authority_id, :code, :name, 1);

-- Change a unit that is still as it was seen.
-- name: unit_update
-- result: none
-- in: home_id text, unit_id text, code text, name text, version int
UPDATE unit SET code = :code, name = :name, version = version + 1
WHERE home_id = :home_id AND unit_id = :unit_id AND version = :version;

-- The blocs that an authority answers for on a day.
-- name: bloc_of_authority
-- result: many
-- in: home_id text, authority_id text, day text
-- row: bloc
-- out: home_id text, bloc_id text, kind text, name text, authority_id text, authority_name text, since text, version int
SELECT b.home_id, b.bloc_id, b.kind, b.name, ba.authority_id, a.name, ba.since, b.version
FROM bloc_authority ba
JOIN bloc b ON b.home_id = ba.home_id AND b.bloc_id = ba.bloc_id
JOIN authority a ON a.home_id = ba.home_id AND a.authority_id = ba.authority_id
WHERE ba.home_id = :home_id AND ba.authority_id = :authority_id
  AND ba.since = (SELECT MAX(later.since) FROM bloc_authority later
                  WHERE later.home_id = ba.home_id AND later.bloc_id = ba.bloc_id
                    AND later.since <= :day)
ORDER BY b.name, b.bloc_id;

-- One bloc with who answers for it on a day.
-- name: bloc_one
-- result: one
-- in: home_id text, bloc_id text, day text
-- row: bloc
SELECT b.home_id, b.bloc_id, b.kind, b.name, ba.authority_id, a.name, ba.since, b.version
FROM bloc b
JOIN bloc_authority ba ON ba.home_id = b.home_id AND ba.bloc_id = b.bloc_id
JOIN authority a ON a.home_id = ba.home_id AND a.authority_id = ba.authority_id
WHERE b.home_id = :home_id AND b.bloc_id = :bloc_id
  AND ba.since = (SELECT MAX(later.since) FROM bloc_authority later
                  WHERE later.home_id = b.home_id AND later.bloc_id = b.bloc_id
                    AND later.since <= :day);

-- A new bloc.
-- name: bloc_insert
-- result: none
-- in: home_id text, bloc_id text, kind text, name text
INSERT INTO bloc (home_id, bloc_id, kind, name, version)
VALUES (:home_id, :bloc_id, :kind, :name, 1);

-- Change a bloc that is still as it was seen.
-- name: bloc_update
-- result: none
-- in: home_id text, bloc_id text, kind text, name text, version int
UPDATE bloc SET kind = :kind, name = :name, version = version + 1
WHERE home_id = :home_id AND bloc_id = :bloc_id AND version = :version;

-- Say who answers for a bloc from a day on.
-- name: bloc_authority_put
-- result: none
-- in: home_id text, bloc_id text, since text, authority_id text
INSERT INTO bloc_authority (home_id, bloc_id, since, authority_id)
VALUES (:home_id, :bloc_id, :since, :authority_id)
ON CONFLICT (home_id, bloc_id, since) DO UPDATE SET authority_id = excluded.authority_id;
