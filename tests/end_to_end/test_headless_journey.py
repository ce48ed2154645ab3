"""The whole way without a browser: scans to checked pairs, decisions, a release, and back in as an import."""

import json
from pathlib import Path

import pytest

from tests.sample_run import SAMPLE, copy_of, listed, manualqa

pytestmark = pytest.mark.slow


@pytest.fixture
def home(sample_workspace, tmp_path):
    return copy_of(sample_workspace, tmp_path / "home")


def decisions_for(pairs, verdict="approve", **more):
    return "".join(
        json.dumps({"pair_id": p["pair_id"], "revision": p["revision"], "verdict": verdict, "reviewer": "ana"} | more)
        + "\n"
        for p in pairs
    )


def test_every_file_of_the_sample_ends_in_ok_or_a_reason(sample_workspace):
    rows = list(listed(sample_workspace, "files"))
    on_disk = {str(path.relative_to(SAMPLE)) for path in SAMPLE.rglob("*") if path.is_file()}
    assert {row["path"] for row in rows} == on_disk
    assert all(row["status"] == "ok" or row["reason"] for row in rows)
    assert all(row["sha256"] for row in rows)


def test_site_assets_and_navigation_yield_no_page_and_no_pair(sample_workspace):
    sources = {row["source"] for listing in ("pages", "pairs") for row in listed(sample_workspace, listing)}
    assert not [source for source in sources if "favicon" in source or source.endswith(("index.html", ".css"))]


def test_cover_and_blank_pages_yield_no_pair(sample_workspace):
    pages = {row["page_id"]: row for row in listed(sample_workspace, "pages")}
    kinds = {pages[pair["page_id"]]["content_type"] for pair in listed(sample_workspace, "pairs")}
    assert {"procedure", "specification", "index"} <= kinds
    assert not kinds & {"cover", "blank"}


def test_a_second_run_does_nothing(home):
    before = list(listed(home, "pairs"))
    done = manualqa(home, "run", "--engine", "offline")
    assert "generate-qa: 0 done, 0 failed" in done.stdout
    assert "prepare: 0 done, 0 failed" in done.stdout
    assert list(listed(home, "pairs")) == before


def test_decided_pairs_are_exported_verified_and_stay_decided_when_the_pipeline_runs_again(home, tmp_path):
    pending = [pair for pair in listed(home, "pairs") if pair["status"] == "pending"]
    every_page = pending[:: len(pending) // 45]
    chosen, edited, rejected = every_page[:40], every_page[40:42], every_page[42:45]
    lines = (
        decisions_for(chosen)
        + decisions_for(edited, "edit", answer="5 mm")
        + decisions_for(rejected, "reject", reason="1")
    )
    answers = manualqa(home, "decide", "-", input=lines).stdout.splitlines()
    assert all(json.loads(answer)["ok"] for answer in answers)

    release = json.loads(manualqa(home, "export", "--json").stdout)
    folder = Path(release["path"])
    records = [json.loads(line) for name in ("vlm_train.jsonl", "vlm_val.jsonl") for line in (folder / name).open()]
    assert {r["metadata"]["qa_id"] for r in records} == {p["pair_id"] for p in chosen + edited}
    assert (folder / "vlm_val.jsonl").stat().st_size > 0
    assert all(r["image"] is None or (folder / r["image"]).is_file() for r in records)
    assert manualqa(home, "verify", str(folder)).returncode == 0
    assert manualqa(home, "validate").returncode == 0

    manualqa(home, "regen-qa", "--engine", "offline")
    status = {pair["pair_id"]: pair["status"] for pair in listed(home, "pairs")}
    assert {status[p["pair_id"]] for p in chosen + edited} == {"approved"}
    assert {status[p["pair_id"]] for p in rejected} == {"rejected"}

    again = json.loads(manualqa(home, "export", "--json", "--out", str(tmp_path / "again")).stdout)
    same = ("vlm_train.jsonl", "vlm_val.jsonl", "manifest.json")
    assert [(folder / n).read_bytes() for n in same] == [(Path(again["path"]) / n).read_bytes() for n in same]


def test_a_release_imported_elsewhere_gives_the_same_pairs(home, tmp_path):
    pending = [pair for pair in listed(home, "pairs") if pair["status"] == "pending"][:12]
    manualqa(home, "decide", "-", input=decisions_for(pending))
    release = Path(json.loads(manualqa(home, "export", "--json").stdout)["path"])
    text = "".join((release / name).read_text() for name in ("vlm_train.jsonl", "vlm_val.jsonl"))
    (release.parent / "all.jsonl").write_text(text)
    other = tmp_path / "other"
    printed = manualqa(other, "import", str(release.parent / "all.jsonl"), "--images", str(release), "--later").stdout
    assert f"new {len(pending)}" in printed
    texts = {(p["question"], p["answer"]) for p in listed(other, "pairs")}
    assert texts == {(p["question"], p["answer"]) for p in pending}


def test_a_regeneration_is_asked_for_and_done_by_the_worker(home):
    page_id = next(pair["page_id"] for pair in listed(home, "pairs"))
    manualqa(home, "regenerate", page_id, "--reason", "wrong_value")
    assert json.loads(manualqa(home, "status", "--json").stdout)["jobs"] == {"queued": 1}
    manualqa(home, "work", "--until-idle")
    assert json.loads(manualqa(home, "status", "--json").stdout)["jobs"] == {"done": 1}


def test_dry_run_writes_nothing(home):
    before = (home / "review_db" / "review.sqlite").read_bytes()
    printed = manualqa(home, "run", "--dry-run", "--force").stdout
    assert "due" in printed
    assert (home / "review_db" / "review.sqlite").read_bytes() == before
