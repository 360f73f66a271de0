-- What was applied to this database. Run before every migration, so it changes nothing when it is
-- there already. Row 0 is the lock: whoever migrates writes it first, so that two servers that
-- start at once do so one after the other.
CREATE TABLE IF NOT EXISTS migration (
    number BIGINT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    applied BIGINT NOT NULL
);
