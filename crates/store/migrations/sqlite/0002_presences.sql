-- What this service knows of where a patient is, from directory's log. No row for a patient of whom nothing was told.
CREATE TABLE presences (
    patient_id BLOB PRIMARY KEY,
    presence INTEGER NOT NULL, -- samspil.directory.v1.Presence
    since TEXT NOT NULL
) STRICT;
