-- Person numbers, sealed: this takes the place of `person_numbers`, whose rows move here at the first start after it, since no
-- statement has the keys. The hash is what makes two registrations at once end in one citizen. The number is written before the
-- citizen, since it decides whether there will be one; hence the deferred reference.
CREATE TABLE sealed_numbers (
    number_hash BLOB PRIMARY KEY, -- HMAC-SHA-256 of the ten characters, no hyphen, capitals
    kind INTEGER NOT NULL, -- PersonNumberKind of the contract
    key_id INTEGER NOT NULL,
    sealed BLOB NOT NULL, -- AES-256-GCM, bound to the citizen: nonce, cipher text, tag
    patient_id BLOB NOT NULL REFERENCES citizens (patient_id) DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE INDEX sealed_numbers_by_patient ON sealed_numbers (patient_id);
CREATE INDEX sealed_numbers_by_key ON sealed_numbers (key_id);
