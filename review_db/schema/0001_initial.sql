-- Words of the field, in the order in which data flows: see README.md, "Words we use".
-- Nothing is deleted; rows that stop being current are marked, texts and decisions are only appended.

------------------------------------------------------------------ sources
CREATE TABLE workspace_facts (
    name  TEXT PRIMARY KEY,           -- source_root, checkpoint_owner, ...
    value TEXT NOT NULL
) STRICT;

CREATE TABLE settings_snapshots (
    snapshot_id   INTEGER PRIMARY KEY,
    sha256        TEXT NOT NULL UNIQUE,
    settings_json TEXT NOT NULL,
    origins_json  TEXT NOT NULL,      -- key -> default | file | option
    taken_at      TEXT NOT NULL
) STRICT;

CREATE TABLE manuals (
    manual_id INTEGER PRIMARY KEY,
    name      TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE files (
    file_id      INTEGER PRIMARY KEY,
    path         TEXT NOT NULL,       -- POSIX, relative to the source folder, undecodable bytes escaped
    source_root  TEXT NOT NULL,
    kind         TEXT NOT NULL CHECK (kind IN ('image','pdf','html','other','link','special')),
    sha256       TEXT,                -- null for links and special files
    size         INTEGER NOT NULL,
    mtime_ns     INTEGER NOT NULL,
    status       TEXT NOT NULL CHECK (status IN ('ok','ignored','unreadable','duplicate','gone')),
    reason       TEXT,
    manual_id    INTEGER REFERENCES manuals,
    page_count   INTEGER,
    duplicate_of TEXT,                -- path of the first file with the same bytes
    is_current   INTEGER NOT NULL DEFAULT 1 CHECK (is_current IN (0,1)),
    first_seen   TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX files_current_path ON files (source_root, path) WHERE is_current = 1;
CREATE INDEX files_sha256 ON files (sha256);

------------------------------------------------------------------ pages
CREATE TABLE pages (
    page_id     TEXT PRIMARY KEY,     -- stable for ever
    manual_id   INTEGER NOT NULL REFERENCES manuals,
    source      TEXT NOT NULL,        -- the file's path
    page_number INTEGER,              -- 1-based inside a PDF, else null
    origin      TEXT NOT NULL DEFAULT 'scan' CHECK (origin IN ('scan','import')),
    sort_key    TEXT NOT NULL,        -- natural reading order of the manual
    next_pair_number INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE UNIQUE INDEX pages_source ON pages (source, IFNULL(page_number, 0), origin);
CREATE INDEX pages_order ON pages (sort_key, page_id);

CREATE TABLE page_versions (
    page_version_id INTEGER PRIMARY KEY,
    page_id      TEXT NOT NULL REFERENCES pages,
    file_id      INTEGER REFERENCES files,
    identity     TEXT NOT NULL,       -- file sha256, page number, dpi
    kind         TEXT NOT NULL CHECK (kind IN ('image','html','text')),
    image_sha256 TEXT,                -- of the stored upright image's pixels
    image_path   TEXT,                -- absolute for a scan used in place, else relative to the cache
    width        INTEGER,
    height       INTEGER,
    status       TEXT NOT NULL CHECK (status IN ('ok','unreadable','blank','skipped')),
    reason       TEXT,
    duplicate_of TEXT REFERENCES pages,
    is_current   INTEGER NOT NULL DEFAULT 1 CHECK (is_current IN (0,1)),
    created_at   TEXT NOT NULL,
    UNIQUE (page_id, identity)
) STRICT;
CREATE UNIQUE INDEX page_versions_current ON page_versions (page_id) WHERE is_current = 1;
CREATE INDEX page_versions_image ON page_versions (image_sha256);
CREATE INDEX page_versions_file ON page_versions (file_id);

CREATE TABLE page_corrections (
    correction_id INTEGER PRIMARY KEY,
    page_id    TEXT NOT NULL REFERENCES pages,
    field      TEXT NOT NULL CHECK (field IN ('content_type','source_type','rotation','section_id','section_name',
                                              'nothing_to_ask')),
    value      TEXT NOT NULL,
    reviewer   TEXT NOT NULL,
    created_at TEXT NOT NULL
) STRICT;
CREATE INDEX page_corrections_page ON page_corrections (page_id, field, correction_id);

CREATE TABLE page_words (
    image_sha256 TEXT NOT NULL,       -- html sheets: sha256 of the file
    reader       TEXT NOT NULL,       -- name and version of what read them
    rotation     INTEGER NOT NULL DEFAULT 0,  -- quarter turns applied before reading
    words_json   TEXT NOT NULL,       -- [[text, x0, y0, x1, y1, confidence, line], ...] in reading order
    word_count   INTEGER NOT NULL,
    read_at      TEXT NOT NULL,
    seconds      REAL NOT NULL,
    PRIMARY KEY (image_sha256, reader)
) STRICT;

CREATE TABLE page_classes (
    class_id        INTEGER PRIMARY KEY,
    page_version_id INTEGER NOT NULL REFERENCES page_versions,
    engine          TEXT NOT NULL,
    source_type     TEXT NOT NULL,
    content_type    TEXT NOT NULL,
    is_index        INTEGER NOT NULL CHECK (is_index IN (0,1)),
    confidence      REAL NOT NULL,
    section_id      TEXT NOT NULL,
    section_name    TEXT NOT NULL,
    title           TEXT,
    printed_page    TEXT,
    nothing_to_ask  INTEGER NOT NULL DEFAULT 0,
    reason          TEXT,
    created_at      TEXT NOT NULL
) STRICT;
CREATE INDEX page_classes_version ON page_classes (page_version_id, class_id);

CREATE TABLE index_entries (
    entry_id        INTEGER PRIMARY KEY,
    page_version_id INTEGER NOT NULL REFERENCES page_versions,
    position        INTEGER NOT NULL,
    section_id      TEXT NOT NULL,
    code            TEXT NOT NULL,    -- full; empty where the row has none
    title           TEXT NOT NULL,
    page            TEXT NOT NULL,    -- as printed
    engine          TEXT NOT NULL,
    is_current      INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX index_entries_version ON index_entries (page_version_id, position) WHERE is_current = 1;
CREATE INDEX index_entries_page ON index_entries (section_id, page) WHERE is_current = 1;

CREATE TABLE page_links (
    from_page_id TEXT NOT NULL REFERENCES pages,
    to_page_id   TEXT NOT NULL REFERENCES pages,
    relation     TEXT NOT NULL CHECK (relation IN ('index','cross_reference','continuation','near_image')),
    code         TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (from_page_id, to_page_id, relation, code)
) STRICT;

CREATE TABLE split_groups (           -- a group of pages is in one split only and keeps it for ever
    page_id  TEXT PRIMARY KEY REFERENCES pages,
    group_id TEXT NOT NULL,
    split    TEXT NOT NULL CHECK (split IN ('train','validation','test'))
) STRICT;
CREATE INDEX split_groups_group ON split_groups (group_id);

------------------------------------------------------------------ work
CREATE TABLE stage_outcomes (         -- the note that a unit was done commits with what the unit made
    stage       TEXT NOT NULL,
    unit        TEXT NOT NULL,
    fingerprint TEXT NOT NULL,        -- of inputs and the settings that matter to the stage
    outcome     TEXT NOT NULL CHECK (outcome IN ('ok','failed')),
    detail      TEXT,
    attempts    INTEGER NOT NULL DEFAULT 1,
    seconds     REAL NOT NULL,
    finished_at TEXT NOT NULL,
    PRIMARY KEY (stage, unit)
) STRICT;

CREATE TABLE jobs (
    job_id       INTEGER PRIMARY KEY,
    kind         TEXT NOT NULL CHECK (kind IN ('run','regenerate','read_again','export','publish','estimate','check',
                                              'import_checks')),
    payload_json TEXT NOT NULL,
    state        TEXT NOT NULL DEFAULT 'queued' CHECK (state IN ('queued','running','done','failed','cancelled')),
    done_units   INTEGER NOT NULL DEFAULT 0,
    total_units  INTEGER,
    message      TEXT,
    result_json  TEXT,
    requested_by TEXT NOT NULL,
    worker       TEXT,
    heartbeats   INTEGER NOT NULL DEFAULT 0,   -- leases are judged by progress of this count, not by wall clocks
    attempts     INTEGER NOT NULL DEFAULT 0,
    cancel_asked INTEGER NOT NULL DEFAULT 0,
    not_before   TEXT,
    starts_alone INTEGER NOT NULL DEFAULT 1,   -- 0: only when a person starts a worker
    created_at   TEXT NOT NULL,
    started_at   TEXT,
    finished_at  TEXT
) STRICT;
CREATE INDEX jobs_waiting ON jobs (job_id) WHERE state IN ('queued','running');

CREATE TABLE generation_runs (
    run_id          INTEGER PRIMARY KEY,
    page_version_id INTEGER REFERENCES page_versions,
    job_id          INTEGER REFERENCES jobs,
    engine          TEXT NOT NULL,
    model           TEXT,
    prompt_name     TEXT,
    prompt_sha256   TEXT,
    feedback_json   TEXT,
    call_id         INTEGER REFERENCES calls,
    proposed        INTEGER NOT NULL DEFAULT 0,
    created_at      TEXT NOT NULL
) STRICT;
CREATE INDEX generation_runs_page ON generation_runs (page_version_id, engine);

CREATE TABLE batches (
    batch_id     INTEGER PRIMARY KEY,
    provider_id  TEXT UNIQUE,
    state        TEXT NOT NULL CHECK (state IN ('preparing','submitted','ended','stored','abandoned')),
    request_count INTEGER NOT NULL,
    submitted_at TEXT,
    ended_at     TEXT
) STRICT;

CREATE TABLE calls (                  -- one paid HTTP request, or one request inside a batch
    call_id       INTEGER PRIMARY KEY,
    request_hash  TEXT NOT NULL,
    generation    INTEGER NOT NULL DEFAULT 1,
    attempt       INTEGER NOT NULL DEFAULT 1,
    page_id       TEXT REFERENCES pages,
    batch_id      INTEGER REFERENCES batches,
    engine        TEXT NOT NULL,
    model         TEXT NOT NULL,
    purpose       TEXT NOT NULL,
    state         TEXT NOT NULL CHECK (state IN ('sent','settled','no_pairs','failed','unreadable_reply','outcome_unknown')),
    http_status   INTEGER,
    request_id    TEXT,
    reply         BLOB,               -- raw bytes, committed before they are parsed
    reply_headers TEXT,
    input_tokens  INTEGER,
    output_tokens INTEGER,
    cache_write_tokens INTEGER,
    cache_read_tokens  INTEGER,
    reserved_usd  REAL NOT NULL,
    cost_usd      REAL,
    utc_day       TEXT NOT NULL,
    run_key       TEXT NOT NULL,      -- the command or job whose cap it counts against
    owner         TEXT NOT NULL,      -- the process that sent it; its lock file tells whether it lives
    sent_at       TEXT NOT NULL,
    settled_at    TEXT,
    UNIQUE (request_hash, generation, attempt)
) STRICT;
CREATE INDEX calls_unsettled ON calls (call_id) WHERE state = 'sent';
CREATE INDEX calls_unknown ON calls (page_id) WHERE state = 'outcome_unknown';
CREATE INDEX calls_request ON calls (request_hash, call_id);

CREATE TABLE spending (               -- dollars spent and reserved, by scope: day:2026-11-23, run:KEY, page:ID
    scope TEXT PRIMARY KEY,
    usd   REAL NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX calls_day ON calls (utc_day);
CREATE INDEX calls_page ON calls (page_id);

------------------------------------------------------------------ pairs
CREATE TABLE pairs (
    pair_key        INTEGER PRIMARY KEY,
    pair_id         TEXT NOT NULL UNIQUE,      -- <page_id>-q01, the export's qa_id
    page_id         TEXT NOT NULL REFERENCES pages,
    page_version_id INTEGER NOT NULL REFERENCES page_versions,
    run_id          INTEGER REFERENCES generation_runs,
    engine          TEXT NOT NULL,             -- who wrote it: claude..., offline, import, reviewer
    model           TEXT,
    fingerprint     TEXT NOT NULL,             -- of page image, question and answer: the same pair twice changes nothing
    revision        INTEGER NOT NULL DEFAULT 1,-- the newest
    status          TEXT NOT NULL CHECK (status IN ('pending','approved','rejected','set_aside')),
    reason          TEXT,
    risk            REAL NOT NULL DEFAULT 0.5 CHECK (risk BETWEEN 0 AND 1),
    flagged         INTEGER NOT NULL DEFAULT 0,-- a reviewer's flag for a second look
    skips           INTEGER NOT NULL DEFAULT 0,
    decided_by      TEXT,                      -- of the decision in force
    is_planted      INTEGER NOT NULL DEFAULT 0,
    import_metadata TEXT,                      -- the record's metadata, as it came
    created_at      TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX pairs_fingerprint ON pairs (page_id, fingerprint);
CREATE INDEX pairs_queue ON pairs (skips, risk DESC, pair_key) WHERE status = 'pending';
CREATE INDEX pairs_page ON pairs (page_id, pair_key);
CREATE INDEX pairs_page_version ON pairs (page_version_id);
CREATE INDEX pairs_status ON pairs (status, pair_key);

CREATE TABLE revisions (
    pair_key      INTEGER NOT NULL REFERENCES pairs,
    revision      INTEGER NOT NULL,
    question      TEXT NOT NULL,
    answer        TEXT NOT NULL,
    question_type TEXT NOT NULL,
    author        TEXT NOT NULL CHECK (author IN ('model','reviewer','import')),
    author_name   TEXT,               -- the reviewer, the engine or the import file
    quote         TEXT,               -- the model's own hint, never trusted
    hint_boxes    TEXT,               -- ... or, of a reviewer, the evidence drawn on the scan
    created_at    TEXT NOT NULL,
    PRIMARY KEY (pair_key, revision)
) STRICT, WITHOUT ROWID;

CREATE TABLE checks (                 -- evidence check of a revision
    pair_key    INTEGER NOT NULL,
    revision    INTEGER NOT NULL,
    verdict     TEXT NOT NULL CHECK (verdict IN ('supported','partly','unsupported','not_checkable')),
    quote       TEXT,
    boxes       TEXT NOT NULL,        -- [[x0,y0,x1,y1], ...] fractions of the upright page image
    unsupported TEXT NOT NULL,        -- [token, ...] as written
    tokens      TEXT NOT NULL,        -- [[token, found, [box]], ...] for tooltips
    checker     TEXT NOT NULL,
    checked_at  TEXT NOT NULL,
    PRIMARY KEY (pair_key, revision),
    FOREIGN KEY (pair_key, revision) REFERENCES revisions (pair_key, revision)
) STRICT, WITHOUT ROWID;

CREATE TABLE flags (                  -- warnings: a named check with one plain sentence
    pair_key INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    flag     TEXT NOT NULL,
    sentence TEXT NOT NULL,
    PRIMARY KEY (pair_key, revision, flag),
    FOREIGN KEY (pair_key, revision) REFERENCES revisions (pair_key, revision)
) STRICT, WITHOUT ROWID;

CREATE TABLE vectors (
    text_sha256 TEXT NOT NULL,
    model       TEXT NOT NULL,
    vector      BLOB NOT NULL,        -- float32, normalised
    PRIMARY KEY (text_sha256, model)
) STRICT, WITHOUT ROWID;

CREATE TABLE duplicate_links (
    pair_key  INTEGER NOT NULL REFERENCES pairs,
    other_key INTEGER NOT NULL REFERENCES pairs,
    relation  TEXT NOT NULL CHECK (relation IN ('duplicate','suspected','conflict')),
    reasons   TEXT NOT NULL,
    created_at TEXT NOT NULL,
    PRIMARY KEY (pair_key, other_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX duplicate_links_other ON duplicate_links (other_key);

CREATE TABLE machine_events (         -- every status a machine gave, append-only
    seq        INTEGER PRIMARY KEY AUTOINCREMENT,
    pair_key   INTEGER NOT NULL REFERENCES pairs,
    status     TEXT NOT NULL,
    reason     TEXT,
    at         TEXT NOT NULL
) STRICT;
CREATE INDEX machine_events_pair ON machine_events (pair_key, seq);

------------------------------------------------------------------ people
CREATE TABLE reviewers (
    name       TEXT PRIMARY KEY,
    role       TEXT NOT NULL DEFAULT 'reviewer' CHECK (role IN ('reviewer','lead','admin')),
    first_seen TEXT NOT NULL
) STRICT;

CREATE TABLE assignments (
    reviewer   TEXT NOT NULL REFERENCES reviewers,
    section_id TEXT NOT NULL,
    created_at TEXT NOT NULL,
    PRIMARY KEY (reviewer, section_id)
) STRICT;

CREATE TABLE decisions (              -- append-only; the last one in force gives the status
    seq           INTEGER PRIMARY KEY AUTOINCREMENT,
    decision_id   TEXT NOT NULL UNIQUE,        -- made by the client: sending again is a no-op
    pair_key      INTEGER NOT NULL REFERENCES pairs,
    verdict       TEXT NOT NULL CHECK (verdict IN ('approve','edit','reject','skip','undo','flag','unflag')),
    reviewer      TEXT NOT NULL REFERENCES reviewers,
    from_revision INTEGER NOT NULL,
    to_revision   INTEGER NOT NULL,
    reason        TEXT,
    comment       TEXT,
    undoes_seq    INTEGER REFERENCES decisions,
    shown_ms      INTEGER,                     -- from painting to key press
    at            TEXT NOT NULL
) STRICT;
CREATE INDEX decisions_pair ON decisions (pair_key, seq);
CREATE UNIQUE INDEX decisions_undone_once ON decisions (undoes_seq) WHERE undoes_seq IS NOT NULL;
CREATE INDEX decisions_reviewer ON decisions (reviewer, seq);

CREATE TABLE bulks (                  -- one wish for many pairs at once, with one way back
    number      INTEGER PRIMARY KEY,
    bulk_id     TEXT NOT NULL UNIQUE,          -- made by the client: sending again is a no-op
    action      TEXT NOT NULL CHECK (action IN ('approve','reject','restore')),
    reviewer    TEXT NOT NULL REFERENCES reviewers,
    filter_json TEXT NOT NULL,
    reason      TEXT,
    created_at  TEXT NOT NULL,
    undone_at   TEXT                           -- when the reviewer began to take it back
) STRICT;
CREATE TABLE bulk_pairs (             -- its decisions are ordinary ones, with decision_id <bulk_id>:<pair_key>
    bulk_id  TEXT NOT NULL REFERENCES bulks (bulk_id),
    pair_key INTEGER NOT NULL REFERENCES pairs,
    revision INTEGER NOT NULL,
    before   TEXT,                             -- the reason for which a restored pair was set aside
    outcome  TEXT NOT NULL DEFAULT 'waiting' CHECK (outcome IN ('waiting','done','refused','undone','kept')),
    PRIMARY KEY (bulk_id, pair_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX bulk_pairs_outcome ON bulk_pairs (bulk_id, outcome);

CREATE TABLE leases (                 -- a page is one reviewer's at a time, for a while
    page_id TEXT PRIMARY KEY REFERENCES pages,
    holder  TEXT NOT NULL,            -- reviewer and browser tab
    until   REAL NOT NULL             -- seconds of the database host's boot clock
) STRICT, WITHOUT ROWID;
CREATE INDEX leases_holder ON leases (holder);

CREATE TABLE drafts (
    reviewer   TEXT NOT NULL,
    pair_key   INTEGER NOT NULL REFERENCES pairs,
    revision   INTEGER NOT NULL,
    question   TEXT NOT NULL,
    answer     TEXT NOT NULL,
    comment    TEXT,
    updated_at TEXT NOT NULL,
    PRIMARY KEY (reviewer, pair_key)
) STRICT, WITHOUT ROWID;

------------------------------------------------------------------ quality
CREATE TABLE lots (
    lot_id     INTEGER PRIMARY KEY,
    name       TEXT NOT NULL,
    plan_json  TEXT NOT NULL,
    state      TEXT NOT NULL CHECK (state IN ('open','accepted','rejected')),
    created_at TEXT NOT NULL
) STRICT;
CREATE TABLE lot_pairs (
    lot_id   INTEGER NOT NULL REFERENCES lots,
    pair_key INTEGER NOT NULL REFERENCES pairs,
    draw     INTEGER NOT NULL,
    PRIMARY KEY (lot_id, pair_key)
) STRICT, WITHOUT ROWID;
CREATE TABLE planted_pairs (
    pair_key  INTEGER PRIMARY KEY REFERENCES pairs,
    true_key  INTEGER NOT NULL REFERENCES pairs,
    mutation  TEXT NOT NULL
) STRICT;
CREATE TABLE risk_models (
    model_id          INTEGER PRIMARY KEY,
    coefficients_json TEXT NOT NULL,
    measures_json     TEXT NOT NULL,
    fitted_at         TEXT NOT NULL
) STRICT;

------------------------------------------------------------------ out
CREATE TABLE releases (
    release_id      INTEGER PRIMARY KEY,
    path            TEXT NOT NULL,
    manifest_sha256 TEXT NOT NULL,
    counts_json     TEXT NOT NULL,
    published_to    TEXT,
    created_at      TEXT NOT NULL
) STRICT;
CREATE TABLE release_pairs (
    release_id INTEGER NOT NULL REFERENCES releases,
    pair_key   INTEGER NOT NULL REFERENCES pairs,
    revision   INTEGER NOT NULL,
    split      TEXT NOT NULL,
    PRIMARY KEY (release_id, pair_key)
) STRICT, WITHOUT ROWID;

------------------------------------------------------------------ views
-- A page as everyone sees it: its current version, the newest classification, a reviewer's corrections on top.
CREATE VIEW current_pages AS
SELECT p.page_id, p.manual_id, m.name AS manual, p.source, p.page_number, p.origin, p.sort_key,
       v.page_version_id, v.file_id, v.kind, v.image_sha256, v.image_path, v.width, v.height,
       v.status, v.reason, v.duplicate_of,
       COALESCE((SELECT value FROM page_corrections c WHERE c.page_id = p.page_id AND field = 'section_id'
                 ORDER BY correction_id DESC LIMIT 1), k.section_id, '') AS section_id,
       COALESCE((SELECT value FROM page_corrections c WHERE c.page_id = p.page_id AND field = 'section_name'
                 ORDER BY correction_id DESC LIMIT 1), k.section_name, '') AS section_name,
       COALESCE((SELECT value FROM page_corrections c WHERE c.page_id = p.page_id AND field = 'source_type'
                 ORDER BY correction_id DESC LIMIT 1), k.source_type) AS source_type,
       COALESCE((SELECT value FROM page_corrections c WHERE c.page_id = p.page_id AND field = 'content_type'
                 ORDER BY correction_id DESC LIMIT 1), k.content_type) AS content_type,
       -- a reviewer's clockwise quarter turns; null: as the reader of the words found it
       CAST((SELECT value FROM page_corrections c WHERE c.page_id = p.page_id AND field = 'rotation'
                 ORDER BY correction_id DESC LIMIT 1) AS INTEGER) AS rotation,
       IFNULL(k.is_index, 0) AS is_index, k.confidence, k.title, k.printed_page, k.engine AS classified_by,
       CAST(COALESCE((SELECT value FROM page_corrections c WHERE c.page_id = p.page_id AND field = 'nothing_to_ask'
                 ORDER BY correction_id DESC LIMIT 1), k.nothing_to_ask, 0) AS INTEGER) AS nothing_to_ask
FROM pages p
JOIN manuals m USING (manual_id)
JOIN page_versions v ON v.page_id = p.page_id AND v.is_current = 1
LEFT JOIN page_classes k ON k.class_id =
     (SELECT MAX(class_id) FROM page_classes x WHERE x.page_version_id = v.page_version_id);

-- A pair with its newest text and the check of that text.
CREATE VIEW current_pairs AS
SELECT q.pair_key, q.pair_id, q.page_id, q.page_version_id, p.source, q.run_id, q.engine, q.model,
       q.status, q.reason, q.risk, q.flagged, q.skips, q.decided_by, q.is_planted, q.revision,
       r.question, r.answer, r.question_type, r.author, r.author_name, r.quote AS hint_quote,
       c.verdict, c.quote, c.boxes, c.unsupported, c.tokens
FROM pairs q
JOIN pages p ON p.page_id = q.page_id
JOIN revisions r ON r.pair_key = q.pair_key AND r.revision = q.revision
LEFT JOIN checks c ON c.pair_key = q.pair_key AND c.revision = q.revision;
