-- The chain of the audit's entries. Each hash takes in the one before and its entry whole, so that no entry can be changed, taken
-- away or put in between without every hash after it. One sealer at a time numbers them, so that the numbers have no holes.
CREATE TABLE audit_seals (
    sequence INTEGER PRIMARY KEY,
    entry_id BLOB NOT NULL UNIQUE, -- no foreign key: an entry that is gone is for the check to tell, not for the engine to prevent
    hash BLOB NOT NULL
) STRICT;

-- Entries that the sealer has not come to yet, written with them.
CREATE TABLE audit_unsealed (
    position INTEGER PRIMARY KEY,
    entry_id BLOB NOT NULL
) STRICT;
INSERT INTO audit_unsealed (entry_id) SELECT entry_id FROM audit ORDER BY time, entry_id;

-- Signed statements of how far the chain had come, and with which hash.
CREATE TABLE audit_checkpoints (
    sequence INTEGER PRIMARY KEY,
    hash BLOB NOT NULL,
    time TEXT NOT NULL,
    key BLOB NOT NULL, -- the public key: Ed25519
    signature BLOB NOT NULL
) STRICT;
