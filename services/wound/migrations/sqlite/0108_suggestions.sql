-- Which version of the steps made a photo's verdict, and which version of the model has looked at it.
ALTER TABLE photos ADD COLUMN marker BLOB; -- samspil.wound.v1.Marker; NULL where none was found
ALTER TABLE photos ADD COLUMN analysis_version TEXT NOT NULL DEFAULT '';
ALTER TABLE photos ADD COLUMN analysis_due TEXT; -- while a worker has it: until when
CREATE INDEX photos_by_analysis ON photos (analysis_version, store_time) WHERE state = 2;

-- What a model suggests, of every version that has looked.
CREATE TABLE suggestions (
    suggestion_id BLOB PRIMARY KEY,
    photo_id BLOB NOT NULL REFERENCES photos,
    visit_id BLOB NOT NULL,
    wound_id BLOB NOT NULL,
    patient_id BLOB NOT NULL,
    detail BLOB NOT NULL, -- samspil.wound.v1.Suggestion: points, measures, confidence, version
    state INTEGER NOT NULL,
    decided_by BLOB, -- samspil.common.v1.Actor
    create_time TEXT NOT NULL,
    decide_time TEXT
) STRICT;
CREATE INDEX suggestions_of_photo ON suggestions (photo_id, create_time, suggestion_id);
CREATE INDEX suggestions_of_wound ON suggestions (wound_id, create_time, suggestion_id);
