-- Score sheets.

-- The sheets about units between two ids, both included, without what is on them: of one, or of
-- all of a year.
-- name: sheet_of_year
-- result: many
-- in: home_id text, year_id text, first_unit text, last_unit text
-- out: sheet_id text, unit_id text, stage text, rater text, state text, remark text?, submitted text?, total int, filled int, version int, changed int, proxy_id text?
SELECT sheet_id, unit_id, stage, rater, state, remark, submitted, total, filled, version, changed,
       proxy_id
FROM sheet
WHERE home_id = :home_id AND year_id = :year_id
  AND unit_id >= :first_unit AND unit_id <= :last_unit;

-- One sheet.
-- name: sheet_one
-- result: one
-- in: home_id text, year_id text, unit_id text, stage text, rater text
-- out: sheet_id text, state text, remark text?, submitted text?, total int, filled int, version int, changed int, changed_by text?, proxy_id text?, paper text?
SELECT s.sheet_id, s.state, s.remark, s.submitted, s.total, s.filled, s.version, s.changed, a.name,
       s.proxy_id, s.paper
FROM sheet s
LEFT JOIN account a ON a.account_id = s.changed_by
WHERE s.home_id = :home_id AND s.year_id = :year_id AND s.unit_id = :unit_id
  AND s.stage = :stage AND s.rater = :rater;

-- Begin a sheet.
-- name: sheet_insert
-- result: none
-- in: home_id text, year_id text, sheet_id text, unit_id text, stage text, rater text, state text, remark text?, submitted text?, total int, filled int, changed int, changed_by text, proxy_id text?, paper text?
INSERT INTO sheet (home_id, year_id, sheet_id, unit_id, stage, rater, state, remark, submitted,
                   total, filled, version, changed, changed_by, proxy_id, paper)
VALUES (:home_id, :year_id, :sheet_id, :unit_id, :stage, :rater, :state, :remark, :submitted,
        :total, :filled, 1, :changed, :changed_by, :proxy_id, :paper);

-- What is kept of a sheet's own figures, and that it was written on.
-- name: sheet_update_figures
-- result: none
-- in: home_id text, year_id text, sheet_id text, total int, filled int, changed int, changed_by text
UPDATE sheet SET total = :total, filled = :filled, version = version + 1, changed = :changed,
                 changed_by = :changed_by
WHERE home_id = :home_id AND year_id = :year_id AND sheet_id = :sheet_id;

-- Move a sheet that is still as it was seen to another state.
-- name: sheet_update_state
-- result: none
-- in: home_id text, year_id text, sheet_id text, version int, state text, remark text?, submitted text?, changed int, changed_by text
UPDATE sheet SET state = :state, remark = :remark, submitted = :submitted, version = version + 1,
                 changed = :changed, changed_by = :changed_by
WHERE home_id = :home_id AND year_id = :year_id AND sheet_id = :sheet_id AND version = :version;

-- The inputs of a sheet.
-- name: cell_of_sheet
-- result: each
-- in: home_id text, year_id text, sheet_id text
-- out: item text, part int, value int?, version int
SELECT item, part, value, version FROM cell
WHERE home_id = :home_id AND year_id = :year_id AND sheet_id = :sheet_id;

-- The values on a sheet, for who only looks.
-- name: value_of_sheet
-- result: each
-- in: home_id text, year_id text, sheet_id text
-- out: item text, part int, value int?
SELECT item, part, value FROM cell
WHERE home_id = :home_id AND year_id = :year_id AND sheet_id = :sheet_id;

-- The inputs of all sheets of a year that count.
-- name: cell_of_year
-- result: many
-- in: home_id text, year_id text
-- out: sheet_id text, item text, part int, value int?
SELECT sheet_id, item, part, value FROM cell WHERE home_id = :home_id AND year_id = :year_id;

-- Who wrote a cell last.
-- name: cell_writer
-- result: one
-- in: home_id text, year_id text, sheet_id text, item text, part int
-- out: name text?, changed int
SELECT a.name, c.changed FROM cell c
LEFT JOIN account a ON a.account_id = c.changed_by
WHERE c.home_id = :home_id AND c.year_id = :year_id AND c.sheet_id = :sheet_id
  AND c.item = :item AND c.part = :part;

-- Write a cell.
-- name: cell_put
-- result: none
-- in: home_id text, year_id text, sheet_id text, item text, part int, value int?, changed int, changed_by text
INSERT INTO cell (home_id, year_id, sheet_id, item, part, value, version, changed, changed_by)
VALUES (:home_id, :year_id, :sheet_id, :item, :part, :value, 1, :changed, :changed_by)
ON CONFLICT (home_id, year_id, sheet_id, item, part)
DO UPDATE SET value = excluded.value, version = cell.version + 1, changed = excluded.changed,
              changed_by = excluded.changed_by;

-- Notes and evidence on a sheet.
-- name: note_of_sheet
-- result: many
-- in: home_id text, year_id text, sheet_id text
-- out: item text, note text, evidence text, version int
SELECT item, note, evidence, version FROM note
WHERE home_id = :home_id AND year_id = :year_id AND sheet_id = :sheet_id;

-- Notes of a year's sheets: the reasons that the rules ask for.
-- name: note_of_year
-- result: many
-- in: home_id text, year_id text
-- out: sheet_id text, item text, note text
SELECT sheet_id, item, note FROM note
WHERE home_id = :home_id AND year_id = :year_id AND note <> '';

-- Who wrote a note last.
-- name: note_writer
-- result: one
-- in: home_id text, year_id text, sheet_id text, item text
-- out: name text?, changed int
SELECT a.name, n.changed FROM note n
LEFT JOIN account a ON a.account_id = n.changed_by
WHERE n.home_id = :home_id AND n.year_id = :year_id AND n.sheet_id = :sheet_id AND n.item = :item;

-- Write a note.
-- name: note_put
-- result: none
-- in: home_id text, year_id text, sheet_id text, item text, note text, evidence text, changed int, changed_by text
INSERT INTO note (home_id, year_id, sheet_id, item, note, evidence, version, changed, changed_by)
VALUES (:home_id, :year_id, :sheet_id, :item, :note, :evidence, 1, :changed, :changed_by)
ON CONFLICT (home_id, year_id, sheet_id, item)
DO UPDATE SET note = excluded.note, evidence = excluded.evidence, version = note.version + 1,
              changed = excluded.changed, changed_by = excluded.changed_by;

-- How the missing sheets of a year were settled; of each rater what was said of one sheet before what
-- was said of all, since the first that fits holds.
-- name: settled_of_year
-- result: many
-- in: home_id text, year_id text
-- out: stage text, rater text, unit_id text, count_without bool, reason text, decided_by text?, decided text?, version int
SELECT stage, rater, unit_id, count_without, reason, decided_by, decided, version
FROM settled
WHERE home_id = :home_id AND year_id = :year_id
ORDER BY stage, rater, unit_id DESC;

-- Settle a missing sheet, or settle it otherwise than before if it still is as it was seen.
-- name: settled_put
-- result: none
-- in: home_id text, year_id text, stage text, rater text, unit_id text, count_without bool, reason text, decided_by text?, decided text?, seen int
INSERT INTO settled (home_id, year_id, stage, rater, unit_id, count_without, reason, decided_by,
                     decided, version)
VALUES (:home_id, :year_id, :stage, :rater, :unit_id, :count_without, :reason, :decided_by,
        :decided, 1)
ON CONFLICT (home_id, year_id, stage, rater, unit_id)
DO UPDATE SET count_without = excluded.count_without, reason = excluded.reason,
              decided_by = excluded.decided_by, decided = excluded.decided,
              version = settled.version + 1
WHERE settled.version = :seen;
