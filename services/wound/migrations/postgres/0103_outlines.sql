-- What a person drew on a photo. Never changed but for its withdrawal.
CREATE TABLE outlines (
    outline_id UUID PRIMARY KEY,
    photo_id UUID NOT NULL REFERENCES photos,
    visit_id UUID NOT NULL,
    wound_id UUID NOT NULL,
    patient_id UUID NOT NULL,
    detail BYTEA NOT NULL, -- samspil.wound.v1.Outline: points, calibration, measures, who
    create_time TIMESTAMPTZ NOT NULL,
    withdraw_time TIMESTAMPTZ
);
CREATE INDEX outlines_of_photo ON outlines (photo_id, create_time, outline_id) WHERE withdraw_time IS NULL;
CREATE INDEX outlines_of_wound ON outlines (wound_id, create_time, outline_id) WHERE withdraw_time IS NULL;
