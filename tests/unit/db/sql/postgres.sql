-- Statements that only PostgreSQL has, for the tests of its driver.

-- This connection's process.
-- name: backend_pid
-- result: one
-- out: pid int
SELECT pg_backend_pid();

-- End another connection's process.
-- name: backend_end
-- result: one
-- in: pid int
-- out: was_there bool
SELECT pg_terminate_backend(CAST(:pid AS INTEGER));

-- Sleep for some milliseconds.
-- name: backend_sleep
-- result: one
-- in: ms int
-- out: done int
SELECT CASE WHEN CAST(pg_sleep(:ms / 1000.0) AS TEXT) = '' THEN 1 ELSE 0 END;

-- Write, although it looks as if it read.
-- name: hidden_write
-- result: one
-- in: name text
-- out: id int
SELECT nextval(CAST(:name AS REGCLASS));
