-- Every version of every part of a plan, as it was written: what somebody decided by it stays readable. An older plan is put
-- together from them, and so is what changed between two. Team, conditions, goals and notes live here alone; activities and
-- reconciliations have tables of their own besides, by which they are found.
CREATE TABLE part_versions (
    part TEXT COLLATE "C" NOT NULL, -- the part's full name
    version INTEGER NOT NULL,
    patient_id UUID NOT NULL,
    plan_version BIGINT NOT NULL, -- the plan's version that it came with
    collection TEXT COLLATE "C" NOT NULL, -- such as goals: what stands before the id in the name
    time TIMESTAMPTZ NOT NULL,
    author BYTEA NOT NULL, -- an encoded Actor, of no length for what an event did
    reason TEXT COLLATE "C" NOT NULL,
    withdrawn BOOLEAN NOT NULL,
    content BYTEA NOT NULL, -- an encoded Part
    PRIMARY KEY (part, version)
);
CREATE INDEX part_versions_by_plan ON part_versions (patient_id, plan_version);

-- Why a plan stood still, from which of its versions on; empty where it goes on.
CREATE TABLE plan_pauses (
    patient_id UUID NOT NULL,
    plan_version BIGINT NOT NULL,
    reason TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (patient_id, plan_version)
);

-- The owner's kind tells whose activities stand still while the patient is admitted; 0 where directory was not asked yet.
ALTER TABLE activities ADD COLUMN owner_kind INTEGER NOT NULL DEFAULT 0;
ALTER TABLE activities ADD COLUMN owner_role TEXT COLLATE "C" NOT NULL DEFAULT '';
-- Which time of a recurring activity the due time is, 0 for one that is done once; and the time that the others are counted
-- from, with its own number: counted from the one before, a month's last day would be lost after the first short month.
ALTER TABLE activities ADD COLUMN occurrence INTEGER NOT NULL DEFAULT 0;
ALTER TABLE activities ADD COLUMN anchor_number INTEGER NOT NULL DEFAULT 0;
ALTER TABLE activities ADD COLUMN anchor_time TIMESTAMPTZ;
-- What nobody searches, as an encoded Activity: its goals, its recurrence and the times that are over.
ALTER TABLE activities ADD COLUMN details BYTEA NOT NULL DEFAULT ''::BYTEA;
ALTER TABLE activities ADD COLUMN clock BYTEA;
ALTER TABLE activities ADD COLUMN alarm_time TIMESTAMPTZ;
CREATE INDEX activities_by_alarm ON activities (alarm_time) WHERE alarm_time IS NOT NULL;
