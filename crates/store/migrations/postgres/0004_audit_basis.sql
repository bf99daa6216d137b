-- What the access stood on, such as CONSENT or BREAK_GLASS.
ALTER TABLE audit ADD COLUMN basis TEXT COLLATE "C" NOT NULL DEFAULT '';
-- The reason that the person gave, for an access that takes one. Empty for any other.
ALTER TABLE audit ADD COLUMN reason TEXT COLLATE "C" NOT NULL DEFAULT '';
-- The service that passed the person's call on. Empty when the person called.
ALTER TABLE audit ADD COLUMN via TEXT COLLATE "C" NOT NULL DEFAULT '';
