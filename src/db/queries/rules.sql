-- Regulations.

-- The regulations of an authority, the latest first.
-- name: regulation_of_authority
-- result: many
-- in: home_id text, authority_id text
-- row: regulation
-- out: home_id text, regulation_id text, authority_id text, authority_name text, name text, version int, title text, sha256 text, loaded int
SELECT r.home_id, r.regulation_id, r.authority_id, a.name, r.name, r.version, r.title, r.sha256, r.loaded
FROM regulation r
JOIN authority a ON a.home_id = r.home_id AND a.authority_id = r.authority_id
WHERE r.home_id = :home_id AND r.authority_id = :authority_id
ORDER BY r.loaded DESC, r.regulation_id;

-- One regulation without its text.
-- name: regulation_one
-- result: one
-- in: home_id text, regulation_id text
-- row: regulation
SELECT r.home_id, r.regulation_id, r.authority_id, a.name, r.name, r.version, r.title, r.sha256, r.loaded
FROM regulation r
JOIN authority a ON a.home_id = r.home_id AND a.authority_id = r.authority_id
WHERE r.home_id = :home_id AND r.regulation_id = :regulation_id;

-- A regulation's text.
-- name: regulation_document
-- result: one
-- in: home_id text, regulation_id text
-- out: document blob
SELECT document FROM regulation WHERE home_id = :home_id AND regulation_id = :regulation_id;

-- The regulation with these bytes.
-- name: regulation_by_sha256
-- result: one
-- in: home_id text, authority_id text, sha256 text
-- out: regulation_id text
SELECT regulation_id FROM regulation
WHERE home_id = :home_id AND authority_id = :authority_id AND sha256 = :sha256;

-- Keep a regulation.
-- name: regulation_insert
-- result: none
-- in: home_id text, regulation_id text, authority_id text, name text, version int, title text, sha256 text, document blob, loaded int
INSERT INTO regulation (home_id, regulation_id, authority_id, name, version, title, sha256, document, loaded)
VALUES (:home_id, :regulation_id, :authority_id, :name, :version, :title, :sha256, :document, :loaded);

-- Is one of these units a member of a year that the regulation scores?
-- name: regulation_scores_unit
-- result: one
-- in: home_id text, regulation_id text, unit_id text
-- out: years int
SELECT COUNT(*) FROM year y
JOIN member m ON m.home_id = y.home_id AND m.year_id = y.year_id
WHERE y.home_id = :home_id AND y.regulation_id = :regulation_id AND m.unit_id = :unit_id;
