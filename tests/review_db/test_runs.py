"""Generation runs: which generation of a paid request asks it afresh."""

import pytest

from review_db import calls, runs
from tests.stored import a_page

REQUEST = "0" * 64


def a_call(db, generation, state=None, *, reply=b"{}"):
    new = calls.NewCall(REQUEST, generation, None, "claude", "m", "generate", "run", "me", "2026-11-23", 0.01)
    call_id = calls.reserve(db, new, [], resend_unknown=False)
    if reply is not None:
        calls.save_reply(db, call_id, 200, "{}", None, reply)
    if state:
        calls.settle(db, call_id, state, calls.Usage(1, 1, 0, 0, 0.01))
    return call_id


def test_a_request_that_was_never_made_is_asked_for_the_first_time(fresh_db):
    assert runs.generation_to_ask(fresh_db, REQUEST) == 1


@pytest.mark.parametrize(
    ("state", "generation"), [("settled", 1), (None, 1), ("no_pairs", 2), ("unreadable_reply", 2), ("failed", 1)]
)
def test_a_good_reply_that_nobody_took_is_taken_and_one_of_no_use_is_asked_again(fresh_db, state, generation):
    a_call(fresh_db, 1, state)
    assert runs.generation_to_ask(fresh_db, REQUEST) == generation


def test_a_reply_that_a_run_has_taken_is_asked_afresh(fresh_db):
    page = a_page(fresh_db)
    for generation in (1, 2):
        call_id = a_call(fresh_db, generation, "settled")
        assert runs.generation_to_ask(fresh_db, REQUEST) == generation
        runs.start_run(fresh_db, page_version_id=page.page_version_id, engine="claude", call_id=call_id)
        assert runs.generation_to_ask(fresh_db, REQUEST) == generation + 1


def test_a_call_whose_outcome_nobody_knows_stays_the_one_that_decides(fresh_db):
    call_id = a_call(fresh_db, 1, reply=None)
    calls.lose(fresh_db, call_id)
    assert runs.generation_to_ask(fresh_db, REQUEST) == 1
