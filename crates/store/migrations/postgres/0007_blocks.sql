-- What this service knows of blocks, from directory's log. A lifted one is gone: directory keeps it.
CREATE TABLE blocks (
    block_id UUID PRIMARY KEY,
    patient_id UUID NOT NULL,
    kind INTEGER NOT NULL, -- samspil.directory.v1.BlockKind
    target TEXT COLLATE "C" NOT NULL, -- a person's subject, a SOR code, or empty for everybody
    begin_time TIMESTAMPTZ NOT NULL,
    end_time TIMESTAMPTZ -- NULL until it is lifted
);
CREATE INDEX blocks_by_patient ON blocks (patient_id);

-- Accesses in an emergency, likewise. One that was given back is gone; one whose time has run out stays and lets nobody in.
CREATE TABLE emergencies (
    emergency_id UUID PRIMARY KEY,
    patient_id UUID NOT NULL,
    person TEXT COLLATE "C" NOT NULL, -- the holder's subject
    reason TEXT COLLATE "C" NOT NULL, -- what the holder gave: each audit entry under it repeats it
    begin_time TIMESTAMPTZ NOT NULL,
    end_time TIMESTAMPTZ NOT NULL
);
CREATE INDEX emergencies_by_patient ON emergencies (patient_id, person);
