-- What a pair asks without what only notation changes, kept so that a run looks up who asks the same instead of
-- reading every pair again.
CREATE TABLE normal_forms (
    pair_key        INTEGER PRIMARY KEY REFERENCES pairs,
    revision        INTEGER NOT NULL,
    rules           TEXT NOT NULL,             -- version of the rules that made the form
    question_sha256 TEXT NOT NULL,             -- of the question's normal form
    linked          INTEGER NOT NULL DEFAULT 0 CHECK (linked IN (0, 1))  -- since it last came in: a run has compared it
) STRICT;
CREATE INDEX normal_forms_question ON normal_forms (question_sha256);
CREATE INDEX normal_forms_waiting ON normal_forms (pair_key) WHERE linked = 0;
