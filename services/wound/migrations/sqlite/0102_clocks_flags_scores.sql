-- A clock is kept whole, as every service keeps it; beside it stand the times that somebody searches by.
--
-- A row from before has no clock yet. It gets an alarm that lies behind it, so that the first worker that comes by winds its
-- clock up from what the row tells: when it was asked, when it is due, what was asked for or signed since.
DROP INDEX assessments_by_due;
ALTER TABLE assessments ADD COLUMN clock BLOB; -- samspil.common.v1.Clock
ALTER TABLE assessments ADD COLUMN alarm_time TEXT; -- when the clock reaches its next stage; NULL while it does not run
ALTER TABLE assessments ADD COLUMN stage INTEGER NOT NULL DEFAULT 0; -- samspil.common.v1.ClockStage that was rung, or frozen
ALTER TABLE assessments ADD COLUMN soon_time TEXT;
ALTER TABLE assessments ADD COLUMN due_day_time TEXT;
ALTER TABLE assessments ADD COLUMN escalate_time TEXT;
UPDATE assessments SET alarm_time = create_time;
ALTER TABLE assessments DROP COLUMN clock_state;
ALTER TABLE assessments DROP COLUMN clock_stop;
ALTER TABLE assessments DROP COLUMN clock_reason;
ALTER TABLE assessments DROP COLUMN overdue;
CREATE INDEX assessments_by_alarm ON assessments (alarm_time) WHERE alarm_time IS NOT NULL;
-- When a patient dies, the open questions of each wound are looked for.
CREATE INDEX assessments_open ON assessments (wound_id) WHERE is_open = 1;

DROP INDEX wounds_by_photo_due;
ALTER TABLE wounds ADD COLUMN clock BLOB; -- samspil.common.v1.Clock on the next photos; NULL while nothing is due
ALTER TABLE wounds ADD COLUMN alarm_time TEXT;
ALTER TABLE wounds ADD COLUMN opened_for TEXT NOT NULL DEFAULT ''; -- the referral whose acceptance opened it, or empty
UPDATE wounds SET alarm_time = update_time WHERE next_photo_due IS NOT NULL;
ALTER TABLE wounds DROP COLUMN photo_alarm;
CREATE INDEX wounds_by_alarm ON wounds (alarm_time) WHERE alarm_time IS NOT NULL;
-- An accepted referral opens one wound, however often its event is told.
CREATE UNIQUE INDEX wounds_opened_for ON wounds (opened_for) WHERE opened_for <> '';

-- What the safety watch warns of. No reference to the wound: a worker that holds a question's row raises a flag without
-- waiting for whoever holds the wound and waits for that question.
CREATE TABLE flags (
    flag_id BLOB PRIMARY KEY,
    wound_id BLOB NOT NULL,
    patient_id BLOB NOT NULL,
    kind INTEGER NOT NULL, -- samspil.wound.v1.FlagKind
    state INTEGER NOT NULL, -- samspil.wound.v1.FlagState
    reason TEXT NOT NULL,
    cause TEXT NOT NULL,
    raise_time TEXT NOT NULL,
    returns INTEGER NOT NULL,
    acknowledgements BLOB NOT NULL, -- samspil.wound.v1.Flag with nothing else in it
    alarm_time TEXT, -- when an acknowledged flag comes back
    clear_time TEXT,
    version INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX flags_standing ON flags (wound_id, kind) WHERE state IN (1, 2);
CREATE INDEX flags_by_wound ON flags (wound_id, raise_time, flag_id);
CREATE INDEX flags_by_time ON flags (raise_time, flag_id);
CREATE INDEX flags_by_alarm ON flags (alarm_time) WHERE alarm_time IS NOT NULL;

-- A score is never changed.
CREATE TABLE scores (
    score_id BLOB PRIMARY KEY,
    wound_id BLOB NOT NULL REFERENCES wounds,
    patient_id BLOB NOT NULL,
    instrument TEXT NOT NULL,
    detail BLOB NOT NULL, -- samspil.wound.v1.Score: input, result, visit, who
    observe_time TEXT NOT NULL,
    create_time TEXT NOT NULL
) STRICT;
CREATE INDEX scores_by_wound ON scores (wound_id, observe_time, score_id);
