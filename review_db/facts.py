"""Small facts that a workspace remembers, and the settings every command and view reads."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from review_db.connection import Database, immediate, now

SOURCE_ROOT = "source_root"


def fact(db: Database, name: str) -> str | None:
    """What was remembered under `name`, or None."""
    row = db.conn.execute("SELECT value FROM workspace_facts WHERE name = ?", [name]).fetchone()
    return row[0] if row else None


def remember_fact(db: Database, name: str, value: str) -> None:
    """Remember `value` under `name`, in place of what stood there."""
    with immediate(db):
        db.conn.execute(
            "INSERT INTO workspace_facts (name, value) VALUES (?, ?) "
            "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            [name, value],
        )


def save_settings(db: Database, settings: dict[str, Any], origins: dict[str, str]) -> None:
    """Store the resolved settings, once for each different set; the last one stored is the current one."""
    text = json.dumps(settings, sort_keys=True, ensure_ascii=False)
    digest = hashlib.sha256(text.encode()).hexdigest()
    with immediate(db):
        newest = db.conn.execute("SELECT sha256 FROM settings_snapshots ORDER BY snapshot_id DESC LIMIT 1").fetchone()
        if newest and newest[0] == digest:
            return
        db.conn.execute("DELETE FROM settings_snapshots WHERE sha256 = ?", [digest])
        db.conn.execute(
            "INSERT INTO settings_snapshots (sha256, settings_json, origins_json, taken_at) VALUES (?, ?, ?, ?)",
            [digest, text, json.dumps(origins, sort_keys=True), now()],
        )


def current_settings(db: Database) -> dict[str, Any]:
    """The settings of the last run or app start; empty before the first."""
    row = db.conn.execute("SELECT settings_json FROM settings_snapshots ORDER BY snapshot_id DESC LIMIT 1").fetchone()
    return dict(json.loads(row[0])) if row else {}
