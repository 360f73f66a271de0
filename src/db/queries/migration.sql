-- Statements of db_migrate and db_check_schema.

-- What was applied, in order; row 0 is the lock.
-- name: migration_list
-- result: many
-- out: number int, name text, sha256 text
SELECT number, name, sha256 FROM migration WHERE number > 0 ORDER BY number;

-- Take the lock: whoever else migrates waits, or is repeated.
-- name: migration_lock
-- result: none
-- in: applied int
INSERT INTO migration (number, name, sha256, applied) VALUES (0, 'lock', '', :applied)
ON CONFLICT (number) DO UPDATE SET applied = excluded.applied;

-- Remember that a migration was applied, and when (seconds since 1970).
-- name: migration_add
-- result: none
-- in: number int, name text, sha256 text, applied int
INSERT INTO migration (number, name, sha256, applied)
VALUES (:number, :name, :sha256, :applied);
