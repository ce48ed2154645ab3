"""Orders and filters of the queue: which pairs come, in what order, found without reading the table."""

import threading

import pytest

from review_db import assignments, corrections, pages, pairs, queue, queue_counts, search, second_opinions
from review_db.connection import immediate, open_review_db
from review_db.errors import DecisionRefusedError
from review_db.queue_choices import Choice, Order, walks
from review_db.records import DecisionRequest, Evidence, Finding, Flag, PageClass
from tests.crowd import crowd
from tests.stored import a_page, a_pair, decide


@pytest.fixture
def manual(fresh_db):
    """Two sections of two pages with three pairs each; the later the page, the riskier."""
    with immediate(fresh_db):
        for number, page_id in enumerate(("11-01", "11-02", "21-01", "21-02")):
            _fill(fresh_db, a_page(fresh_db, page_id), number)
    return fresh_db


def _fill(db, page, number):
    section = page.page_id[:2]
    kind = PageClass("offline", "service_manual", "text", False, 0.9, section, f"Section {section}")
    pages.save_class(db, page.page_version_id, kind)
    page = pages.page_by_id(db, page.page_id)
    for row in range(3):
        asked, kind = f"What is value {row} of {page.page_id}?", "procedural" if row == 2 else "factual"
        pair = a_pair(db, page, asked, f"{row} Nm", question_type=kind)
        flags = (Flag("unit_changed", "A sentence."),) if (number, row) == (1, 1) else ()
        pairs.save_finding(db, pair.pair_key, 1, Finding(Evidence("supported"), flags, 0.2 * number), "test")


def queued(db, reviewer="ana", limit=99, **choice):
    holder = f"{reviewer}:{choice}"
    found = queue.next_pairs(db, holder=holder, limit=limit, choice=Choice(**choice), reviewer=reviewer)
    queue.release(db, holder)
    return [pair.pair_id for pair in found]


def opinion(db, pair_id, verdict, reviewer="bo", uid="o1", **facts):
    facts.setdefault("revision", 1)
    return second_opinions.record(db, DecisionRequest(uid, verdict, reviewer, pair_id=pair_id, **facts))


# ------------------------------------------------------------------ orders


def test_page_order_follows_the_manual_and_leaves_skipped_pairs_to_the_end(manual):
    decide(manual, "11-01-q01", "skip", revision=1)
    found = queued(manual, order="page")
    assert found[:3] == ["11-01-q02", "11-01-q03", "11-02-q01"]
    assert found[-1] == "11-01-q01"
    assert len(found) == 12


def test_random_order_is_the_same_for_one_reviewer_at_every_time_and_another_for_the_next(manual):
    ana, again, bo = (queued(manual, order="random", reviewer=name) for name in ("ana", "ana", "bo"))
    assert ana == again
    assert sorted(ana) == sorted(bo) == sorted(queued(manual))
    several = {tuple(queued(manual, order="random", reviewer=f"r{n}")) for n in range(8)}
    assert len(several) > 1


def test_flagged_pairs_stay_queued_until_someone_decides_after_the_flag(manual):
    decide(manual, "21-01-q01", "flag", revision=1)
    decide(manual, "11-01-q02", "approve", revision=1)
    decide(manual, "11-01-q02", "flag", revision=1)
    assert queued(manual, order="flagged") == ["21-01-q01", "11-01-q02"]
    decide(manual, "11-01-q02", "approve", revision=1, redecide=True, reviewer="bo")
    decide(manual, "21-01-q01", "unflag", revision=1)
    assert queued(manual, order="flagged") == []


def test_regenerated_pages_come_newest_first(manual):
    for page in ("11-02", "21-01"):
        manual.conn.execute(
            "INSERT INTO jobs (kind, payload_json, state, requested_by, created_at) "
            "VALUES ('regenerate', json_object('page_id', ?), 'done', 'ana', '')",
            [page],
        )
    assert [pair[:5] for pair in queued(manual, order="regenerated")] == ["21-01"] * 3 + ["11-02"] * 3


def test_mine_are_my_decisions_newest_first_without_those_taken_back_or_overruled(manual):
    for pair in ("11-01-q01", "21-01-q01", "11-02-q01", "11-02-q02"):
        decide(manual, pair, "approve", revision=1)
    decide(manual, "21-01-q01", "undo")
    decide(manual, "11-02-q01", "reject", revision=1, redecide=True, reviewer="bo", reason="trivial")
    assert queued(manual, order="mine") == ["11-02-q02", "11-01-q01"]


def test_set_aside_pairs_are_never_queued(manual):
    keys = [pair.pair_key for pair in pairs.pairs_of_page(manual, "11-01")]
    decide(manual, "11-01-q01", "flag", revision=1)
    pairs.set_aside(manual, keys, "superseded")
    for order in Order:
        assert not [pair for pair in queued(manual, order=order) if pair.startswith("11-01")]


def test_assigned_work_comes_first_then_what_is_nobodys_and_never_what_is_anothers(manual):
    assignments.assign(manual, "ana", {"section": "11"}, "lead")
    ended = assignments.assign(manual, "bo", {"section": "21", "question_type": "procedural"}, "lead")
    assert assignments.assign(manual, "ana", {"section": "11"}, "lead") == 1  # the same again changes nothing
    mine = queued(manual, order="assigned")
    assert {pair[:2] for pair in mine[:6]} == {"11"}
    assert mine[6:] == ["21-02-q01", "21-02-q02", "21-01-q01", "21-01-q02"]
    assert queued(manual, order="assigned", reviewer="bo")[:2] == ["21-02-q03", "21-01-q03"]
    assert [(each.reviewer, waiting) for each, waiting in queue_counts.loads(manual)] == [("ana", 6), ("bo", 2)]
    assert assignments.end(manual, ended, "lead")
    assert not assignments.end(manual, ended, "lead")
    assert len(queued(manual, order="assigned")) == 12


# ------------------------------------------------------------------ second opinions


def test_a_second_opinion_is_drawn_from_what_others_decided_and_leaves_the_decision_as_it_is(manual):
    decide(manual, "11-01-q01", "approve", revision=1)
    decide(manual, "11-01-q02", "reject", revision=1, reason="trivial")
    assert queued(manual, order="second") == []
    assert sorted(queued(manual, order="second", reviewer="bo")) == ["11-01-q01", "11-01-q02"]
    said = opinion(manual, "11-01-q02", "approve")
    assert (said.agrees, said.first_by, said.first_status, said.first_reason) == (False, "ana", "rejected", "trivial")
    assert opinion(manual, "11-01-q02", "approve") == said  # sent again
    assert queued(manual, order="second", reviewer="bo") == ["11-01-q01"]
    stored = pairs.pair_by_id(manual, "11-01-q02")
    assert (stored.status, stored.decided_by) == ("rejected", "ana")
    opinion(manual, "11-01-q02", "undo", uid="o2")
    assert len(queued(manual, order="second", reviewer="bo")) == 2
    assert opinion(manual, "11-01-q02", "reject", uid="o3", reason="trivial").agrees


@pytest.mark.parametrize(
    ("code", "facts"),
    [
        ("not_open", {"reviewer": "ana"}),
        ("not_open", {"pair_id": "21-01-q01"}),
        ("stale_revision", {"revision": 4}),
        ("bad_verdict", {"verdict": "skip"}),
    ],
)
def test_a_second_opinion_that_is_none_is_refused(manual, code, facts):
    decide(manual, "11-01-q01", "approve", revision=1)
    with pytest.raises(DecisionRefusedError) as refusal:
        opinion(manual, **{"pair_id": "11-01-q01", "verdict": "approve"} | facts)
    assert refusal.value.code == code


# ------------------------------------------------------------------ filters and search


def test_every_filter_leaves_only_its_pairs(manual):
    decide(manual, "21-02-q01", "approve", revision=1, reviewer="bo")
    assert {pair[:2] for pair in queued(manual, section="11")} == {"11"}
    assert {pair[-1] for pair in queued(manual, question_type="procedural", order="page")} == {"3"}
    assert queued(manual, flag="unit_changed") == queued(manual, flag="unit_changed", order="random") == ["11-02-q02"]
    assert queued(manual, by="bo") == ["21-02-q01"]
    assert queued(manual, text="value 2 of 21") == ["21-02-q03", "21-01-q03"]
    assert queued(manual, text="value 2 of 21", section="11") == []
    assert queued(manual, engine="import") == queued(manual, manual="no such book") == []
    assert len(queued(manual, engine="offline", manual="manual")) == 11


def test_a_corrected_section_and_an_edited_type_are_what_the_filters_go_by(manual):
    corrections.correct_page(manual, "11-01", "section_id", "12", "ana")
    assert {pair[:5] for pair in queued(manual, section="12")} == {"11-01"}
    decide(manual, "21-01-q01", "edit", revision=1, question="How?", answer="So", question_type="procedural")
    decide(manual, "21-01-q01", "undo")
    assert "21-01-q01" not in queued(manual, question_type="procedural")


def test_search_finds_the_newest_text_only_by_any_word_and_the_beginning_of_the_last(manual):
    decide(manual, "21-01-q01", "edit", revision=1, question="How tight is the Schwungrad?", answer="90,5 Nm")
    found, total = search.search(manual, "tight schw")
    assert ([pair.pair_id for pair in found], total) == (["21-01-q01"], 1)
    assert search.search(manual, "90,5")[1] == 1
    assert search.search(manual, "value 0 of 21-01 ")[1] == 0
    decide(manual, "21-01-q01", "undo")
    assert search.search(manual, "schwungrad")[1] == 0
    assert search.search(manual, "value 0 of 21-01")[1] == 1
    assert search.search(manual, "21-02-q02")[0][0].pair_id == "21-02-q02"


@pytest.mark.parametrize(
    "typed", ['"', "AND", "a* OR", "NEAR(", "-", "  ", "x\x00y", "question:", "'; DROP TABLE pairs"]
)
def test_nothing_typed_into_the_search_is_an_operator(manual, typed):
    assert search.search(manual, typed)[1] >= 0
    assert queued(manual, text=typed or None) is not None


# ------------------------------------------------------------------ leases


def test_the_next_pages_send_their_heads_beyond_the_limit(manual):
    found = queue.next_pairs(manual, holder="ana:1", limit=2, ahead=2)
    assert [pair.pair_id for pair in found] == [
        "21-02-q01",
        "21-02-q02",
        "21-01-q01",
        "21-01-q02",
        "11-02-q01",
        "11-02-q02",
    ]


def test_with_few_pages_for_several_reviewers_each_gets_some(manual):
    held = {}
    for name in ("ana", "bo", "cy"):
        found = queue.next_pairs(manual, holder=name, limit=24 if name != "ana" else 3, ahead=0)
        held[name] = {pair.page_id for pair in found}
    assert [len(pages_held) for pages_held in held.values()] == [1, 1, 1]


def test_pages_that_left_the_queue_are_given_back_but_not_the_one_on_the_screen(manual):
    queue.next_pairs(manual, holder="ana", limit=99)
    queue.next_pairs(manual, holder="ana", limit=99, choice=Choice(section="11"), at_page="21-02", afresh=True)
    held = {page for page in ("11-01", "11-02", "21-01", "21-02") if queue.lease_holder(manual, page)}
    assert held == {"11-01", "11-02", "21-02"}
    assert queue.hold(manual, "bo", "21-01")
    assert not queue.hold(manual, "ana", "21-01")


# ------------------------------------------------------------------ a large manual


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    path = tmp_path_factory.mktemp("crowd") / "review.sqlite"
    db = open_review_db(path)
    crowd(db, 20_000)
    assignments.assign(db, "bo", {"section": "30"}, "lead")
    yield db, path
    db.close()


CHOICES = [*map(Choice, Order), Choice(section="09"), Choice("page", section="39"), Choice(flag="unit_changed")]


@pytest.mark.parametrize("choice", CHOICES, ids=str)
def test_every_choice_walks_along_an_index_and_sorts_no_table(large, choice):
    db, _ = large
    for walk in walks(db, choice, "ana"):
        sql, values = walk.whole
        plan = db.conn.execute(
            f"EXPLAIN QUERY PLAN SELECT q.pair_key FROM {walk.source} WHERE {sql} ORDER BY {walk.order_by}", values
        ).fetchall()
        details = [row[3] for row in plan]
        assert not [detail for detail in details if detail.startswith(("SCAN q", "SCAN d")) and "USING" not in detail]
        if choice in CHOICES[:2] or choice.order in (Order.RANDOM, Order.MINE, Order.SECOND, Order.FLAGGED):
            assert not [detail for detail in details if "TEMP B-TREE" in detail]


def test_eight_reviewers_never_hold_one_pair_together(large):
    _, path = large
    seen: list[tuple[str, str]] = []

    def takes(number: int) -> None:
        db = open_review_db(path, migrate=False)
        order = ("risk", "page", "random", "assigned")[number % 4]
        for _ in range(4):
            found = queue.next_pairs(
                db, holder=f"r{number}", limit=24, ahead=3, choice=Choice(order), reviewer=f"r{number}",
            )  # fmt: skip
            seen.extend((pair.page_id, f"r{number}") for pair in found)
        db.close()

    threads = [threading.Thread(target=takes, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    holders: dict[str, set[str]] = {}
    for page, name in seen:
        holders.setdefault(page, set()).add(name)
    assert len({name for _, name in seen}) == 8
    assert {len(names) for names in holders.values()} == {1}


def test_counts_say_what_each_order_and_filter_would_bring(large):
    db, _ = large
    orders = queue_counts.by_order(db, Choice(), "ana")
    assert orders["risk"] == orders["page"] == 16_000
    assert orders["mine"] + orders["second"] == 4_000
    facets = queue_counts.facets(db)
    assert sum(count for _, _, count in facets["section"]) == 16_000
    assert facets["section"][0] == ("08", "Section 8", 500)
    assert {name for name, _, _ in facets["by"]} == {"ana", "bo", "cy"}
    assert queue_counts.left(db, Choice(section="09", flag="page_reference"), "ana") == 100
