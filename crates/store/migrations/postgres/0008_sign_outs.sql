-- Who has signed out, as the provider told: tokens from before are refused. A row stays for as long as such a token could hold.
CREATE TABLE sign_outs (
    issuer TEXT COLLATE "C" NOT NULL,
    statement TEXT COLLATE "C" NOT NULL, -- the id of the provider's statement: told twice, it is one
    subject TEXT COLLATE "C" NOT NULL, -- whom, as the provider calls them; empty where only the session was told
    session TEXT COLLATE "C" NOT NULL, -- which session; empty for all of the subject
    time TIMESTAMPTZ NOT NULL, -- tokens up to then
    until TIMESTAMPTZ NOT NULL, -- by then no token from before holds any more
    PRIMARY KEY (issuer, statement)
);
CREATE INDEX sign_outs_by_until ON sign_outs (until);
