"""D1 and D2 in small: what was answered ok is there after a kill, and two reviewers never overwrite each other."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from review_db.connection import open_review_db
from review_db.decision_status import derived_status
from review_db.listings import events
from review_db.listings import pairs as listed_pairs
from tests.stored import a_page, a_pair

pytestmark = pytest.mark.faults
PAIRS = 60
KILLS = 12


def a_workspace(folder: Path) -> list[str]:
    db = open_review_db(folder / "review_db" / "review.sqlite")
    page = a_page(db)
    ids = [a_pair(db, page, answer=f"{number} Nm").pair_id for number in range(PAIRS)]
    db.close()
    return ids


def deciding(folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "pipeline", "decide", "-", "--workspace", str(folder)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).resolve().parents[2])},
    )  # fmt: skip


def a_line(pair_id: str, number: int, reviewer: str = "ana") -> str:
    decision = {
        "decision_id": f"{reviewer}-{pair_id}-{number}", "pair_id": pair_id, "revision": 1,
        "verdict": "approve", "reviewer": reviewer, "redecide": number > 0,
    }  # fmt: skip
    return json.dumps(decision) + "\n"


def test_every_acknowledged_decision_is_there_after_a_kill(tmp_path):
    ids = a_workspace(tmp_path)
    acknowledged: list[str] = []
    for kill in range(KILLS):
        process = deciding(tmp_path)
        for pair_id in ids[: 5 + kill]:
            process.stdin.write(a_line(pair_id, kill))
            answer = json.loads(process.stdout.readline())
            assert answer["ok"], answer
            acknowledged.append(answer["decision_id"])
        process.stdin.write("".join(a_line(pair_id, 1000 + kill) for pair_id in ids[20:]))
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
    db = open_review_db(tmp_path / "review_db" / "review.sqlite")
    stored = [event["decision_id"] for event in events(db)]
    assert set(acknowledged) <= set(stored)
    assert len(stored) == len(set(stored))
    assert db.conn.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    db.close()


def test_four_reviewers_on_the_same_pairs_decide_each_once(tmp_path):
    ids = a_workspace(tmp_path)
    reviewers = ["ana", "bo", "cy", "di"]
    running = [deciding(tmp_path) for _ in reviewers]
    for process, reviewer in zip(running, reviewers, strict=True):
        process.stdin.write("".join(a_line(pair_id, 0, reviewer) for pair_id in ids))
        process.stdin.close()
    answers = [json.loads(line) for process in running for line in process.stdout]
    assert {process.wait() for process in running} <= {0, 3}
    refused = [answer for answer in answers if not answer["ok"]]
    assert len(answers) - len(refused) == PAIRS
    assert {answer["error"] for answer in refused} == {"already_decided"}
    db = open_review_db(tmp_path / "review_db" / "review.sqlite")
    assert {row["status"] for row in listed_pairs(db)} == {"approved"}
    assert all(derived_status(db, key)[0] == "approved" for key in range(1, PAIRS + 1))
    db.close()
