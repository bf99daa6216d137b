-- Who it was, as people say it: the name at that time. Empty in what was written before names were kept.
ALTER TABLE audit ADD COLUMN display_name TEXT COLLATE "C" NOT NULL DEFAULT '';
