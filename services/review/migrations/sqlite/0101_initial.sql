-- The key with which a person's devices encrypt what waits in them. It never changes: what was encrypted with another would be lost.
CREATE TABLE device_keys (
    person TEXT PRIMARY KEY,
    key BLOB NOT NULL, -- 32 bytes
    create_time TEXT NOT NULL
) STRICT;

-- Texts that an organisation answers with again and again. Those that come with Samspil are data of the program.
CREATE TABLE text_blocks (
    text_block_id BLOB PRIMARY KEY,
    organisation TEXT NOT NULL, -- SOR code
    place INTEGER NOT NULL, -- TextBlockPlace of the contract
    label TEXT NOT NULL,
    text TEXT NOT NULL,
    due_days INTEGER NOT NULL,
    created_by BLOB NOT NULL, -- samspil.common.v1.Actor: nobody looks for it
    create_time TEXT NOT NULL
) STRICT;
CREATE INDEX text_blocks_by_organisation ON text_blocks (organisation);

-- Codes of the built-in sign-in, from the moment somebody was chosen until the tool fetches the tokens. A row, so that a code
-- that was shown to one replica is taken once by whichever is asked.
CREATE TABLE sign_in_codes (
    code_digest BLOB PRIMARY KEY, -- SHA-256: who reads the row cannot sign in with it
    person TEXT NOT NULL,
    redirect_uri TEXT NOT NULL,
    challenge TEXT NOT NULL, -- of PKCE, S256
    nonce TEXT NOT NULL, -- or empty
    expire_time TEXT NOT NULL
) STRICT;
