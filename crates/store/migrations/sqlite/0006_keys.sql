-- Keys that rows are sealed and found with, each wrapped by a master key that is not in the database.
CREATE TABLE keys (
    key_id INTEGER PRIMARY KEY, -- 1 is the index key; the greatest of the others is what new rows are sealed with
    master TEXT NOT NULL, -- the id of the master key that wraps it
    wrapped BLOB NOT NULL,
    create_time TEXT NOT NULL
) STRICT;
