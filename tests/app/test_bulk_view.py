"""The bulk view on a real database: counted, sampled, done, taken back; its filters stand in the address."""

import pytest

from review_db import listings, pairs
from tests.app.test_views import approve, components, empty, no_worker, seeded, texts, view  # noqa: F401


def statuses(seeded):  # noqa: F811
    return [row["status"] for row in listings.pairs(seeded.db)]


def bulk_view(**query):
    at = view("bulk", reviewer="ana", **query)
    assert not at.exception
    return at


def shown(at):
    return next(each for each in components(at) if each["kind"] == "samples")["samples"]


def test_pairs_are_counted_sampled_approved_and_taken_back_as_one(seeded):  # noqa: F811
    at = bulk_view()
    assert "10 pairs of this filter can be decided at once." in texts(at)
    assert "3 whose answer is not wholly supported by the scan" in texts(at)
    assert len(shown(at)) == 5
    assert all(each["boxes"] and each["page"]["scan"] for each in shown(at) if each["page"]["id"] != "html-techspec")

    at.button(key="bulk_go").click().run()
    assert not at.exception
    assert statuses(seeded).count("approved") == 10
    assert {event["comment"] for event in listings.events(seeded.db)} == {"bulk 1"}
    assert "0 pairs of this filter" in texts(at)

    at.button(key="undo_1").click().run()
    assert set(statuses(seeded)) == {"pending"}
    assert components(at)[-1]["rows"][0][3:] == ["Approve: everything", 10, 0, "10 back, 0 decided anew since"]
    at.button(key="bulk_go").click().run()
    assert statuses(seeded).count("approved") == 10


def test_the_address_names_the_filter_and_the_filter_the_address(seeded):  # noqa: F811
    at = bulk_view(section="21 Clutch", risk="50")
    assert at.selectbox(key="bulk_section").value == "21 Clutch"
    assert {each["page"]["id"] for each in shown(at)} == {"21-01"}
    at.selectbox(key="bulk_section").select("11 Engine").run()
    assert at.query_params["section"] == "11 Engine"
    at.selectbox(key="bulk_section").select("Any").run()
    assert "section" not in at.query_params
    assert at.query_params["risk"] == "50"


def test_a_rejection_carries_its_reason(seeded):  # noqa: F811
    at = bulk_view(do="reject", page="21-01")
    at.selectbox(key="bulk_reason").select("trivial").run()
    at.button(key="bulk_go").click().run()
    rejected = [row for row in listings.pairs(seeded.db) if row["status"] == "rejected"]
    assert {(row["page_id"], row["reason"]) for row in rejected} == {("21-01", "trivial")}


def test_what_a_filter_set_aside_comes_back_by_its_reason(seeded):  # noqa: F811
    keys = [pairs.pair_by_id(seeded.db, each).pair_key for each in seeded.pair_ids[:2]]
    pairs.set_aside(seeded.db, keys, "filtered:answer_short")
    pairs.set_aside(seeded.db, [pairs.pair_by_id(seeded.db, seeded.pair_ids[2]).pair_key], "superseded")
    at = bulk_view(do="restore", aside="filtered:answer_short")
    at.button(key="bulk_go").click().run()
    assert [row["reason"] for row in listings.pairs(seeded.db)][:3] == ["restored", "restored", "superseded"]


@pytest.mark.usefixtures("seeded")
def test_nobody_without_a_name_decides_anything():
    at = view("bulk")
    assert at.button(key="bulk_go").disabled
    assert "Give your name" in texts(at)
