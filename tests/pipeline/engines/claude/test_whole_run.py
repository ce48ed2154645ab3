"""The whole sample read by Claude in a process of its own, as a person with a key would do it."""

from collections import Counter

import pytest

from review_db import listings
from review_db.connection import open_review_db
from tests.sample_pages import CLUTCH_DISC, asked_for, text_of
from tests.sample_run import SAMPLE, copy_of, listed, manualqa

pytestmark = pytest.mark.slow


@pytest.fixture
def home(sample_workspace, tmp_path):
    """The sample as the offline reader left it, in a workspace of one's own; it is read in place."""
    return copy_of(sample_workspace, tmp_path / "own")


def test_the_sample_is_read_whole_and_the_second_run_pays_nothing(home, double):
    manualqa(home, "quick", "--engine", "claude", "--force", "--source", str(SAMPLE))
    rows = list(listed(home, "pairs"))
    written = Counter(row["engine"] for row in rows if row["status"] == "pending")
    assert set(written) == {"claude", "offline"}
    assert written["claude"] > 100
    offline = [row for row in rows if row["engine"] == "offline"]
    sheet = [row for row in offline if row["page_id"] == "html-tarn-techspec"]
    assert all(row["status"] == "pending" for row in sheet)  # read by rules with every engine
    others = Counter(row["reason"] for row in offline if row not in sheet)
    assert others["superseded"] > 100
    assert others[None] <= 3  # Claude wrote the same, word by word

    asked = [row["page_id"] for row in listed(home, "calls")]
    blank = {row["page_id"] for row in listed(home, "pages") if row["status"] == "blank"}
    assert blank
    assert not blank & set(asked)
    assert "html-tarn-techspec" not in asked
    assert not [row for row in listed(home, "calls") if row["state"] != "settled"]
    assert double.shrunk == 0

    paid = double.received
    manualqa(home, "quick", "--engine", "claude")
    assert double.received == paid


def test_what_the_model_copied_from_the_page_is_found_on_it(home, double):
    manualqa(home, "quick", "--engine", "claude", "--force", "--source", str(SAMPLE))
    verdicts = Counter(row["evidence"]["verdict"] for row in listed(home, "pairs") if row["engine"] == "claude")
    assert verdicts["supported"] >= 0.6 * verdicts.total()  # one pair a page is wrong on purpose
    disc = next(text_of(body) for body in asked_for(double, "generate") if "21-03.jpg" in text_of(body))
    assert "The index says that this page covers: 21 21 000 Clutch disc - remove and install" in disc


def test_what_people_decided_stays_when_claude_reads_the_page_too(home, double):
    db = open_review_db(home / "review_db" / "review.sqlite")
    pair = next(row for row in listings.pairs(db) if row["source"] == CLUTCH_DISC and row["status"] == "pending")
    db.close()
    decision = home / "decision.jsonl"
    decision.write_text(f'{{"pair_id": "{pair["pair_id"]}", "revision": 1, "verdict": "approve", "reviewer": "ana"}}')
    manualqa(home, "decide", str(decision))
    manualqa(home, "regen-qa", "--engine", "claude", "--page", pair["page_id"], "--source", str(SAMPLE))
    after = {row["pair_id"]: row for row in listed(home, "pairs")}
    assert after[pair["pair_id"]]["status"] == "approved"
    (told,) = [text_of(body) for body in asked_for(double, "generate")]
    assert f'- "{pair["question"]}" answered "{pair["answer"]}"' in told
