"""Opening a database: whatever lies there, one clear sentence, and nothing is harmed."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time

import pytest

from review_db import connection
from review_db.checkpoints import has_wal_reset_bug
from review_db.connection import immediate, open_review_db
from review_db.errors import DamagedDatabaseError, NewerDatabaseError, ReviewDbError


def test_a_database_of_a_newer_version_is_refused_and_left_as_it_was(tmp_path):
    path = tmp_path / "review.sqlite"
    open_review_db(path).close()
    other = sqlite3.connect(path)
    other.execute(
        "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('review_db', '9999_later', '')"
    )
    other.commit()
    other.close()
    before = path.read_bytes()
    with pytest.raises(NewerDatabaseError, match="9999_later"):
        open_review_db(path)
    assert path.read_bytes() == before


def test_a_file_that_is_no_database_is_named_as_such(tmp_path):
    path = tmp_path / "review.sqlite"
    path.write_text("hello, I am a text of more than a hundred bytes. " * 40, encoding="utf-8")
    with pytest.raises(DamagedDatabaseError, match="no database") as caught:
        open_review_db(path)
    assert "restore" in caught.value.hint


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(ReviewDbError, match="cannot write") as caught:
        open_review_db(tmp_path / "file" / "review.sqlite")
    assert "--workspace" in caught.value.hint


def test_eight_processes_open_a_new_database_at_once(tmp_path):
    path = tmp_path / "review.sqlite"
    opening = "from pathlib import Path; from review_db.connection import open_review_db"
    code = f"{opening}; open_review_db(Path({str(path)!r}))"
    running = [subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE) for _ in range(8)]
    errors = [process.communicate()[1] for process in running]
    assert [process.returncode for process in running] == [0] * 8, errors


def test_commits_are_synchronous_and_foreign_keys_hold(fresh_db):
    assert fresh_db.conn.execute("PRAGMA synchronous").fetchone()[0] == 2
    assert fresh_db.conn.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    with pytest.raises(sqlite3.IntegrityError), immediate(fresh_db):
        fresh_db.conn.execute("INSERT INTO page_corrections VALUES (1, 'nobody', 'rotation', '90', 'ana', '')")


def test_a_writer_waits_for_another_and_then_writes(fresh_db, tmp_path):
    other = open_review_db(tmp_path / "review.sqlite")
    held = threading.Event()

    def hold():
        db = open_review_db(tmp_path / "review.sqlite")
        with immediate(db):
            held.set()
            time.sleep(0.7)
        db.close()

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait()
    started = time.monotonic()
    with immediate(other):
        other.conn.execute("INSERT INTO manuals (name) VALUES ('m')")
    thread.join()
    assert time.monotonic() - started > 0.5
    other.close()


def test_a_lock_that_never_comes_free_is_one_sentence_and_nothing_is_half_written(tmp_path, monkeypatch):
    monkeypatch.setattr(connection, "BUSY_SECONDS", 0.05)
    holder, waiter = open_review_db(tmp_path / "r.sqlite"), open_review_db(tmp_path / "r.sqlite")
    with immediate(holder):
        with pytest.raises(ReviewDbError, match="busy") as caught, immediate(waiter):
            pytest.fail("the lock was not held")
        assert "nothing was lost" in caught.value.hint


def test_a_failing_block_leaves_no_trace(fresh_db):
    with pytest.raises(ZeroDivisionError), immediate(fresh_db):
        fresh_db.conn.execute("INSERT INTO manuals (name) VALUES ('m')")
        _ = 1 / 0
    assert fresh_db.conn.execute("SELECT count(*) FROM manuals").fetchone()[0] == 0


def test_the_log_stays_small_however_much_is_written(tmp_path):
    path = tmp_path / "review.sqlite"
    db = open_review_db(path)
    for number in range(40):
        with immediate(db):
            db.conn.execute("INSERT INTO workspace_facts VALUES (?, ?)", [f"f{number}", "x" * 400_000])
    assert (tmp_path / "review.sqlite-wal").stat().st_size < 8 * 1024 * 1024


@pytest.mark.parametrize(
    ("version", "affected"),
    [((3, 40, 1), True), ((3, 51, 2), True), ((3, 51, 3), False), ((3, 50, 7), False), ((3, 44, 6), False),
     ((3, 45, 0), True), ((3, 50, 6), True), ((3, 54, 1), False)],
)  # fmt: skip
def test_the_versions_with_the_wal_reset_bug_are_known(version, affected):
    assert has_wal_reset_bug(version) is affected


def test_ctrl_c_while_waiting_for_the_write_lock_does_not_keep_it(tmp_path):
    path = tmp_path / "review.sqlite"
    mine, other = open_review_db(path), sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    interrupts = threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT))
    frees = threading.Timer(0.5, other.rollback)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        interrupts.start()
        frees.start()
        with pytest.raises(KeyboardInterrupt), immediate(mine):
            time.sleep(5)
    finally:
        frees.join()
        signal.signal(signal.SIGINT, before)
    assert not mine.conn.in_transaction
    other.execute("BEGIN IMMEDIATE")
    other.close()
