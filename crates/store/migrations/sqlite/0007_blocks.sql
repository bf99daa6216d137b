-- What this service knows of blocks, from directory's log. A lifted one is gone: directory keeps it.
CREATE TABLE blocks (
    block_id BLOB PRIMARY KEY,
    patient_id BLOB NOT NULL,
    kind INTEGER NOT NULL, -- samspil.directory.v1.BlockKind
    target TEXT NOT NULL, -- a person's subject, a SOR code, or empty for everybody
    begin_time TEXT NOT NULL,
    end_time TEXT -- NULL until it is lifted
) STRICT;
CREATE INDEX blocks_by_patient ON blocks (patient_id);

-- Accesses in an emergency, likewise. One that was given back is gone; one whose time has run out stays and lets nobody in.
CREATE TABLE emergencies (
    emergency_id BLOB PRIMARY KEY,
    patient_id BLOB NOT NULL,
    person TEXT NOT NULL, -- the holder's subject
    reason TEXT NOT NULL, -- what the holder gave: each audit entry under it repeats it
    begin_time TEXT NOT NULL,
    end_time TEXT NOT NULL
) STRICT;
CREATE INDEX emergencies_by_patient ON emergencies (patient_id, person);
