-- The tables that every service has. What a service owns besides starts at number 0101.

-- Events of committed changes that the relay has not yet moved to the log.
CREATE TABLE outbox (
    position BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event_id UUID NOT NULL,
    type TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    organisations TEXT COLLATE "C" NOT NULL,
    time TIMESTAMPTZ NOT NULL,
    traceparent TEXT COLLATE "C" NOT NULL,
    data BYTEA NOT NULL
);

-- What has happened, in order. One relay at a time numbers the rows, so that the numbers have no holes.
CREATE TABLE event_log (
    sequence BIGINT PRIMARY KEY,
    event_id UUID NOT NULL UNIQUE,
    type TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    organisations TEXT COLLATE "C" NOT NULL, -- SOR codes of those who may watch it, each between spaces
    time TIMESTAMPTZ NOT NULL,
    traceparent TEXT COLLATE "C" NOT NULL,
    data BYTEA NOT NULL
);

-- How far each follower has come in another service's log.
CREATE TABLE cursors (
    follower TEXT COLLATE "C" PRIMARY KEY,
    sequence BIGINT NOT NULL
);

-- Answers already given, so that a repeated call gets the same one.
CREATE TABLE requests (
    caller TEXT COLLATE "C" NOT NULL,
    request_id UUID NOT NULL,
    digest BYTEA NOT NULL, -- of method and content: the same id with another content is refused
    response BYTEA NOT NULL,
    time TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (caller, request_id)
);
CREATE INDEX requests_by_time ON requests (time);

-- Who saw or did what.
CREATE TABLE audit (
    entry_id UUID PRIMARY KEY,
    time TIMESTAMPTZ NOT NULL,
    person TEXT COLLATE "C" NOT NULL,
    organisation TEXT COLLATE "C" NOT NULL,
    role TEXT COLLATE "C" NOT NULL,
    action TEXT COLLATE "C" NOT NULL, -- the method's full name
    patient_id UUID, -- NULL where no patient is touched
    resource TEXT COLLATE "C" NOT NULL,
    outcome TEXT COLLATE "C" NOT NULL, -- OK, or the reason of the refusal
    trace_id TEXT COLLATE "C" NOT NULL
);
CREATE INDEX audit_by_patient ON audit (patient_id, time);

-- What this service knows of consents, from directory's log.
CREATE TABLE consents (
    consent_id UUID NOT NULL,
    organisation TEXT COLLATE "C" NOT NULL,
    patient_id UUID NOT NULL,
    withdrawn BOOLEAN NOT NULL DEFAULT FALSE,
    PRIMARY KEY (consent_id, organisation)
);
CREATE INDEX consents_by_patient ON consents (patient_id, organisation);
