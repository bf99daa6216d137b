-- Keys that rows are sealed and found with, each wrapped by a master key that is not in the database.
CREATE TABLE keys (
    key_id BIGINT PRIMARY KEY, -- 1 is the index key; the greatest of the others is what new rows are sealed with
    master TEXT COLLATE "C" NOT NULL, -- the id of the master key that wraps it
    wrapped BYTEA NOT NULL,
    create_time TIMESTAMPTZ NOT NULL
);
