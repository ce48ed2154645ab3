"""Where a pair comes from: its prompt, and its share of what the call cost."""

import pytest

from review_db import origins, pairs, runs
from review_db.records import CandidatePair
from tests.stored import a_page, a_pair


def test_the_cost_of_a_call_is_shared_by_the_pairs_it_gave(fresh_db):
    page = a_page(fresh_db)
    call = fresh_db.conn.execute(
        "INSERT INTO calls (request_hash, page_id, engine, model, purpose, state, reserved_usd, cost_usd, utc_day, "
        "run_key, owner, sent_at) VALUES ('h', ?, 'claude', 'm', 'generate', 'settled', 0.02, 0.01, '2026-01-01', 'r', "
        "'o', '2026-01-01') RETURNING call_id",
        [page.page_id],
    ).fetchone()[0]
    run = runs.start_run(
        fresh_db, page_version_id=page.page_version_id, engine="claude", model="m", prompt_name="pairs",
        prompt_sha256="abc", call_id=call, proposed=4,
    )  # fmt: skip
    ((key, _),) = pairs.add_candidates(
        fresh_db, page, run, "claude", [CandidatePair("Which oil?", "SAE 30", "factual")]
    )
    origin = origins.origin_of(fresh_db, key)
    assert (origin.prompt_name, origin.prompt_sha256) == ("pairs", "abc")
    assert origin.usd == pytest.approx(0.0025)


def test_a_pair_without_a_run_has_no_origin_and_a_free_one_no_cost(fresh_db):
    page = a_page(fresh_db)
    assert origins.origin_of(fresh_db, a_pair(fresh_db, page).pair_key) is None
    run = runs.start_run(fresh_db, page_version_id=page.page_version_id, engine="offline", proposed=1)
    ((key, _),) = pairs.add_candidates(fresh_db, page, run, "offline", [CandidatePair("Which fuse?", "F12", "factual")])
    assert origins.origin_of(fresh_db, key).usd is None
