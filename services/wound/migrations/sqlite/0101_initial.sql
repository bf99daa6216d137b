-- A wound of a patient. What is a message of the contract and nobody searches is kept as that message, encoded.
CREATE TABLE wounds (
    wound_id BLOB PRIMARY KEY,
    patient_id BLOB NOT NULL,
    state INTEGER NOT NULL,
    type INTEGER NOT NULL,
    body_site BLOB NOT NULL, -- samspil.common.v1.Coding
    laterality INTEGER NOT NULL,
    onset_date TEXT NOT NULL,
    label TEXT NOT NULL,
    owner TEXT NOT NULL, -- SOR code
    referral TEXT NOT NULL,
    next_photo_due TEXT, -- NULL while nothing is due
    photo_alarm TEXT, -- when the alarm for that due time was raised
    close_reason INTEGER NOT NULL,
    opened_by BLOB NOT NULL, -- samspil.common.v1.Actor
    create_time TEXT NOT NULL,
    update_time TEXT NOT NULL,
    version INTEGER NOT NULL
) STRICT;
CREATE INDEX wounds_by_patient ON wounds (patient_id, create_time, wound_id);
CREATE INDEX wounds_by_photo_due ON wounds (next_photo_due) WHERE next_photo_due IS NOT NULL AND photo_alarm IS NULL;

-- The organisations that take part in a wound, the owner among them. The times are the wound's, for the list's order.
CREATE TABLE participants (
    wound_id BLOB NOT NULL REFERENCES wounds,
    organisation TEXT NOT NULL,
    create_time TEXT NOT NULL,
    PRIMARY KEY (wound_id, organisation)
) STRICT;
CREATE INDEX participants_by_organisation ON participants (organisation, create_time, wound_id);

CREATE TABLE visits (
    visit_id BLOB PRIMARY KEY,
    wound_id BLOB NOT NULL REFERENCES wounds,
    patient_id BLOB NOT NULL,
    state INTEGER NOT NULL,
    visit_time TEXT NOT NULL,
    findings BLOB NOT NULL, -- samspil.wound.v1.Findings
    recorded_by BLOB NOT NULL, -- samspil.common.v1.Actor
    create_time TEXT NOT NULL,
    complete_time TEXT,
    version INTEGER NOT NULL
) STRICT;
CREATE INDEX visits_by_wound ON visits (wound_id, create_time, visit_id);

-- A photo from its announcement on. Its bytes are objects: photos/{photo_id}/original, display and thumbnail.
CREATE TABLE photos (
    photo_id BLOB PRIMARY KEY,
    visit_id BLOB NOT NULL REFERENCES visits,
    wound_id BLOB NOT NULL REFERENCES wounds,
    patient_id BLOB NOT NULL,
    state INTEGER NOT NULL,
    announced_by TEXT NOT NULL, -- only this person uploads it
    size_bytes INTEGER NOT NULL,
    digest_kind TEXT NOT NULL, -- sha256 or blake3
    digest TEXT NOT NULL,
    capture_time TEXT NOT NULL,
    generation INTEGER NOT NULL, -- counts the streams that have opened the upload; the newest one alone may write
    receive_time TEXT,
    store_time TEXT,
    content_type TEXT NOT NULL,
    width_px INTEGER NOT NULL,
    height_px INTEGER NOT NULL,
    camera TEXT NOT NULL,
    camera_time TEXT NOT NULL,
    location_removed INTEGER NOT NULL CHECK (location_removed IN (0, 1)),
    stored_size_bytes INTEGER NOT NULL,
    stored_blake3 TEXT NOT NULL,
    steps_due TEXT, -- when the image steps may be taken up by any worker; NULL when there is nothing to do
    quality BLOB, -- samspil.wound.v1.Quality
    refusal_reason TEXT NOT NULL,
    refusal_message TEXT NOT NULL,
    traceparent TEXT NOT NULL, -- of the upload, for the image steps
    create_time TEXT NOT NULL
) STRICT;
CREATE INDEX photos_by_visit ON photos (visit_id);
CREATE INDEX photos_by_wound ON photos (wound_id);
CREATE INDEX photos_by_steps_due ON photos (steps_due) WHERE steps_due IS NOT NULL;
-- The same picture twice in one wound is one photo. One that was refused or withdrawn does not stand in the way.
CREATE UNIQUE INDEX photos_once ON photos (wound_id, digest_kind, digest) WHERE state IN (1, 2);

-- What has arrived of an upload in progress, so that it goes on at any replica.
CREATE TABLE upload_parts (
    photo_id BLOB NOT NULL REFERENCES photos,
    start INTEGER NOT NULL,
    length INTEGER NOT NULL,
    object TEXT NOT NULL,
    PRIMARY KEY (photo_id, start)
) STRICT;

CREATE TABLE assessments (
    assessment_id BLOB PRIMARY KEY,
    wound_id BLOB NOT NULL REFERENCES wounds,
    patient_id BLOB NOT NULL,
    state INTEGER NOT NULL,
    is_open INTEGER NOT NULL CHECK (is_open IN (0, 1)), -- waits for an answer: what the queue lists
    requester TEXT NOT NULL, -- SOR code
    receiver TEXT NOT NULL, -- SOR code
    priority INTEGER NOT NULL,
    due_time TEXT NOT NULL,
    clock_state INTEGER NOT NULL,
    clock_stop TEXT,
    clock_reason TEXT NOT NULL,
    overdue INTEGER NOT NULL CHECK (overdue IN (0, 1)), -- the alarm was raised
    holder TEXT NOT NULL, -- who has claimed it, or empty
    claim_expire TEXT,
    detail BLOB NOT NULL, -- samspil.wound.v1.Assessment: question, visits, requests for more, every version of the answer
    request_traceparent TEXT NOT NULL,
    create_time TEXT NOT NULL,
    update_time TEXT NOT NULL,
    version INTEGER NOT NULL
) STRICT;
CREATE INDEX assessments_by_wound ON assessments (wound_id, create_time, assessment_id);
CREATE INDEX assessments_queue ON assessments (receiver, is_open, due_time, assessment_id);
CREATE INDEX assessments_by_due ON assessments (due_time) WHERE clock_state = 1 AND NOT overdue;

CREATE TABLE messages (
    message_id BLOB PRIMARY KEY,
    wound_id BLOB NOT NULL REFERENCES wounds,
    patient_id BLOB NOT NULL,
    text TEXT NOT NULL,
    author BLOB NOT NULL, -- samspil.common.v1.Actor
    create_time TEXT NOT NULL
) STRICT;
CREATE INDEX messages_by_wound ON messages (wound_id, create_time, message_id);
