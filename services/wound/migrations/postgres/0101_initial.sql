-- A wound of a patient. What is a message of the contract and nobody searches is kept as that message, encoded.
CREATE TABLE wounds (
    wound_id UUID PRIMARY KEY,
    patient_id UUID NOT NULL,
    state INTEGER NOT NULL,
    type INTEGER NOT NULL,
    body_site BYTEA NOT NULL, -- samspil.common.v1.Coding
    laterality INTEGER NOT NULL,
    onset_date TEXT COLLATE "C" NOT NULL,
    label TEXT COLLATE "C" NOT NULL,
    owner TEXT COLLATE "C" NOT NULL, -- SOR code
    referral TEXT COLLATE "C" NOT NULL,
    next_photo_due TIMESTAMPTZ, -- NULL while nothing is due
    photo_alarm TIMESTAMPTZ, -- when the alarm for that due time was raised
    close_reason INTEGER NOT NULL,
    opened_by BYTEA NOT NULL, -- samspil.common.v1.Actor
    create_time TIMESTAMPTZ NOT NULL,
    update_time TIMESTAMPTZ NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX wounds_by_patient ON wounds (patient_id, create_time, wound_id);
CREATE INDEX wounds_by_photo_due ON wounds (next_photo_due) WHERE next_photo_due IS NOT NULL AND photo_alarm IS NULL;

-- The organisations that take part in a wound, the owner among them. The times are the wound's, for the list's order.
CREATE TABLE participants (
    wound_id UUID NOT NULL REFERENCES wounds,
    organisation TEXT COLLATE "C" NOT NULL,
    create_time TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (wound_id, organisation)
);
CREATE INDEX participants_by_organisation ON participants (organisation, create_time, wound_id);

CREATE TABLE visits (
    visit_id UUID PRIMARY KEY,
    wound_id UUID NOT NULL REFERENCES wounds,
    patient_id UUID NOT NULL,
    state INTEGER NOT NULL,
    visit_time TIMESTAMPTZ NOT NULL,
    findings BYTEA NOT NULL, -- samspil.wound.v1.Findings
    recorded_by BYTEA NOT NULL, -- samspil.common.v1.Actor
    create_time TIMESTAMPTZ NOT NULL,
    complete_time TIMESTAMPTZ,
    version BIGINT NOT NULL
);
CREATE INDEX visits_by_wound ON visits (wound_id, create_time, visit_id);

-- A photo from its announcement on. Its bytes are objects: photos/{photo_id}/original, display and thumbnail.
CREATE TABLE photos (
    photo_id UUID PRIMARY KEY,
    visit_id UUID NOT NULL REFERENCES visits,
    wound_id UUID NOT NULL REFERENCES wounds,
    patient_id UUID NOT NULL,
    state INTEGER NOT NULL,
    announced_by TEXT COLLATE "C" NOT NULL, -- only this person uploads it
    size_bytes BIGINT NOT NULL,
    digest_kind TEXT COLLATE "C" NOT NULL, -- sha256 or blake3
    digest TEXT COLLATE "C" NOT NULL,
    capture_time TIMESTAMPTZ NOT NULL,
    generation BIGINT NOT NULL, -- counts the streams that have opened the upload; the newest one alone may write
    receive_time TIMESTAMPTZ,
    store_time TIMESTAMPTZ,
    content_type TEXT COLLATE "C" NOT NULL,
    width_px INTEGER NOT NULL,
    height_px INTEGER NOT NULL,
    camera TEXT COLLATE "C" NOT NULL,
    camera_time TEXT COLLATE "C" NOT NULL,
    location_removed BOOLEAN NOT NULL,
    stored_size_bytes BIGINT NOT NULL,
    stored_blake3 TEXT COLLATE "C" NOT NULL,
    steps_due TIMESTAMPTZ, -- when the image steps may be taken up by any worker; NULL when there is nothing to do
    quality BYTEA, -- samspil.wound.v1.Quality
    refusal_reason TEXT COLLATE "C" NOT NULL,
    refusal_message TEXT COLLATE "C" NOT NULL,
    traceparent TEXT COLLATE "C" NOT NULL, -- of the upload, for the image steps
    create_time TIMESTAMPTZ NOT NULL
);
CREATE INDEX photos_by_visit ON photos (visit_id);
CREATE INDEX photos_by_wound ON photos (wound_id);
CREATE INDEX photos_by_steps_due ON photos (steps_due) WHERE steps_due IS NOT NULL;
-- The same picture twice in one wound is one photo. One that was refused or withdrawn does not stand in the way.
CREATE UNIQUE INDEX photos_once ON photos (wound_id, digest_kind, digest) WHERE state IN (1, 2);

-- What has arrived of an upload in progress, so that it goes on at any replica.
CREATE TABLE upload_parts (
    photo_id UUID NOT NULL REFERENCES photos,
    start BIGINT NOT NULL,
    length BIGINT NOT NULL,
    object TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (photo_id, start)
);

CREATE TABLE assessments (
    assessment_id UUID PRIMARY KEY,
    wound_id UUID NOT NULL REFERENCES wounds,
    patient_id UUID NOT NULL,
    state INTEGER NOT NULL,
    is_open BOOLEAN NOT NULL, -- waits for an answer: what the queue lists
    requester TEXT COLLATE "C" NOT NULL, -- SOR code
    receiver TEXT COLLATE "C" NOT NULL, -- SOR code
    priority INTEGER NOT NULL,
    due_time TIMESTAMPTZ NOT NULL,
    clock_state INTEGER NOT NULL,
    clock_stop TIMESTAMPTZ,
    clock_reason TEXT COLLATE "C" NOT NULL,
    overdue BOOLEAN NOT NULL, -- the alarm was raised
    holder TEXT COLLATE "C" NOT NULL, -- who has claimed it, or empty
    claim_expire TIMESTAMPTZ,
    detail BYTEA NOT NULL, -- samspil.wound.v1.Assessment: question, visits, requests for more, every version of the answer
    request_traceparent TEXT COLLATE "C" NOT NULL,
    create_time TIMESTAMPTZ NOT NULL,
    update_time TIMESTAMPTZ NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX assessments_by_wound ON assessments (wound_id, create_time, assessment_id);
CREATE INDEX assessments_queue ON assessments (receiver, is_open, due_time, assessment_id);
CREATE INDEX assessments_by_due ON assessments (due_time) WHERE clock_state = 1 AND NOT overdue;

CREATE TABLE messages (
    message_id UUID PRIMARY KEY,
    wound_id UUID NOT NULL REFERENCES wounds,
    patient_id UUID NOT NULL,
    text TEXT COLLATE "C" NOT NULL,
    author BYTEA NOT NULL, -- samspil.common.v1.Actor
    create_time TIMESTAMPTZ NOT NULL
);
CREATE INDEX messages_by_wound ON messages (wound_id, create_time, message_id);
