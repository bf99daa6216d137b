-- What a person drew on a photo. Never changed but for its withdrawal.
CREATE TABLE outlines (
    outline_id BLOB PRIMARY KEY,
    photo_id BLOB NOT NULL REFERENCES photos,
    visit_id BLOB NOT NULL,
    wound_id BLOB NOT NULL,
    patient_id BLOB NOT NULL,
    detail BLOB NOT NULL, -- samspil.wound.v1.Outline: points, calibration, measures, who
    create_time TEXT NOT NULL,
    withdraw_time TEXT
) STRICT;
CREATE INDEX outlines_of_photo ON outlines (photo_id, create_time, outline_id) WHERE withdraw_time IS NULL;
CREATE INDEX outlines_of_wound ON outlines (wound_id, create_time, outline_id) WHERE withdraw_time IS NULL;
