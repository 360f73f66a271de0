-- A bloc's year.

-- A year with its bloc and who answers for it on a day.
-- name: year_one
-- result: one
-- in: home_id text, year_id text, day text
-- out: label text, first_year int, bloc_id text, bloc_name text, kind text, authority_id text, authority_name text, council text, standing_office text, regulation_id text?, as_of text?, released int?, version int
SELECT y.label, y.first_year, y.bloc_id, b.name, b.kind, a.authority_id, a.name, a.council,
       a.standing_office, y.regulation_id, y.as_of, y.released, y.version
FROM year y
JOIN bloc b ON b.home_id = y.home_id AND b.bloc_id = y.bloc_id
JOIN bloc_authority ba ON ba.home_id = b.home_id AND ba.bloc_id = b.bloc_id
JOIN authority a ON a.home_id = ba.home_id AND a.authority_id = ba.authority_id
WHERE y.home_id = :home_id AND y.year_id = :year_id
  AND ba.since = (SELECT MAX(later.since) FROM bloc_authority later
                  WHERE later.home_id = b.home_id AND later.bloc_id = b.bloc_id
                    AND later.since <= :day);

-- Years of a bloc.
-- name: year_of_bloc
-- result: many
-- in: home_id text, bloc_id text
-- row: year_brief
-- out: home_id text, year_id text, label text, bloc_id text, bloc_name text, kind text
SELECT y.home_id, y.year_id, y.label, y.bloc_id, b.name, b.kind
FROM year y
JOIN bloc b ON b.home_id = y.home_id AND b.bloc_id = y.bloc_id
WHERE y.home_id = :home_id AND y.bloc_id = :bloc_id
ORDER BY y.label DESC;

-- Years in which a unit is a member.
-- name: year_of_unit
-- result: many
-- in: home_id text, unit_id text, most int
-- row: year_brief
SELECT y.home_id, y.year_id, y.label, y.bloc_id, b.name, b.kind
FROM member m
JOIN year y ON y.home_id = m.home_id AND y.year_id = m.year_id
JOIN bloc b ON b.home_id = y.home_id AND b.bloc_id = y.bloc_id
WHERE m.home_id = :home_id AND m.unit_id = :unit_id
ORDER BY y.label DESC, b.name, y.year_id
LIMIT :most;

-- Years of the blocs that an authority answers for on a day.
-- name: year_of_authority
-- result: many
-- in: home_id text, authority_id text, day text, most int
-- row: year_brief
SELECT y.home_id, y.year_id, y.label, y.bloc_id, b.name, b.kind
FROM bloc_authority ba
JOIN bloc b ON b.home_id = ba.home_id AND b.bloc_id = ba.bloc_id
JOIN year y ON y.home_id = b.home_id AND y.bloc_id = b.bloc_id
WHERE ba.home_id = :home_id AND ba.authority_id = :authority_id
  AND ba.since = (SELECT MAX(later.since) FROM bloc_authority later
                  WHERE later.home_id = ba.home_id AND later.bloc_id = ba.bloc_id
                    AND later.since <= :day)
ORDER BY y.label DESC, b.name, y.year_id
LIMIT :most;

-- Begin a year.
-- name: year_insert
-- result: none
-- in: home_id text, year_id text, bloc_id text, label text, first_year int, regulation_id text?, as_of text?
INSERT INTO year (home_id, year_id, bloc_id, label, first_year, regulation_id, as_of, version)
VALUES (:home_id, :year_id, :bloc_id, :label, :first_year, :regulation_id, :as_of, 1);

-- Choose the rules of a year that is still as it was seen.
-- name: year_update_rules
-- result: none
-- in: home_id text, year_id text, regulation_id text?, as_of text?, version int
UPDATE year SET regulation_id = :regulation_id, as_of = :as_of, version = version + 1
WHERE home_id = :home_id AND year_id = :year_id AND version = :version;

-- The year was changed.
-- name: year_touch
-- result: none
-- in: home_id text, year_id text, version int
UPDATE year SET version = version + 1
WHERE home_id = :home_id AND year_id = :year_id AND version = :version;

-- Open the sheets to all members.
-- name: year_release
-- result: none
-- in: home_id text, year_id text, released int
UPDATE year SET released = :released, version = version + 1
WHERE home_id = :home_id AND year_id = :year_id AND released IS NULL;

-- The members of a year in their order.
-- name: member_of_year
-- result: many
-- in: home_id text, year_id text
-- out: unit_id text, code text, name text
SELECT unit_id, code, name FROM member
WHERE home_id = :home_id AND year_id = :year_id
ORDER BY position, unit_id;

-- Put a member, as its unit is named now.
-- name: member_put
-- result: none
-- in: home_id text, year_id text, unit_id text, position int
INSERT INTO member (home_id, year_id, unit_id, position, code, name)
SELECT u.home_id, :year_id, u.unit_id, :position, u.code, u.name
FROM unit u WHERE u.home_id = :home_id AND u.unit_id = :unit_id
ON CONFLICT (home_id, year_id, unit_id) DO UPDATE SET position = excluded.position;

-- Put a member under the code and name that it had that year.
-- name: member_insert_as
-- result: none
-- in: home_id text, year_id text, unit_id text, position int, code text, name text
INSERT INTO member (home_id, year_id, unit_id, position, code, name)
VALUES (:home_id, :year_id, :unit_id, :position, :code, :name);

-- Take out a member that nothing refers to.
-- name: member_delete
-- result: none
-- in: home_id text, year_id text, unit_id text
DELETE FROM member WHERE home_id = :home_id AND year_id = :year_id AND unit_id = :unit_id;

-- Terms of head and deputy, in their order.
-- name: term_of_year
-- result: many
-- in: home_id text, year_id text
-- out: role text, since text, unit_id text, until text?
SELECT role, since, unit_id, until FROM year_role
WHERE home_id = :home_id AND year_id = :year_id
ORDER BY since, role;

-- Begin a term.
-- name: term_put
-- result: none
-- in: home_id text, year_id text, role text, since text, unit_id text
INSERT INTO year_role (home_id, year_id, role, since, unit_id)
VALUES (:home_id, :year_id, :role, :since, :unit_id)
ON CONFLICT (home_id, year_id, role, since) DO UPDATE SET unit_id = excluded.unit_id, until = NULL;

-- End the terms that were running when another began.
-- name: term_end
-- result: none
-- in: home_id text, year_id text, role text, since text, until text
UPDATE year_role SET until = :until
WHERE home_id = :home_id AND year_id = :year_id AND role = :role AND since < :since
  AND (until IS NULL OR until > :until);

-- Targets of a year.
-- name: target_of_year
-- result: many
-- in: home_id text, year_id text
-- out: unit_id text, item text, value int, basis int
SELECT unit_id, item, value, basis FROM target WHERE home_id = :home_id AND year_id = :year_id;

-- Targets of a unit.
-- name: target_of_unit
-- result: many
-- in: home_id text, year_id text, unit_id text
-- out: item text, value int, basis int
SELECT item, value, basis FROM target
WHERE home_id = :home_id AND year_id = :year_id AND unit_id = :unit_id;

-- Set a target; its basis stays.
-- name: target_put
-- result: none
-- in: home_id text, year_id text, unit_id text, item text, value int, basis int
INSERT INTO target (home_id, year_id, unit_id, item, value, basis)
VALUES (:home_id, :year_id, :unit_id, :item, :value, :basis)
ON CONFLICT (home_id, year_id, unit_id, item) DO UPDATE SET value = excluded.value;

-- Take a target away.
-- name: target_delete
-- result: none
-- in: home_id text, year_id text, unit_id text, item text
DELETE FROM target
WHERE home_id = :home_id AND year_id = :year_id AND unit_id = :unit_id AND item = :item;

-- What did not arise in a year.
-- name: not_arisen_of_year
-- result: many
-- in: home_id text, year_id text
-- out: unit_id text, item text, reason text
SELECT unit_id, item, reason FROM not_arisen WHERE home_id = :home_id AND year_id = :year_id;

-- What did not arise for a unit.
-- name: not_arisen_of_unit
-- result: many
-- in: home_id text, year_id text, unit_id text
-- out: item text, reason text
SELECT item, reason FROM not_arisen
WHERE home_id = :home_id AND year_id = :year_id AND unit_id = :unit_id;

-- Say that an item did not arise.
-- name: not_arisen_put
-- result: none
-- in: home_id text, year_id text, unit_id text, item text, reason text
INSERT INTO not_arisen (home_id, year_id, unit_id, item, reason)
VALUES (:home_id, :year_id, :unit_id, :item, :reason)
ON CONFLICT (home_id, year_id, unit_id, item) DO UPDATE SET reason = excluded.reason;

-- The other lists of a year.
-- name: part_of_year
-- result: many
-- in: home_id text, year_id text
-- out: part text, document text
SELECT part, document FROM year_part WHERE home_id = :home_id AND year_id = :year_id ORDER BY part;

-- Keep one of the other lists.
-- name: part_put
-- result: none
-- in: home_id text, year_id text, part text, document text
INSERT INTO year_part (home_id, year_id, part, document)
VALUES (:home_id, :year_id, :part, :document)
ON CONFLICT (home_id, year_id, part) DO UPDATE SET document = excluded.document;
