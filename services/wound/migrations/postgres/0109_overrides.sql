-- Warnings that stood when a visit was completed.
ALTER TABLE visits ADD COLUMN overridden BYTEA; -- samspil.wound.v1.WarningsOverridden; NULL where there were none
