"""Every view, on an empty and on a filled database, without a browser."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app.actions import WorkerStarter
from app.configuration import ROOT
from review_db import batches, calls, decisions, jobs, pairs, releases, stage_outcomes
from review_db.connection import open_review_db
from review_db.records import DecisionRequest, Evidence, Finding
from tests.app.seeded import Seeded, seeded_workspace

VIEWS = ("review", "pages", "run", "quality", "export", "jobs")
HOSTILE = "<img src=x onerror=alert(1)> ![x](http://evil.example/p.png) $5 :red[x]"


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MANUALQA_WORKSPACE", str(tmp_path))
    return tmp_path


@pytest.fixture
def seeded(empty: Path) -> Iterator[Seeded]:
    made = seeded_workspace(empty)
    yield made
    made.db.close()


@pytest.fixture(autouse=True)
def no_worker(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[object]:
    """Jobs are asked for but not done: processes belong to the slower tests.

    A timer of the test before may still look for work; only what concerns this test's workspace counts.
    """
    started: list[object] = []
    monkeypatch.setattr("app.actions._start", lambda at: started.append(at) if at.root == tmp_path else None)
    monkeypatch.setattr("app.actions._starter", WorkerStarter())
    return started


def view(name: str, **query: str) -> AppTest:
    at = AppTest.from_file(str(ROOT / "app" / "ui.py"), default_timeout=20)
    for key, value in query.items():
        at.query_params[key] = value
    if name != "review":
        at.run()
        at.switch_page(f"views/{name}.py")
    return at.run()


def components(at: AppTest) -> list[dict]:
    return [json.loads(each.proto.json) for each in at.get("bidi_component")]


def texts(at: AppTest) -> str:
    return "\n".join(each.value for each in [*at.text, *at.info, *at.warning, *at.error, *at.code])


def approve(seeded: Seeded, *pair_ids: str) -> None:
    requests = [DecisionRequest(f"u-{each}", "approve", "ana", pair_id=each, revision=1) for each in pair_ids]
    results = decisions.apply_decisions(seeded.db, requests, lambda *_: Finding(Evidence("supported")))
    assert all(result.ok for result in results)


@pytest.mark.parametrize("name", VIEWS)
def test_a_view_opens_on_an_empty_database(empty, name):
    at = view(name)
    assert not at.exception


@pytest.mark.parametrize("name", VIEWS)
def test_a_view_opens_on_a_filled_database(seeded, name):
    at = view(name)
    assert not at.exception


@pytest.mark.parametrize("name", VIEWS)
def test_a_damaged_database_is_explained_instead_of_traced(empty, name):
    (empty / "review_db").mkdir()
    (empty / "review_db" / "review.sqlite").write_bytes(b"no database at all" * 100)
    at = view(name)
    assert not at.exception
    assert [each.value for each in at.error] == ["The review database cannot be opened."]
    assert "manualqa doctor" in texts(at)


def test_the_review_mounts_one_component_under_a_stable_key(seeded):
    (mounted,) = components(view("review", reviewer="ana"))
    assert mounted["named"] == "ana"
    assert mounted["assets"].startswith("/review-assets/")
    assert "factual" in mounted["types"]


def test_the_review_knows_whether_a_key_is_set_and_never_the_key(seeded, monkeypatch):
    assert components(view("review", reviewer="ana"))[0]["paid"] is False
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-secret-of-the-test")
    (mounted,) = components(view("review", reviewer="ana"))
    assert mounted["paid"] is True
    assert "sk-secret-of-the-test" not in json.dumps(mounted)


def test_the_pages_view_lists_pages_with_their_pairs_counted(seeded):
    approve(seeded, seeded.pair_ids[0])
    (mounted,) = components(view("pages"))
    cards = {card["id"]: card for card in mounted["pages"]}
    assert list(cards) == list(seeded.page_ids)
    assert cards[seeded.page_ids[0]]["counts"]["approved"] == 1
    assert cards["html-techspec"]["thumbnail"] is None


def test_the_pages_view_narrows_by_section_state_and_text(seeded):
    approve(seeded, *[pair for pair in seeded.pair_ids if pair.startswith(seeded.page_ids[0])])
    at = view("pages")
    at.selectbox(key="pages_state").select("Page done").run()
    assert [card["id"] for card in components(at)[0]["pages"]] == [seeded.page_ids[0]]
    at.selectbox(key="pages_state").select("All").run()
    at.selectbox(key="pages_section").select("33 Rear axle").run()
    assert [card["id"] for card in components(at)[0]["pages"]] == ["33-02"]
    at.selectbox(key="pages_section").select("All").run()
    at.text_input(key="pages_q").input("engine data").run()
    assert [card["id"] for card in components(at)[0]["pages"]] == ["html-techspec"]


def test_one_page_shows_its_pairs_and_on_request_its_words(seeded):
    at = view("pages", page=seeded.page_ids[0])
    mounted = components(at)[-1]
    assert [pair["id"] for pair in mounted["pairs"]] == list(seeded.pair_ids[:4])
    assert mounted["words"] == []
    at.toggle(key="pages_words").set_value(True).run()
    assert len(components(at)[-1]["words"]) > 20


def test_a_page_that_does_not_exist_is_said_plainly(seeded):
    assert "There is no such page." in texts(view("pages", page="nothing"))


def test_nothing_approved_says_so_and_offers_no_export(seeded):
    at = view("export")
    assert "nothing is approved yet" in texts(at)
    assert not at.button


def test_the_export_view_counts_what_leaves_and_what_stays_and_asks_for_a_job(seeded, no_worker):
    approve(seeded, *seeded.pair_ids[:3])
    at = view("export")
    assert next((each.label, each.value) for each in at.metric) == ("Pairs", "3")
    left_out = next(each for each in components(at) if ["Why", "text"] in each.get("columns", []))
    assert ["not decided yet", len(seeded.pair_ids) - 3] in left_out["rows"]
    at.button(key="export_ask").click().run()
    (job,) = jobs.recent(seeded.db)
    assert (job.kind, job.state, job.payload) == ("export", "queued", {"include": "approved", "formats": ""})
    assert len(no_worker) == 1


def test_the_export_view_lists_releases_with_their_checks_and_what_changed(seeded, empty):
    approve(seeded, *seeded.pair_ids[:3])
    keys = [pairs.pair_by_id(seeded.db, pair_id).pair_key for pair_id in seeded.pair_ids[:3]]
    for number, (held, verdict) in enumerate(((keys[:2], "PASS"), (keys[1:], "FAIL")), 1):
        folder = empty / f"release-{number}"
        folder.mkdir()
        (folder / "report.md").write_text(f"**{verdict}**\n")
        counts = {"pairs": 2, "train": 1, "validation": 1, "images": 1}
        releases.record_release(seeded.db, str(folder), "h", counts, [(key, 1, "train") for key in held])
    at = view("export")
    newer, older = next(each["rows"] for each in components(at) if ["Release", "text"] in each.get("columns", []))
    assert newer[:7] == ["release-2", "failed", 2, 1, 1, 1, "1 new, 1 gone"]
    assert (*older[:2], older[6]) == ("release-1", "passed", "the first")
    assert str(empty / "release-2") in texts(at)


def test_a_failed_export_says_why_and_an_export_carries_the_options(seeded, no_worker):
    approve(seeded, *seeded.pair_ids[:3])
    job = jobs.ask(seeded.db, "export", {"include": "approved"}, "ana")
    jobs.finish(seeded.db, job, "failed", "too little room; make room")
    at = view("export")
    rows = [row for each in components(at) for row in each.get("rows", [])]
    assert [job, "failed", "", "too little room; make room"] in rows
    at.multiselect(key="export_formats").set_value(["trl"]).run()
    at.selectbox(key="export_image_size").set_value(1024).run()
    at.toggle(key="export_crops").set_value(True).run()
    at.button(key="export_ask").click().run()
    payload = {"include": "approved", "formats": "trl", "options": {"image_size": 1024, "crops": True}}
    assert jobs.recent(seeded.db)[0].payload == payload


def test_the_first_records_are_shown_with_their_page(seeded):
    approve(seeded, seeded.pair_ids[0], seeded.pair_ids[-1])
    shown = next(each["records"] for each in components(view("export")) if each["kind"] == "records")
    assert [bool(each["thumbnail"]) for each in shown] == [True, False]
    assert shown[1]["answer"] == "2494 cm3"
    assert json.loads(shown[0]["json"])["metadata"]["qa_id"] == seeded.pair_ids[0]


def with_release(seeded: Seeded, folder: Path) -> None:
    approve(seeded, *seeded.pair_ids[:3])
    folder.mkdir()
    releases.record_release(seeded.db, str(folder), "h", {"pairs": 3}, [])


def test_publishing_is_private_unless_asked_twice_and_public_only_with_a_licence(seeded, empty, no_worker):
    assert not [each for each in view("export").button if each.key == "publish_ask"]
    with_release(seeded, empty / "release-1")
    at = view("export")
    assert at.button(key="publish_ask").disabled
    at.text_input(key="publish_repository").input("me/torques").run()
    assert "No licence is known" in texts(at)
    at.radio(key="publish_who").set_value(at.radio(key="publish_who").options[1]).run()
    assert at.button(key="publish_ask").disabled
    assert "without one is not made public" in texts(at)
    at.selectbox(key="publish_license").set_value("cc-by-4.0").run()
    assert at.button(key="publish_ask").disabled
    at.text_input(key="publish_again").input("me/torques").run()
    at.button(key="publish_ask").click().run()
    wish = {"repository": "me/torques", "license": "cc-by-4.0", "public": True}
    assert jobs.recent(seeded.db)[0].payload == wish | {"dry_run": False}
    assert at.button(key="publish_ask").disabled


def test_a_look_lists_the_files_and_a_publication_says_where_it_is(seeded, empty):
    with_release(seeded, empty / "release-1")
    wish = {"repository": "me/torques", "dry_run": True}
    told = {"url": "https://huggingface.co/datasets/me/torques", "tag": "release-x", "private": True, "changed": True}
    told |= {"created": True, "bytes": 2_500_000, "files": [["manifest.json", "add", 2_500_000]], "kept": 0}
    look = jobs.ask(seeded.db, "publish", wish, "ana")
    jobs.finish(seeded.db, look, "done", None, told)
    at = view("export")
    assert "would be created, private. 1 files differ, 2.5 MB" in texts(at)
    assert ["new", "manifest.json", 2_500_000] in components(at)[-1]["rows"]
    done = jobs.ask(seeded.db, "publish", wish | {"dry_run": False}, "ana")
    jobs.finish(seeded.db, done, "done", None, told)
    assert 'load_dataset("me/torques", revision="release-x")' in texts(view("export"))
    failed = jobs.ask(seeded.db, "publish", wish, "ana")
    jobs.finish(seeded.db, failed, "failed", "the Hub does not accept the token; log in")
    rows = [row for each in components(view("export")) for row in each.get("rows", [])]
    assert [failed, "failed", "", "the Hub does not accept the token; log in"] in rows


def test_the_run_view_shows_the_estimate_before_a_run_can_be_started(seeded, no_worker):
    at = view("run")
    assert at.button(key="run_start").disabled
    at.button(key="run_estimate").click().run()
    (job,) = jobs.recent(seeded.db)
    assert (job.kind, job.payload, len(no_worker)) == ("estimate", {"sections": []}, 1)
    assert at.button(key="run_start").disabled
    jobs.claim(seeded.db, "w")
    told = {"engine": "offline", "pages": 7, "calls": 0, "usd": 0.0, "most_usd": 0.0}
    jobs.finish(seeded.db, job.job_id, "done", None, {"engines": [told], "usable": ["offline"]})
    at.run()
    assert ["Built-in reader (free, no key)", 7, 0, "free", "free"] in components(at)[0]["rows"]
    assert "Claude can be chosen when" in texts(at)
    at.button(key="run_start").click().run()
    run, _ = jobs.recent(seeded.db)
    assert run.payload == {"sections": [], "engine": "offline", "budget_usd": None}
    assert at.button(key="run_start").disabled
    assert "A run is on its way" in texts(at)


def test_a_waiting_job_is_listed_starts_a_worker_and_can_be_stopped(seeded, no_worker):
    job = jobs.ask(seeded.db, "run", {}, "ana")
    at = view("jobs")
    (mounted,) = components(at)
    assert mounted["rows"][0][:3] == [job, "run", "queued"]
    assert no_worker
    at.button(key=f"cancel_{job}").click().run()
    assert jobs.job_by_id(seeded.db, job).state == "cancelled"


def test_work_that_never_starts_alone_waits_for_a_person(seeded, no_worker):
    jobs.ask(seeded.db, "import_checks", {}, "ana", starts_alone=False)
    at = view("jobs")
    assert no_worker == []
    at.button(key="start_worker").click().run()
    assert len(no_worker) == 1


def test_a_failed_job_names_its_reason_and_is_done_again_with_one_click(seeded, no_worker):
    payload = {"page_id": seeded.page_ids[0], "uid": "u1"}
    job = jobs.ask(seeded.db, "regenerate", payload, "ana")
    jobs.finish(seeded.db, job, "failed", "no credit is left; top the account up")
    at = view("jobs")
    listed, failures = components(at)
    assert listed["rows"][0][1:3] == [f"regenerate {seeded.page_ids[0]}", "failed"]
    assert failures["rows"] == [
        [f"job {job}", f"regenerate {seeded.page_ids[0]}", "no credit is left; top the account up"]
    ]
    assert "do the job again" in texts(at)
    at.button(key=f"retry_{job}").click().run()
    again, old = jobs.recent(seeded.db)
    assert (again.state, again.payload, old.state) == ("queued", payload, "failed")
    assert no_worker
    assert not [each for each in view("jobs").button if each.key == f"retry_{job}"]


def test_a_finished_job_whose_page_failed_shows_the_reason(seeded):
    job = jobs.ask(seeded.db, "run", {}, "ana")
    stage_outcomes.record_failure(seeded.db, "generate-qa", seeded.page_ids[0], "f", "the reply was cut", 0.1)
    jobs.finish(seeded.db, job, "done", None, {"generate-qa": {"done": 4, "failed": 1}})
    listed, failures = components(view("jobs"))
    assert listed["rows"][0][4] == "done, but 1 page failed: see below"
    assert failures["rows"] == [["generate-qa", seeded.page_ids[0], "the reply was cut"]]


def test_the_jobs_view_tells_what_calls_cost_against_the_budget_of_the_day(seeded):
    assert not view("jobs").metric
    job = jobs.ask(seeded.db, "regenerate", {}, "ana")
    jobs.cancel(seeded.db, job)
    day = f"{datetime.now(UTC):%Y-%m-%d}"
    call = calls.NewCall("h", 1, seeded.page_ids[0], "claude", "model-x", "generate", f"job-{job}", "me", day, 0.05)
    call_id = calls.reserve(seeded.db, call, [], resend_unknown=False)
    calls.settle(seeded.db, call_id, "settled", calls.Usage(1, 1, 0, 0, 0.0125))
    at = view("jobs")
    assert [each.value for each in at.metric] == ["$0.0125 of $50.00", "$0.0125", "not yet known"]
    assert components(at)[0]["rows"][0][5] == "$0.0125"
    assert ["model-x", 1, "$0.0125"] in components(at)[-1]["rows"]


def test_the_jobs_view_lists_batches_at_the_service_until_they_are_stored(seeded):
    day = f"{datetime.now(UTC):%Y-%m-%d}"
    batch = batches.begin(seeded.db, "me")
    call = calls.NewCall("h", 1, seeded.page_ids[0], "claude-batch", "m", "generate", "r", "me", day, 0.05, batch)
    calls.reserve(seeded.db, call, [], resend_unknown=False)
    batches.mark_sent(seeded.db, batch, 1)
    batches.mark_submitted(seeded.db, batch, "msgbatch_01", "2026-11-25T10:30:00+00:00")
    at = view("jobs")
    assert "A batch goes on when its job is stopped" in texts(at)
    rows = [row for table in components(at) for row in table["rows"] if "msgbatch_01" in row]
    assert [row[1:] for row in rows] == [[1, "$0.0500", "2026-11-25 10:30", "msgbatch_01"]]
    batches.close(seeded.db, batch)
    assert "Batches at the service" not in [each.value for each in view("jobs").subheader]


def lost_call(seeded, run_key: str) -> None:
    page = seeded.page_ids[0]
    call = calls.NewCall("h", 1, page, "claude", "m", "generate", run_key, "me", f"{datetime.now(UTC):%Y-%m-%d}", 0.05)
    calls.lose(seeded.db, calls.reserve(seeded.db, call, [], resend_unknown=False))


def test_a_call_without_a_reply_is_sent_again_with_one_click_that_says_what_it_can_cost(seeded, no_worker, monkeypatch):
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-canary-4711")
    payload = {"page_id": seeded.page_ids[0], "reason": "wrong_value", "feedback": "Look again.", "uid": "u1"}
    job = jobs.ask(seeded.db, "regenerate", payload, "ana")
    jobs.finish(seeded.db, job, "failed", "no reply came")
    lost_call(seeded, f"job-{job}")
    at = view("jobs")
    assert f"at most $0.0500 more, within the limits of the configuration: {seeded.page_ids[0]}" in texts(at)
    at.button(key="send_again").click().run()
    again = jobs.recent(seeded.db)[0]
    assert (again.kind, again.state, again.payload) == ("regenerate", "queued", payload | {"resend_unknown": True})
    assert no_worker
    assert not [each for each in view("jobs").button if each.key == "send_again"]  # it is under way


def test_a_call_that_a_run_lost_waits_for_the_same_click_and_for_a_key(seeded, monkeypatch):
    monkeypatch.delenv("ANTHROPIC_API_KEY", raising=False)
    lost_call(seeded, "a run of the command line")
    assert view("jobs").button(key="send_again").disabled
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-canary-4711")
    view("jobs").button(key="send_again").click().run()
    assert jobs.recent(seeded.db)[0].payload == {"page_id": seeded.page_ids[0], "resend_unknown": True}


def test_hostile_texts_reach_no_markdown_anywhere(seeded):
    decisions.apply_decisions(
        seeded.db,
        [
            DecisionRequest(
                "h",
                "edit",
                HOSTILE[:50],
                pair_id=seeded.pair_ids[0],
                revision=1,
                question=HOSTILE,
                answer=HOSTILE,
            )
        ],
        lambda *_: Finding(Evidence("supported")),
    )
    jobs.ask(seeded.db, "run", {}, HOSTILE)
    assert pairs.pair_by_id(seeded.db, seeded.pair_ids[0]).question == HOSTILE
    opened = [(name, {}) for name in VIEWS] + [("pages", {"page": seeded.page_ids[0]})]
    for name, query in opened:
        at = view(name, **query)
        drawn = [
            *at.markdown,
            *at.caption,
            *at.info,
            *at.warning,
            *at.error,
            *at.title,
            *at.subheader,
            *at.metric,
        ]
        assert not any("evil.example" in str(each.value) + str(getattr(each, "label", "")) for each in drawn)
        assert not any("evil.example" in each.label for each in [*at.button, *at.selectbox, *at.expander])


def test_the_app_ends_at_a_newer_database_without_touching_it(empty):
    path = empty / "review_db" / "review.sqlite"
    db = open_review_db(path)
    db.conn.execute("UPDATE _sqlite_migrations SET name = '9999_future' WHERE name LIKE '0001%'")
    db.close()
    at = view("pages")
    assert not at.exception
    assert at.error
