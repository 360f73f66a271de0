-- What the tests of the drivers need; text in 'quotes; of -- TEXT BIGINT' stays as it is.
CREATE TABLE counter (
    home_id TEXT NOT NULL,
    name TEXT NOT NULL,
    value BIGINT NOT NULL,
    PRIMARY KEY (home_id, name) -- rowid: none
);
CREATE TABLE thing (
    home_id TEXT NOT NULL,
    thing_id TEXT NOT NULL,
    number BIGINT,
    is_good BIGINT NOT NULL CHECK (is_good IN (0, 1)),
    note TEXT,
    body BLOB,
    PRIMARY KEY (home_id, thing_id)
);
CREATE TABLE part (
    home_id TEXT NOT NULL,
    part_id TEXT NOT NULL,
    thing_id TEXT NOT NULL,
    PRIMARY KEY (home_id, part_id),
    FOREIGN KEY (home_id, thing_id) REFERENCES thing (home_id, thing_id)
);
CREATE INDEX part_of_thing ON part (home_id, thing_id);
CREATE TABLE word (text TEXT NOT NULL PRIMARY KEY);
INSERT INTO word (text) VALUES ('TEXT; it''s a -- BLOB');
