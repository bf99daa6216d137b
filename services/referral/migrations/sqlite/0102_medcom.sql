-- Referrals after MedCom's logical model. The table before knew one state and one receiver, and its encoded messages cannot be
-- read as today's. It was never released; whoever tried it out finds its rows set aside, not gone.
DROP INDEX referrals_by_patient;
ALTER TABLE referrals RENAME TO referrals_before_0102;

CREATE TABLE referrals (
    referral_id BLOB PRIMARY KEY,
    patient_id BLOB NOT NULL,
    -- The stage's name. No CHECK: the table of stages is src/referral/state.rs alone.
    stage TEXT NOT NULL,
    -- What lists are cut by, as numbers of the contract's enums.
    state INTEGER NOT NULL,
    triage_state INTEGER NOT NULL, -- of the present receiver, 0 before it is sent to one
    priority INTEGER NOT NULL,
    -- Everything else, as a Referral of the contract: read as a whole, never searched.
    body BLOB NOT NULL,
    clock BLOB, -- samspil.common.v1.Clock on who has to decide, NULL while nobody has to
    due_time TEXT,
    alarm_time TEXT,
    create_time TEXT NOT NULL,
    update_time TEXT NOT NULL,
    version INTEGER NOT NULL
) STRICT;
CREATE INDEX referrals_by_patient ON referrals (patient_id, referral_id);
CREATE INDEX referrals_by_alarm ON referrals (alarm_time) WHERE alarm_time IS NOT NULL;

-- Who sees a referral: the sender, the approver once it was asked, each receiver once it was sent there. Nobody ever leaves.
-- The times of the referral stand here too, so that each list of an organisation reads one index in its order.
CREATE TABLE participants (
    referral_id BLOB NOT NULL REFERENCES referrals,
    organisation TEXT NOT NULL, -- SOR code
    role TEXT NOT NULL, -- SENDER, APPROVER or RECEIVER
    since TEXT NOT NULL,
    patient_id BLOB NOT NULL,
    create_time TEXT NOT NULL,
    update_time TEXT NOT NULL,
    due_time TEXT NOT NULL, -- the end of time while no clock runs, so that those come last
    PRIMARY KEY (referral_id, organisation)
) STRICT;
CREATE INDEX participants_newest ON participants (organisation, create_time, referral_id);
CREATE INDEX participants_changed ON participants (organisation, update_time, referral_id);
CREATE INDEX participants_due ON participants (organisation, due_time, referral_id);

-- What became of telling an organisation of a step. No row before a list or a stream brought it there.
CREATE TABLE receipts (
    referral_id BLOB NOT NULL REFERENCES referrals,
    step INTEGER NOT NULL, -- its place in the history, from 0
    organisation TEXT NOT NULL, -- SOR code
    deliver_time TEXT NOT NULL,
    delivered_to BLOB NOT NULL, -- samspil.common.v1.Actor
    read_time TEXT,
    read_by BLOB,
    PRIMARY KEY (referral_id, step, organisation)
) STRICT;

-- Photos and files of a referral. The bytes of a file are an object: attachments/{attachment_id}.
CREATE TABLE attachments (
    attachment_id BLOB PRIMARY KEY,
    referral_id BLOB NOT NULL REFERENCES referrals,
    patient_id BLOB NOT NULL,
    title TEXT NOT NULL,
    photo TEXT NOT NULL, -- the photo's name, empty for a file
    content_type TEXT NOT NULL,
    size_bytes INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    state INTEGER NOT NULL, -- samspil.referral.v1.AttachmentState
    announced_by TEXT NOT NULL, -- only this person uploads it
    attached_by BLOB NOT NULL, -- samspil.common.v1.Actor
    generation INTEGER NOT NULL, -- counts the streams that have opened the upload; the newest one alone may write
    receive_time TEXT,
    create_time TEXT NOT NULL,
    store_time TEXT
) STRICT;
CREATE INDEX attachments_by_referral ON attachments (referral_id, create_time, attachment_id);

-- What has arrived of an upload in progress, so that it goes on at any replica.
CREATE TABLE attachment_parts (
    attachment_id BLOB NOT NULL REFERENCES attachments,
    start INTEGER NOT NULL,
    length INTEGER NOT NULL,
    object TEXT NOT NULL,
    PRIMARY KEY (attachment_id, start)
) STRICT;
