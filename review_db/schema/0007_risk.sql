-- The signals of a text's risk, kept because they need the page's words, and the risk of a rejection beside the risk.
CREATE TABLE signals (
    pair_key  INTEGER NOT NULL,
    revision  INTEGER NOT NULL,
    strengths TEXT NOT NULL,          -- {name: strength from 0 to 1}, without those of strength 0
    PRIMARY KEY (pair_key, revision),
    FOREIGN KEY (pair_key, revision) REFERENCES revisions (pair_key, revision)
) STRICT, WITHOUT ROWID;
ALTER TABLE pairs ADD COLUMN reject_risk REAL NOT NULL DEFAULT 0.5 CHECK (reject_risk BETWEEN 0 AND 1);
