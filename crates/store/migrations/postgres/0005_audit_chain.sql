-- The chain of the audit's entries. Each hash takes in the one before and its entry whole, so that no entry can be changed, taken
-- away or put in between without every hash after it. One sealer at a time numbers them, so that the numbers have no holes.
CREATE TABLE audit_seals (
    sequence BIGINT PRIMARY KEY,
    entry_id UUID NOT NULL UNIQUE, -- no foreign key: an entry that is gone is for the check to tell, not for the engine to prevent
    hash BYTEA NOT NULL
);

-- Entries that the sealer has not come to yet, written with them.
CREATE TABLE audit_unsealed (
    position BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    entry_id UUID NOT NULL
);
INSERT INTO audit_unsealed (entry_id) SELECT entry_id FROM audit ORDER BY time, entry_id;

-- Signed statements of how far the chain had come, and with which hash.
CREATE TABLE audit_checkpoints (
    sequence BIGINT PRIMARY KEY,
    hash BYTEA NOT NULL,
    time TIMESTAMPTZ NOT NULL,
    key BYTEA NOT NULL, -- the public key: Ed25519
    signature BYTEA NOT NULL
);
