"""A review database of any size, written straight into its tables: many pages, sections, types, flags and decisions."""

from __future__ import annotations

from review_db.connection import Database, immediate

TYPES = ("factual", "procedural", "visual", "tool")
ENGINES = ("offline", "claude-sonnet-5-5", "import")
REVIEWERS = ("ana", "bo", "cy")
PAIRS_A_PAGE = 10
PAGES_A_SECTION = 50


def crowd(db: Database, pair_count: int, *, decided: float = 0.2) -> None:
    """Store `pair_count` pairs, ten a page, fifty pages a section; the first part of them decided by three people."""
    page_count = pair_count // PAIRS_A_PAGE
    with immediate(db):
        db.conn.execute("INSERT INTO manuals VALUES (1, 'manual'), (2, 'leaflet')")
        db.conn.executemany("INSERT INTO reviewers (name, first_seen) VALUES (?, '')", [(name,) for name in REVIEWERS])
        for number in range(page_count):
            _page(db, number)
        db.conn.executemany(_PAIR, (_pair(key, pair_count, decided) for key in range(1, pair_count + 1)))
        texts = [(key, f"What is the torque of bolt {key}?", f"{key % 97} Nm") for key in range(1, pair_count + 1)]
        db.conn.executemany(_REVISION, [(*text, TYPES[text[0] % 4]) for text in texts])
        db.conn.executemany("INSERT INTO pair_texts (rowid, question, answer) VALUES (?, ?, ?)", texts)
        for flag, every in (("page_reference", 5), ("unit_changed", 997)):
            some = [(key, flag) for key in range(1, pair_count + 1) if key % every == 0]
            db.conn.executemany("INSERT INTO flags VALUES (?, 1, ?, 'A sentence.')", some)
        db.conn.execute(_DECISIONS)
        db.conn.executemany(_JOB, [(f'{{"page_id": "p{number:06d}"}}',) for number in range(0, page_count, 7)])


def _page(db: Database, number: int) -> None:
    page_id = f"p{number:06d}"
    facts = [page_id, 2 if number % 100 == 99 else 1, f"{page_id}.jpg", page_id]
    db.conn.execute("INSERT INTO pages (page_id, manual_id, source, sort_key) VALUES (?, ?, ?, ?)", facts)
    version = [number + 1, page_id, page_id]
    db.conn.execute(
        "INSERT INTO page_versions (page_version_id, page_id, identity, kind, status, created_at) "
        "VALUES (?, ?, ?, 'image', 'ok', '')",
        version,
    )
    section = number // PAGES_A_SECTION
    db.conn.execute(
        "INSERT INTO page_classes (page_version_id, engine, source_type, content_type, is_index, confidence, "
        "section_id, section_name, created_at) VALUES (?, 'offline', 'service_manual', 'text', 0, 1, ?, ?, '')",
        [number + 1, f"{section:02d}", f"Section {section}"],
    )


def _pair(key: int, count: int, decided: float) -> tuple[object, ...]:
    number = (key - 1) // PAIRS_A_PAGE
    page_id, is_decided = f"p{number:06d}", key <= count * decided
    status = ("approved" if key % 4 else "rejected") if is_decided else "pending"
    return (
        key, f"{page_id}-q{key}", page_id, number + 1, ENGINES[key % 3], str(key), status,
        REVIEWERS[key % 3] if is_decided else None, (key * 7919 % 10007) / 10007, int(key % 50 == 0), page_id,
        2 if number % 100 == 99 else 1, f"{number // PAGES_A_SECTION:02d}",
    )  # fmt: skip


_PAIR = (
    "INSERT INTO pairs (pair_key, pair_id, page_id, page_version_id, engine, fingerprint, status, decided_by, risk, "
    "flagged, created_at, page_sort_key, page_manual_id, page_section_id) "
    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, '', ?11, ?12, ?13)"
)
_REVISION = (
    "INSERT INTO revisions (pair_key, revision, question, answer, question_type, author, created_at) "
    "VALUES (?1, 1, ?2, ?3, ?4, 'model', '')"
)
_DECISIONS = (
    "INSERT INTO decisions (decision_id, pair_key, verdict, reviewer, from_revision, to_revision, at) "
    "SELECT 'd' || pair_key, pair_key, CASE status WHEN 'approved' THEN 'approve' ELSE 'reject' END, decided_by, "
    "1, 1, '' FROM pairs WHERE decided_by IS NOT NULL"
)
_JOB = (
    "INSERT INTO jobs (kind, payload_json, state, requested_by, created_at) VALUES ('regenerate', ?, 'done', 'ana', '')"
)
