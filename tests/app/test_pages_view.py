"""The pages view on a real database: corrected, read again, made again, checked; its states stand in the address."""

from types import SimpleNamespace

import pytest

from app import page_check
from review_db import corrections, jobs, pages, pairs, words
from tests.app.seeded import seeded_workspace
from tests.app.test_views import approve, components, empty, no_worker, seeded, texts, view  # noqa: F401


def page_view(seeded, **query):  # noqa: F811
    at = view("pages", reviewer="ana", page=seeded.page_ids[0], **query)
    assert not at.exception
    return at


def field(at, label):
    return next(each for each in [*at.selectbox, *at.text_input, *at.checkbox] if each.label == label)


def save(at):
    next(each for each in at.button if each.label == "Save the corrections").click().run()
    assert not at.exception


def test_a_correction_is_stored_named_and_offers_to_make_the_pairs_again(seeded, no_worker):  # noqa: F811
    page_id = seeded.page_ids[0]
    at = page_view(seeded)
    assert not [each for each in at.button if each.key == "page_regenerate"]
    field(at, "It shows").select("diagram")
    field(at, "Its name").input("Clutch, hydraulic")
    field(at, "Kind of manual").select("electrical_manual")
    save(at)
    page = pages.page_by_id(seeded.db, page_id)
    assert (page.content_type, page.section_name) == ("diagram", "Clutch, hydraulic")
    assert "Saved: kind of page, kind of manual, section's name." in texts(at)
    history = next(each for each in components(at) if each["kind"] == "table")["rows"]
    assert [row[1:] for row in history] == [
        ["ana", "Section's name", "Clutch, hydraulic"],
        ["ana", "Kind of manual", "electrical manual"],
        ["ana", "Kind of page", "diagram"],
    ]
    assert jobs.recent(seeded.db) == []  # nothing was turned: nothing to read again
    at.button(key="page_regenerate").click().run()
    (job,) = jobs.recent(seeded.db)
    assert (job.kind, job.payload, job.requested_by) == ("regenerate", {"page_id": page_id}, "ana")
    assert no_worker
    assert f"The pairs are being made again (job {job.job_id}) …" in texts(at)


def test_where_there_is_nothing_to_ask_undecided_pairs_go_aside_until_they_are_made_again(seeded):  # noqa: F811
    page_id = seeded.page_ids[0]
    approve(seeded, seeded.pair_ids[0])
    at = page_view(seeded)
    field(at, "There is nothing to ask on this page").check()
    save(at)
    found = pairs.pairs_of_page(seeded.db, page_id)
    assert [pair.status for pair in found] == ["approved", "set_aside", "set_aside", "set_aside"]
    assert {pair.reason for pair in found[1:]} == {"superseded"}
    assert not [each for each in at.button if each.key == "page_regenerate"]
    field(at, "There is nothing to ask on this page").uncheck()
    save(at)
    assert at.button(key="page_regenerate")


def test_a_page_that_the_reader_turned_is_put_back_and_read_again(seeded):  # noqa: F811
    page = pages.page_by_id(seeded.db, seeded.page_ids[0])
    words.save_words(seeded.db, page.image_sha256, "drawn", words.words_of(seeded.db, page), 0.1, 1)
    at = page_view(seeded)
    assert field(at, "Turned to be read").value == "3"
    field(at, "Turned to be read").select("0")
    save(at)
    assert words.turns_of(seeded.db, pages.page_by_id(seeded.db, page.page_id)) == 0
    (job,) = jobs.recent(seeded.db)
    assert (job.kind, job.payload) == ("read_again", {"page_id": page.page_id})
    assert next(each for each in components(at) if each["kind"] == "page")["page"]["rotation"] == 0


def test_unsure_words_are_told_and_neighbours_are_one_click_away(seeded):  # noqa: F811
    page = pages.page_by_id(seeded.db, seeded.page_ids[0])
    found = words.words_of(seeded.db, page)
    doubtful = [found[0]._replace(confidence=0.5), *found[1:]]
    words.save_words(seeded.db, page.image_sha256, "drawn", doubtful, 0.1)
    at = page_view(seeded)
    at.toggle(key="pages_words").set_value(True).run()
    assert "red ones (1) with less than 70% confidence" in texts(at)
    assert at.button(key="pages_before").disabled
    at.button(key="pages_after").click().run()
    assert at.query_params["page"] == seeded.page_ids[1]


def test_the_list_opens_as_its_address_says(seeded):  # noqa: F811
    at = view("pages", section="21 Clutch", state="With pairs to decide")
    assert [card["id"] for each in components(at) for card in each["pages"]] == ["21-01"]
    at = view("pages", q="no such words")
    assert "0 of 4 pages" in texts(at)


def test_the_address_names_the_screen_of_a_long_list(empty):  # noqa: F811
    seeded_workspace(empty, page_count=26, pairs_per_page=1).db.close()
    at = view("pages", screen="2")
    assert [len(each["pages"]) for each in components(at)] == [3]
    assert at.query_params["screen"] == "2"
    at.text_input(key="pages_q").input("part 2").run()
    assert "screen" not in at.query_params
    assert not at.exception


def test_classification_is_checked_a_random_ten_first_and_each_page_once(seeded, monkeypatch):  # noqa: F811
    at = view("pages", reviewer="ana", check="1")
    shown = next(each for each in components(at) if each["kind"] == "check")
    assert {page["id"] for page in shown["pages"]} == {"11-03", "21-01", "33-02"}
    assert "Of 3 pages drawn at random 0 were looked at" in texts(at)

    answers = (("11-03", "specification"), ("21-01", "diagram"), ("no-such-page", "text"))
    with monkeypatch.context() as visit:
        visit.setattr(page_check, "named", lambda: "ana")
        visit.setattr(page_check, "st", SimpleNamespace(session_state={}))
        assert page_check.take(seeded.db, answers) == 2
        assert page_check.take(seeded.db, answers) == 0  # sent again: known
        assert page_check.st.session_state == {page_check.CORRECTED: ["21-01"]}
    assert corrections.checked_by(seeded.db, ["11-03", "21-01"]) == {"11-03": ("ana", False), "21-01": ("ana", True)}
    assert "2 were looked at, 1 of them corrected" in texts(view("pages", reviewer="ana", check="1"))


@pytest.mark.usefixtures("seeded")
def test_nobody_without_a_name_corrects_or_checks():
    at = view("pages", page="21-01")
    assert next(each for each in at.button if each.label == "Save the corrections").disabled
    assert "Give your name" in texts(view("pages", check="1"))
