"""Question-answer pairs, the revisions of their text, and what the machine makes of them."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from review_db import signals
from review_db.connection import Database, immediate, now
from review_db.drawn_boxes import drawn_boxes
from review_db.errors import UnknownPairError
from review_db.flags import flags_of
from review_db.records import CandidatePair, Finding, Page, Pair
from review_db.rows import PAIR_COLUMNS, box_json, pair_from, stream
from review_db.texts import index_text

SUPERSEDED = "superseded"
PAGE_FULL = "filtered:page_full"
"""Reason of a pair set aside because its page has as many as are wanted of it."""


def pair_by_id(db: Database, pair_id: str) -> Pair:
    """The pair as it stands. Raises UnknownPairError."""
    found = _pairs_where(db, "pair_id = ?", [pair_id])
    if not found:
        raise UnknownPairError(f"there is no pair {pair_id!r}", "`manualqa pairs` lists them")
    return found[0]


def pairs_of_page(db: Database, page_id: str) -> list[Pair]:
    """Every pair of a page, whatever its status, in the order in which they were made."""
    return _pairs_where(db, "page_id = ? AND is_planted = 0", [page_id])


def pairs_by_key(db: Database, pair_keys: Sequence[int]) -> list[Pair]:
    """The pairs of these keys, in the order of the keys."""
    marks = ", ".join("?" * len(pair_keys))
    found = {pair.pair_key: pair for pair in _pairs_where(db, f"pair_key IN ({marks})", pair_keys)}
    return [found[key] for key in pair_keys if key in found]


def _pairs_where(db: Database, condition: str, parameters: Sequence[object]) -> list[Pair]:
    rows = db.conn.execute(
        f"SELECT {PAIR_COLUMNS} FROM current_pairs WHERE {condition} ORDER BY pair_key", parameters
    ).fetchall()
    flags = flags_of(db, [row[0] for row in rows])
    return [pair_from(row, flags.get(row[0], ())) for row in rows]


def fingerprint(question: str, answer: str) -> str:
    """Identity of a text: the same words, up to Unicode form and runs of white space."""
    plain = "\n".join(" ".join(unicodedata.normalize("NFKC", text).split()) for text in (question, answer))
    return hashlib.sha256(plain.encode()).hexdigest()[:32]


def add_candidates(
    db: Database,
    page: Page,
    run_id: int | None,
    engine: str,
    candidates: Sequence[CandidatePair],
    *,
    model: str | None = None,
    author: str = "model",
    author_name: str | None = None,
    import_metadata: Sequence[str | None] | None = None,
    status: str = "pending",
    reason: str | None = None,
) -> list[tuple[int, bool]]:
    """Store proposed pairs; returns (pair_key, is_new) for each.

    The same text on the same page again changes nothing, but for a pair that an earlier regeneration had
    superseded: that one waits for review again. Rejected pairs are never proposed a second time.
    """
    metadata = import_metadata or [None] * len(candidates)
    with immediate(db):
        return [
            _known(db, page, candidate)
            or (
                _insert(db, page, run_id, engine, model, candidate, author, author_name, extra, status, reason),
                True,
            )
            for candidate, extra in zip(candidates, metadata, strict=True)
        ]


def _known(db: Database, page: Page, candidate: CandidatePair) -> tuple[int, bool] | None:
    row = db.conn.execute(
        "SELECT pair_key, status, reason FROM pairs WHERE page_id = ? AND fingerprint = ?",
        [page.page_id, fingerprint(candidate.question, candidate.answer)],
    ).fetchone()
    if row is None:
        return None
    if row[1:] == ("set_aside", SUPERSEDED):
        set_machine_status(db, row[0], "pending", None)
    return int(row[0]), False


def _insert(
    db: Database,
    page: Page,
    run_id: int | None,
    engine: str,
    model: str | None,
    candidate: CandidatePair,
    author: str,
    author_name: str | None,
    metadata: str | None,
    status: str,
    reason: str | None,
) -> int:
    number = db.conn.execute(
        "UPDATE pages SET next_pair_number = next_pair_number + 1 WHERE page_id = ? RETURNING next_pair_number - 1",
        [page.page_id],
    ).fetchone()[0]
    pair_key = db.conn.execute(
        "INSERT INTO pairs (pair_id, page_id, page_version_id, run_id, engine, model, fingerprint, status, reason, "
        "import_metadata, created_at, page_sort_key, page_section_id, page_manual_id) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, (SELECT manual_id FROM pages WHERE page_id = ?2)) "
        "RETURNING pair_key",
        [
            f"{page.page_id}-q{number:02d}",
            page.page_id,
            page.page_version_id,
            run_id,
            engine,
            model,
            fingerprint(candidate.question, candidate.answer),
            status,
            reason,
            metadata,
            now(),
            page.sort_key,
            page.section_id,
        ],
    ).fetchone()[0]
    add_revision(db, pair_key, 1, candidate, author, author_name or engine)
    _record_event(db, pair_key, status, reason)
    return int(pair_key)


def add_revision(
    db: Database, pair_key: int, revision: int, text: CandidatePair, author: str, author_name: str | None
) -> None:
    """Append a text to a pair and make it the newest; part of a larger transaction."""
    db.conn.execute(
        "INSERT INTO revisions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            pair_key,
            revision,
            text.question,
            text.answer,
            text.question_type,
            author,
            author_name,
            text.quote,
            box_json(text.boxes) if text.boxes else None,
            now(),
        ],
    )
    index_text(db, pair_key, revision, text.question, text.answer)
    db.conn.execute("UPDATE pairs SET revision = ? WHERE pair_key = ?", [revision, pair_key])


def save_finding(db: Database, pair_key: int, revision: int, finding: Finding, checker: str) -> None:
    """Store what the checks say of one revision, in place of what an earlier checker said.

    Boxes that a reviewer drew for the revision stay: no check takes their place.
    """
    evidence = finding.evidence
    boxes = drawn_boxes(db, pair_key, revision) or evidence.boxes
    tokens = [[t.token, t.found, list(t.box) if t.box else None] for t in evidence.tokens]
    with immediate(db):
        db.conn.execute(
            "INSERT OR REPLACE INTO checks VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                pair_key,
                revision,
                evidence.verdict,
                evidence.quote,
                box_json(boxes),
                json.dumps(list(evidence.unsupported), ensure_ascii=False),
                json.dumps(tokens, ensure_ascii=False),
                checker,
                now(),
            ],
        )
        db.conn.execute("DELETE FROM flags WHERE pair_key = ? AND revision = ?", [pair_key, revision])
        db.conn.executemany(
            "INSERT INTO flags VALUES (?, ?, ?, ?)",
            [[pair_key, revision, flag.name, flag.sentence] for flag in finding.flags],
        )
        signals.save(db, pair_key, revision, finding.signals)
        save_risk(db, pair_key, finding.risk, finding.reject_risk)


def save_risk(db: Database, pair_key: int, risk: float, reject_risk: float = 0.5) -> None:
    """Store the probabilities (0 to 1) that a technician would edit or reject the pair, and that it is rejected."""
    fault, reject = (min(1.0, max(0.0, each)) for each in (risk, reject_risk))
    with immediate(db):
        db.conn.execute("UPDATE pairs SET risk = ?, reject_risk = ? WHERE pair_key = ?", [fault, reject, pair_key])


def pairs_to_check(db: Database, checker: str) -> Iterator[Pair]:
    """Pairs whose newest text this version of the checks has not seen, page by page."""
    rows = stream(
        db,
        f"SELECT {PAIR_COLUMNS} FROM current_pairs v WHERE NOT EXISTS (SELECT 1 FROM checks c WHERE "
        "c.pair_key = v.pair_key AND c.revision = v.revision AND c.checker = ?) ORDER BY page_id, pair_key",
        [checker],
    )
    return map(pair_from, rows)


def forget_checks(db: Database, page_id: str) -> None:
    """Make the checks of a page's pairs due again, because its words were read anew; part of a larger transaction."""
    db.conn.execute(
        "UPDATE checks SET checker = 'before the words were read again' "
        "WHERE pair_key IN (SELECT pair_key FROM pairs WHERE page_id = ?)",
        [page_id],
    )


def pending_pairs(db: Database) -> Iterator[Pair]:
    """Every pair that waits for review, page by page, with its flags."""
    keys = [
        row[0] for row in stream(db, "SELECT pair_key FROM pairs WHERE status = 'pending' ORDER BY page_id, pair_key")
    ]
    for start in range(0, len(keys), 500):
        yield from pairs_by_key(db, keys[start : start + 500])


def set_aside(db: Database, pair_keys: Iterable[int], reason: str) -> int:
    """Take pending pairs out of the queue with a reason and return how many; a person's decision is never touched."""
    count = 0
    with immediate(db):
        for key in pair_keys:
            row = db.conn.execute("SELECT status FROM pairs WHERE pair_key = ?", [key]).fetchone()
            if row and row[0] == "pending" and not decided_by_person(db, key):
                set_machine_status(db, key, "set_aside", reason)
                count += 1
    return count


RESTORED = "restored"
"""Reason of a pending pair that a person put back: no machine sets it aside again."""


def restore(db: Database, pair_keys: Iterable[int], reason: str | None = None) -> int:
    """Put pairs that were set aside back in the queue and return how many; a person's wish has reason RESTORED."""
    count = 0
    with immediate(db):
        for key in pair_keys:
            row = db.conn.execute("SELECT status FROM pairs WHERE pair_key = ?", [key]).fetchone()
            if row and row[0] == "set_aside":
                set_machine_status(db, key, "pending", reason)
                count += 1
    return count


def set_aside_keys(db: Database, reason: str) -> list[int]:
    """Keys of the pairs set aside for this reason, or for reasons that begin with it where it ends in a colon."""
    test = "substr(reason, 1, length(?1)) = ?1" if reason.endswith(":") else "reason = ?1"
    rows = db.conn.execute(f"SELECT pair_key FROM pairs WHERE status = 'set_aside' AND {test}", [reason])
    return [row[0] for row in rows]


def decided_by_person(db: Database, pair_key: int) -> bool:
    """Whether a decision is in force on the pair."""
    row = db.conn.execute("SELECT decided_by FROM pairs WHERE pair_key = ?", [pair_key]).fetchone()
    return bool(row and row[0])


def set_machine_status(db: Database, pair_key: int, status: str, reason: str | None) -> None:
    """Record a machine's status and put it in force; part of a larger transaction, for undecided pairs only."""
    _record_event(db, pair_key, status, reason)
    db.conn.execute("UPDATE pairs SET status = ?, reason = ? WHERE pair_key = ?", [status, reason, pair_key])


def _record_event(db: Database, pair_key: int, status: str, reason: str | None) -> None:
    db.conn.execute(
        "INSERT INTO machine_events (pair_key, status, reason, at) VALUES (?, ?, ?, ?)",
        [pair_key, status, reason, now()],
    )
