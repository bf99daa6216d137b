-- The tables that every service has. What a service owns besides starts at number 0101.

-- Events of committed changes that the relay has not yet moved to the log.
CREATE TABLE outbox (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    event_id BLOB NOT NULL,
    type TEXT NOT NULL,
    subject TEXT NOT NULL,
    organisations TEXT NOT NULL,
    time TEXT NOT NULL,
    traceparent TEXT NOT NULL,
    data BLOB NOT NULL
) STRICT;

-- What has happened, in order. One relay at a time numbers the rows, so that the numbers have no holes.
CREATE TABLE event_log (
    sequence INTEGER PRIMARY KEY,
    event_id BLOB NOT NULL UNIQUE,
    type TEXT NOT NULL,
    subject TEXT NOT NULL,
    organisations TEXT NOT NULL, -- SOR codes of those who may watch it, each between spaces
    time TEXT NOT NULL,
    traceparent TEXT NOT NULL,
    data BLOB NOT NULL
) STRICT;

-- How far each follower has come in another service's log.
CREATE TABLE cursors (
    follower TEXT PRIMARY KEY,
    sequence INTEGER NOT NULL
) STRICT;

-- Answers already given, so that a repeated call gets the same one.
CREATE TABLE requests (
    caller TEXT NOT NULL,
    request_id BLOB NOT NULL,
    digest BLOB NOT NULL, -- of method and content: the same id with another content is refused
    response BLOB NOT NULL,
    time TEXT NOT NULL,
    PRIMARY KEY (caller, request_id)
) STRICT;
CREATE INDEX requests_by_time ON requests (time);

-- Who saw or did what.
CREATE TABLE audit (
    entry_id BLOB PRIMARY KEY,
    time TEXT NOT NULL,
    person TEXT NOT NULL,
    organisation TEXT NOT NULL,
    role TEXT NOT NULL,
    action TEXT NOT NULL, -- the method's full name
    patient_id BLOB, -- NULL where no patient is touched
    resource TEXT NOT NULL,
    outcome TEXT NOT NULL, -- OK, or the reason of the refusal
    trace_id TEXT NOT NULL
) STRICT;
CREATE INDEX audit_by_patient ON audit (patient_id, time);

-- What this service knows of consents, from directory's log.
CREATE TABLE consents (
    consent_id BLOB NOT NULL,
    organisation TEXT NOT NULL,
    patient_id BLOB NOT NULL,
    withdrawn INTEGER NOT NULL DEFAULT 0 CHECK (withdrawn IN (0, 1)),
    PRIMARY KEY (consent_id, organisation)
) STRICT;
CREATE INDEX consents_by_patient ON consents (patient_id, organisation);
