-- SCO-8: how a sheet that is missing was settled: waited for, or counted without. unit_id is '' when
-- it is said of all sheets of the rater in the stage. stage, rater: as in sheet.

CREATE TABLE settled (
    home_id TEXT NOT NULL,
    year_id TEXT NOT NULL,
    stage TEXT NOT NULL,
    rater TEXT NOT NULL,
    unit_id TEXT NOT NULL,
    count_without BIGINT NOT NULL CHECK (count_without IN (0, 1)),
    reason TEXT NOT NULL,
    -- Who decided, in words, and on which day.
    decided_by TEXT,
    decided TEXT,
    version BIGINT NOT NULL,
    PRIMARY KEY (home_id, year_id, stage, rater, unit_id),
    FOREIGN KEY (home_id, year_id) REFERENCES year (home_id, year_id)
);
