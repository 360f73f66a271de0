-- Statements of the drivers' tests.

-- Make a counter, or set it.
-- name: counter_set
-- result: none
-- in: home_id text, name text, value int
INSERT INTO counter (home_id, name, value) VALUES (:home_id, :name, :value)
ON CONFLICT (home_id, name) DO UPDATE SET value = excluded.value;

-- A counter's value.
-- name: counter_get
-- result: one
-- in: name text, home_id text
-- out: value int
SELECT value FROM counter WHERE home_id = :home_id AND name = :name;

-- The counters of a home.
-- name: counter_list
-- result: many
-- in: home_id text
-- out: name text, value int
SELECT name, value FROM counter WHERE home_id = :home_id ORDER BY name;

-- The same, handed on one by one.
-- name: counter_each
-- result: each
-- in: home_id text
-- row: counter_list
SELECT name, value FROM counter WHERE home_id = :home_id ORDER BY name;

-- How many counters a home has, and their sum.
-- name: counter_sum
-- result: one
-- in: home_id text
-- out: n int, sum int?
SELECT COUNT(*), CAST(SUM(value) AS BIGINT) FROM counter WHERE home_id = :home_id;

-- Take counters away, answering what they were.
-- name: counter_remove
-- result: many
-- in: home_id text
-- out: name text, value int
DELETE FROM counter WHERE home_id = :home_id RETURNING name, value;

-- Any one counter of a home: more than one is a fault.
-- name: counter_only
-- result: one
-- in: home_id text
-- out: value int
SELECT value FROM counter WHERE home_id = :home_id;

-- A new thing; a second of its id fails.
-- name: thing_add
-- result: none
-- in: home_id text, thing_id text, number int?, is_good bool, note text?, body blob?
INSERT INTO thing (home_id, thing_id, number, is_good, note, body)
VALUES (:home_id, :thing_id, :number, :is_good, :note, :body);

-- A thing.
-- name: thing_get
-- result: one
-- in: home_id text, thing_id text
-- out: number int?, is_good bool, note text?, body blob?, has_note bool
SELECT number, is_good, note, body, note IS NOT NULL FROM thing
WHERE home_id = :home_id AND thing_id = :thing_id;

-- A thing's note, which must be there.
-- name: thing_note
-- result: one
-- in: home_id text, thing_id text
-- out: note text
SELECT note FROM thing WHERE home_id = :home_id AND thing_id = :thing_id;

-- Break the schema's rule on is_good.
-- name: thing_spoil
-- result: none
-- in: home_id text, value int
UPDATE thing SET is_good = :value WHERE home_id = :home_id;

-- A part of a thing, which must be there.
-- name: part_add
-- result: none
-- in: home_id text, part_id text, thing_id text, label text?
INSERT INTO part (home_id, part_id, thing_id, label)
VALUES (:home_id, :part_id, :thing_id, :label);

-- Take a thing away; its parts hold it.
-- name: thing_remove
-- result: none
-- in: home_id text, thing_id text
DELETE FROM thing WHERE home_id = :home_id AND thing_id = :thing_id;

-- All words.
-- name: word_list
-- result: many
-- out: text text
-- scan: it is a test
SELECT text FROM word ORDER BY text;

-- Pretend that a migration was applied.
-- name: migration_pretend
-- result: none
-- in: number int, sha256 text
INSERT INTO migration (number, name, sha256, applied) VALUES (:number, 'pretended', :sha256, 0)
ON CONFLICT (number) DO UPDATE SET sha256 = excluded.sha256;

-- Forget that a migration was applied.
-- name: migration_forget
-- result: none
-- in: number int
DELETE FROM migration WHERE number = :number;
