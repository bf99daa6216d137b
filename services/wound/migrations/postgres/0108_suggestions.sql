-- Which version of the steps made a photo's verdict, and which version of the model has looked at it.
ALTER TABLE photos ADD COLUMN marker BYTEA; -- samspil.wound.v1.Marker; NULL where none was found
ALTER TABLE photos ADD COLUMN analysis_version TEXT NOT NULL DEFAULT '';
ALTER TABLE photos ADD COLUMN analysis_due TIMESTAMPTZ; -- while a worker has it: until when
CREATE INDEX photos_by_analysis ON photos (analysis_version, store_time) WHERE state = 2;

-- What a model suggests, of every version that has looked.
CREATE TABLE suggestions (
    suggestion_id UUID PRIMARY KEY,
    photo_id UUID NOT NULL REFERENCES photos,
    visit_id UUID NOT NULL,
    wound_id UUID NOT NULL,
    patient_id UUID NOT NULL,
    detail BYTEA NOT NULL, -- samspil.wound.v1.Suggestion: points, measures, confidence, version
    state INTEGER NOT NULL,
    decided_by BYTEA, -- samspil.common.v1.Actor
    create_time TIMESTAMPTZ NOT NULL,
    decide_time TIMESTAMPTZ
);
CREATE INDEX suggestions_of_photo ON suggestions (photo_id, create_time, suggestion_id);
CREATE INDEX suggestions_of_wound ON suggestions (wound_id, create_time, suggestion_id);
