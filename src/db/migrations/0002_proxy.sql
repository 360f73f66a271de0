-- USE-10: a sheet that came on paper and was entered on the rater's behalf: by which unit's office,
-- and which paper it was. NULL: the rater's own people wrote it.

ALTER TABLE sheet ADD COLUMN proxy_id TEXT;

ALTER TABLE sheet ADD COLUMN paper TEXT;
