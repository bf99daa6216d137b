-- The queue's order among those due at the same time: the urgent before the rest.
ALTER TABLE assessments ADD COLUMN rank INTEGER GENERATED ALWAYS AS (CASE priority WHEN 2 THEN 0 ELSE 1 END) VIRTUAL;
-- A copy of the wound's type, so that one index finds a type in the queue's order. A join would look at every wound of the queue.
ALTER TABLE assessments ADD COLUMN wound_type INTEGER NOT NULL DEFAULT 0; -- samspil.wound.v1.WoundType
UPDATE assessments SET wound_type = (SELECT w.type FROM wounds w WHERE w.wound_id = assessments.wound_id);

DROP INDEX assessments_queue;
CREATE INDEX assessments_queue ON assessments (receiver, is_open, due_time, rank, assessment_id);
-- What is asked of the open part of the queue. What is answered is in none of these.
CREATE INDEX assessments_queue_by_requester ON assessments (receiver, requester, due_time, rank, assessment_id) WHERE is_open;
CREATE INDEX assessments_queue_by_type ON assessments (receiver, wound_type, due_time, rank, assessment_id) WHERE is_open;
CREATE INDEX assessments_queue_by_priority ON assessments (receiver, priority, due_time, rank, assessment_id) WHERE is_open;
CREATE INDEX assessments_queue_by_holder ON assessments (holder, due_time, rank, assessment_id) WHERE holder <> '';
