-- Reconciliations of patients' medication.
CREATE TABLE reconciliations (
    reconciliation_id BLOB PRIMARY KEY,
    patient_id BLOB NOT NULL,
    state INTEGER NOT NULL,
    task_id BLOB NOT NULL, -- the activity that is its task
    tasks INTEGER NOT NULL, -- how many tasks it has had
    cause TEXT NOT NULL, -- the hospital event that opened it, or empty
    content BLOB NOT NULL, -- lists, differences and the agreed list, as an encoded Reconciliation: nobody searches them
    admit_time TEXT, -- when the patient was last admitted while it was open: an earlier discharge list is of an earlier stay
    create_time TEXT NOT NULL,
    update_time TEXT NOT NULL,
    version INTEGER NOT NULL
) STRICT;
CREATE INDEX reconciliations_by_plan ON reconciliations (patient_id, create_time, reconciliation_id);
CREATE INDEX reconciliations_by_task ON reconciliations (task_id);
-- One list is agreed on at a time.
CREATE UNIQUE INDEX reconciliations_open ON reconciliations (patient_id) WHERE state = 1;
-- A discharge opens one, however often it is told.
CREATE UNIQUE INDEX reconciliations_by_cause ON reconciliations (cause) WHERE cause <> '';
