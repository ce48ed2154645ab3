"""The full-text index of the newest texts, and what people type into it."""

from __future__ import annotations

from review_db.connection import Database


def index_text(db: Database, pair_key: int, revision: int, question: str, answer: str) -> None:
    """Make a pair's newest text the one that is found, in place of the one before; part of a larger transaction."""
    db.conn.execute(
        "INSERT INTO pair_texts (pair_texts, rowid, question, answer) "
        "SELECT 'delete', pair_key, question, answer FROM revisions WHERE pair_key = ? AND revision = ?",
        [pair_key, revision - 1],
    )
    db.conn.execute("INSERT INTO pair_texts (rowid, question, answer) VALUES (?, ?, ?)", [pair_key, question, answer])


def match_expression(text: str) -> str:
    """What a person types as an expression of SQLite's full-text search: every word, the last one as a beginning.

    A word with points or dashes inside ("11.12", "ABL-4") is looked for as it stands. Nothing typed is an operator.
    """
    words = [word.replace('"', " ").strip() for word in text.replace("\x00", " ").split()]
    words = [word for word in words if any(character.isalnum() for character in word)]
    if not words:
        return '""'
    return " ".join(f'"{word}"' for word in words) + ("" if text[-1].isspace() else " *")
