-- What hospitals tell of a citizen. A report that was taken back stays.
CREATE TABLE hospital_events (
    event_id BLOB PRIMARY KEY,
    patient_id BLOB NOT NULL REFERENCES citizens (patient_id),
    kind INTEGER NOT NULL, -- HospitalEventKind of the contract
    event_time TEXT NOT NULL,
    reported_by BLOB NOT NULL, -- samspil.common.v1.Actor
    create_time TEXT NOT NULL,
    cancelled_by BLOB, -- samspil.common.v1.Actor; NULL while it stands
    cancel_time TEXT,
    cancel_reason TEXT NOT NULL
) STRICT;
CREATE INDEX hospital_events_by_patient ON hospital_events (patient_id, event_time, event_id);

-- Where the citizen is by all events that stand: what is read with every citizen.
ALTER TABLE citizens ADD COLUMN presence INTEGER NOT NULL DEFAULT 0; -- Presence of the contract
ALTER TABLE citizens ADD COLUMN presence_time TEXT;
