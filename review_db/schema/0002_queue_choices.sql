-- What pairs are queued by, kept on the pair itself so that every order of the queue is a walk along an index;
-- full-text search over the newest texts; work shared out among reviewers; blind second opinions.

------------------------------------------------------------------ pairs
ALTER TABLE pairs ADD COLUMN page_sort_key TEXT NOT NULL DEFAULT '';       -- of its page
ALTER TABLE pairs ADD COLUMN page_manual_id INTEGER NOT NULL DEFAULT 0;    -- of its page
ALTER TABLE pairs ADD COLUMN page_section_id TEXT NOT NULL DEFAULT '';     -- of its page, as corrected
ALTER TABLE pairs ADD COLUMN newest_type TEXT NOT NULL DEFAULT '';         -- question type of its newest text

UPDATE pairs SET page_sort_key = p.sort_key, page_manual_id = p.manual_id, page_section_id = p.section_id
FROM current_pages p WHERE p.page_id = pairs.page_id;
UPDATE pairs SET newest_type = r.question_type
FROM revisions r WHERE r.pair_key = pairs.pair_key AND r.revision = pairs.revision;

CREATE INDEX pairs_in_order ON pairs (skips, page_sort_key, page_id, pair_key) WHERE status = 'pending';
CREATE INDEX pairs_waiting ON pairs (page_id, pair_key) WHERE status = 'pending';
CREATE INDEX pairs_of_section ON pairs (page_section_id, skips, risk DESC, pair_key) WHERE status = 'pending';
CREATE INDEX pairs_of_section_in_order ON pairs (page_section_id, skips, page_sort_key, page_id, pair_key)
    WHERE status = 'pending';
CREATE INDEX pairs_of_type ON pairs (newest_type, skips, risk DESC, pair_key) WHERE status = 'pending';
CREATE INDEX pairs_of_engine ON pairs (engine, skips, risk DESC, pair_key) WHERE status = 'pending';
CREATE INDEX pairs_of_manual ON pairs (page_manual_id, skips, risk DESC, pair_key) WHERE status = 'pending';
CREATE INDEX pairs_flagged ON pairs (status, risk DESC, pair_key) WHERE flagged = 1;
CREATE INDEX pairs_decided ON pairs (decided_by, risk DESC, pair_key) WHERE decided_by IS NOT NULL;
-- A fixed number for each pair that follows nothing a person could guess: the random orders walk along it.
CREATE INDEX pairs_at_random ON pairs
    (skips, (((pair_key * 2654435761 & 4294967295) * ((pair_key * 40503 & 65535) + 1) >> 12) & 4294967295), page_id)
    WHERE status = 'pending';
CREATE INDEX pairs_decided_at_random ON pairs
    ((((pair_key * 2654435761 & 4294967295) * ((pair_key * 40503 & 65535) + 1) >> 12) & 4294967295), decided_by)
    WHERE decided_by IS NOT NULL;
CREATE INDEX flags_name ON flags (flag, pair_key, revision);
CREATE INDEX jobs_regenerated ON jobs (job_id) WHERE kind = 'regenerate' AND state = 'done';

CREATE TRIGGER pairs_follow_corrections AFTER INSERT ON page_corrections WHEN NEW.field = 'section_id' BEGIN
    UPDATE pairs SET page_section_id = NEW.value WHERE page_id = NEW.page_id;
END;
CREATE TRIGGER pairs_follow_classes AFTER INSERT ON page_classes BEGIN
    UPDATE pairs SET page_section_id = NEW.section_id
    WHERE page_id = (SELECT page_id FROM page_versions WHERE page_version_id = NEW.page_version_id AND is_current = 1)
    AND page_section_id <> NEW.section_id
    AND NOT EXISTS (SELECT 1 FROM page_corrections c WHERE c.page_id = pairs.page_id AND c.field = 'section_id');
END;

------------------------------------------------------------------ search
-- Newest question and answer of every pair. The texts themselves stay in revisions; this is only their index, written
-- by review_db/texts.py: a trigger may not, as the schema of a file that came from elsewhere is not trusted.
CREATE VIRTUAL TABLE pair_texts USING fts5 (question, answer, content='', tokenize="unicode61 remove_diacritics 2");
INSERT INTO pair_texts (rowid, question, answer) SELECT pair_key, question, answer FROM current_pairs;
CREATE TRIGGER pairs_follow_texts AFTER INSERT ON revisions BEGIN
    UPDATE pairs SET newest_type = NEW.question_type WHERE pair_key = NEW.pair_key;
END;

------------------------------------------------------------------ people
DROP TABLE assignments;
CREATE TABLE assignments (            -- a part of the work that is one reviewer's; what is nobody's is common to all
    assignment_id INTEGER PRIMARY KEY,
    reviewer      TEXT NOT NULL REFERENCES reviewers,
    filters_json  TEXT NOT NULL,      -- {"section": "21", "question_type": "factual"}: the filters of a queue choice
    assigned_by   TEXT NOT NULL,
    created_at    TEXT NOT NULL,
    ended_by      TEXT,
    ended_at      TEXT
) STRICT;
CREATE UNIQUE INDEX assignments_active ON assignments (reviewer, filters_json) WHERE ended_at IS NULL;

CREATE TABLE second_opinions (        -- what another reviewer thinks of a decided pair, without having seen the decision
    opinion_id    INTEGER PRIMARY KEY,
    decision_id   TEXT NOT NULL UNIQUE,        -- made by the client: sending again is a no-op
    pair_key      INTEGER NOT NULL REFERENCES pairs,
    reviewer      TEXT NOT NULL REFERENCES reviewers,
    revision      INTEGER NOT NULL,
    verdict       TEXT NOT NULL CHECK (verdict IN ('approve','edit','reject')),
    question      TEXT,                        -- of an edit
    answer        TEXT,
    reason        TEXT,
    comment       TEXT,
    first_by      TEXT NOT NULL,               -- who decided before, and what
    first_status  TEXT NOT NULL,
    first_reason  TEXT,
    shown_ms      INTEGER,
    at            TEXT NOT NULL,
    withdrawn_at  TEXT
) STRICT;
CREATE UNIQUE INDEX second_opinions_standing ON second_opinions (pair_key, reviewer) WHERE withdrawn_at IS NULL;
