-- Who takes part in treatment, by SOR code.
CREATE TABLE organisations (
    sor TEXT COLLATE "C" PRIMARY KEY, -- digits, ordered by bytes so that pages are alike on both engines
    display_name TEXT COLLATE "C" NOT NULL,
    gln TEXT COLLATE "C" NOT NULL, -- 13 digits, or empty
    kind INTEGER NOT NULL, -- OrganisationKind of the contract
    municipality_code TEXT COLLATE "C" NOT NULL, -- four digits, or empty for a hospital
    update_time TIMESTAMPTZ NOT NULL
);

-- Citizens, without any number that others know them by.
CREATE TABLE citizens (
    patient_id UUID PRIMARY KEY,
    display_name TEXT COLLATE "C" NOT NULL,
    municipality_code TEXT COLLATE "C" NOT NULL,
    create_time TIMESTAMPTZ NOT NULL
);

-- The one table of person numbers in the whole suite. A table of its own, so that it can be encrypted and granted apart from
-- the rest. It is not encrypted yet: that is another issue, and until then the disk below has to be.
-- The primary key is what makes two registrations at once end in one citizen. The number is written before the citizen, since
-- it decides whether there will be one; hence the deferred reference. No check may stand here: its error would carry the row.
CREATE TABLE person_numbers (
    number TEXT COLLATE "C" PRIMARY KEY, -- ten characters, no hyphen, capitals
    kind INTEGER NOT NULL, -- PersonNumberKind of the contract
    birth_date TEXT COLLATE "C" NOT NULL, -- YYYY-MM-DD, or empty when the number tells none
    patient_id UUID NOT NULL REFERENCES citizens (patient_id) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX person_numbers_by_patient ON person_numbers (patient_id);

-- Consents as they were recorded: the truth. Not `consents`, which is the copy that every service has a table for.
CREATE TABLE citizen_consents (
    consent_id UUID PRIMARY KEY,
    patient_id UUID NOT NULL REFERENCES citizens (patient_id),
    document TEXT COLLATE "C" NOT NULL,
    given_time TIMESTAMPTZ NOT NULL,
    recorded_by BYTEA NOT NULL, -- samspil.common.v1.Actor: nobody looks for it
    create_time TIMESTAMPTZ NOT NULL,
    withdraw_time TIMESTAMPTZ, -- NULL while it stands
    version BIGINT NOT NULL
);
CREATE INDEX citizen_consents_by_patient ON citizen_consents (patient_id, create_time, consent_id);

-- Whom a consent covers. Rows, not a list, since every call asks for one of them.
CREATE TABLE citizen_consent_organisations (
    consent_id UUID NOT NULL REFERENCES citizen_consents (consent_id),
    position BIGINT NOT NULL, -- the order of the contract's list
    sor TEXT COLLATE "C" NOT NULL REFERENCES organisations (sor),
    PRIMARY KEY (consent_id, sor)
);
