-- Which text of a pair was compared with all others of its manual, so that a run compares only what is new or changed.
CREATE TABLE compared (
    pair_key    INTEGER PRIMARY KEY REFERENCES pairs,
    revision    INTEGER NOT NULL,
    rules       TEXT NOT NULL,        -- version of the rules, and whether meanings or words were compared
    text_sha256 TEXT NOT NULL         -- of "question answer": its vector's name
) STRICT;
