-- One row for each patient whose plan was ever changed. Every change of a plan begins by counting this row up: that gives the
-- plan its etag, and makes changes of one plan wait for each other.
CREATE TABLE care_plans (
    patient_id BLOB PRIMARY KEY,
    version INTEGER NOT NULL
) STRICT;

-- Who does what by when.
CREATE TABLE activities (
    activity_id BLOB PRIMARY KEY,
    patient_id BLOB NOT NULL,
    state INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    description TEXT NOT NULL,
    owner TEXT NOT NULL, -- the SOR code
    due_time TEXT,
    due_order TEXT NOT NULL, -- the due time, or a far one, so that a page can begin after any row
    proposed_by BLOB NOT NULL, -- an encoded Actor
    source TEXT NOT NULL, -- the resource that it comes from, or empty
    source_version INTEGER NOT NULL, -- the version of the answer, 0 for the question itself
    source_line INTEGER NOT NULL, -- which of the activities that one version gives rise to
    decided_by BLOB, -- an encoded Actor
    outcome TEXT NOT NULL,
    create_time TEXT NOT NULL,
    update_time TEXT NOT NULL,
    version INTEGER NOT NULL
) STRICT;
CREATE INDEX activities_by_plan ON activities (patient_id, due_order, activity_id);
CREATE INDEX activities_by_owner ON activities (owner, due_order, activity_id);
-- What one event gives rise to is there once, however often the event is handled.
CREATE UNIQUE INDEX activities_by_source ON activities (source, source_version, source_line) WHERE source <> '';
