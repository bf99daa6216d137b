-- What citizens have blocked, as it was recorded: the truth. Not `blocks`, which is the copy that every service has a table for.
CREATE TABLE citizen_blocks (
    block_id BLOB PRIMARY KEY,
    patient_id BLOB NOT NULL REFERENCES citizens (patient_id),
    kind INTEGER NOT NULL, -- BlockKind of the contract
    target TEXT NOT NULL, -- a person's subject, a SOR code, or empty for everybody
    begin_time TEXT NOT NULL,
    end_time TEXT, -- NULL until it is lifted
    placed_by BLOB NOT NULL, -- samspil.common.v1.Actor
    create_time TEXT NOT NULL,
    lifted_by BLOB, -- samspil.common.v1.Actor
    lift_time TEXT, -- NULL while it stands
    version INTEGER NOT NULL
) STRICT;
CREATE INDEX citizen_blocks_by_patient ON citizen_blocks (patient_id, create_time, block_id);

-- Who broke the glass, for whom, why and until when. None is ever prolonged: a second one is a row of its own.
CREATE TABLE emergency_accesses (
    access_id BLOB PRIMARY KEY,
    patient_id BLOB NOT NULL REFERENCES citizens (patient_id),
    person TEXT NOT NULL, -- the holder's subject
    holder BLOB NOT NULL, -- samspil.common.v1.Actor
    reason TEXT NOT NULL,
    begin_time TEXT NOT NULL,
    end_time TEXT NOT NULL,
    give_back_time TEXT, -- NULL while the holder has it, or when its time ran out
    check_id BLOB NOT NULL -- in access_checks
) STRICT;
CREATE INDEX emergency_accesses_by_patient ON emergency_accesses (patient_id, person, end_time);

-- What somebody has to answer for afterwards.
CREATE TABLE access_checks (
    check_id BLOB PRIMARY KEY,
    patient_id BLOB NOT NULL REFERENCES citizens (patient_id),
    cause INTEGER NOT NULL, -- AccessCheckCause of the contract
    person TEXT NOT NULL, -- the subject whom it is about
    organisation TEXT NOT NULL, -- the SOR code on whose behalf, which is who settles it
    about BLOB NOT NULL, -- samspil.common.v1.Actor
    access_id BLOB, -- in emergency_accesses, NULL for any other cause
    reason TEXT NOT NULL,
    create_time TEXT NOT NULL,
    due_time TEXT NOT NULL,
    outcome INTEGER NOT NULL, -- AccessCheckOutcome of the contract, 0 while it is open
    note TEXT NOT NULL,
    settled_by BLOB, -- samspil.common.v1.Actor, NULL when it settled itself
    settle_time TEXT, -- NULL while it is open
    version INTEGER NOT NULL
) STRICT;
CREATE INDEX access_checks_by_organisation ON access_checks (organisation, due_time, check_id);
-- One while it is open, not one for each call.
CREATE UNIQUE INDEX access_checks_weak ON access_checks (patient_id, person, organisation) WHERE outcome = 0 AND cause = 2;
