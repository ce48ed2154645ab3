"""A release holds every approved pair, is the same bytes each time, and touches nothing but its own folder."""

import json
import re
from dataclasses import replace

import pytest

from exports.errors import ExportError, NothingToExportError, TargetError
from exports.release import newest_release
from exports.validation import validate_release
from exports.verify import verify
from review_db import duplicates, pairs, releases
from review_db.connection import immediate
from review_db.exportable import split_groups
from review_db.statuses import RejectReason
from tests.exports.shelf import (
    SETTINGS,
    a_scan,
    approved,
    contents,
    draw_scan,
    fill,
    open_shelf,
    splits_of,
)
from tests.stored import a_page, a_pair, decide


@pytest.fixture
def shelf(tmp_path):
    opened = open_shelf(tmp_path)
    yield opened
    opened.db.close()


def records(folder, name="vlm_train.jsonl"):
    return [json.loads(line) for line in (folder / name).read_text("utf-8").split("\n")[:-1]]


def manifest(folder):
    return json.loads((folder / "manifest.json").read_text("utf-8"))


def test_a_release_holds_every_approved_pair_and_the_files_of_the_contract(shelf):
    made = fill(shelf)
    release = shelf.export()
    assert release.path == shelf.releases.resolve() / "release-0001"
    files = set(contents(release.path))
    assert files == {"vlm_train.jsonl", "vlm_val.jsonl", "manifest.json", "report.md", "report.html", "README.md"} | {
        f"images/{page.page_id}.jpg" for page in made
    }
    both = records(release.path) + records(release.path, "vlm_val.jsonl")
    assert len({record["metadata"]["qa_id"] for record in both}) == len(both) == 60
    assert release.counts["pairs"] == release.counts["train"] + release.counts["validation"] == 60
    assert all((release.path / record["image"]).is_file() for record in both)


def test_the_same_state_gives_the_same_bytes(shelf):
    fill(shelf)
    formats = ("csv", "llava", "ms-swift")
    first, second = shelf.export(formats=formats), shelf.export(formats=formats)
    third = shelf.export(formats=formats, out=shelf.home / "elsewhere" / "third")
    assert first.path != second.path
    assert contents(first.path) == contents(second.path) == contents(third.path)


def test_no_file_names_an_absolute_path_or_a_time_but_the_last_decisions(shelf):
    fill(shelf)
    release = shelf.export(formats=("csv", "llava", "ms-swift"))
    text = b"\n".join(content for name, content in contents(release.path).items() if not name.endswith(".jpg"))
    assert str(shelf.home).encode() not in text
    times = set(re.findall(rb"\d{4}-\d\d-\d\d[T ]\d\d:\d\d[^\"]*", text))
    assert times == {manifest(release.path)["last_decision"]["at"].encode()}


def test_pages_keep_their_split_from_release_to_release(shelf):
    fill(shelf)
    before = splits_of(shelf.export().path)
    with immediate(shelf.db):
        for number in range(12, 30):
            approved(shelf, a_scan(shelf, number, section=number % 3), 4)
    after = splits_of(shelf.export().path)
    assert before["train"] <= after["train"]
    assert before["validation"] <= after["validation"]
    assert after["validation"] - before["validation"]


@pytest.mark.parametrize("pages", [2, 3, 6])
def test_thirty_pairs_always_have_a_validation_split_apart_from_training(shelf, pages):
    fill(shelf, pages, 30 // pages)
    split = splits_of(shelf.export().path)
    assert split["validation"]
    assert not split["validation"] & split["train"]


def test_pages_with_the_same_image_or_with_linked_pairs_stand_in_one_split(shelf):
    made = fill(shelf, 20, 3)
    same = [a_scan(shelf, number, image_sha256="one and the same") for number in range(30, 36)]
    for page in same:
        approved(shelf, page, 3)
    one, other = (pairs.pairs_of_page(shelf.db, page.page_id)[0] for page in made[:2])
    duplicates.link(shelf.db, one.pair_key, other.pair_key, "duplicate", ["test"])
    split = splits_of(shelf.export().path)
    for group in ({page.page_id for page in same}, {made[0].page_id, made[1].page_id}):
        assert sum(bool(group & members) for members in split.values()) == 1


def test_pages_that_turn_out_to_be_the_same_train_and_every_later_release_says_so(shelf):
    fill(shelf, 20, 3)
    first = splits_of(shelf.export().path)
    held, trains = min(first["validation"]), min(first["train"])
    one, other = (pairs.pairs_of_page(shelf.db, page_id)[0] for page_id in (held, trains))
    duplicates.link(shelf.db, one.pair_key, other.pair_key, "duplicate", ["test"])
    second, third = shelf.export(), shelf.export()
    assert held in splits_of(second.path)["train"]
    assert manifest(second.path)["moved_pages"] == {held: ["validation"]}
    assert held in (second.path / "report.md").read_text("utf-8")
    assert contents(second.path) == contents(third.path)


def test_a_conflict_or_duplicate_link_never_takes_an_approved_pair_out(shelf):
    made = fill(shelf, 4, 4)
    first, second, third = pairs.pairs_of_page(shelf.db, made[0].page_id)[:3]
    duplicates.link(shelf.db, first.pair_key, second.pair_key, "conflict", ["two values"])
    duplicates.link(shelf.db, first.pair_key, third.pair_key, "duplicate", ["same"])
    release = shelf.export()
    assert release.counts["pairs"] == 16
    assert manifest(release.path)["links"] == {
        "duplicate": [[first.pair_id, third.pair_id]],
        "suspected": [],
        "conflict": [[first.pair_id, second.pair_id]],
    }
    assert first.pair_id in (release.path / "report.md").read_text("utf-8")


def test_a_test_split_is_a_file_of_its_own_and_counted_everywhere(shelf):
    fill(shelf, 12, 3)
    made = shelf.export(replace(SETTINGS, test_ratio=0.2), formats=("ms-swift", "imagefolder"))
    held = records(made.path, "vlm_test.jsonl")
    assert len(held) == made.counts["test"] > 0
    assert made.counts["train"] + made.counts["validation"] + len(held) == 36
    assert (made.path / "formats/imagefolder/test/metadata.jsonl").is_file()
    assert (made.path / "formats/ms-swift/test.jsonl").read_text("utf-8").count("\n") == len(held)
    for name in ("report.md", "README.md"):
        assert "| Train | Validation | Test | All |" in (made.path / name).read_text("utf-8")
    assert validate_release(made.path, SETTINGS).passed()
    assert verify(made.path) == []


def test_what_is_left_out_is_counted_by_reason(shelf):
    (page, *_) = fill(shelf, 3, 2)
    a_pair(shelf.db, page, "Is this one still waiting?", "Yes")
    rejected = a_pair(shelf.db, page, "Is this one wrong?", "Yes")
    decide(shelf.db, rejected.pair_id, "reject", revision=1, reason=RejectReason.WRONG_VALUE)
    for number, reason in enumerate(("filtered:generic", "duplicate_of:x-q01", "duplicate_of:x-q02")):
        pair = a_pair(shelf.db, page, f"Is number {number} set aside?", "Yes")
        pairs.set_aside(shelf.db, [pair.pair_key], reason)
    assert shelf.export().counts["left_out"] == {
        "pending": 1,
        "rejected:wrong_value": 1,
        "set_aside:duplicate_of": 2,
        "set_aside:filtered:generic": 1,
    }


def test_include_all_adds_pending_pairs_with_their_status_and_no_others(shelf):
    (page, *_) = fill(shelf, 3, 2)
    waiting = a_pair(shelf.db, page, "Is this one still waiting?", "Yes")
    rejected = a_pair(shelf.db, page, "Is this one wrong?", "Yes")
    decide(shelf.db, rejected.pair_id, "reject", revision=1, reason="1")
    release = shelf.export(include="all")
    both = records(release.path) + records(release.path, "vlm_val.jsonl")
    status = {record["metadata"]["qa_id"]: record["metadata"]["status"] for record in both}
    assert (len(status), status[waiting.pair_id], rejected.pair_id in status) == (7, "pending", False)
    assert all(list(record["metadata"])[-2:] == ["qa_id", "status"] for record in both)
    assert "pending" not in release.counts["left_out"]
    assert "Not all pairs were reviewed" in (release.path / "README.md").read_text("utf-8")


def test_planted_pairs_never_leave(shelf):
    (page, *_) = fill(shelf, 3, 2)
    planted = a_pair(shelf.db, page, "Is this one planted?", "Yes")
    decide(shelf.db, planted.pair_id, "approve", revision=1)
    shelf.db.conn.execute("UPDATE pairs SET is_planted = 1 WHERE pair_id = ?", [planted.pair_id])
    release = shelf.export(include="all")
    assert planted.pair_id not in "".join(map(str, contents(release.path).values()))
    assert release.counts["left_out"]["planted"] == 1


def test_the_manifest_tells_where_each_pair_comes_from(shelf):
    (page, *_) = fill(shelf, 3, 1)
    pair = pairs.pairs_of_page(shelf.db, page.page_id)[0]
    decide(shelf.db, pair.pair_id, "edit", revision=1, answer="26 Nm", reviewer="bo", redecide=True)
    decide(shelf.db, pair.pair_id, "skip", revision=2, reviewer="cy")
    release = shelf.export()
    (entry,) = (entry for entry in manifest(release.path)["pairs"] if entry["pair_id"] == pair.pair_id)
    assert entry["revision"] == 2
    assert entry["decision"] == {"seq": 4, "verdict": "edit", "reviewer": "bo"}
    assert (entry["image_sha256"], entry["source"]) == (page.image_sha256, page.source)
    assert {"run", "prompt_sha256", "engine", "model", "group", "split"} <= set(entry)
    assert any(
        r["conversations"][1]["content"] == "26 Nm"
        for r in records(release.path) + records(release.path, "vlm_val.jsonl")
    )


def test_an_undone_decision_is_not_in_force(shelf):
    (page, *_) = fill(shelf, 3, 1)
    pair = pairs.pairs_of_page(shelf.db, page.page_id)[0]
    decide(shelf.db, pair.pair_id, "edit", revision=1, answer="26 Nm", reviewer="bo", redecide=True)
    decide(shelf.db, pair.pair_id, "undo", reviewer="bo")
    (entry,) = (entry for entry in manifest(shelf.export().path)["pairs"] if entry["pair_id"] == pair.pair_id)
    assert entry["decision"]["reviewer"] == "ana"


def test_a_page_without_an_image_is_exported_with_null(shelf):
    fill(shelf, 3, 2)
    sheet = a_page(shelf.db, "html-m3", source="M3.html", kind="html", image_sha256=None, image_path=None,
                   width=None, height=None)  # fmt: skip
    (pair_id,) = approved(shelf, sheet, 1)
    release = shelf.export()
    both = records(release.path) + records(release.path, "vlm_val.jsonl")
    assert [r["image"] for r in both if r["metadata"]["qa_id"] == pair_id] == [None]
    assert release.counts["text_only"] == 1


def test_a_decision_stays_with_the_page_version_it_was_made_on(shelf):
    (page, *_) = fill(shelf, 3, 2)
    render = shelf.cache / "new.png"
    draw_scan(render, "the new edition")
    a_page(
        shelf.db,
        page.page_id,
        source=page.source,
        identity="new edition",
        image_sha256="new",
        image_path="new.png",
    )
    approved(shelf, replace(page, page_version_id=_version(shelf, "new edition")), 1, start=9)
    release = shelf.export()
    images = {
        r["metadata"]["qa_id"]: r["image"] for r in records(release.path) + records(release.path, "vlm_val.jsonl")
    }
    old, new = images[f"{page.page_id}-q01"], images[f"{page.page_id}-q03"]
    assert new == f"images/{page.page_id}.png"
    assert (release.path / old).read_bytes() == (shelf.scans / page.source).read_bytes()
    assert (release.path / new).read_bytes() == render.read_bytes()


def _version(shelf, identity):
    return shelf.db.conn.execute("SELECT page_version_id FROM page_versions WHERE identity = ?", [identity]).fetchone()[
        0
    ]


def test_a_reviewers_correction_of_the_page_is_exported(shelf):
    from review_db.corrections import correct_page

    (page, *_) = fill(shelf, 3, 2)
    correct_page(shelf.db, page.page_id, "content_type", "wiring", "ana")
    release = shelf.export()
    both = records(release.path) + records(release.path, "vlm_val.jsonl")
    assert {r["metadata"]["content_type"] for r in both if r["metadata"]["page_id"] == page.page_id} == {"wiring"}


def test_a_missing_or_changed_scan_leaves_its_pairs_behind_by_name(shelf):
    made = fill(shelf, 4, 2)
    (shelf.scans / made[0].source).unlink()
    draw_scan(shelf.scans / made[1].source, "someone drew over it")
    release = shelf.export()
    assert release.unusable == {
        f"{page.page_id}-q{number:02d}": reason
        for page, reason in zip(made, ("image_missing", "image_changed"), strict=False)
        for number in (1, 2)
    }
    assert release.counts["pairs"] == 4
    assert manifest(release.path)["unusable"] == release.unusable


def test_a_text_that_is_nothing_but_tokens_is_left_behind_and_a_cleaned_one_is_named(shelf):
    (page, *_) = fill(shelf, 3, 2)
    for answer in ("<image>", "<image>25 Nm"):
        pair = a_pair(shelf.db, page, "What does <|im_start|>it say?", answer)
        decide(shelf.db, pair.pair_id, "approve", revision=1)
    release = shelf.export()
    assert list(release.unusable.values()) == ["empty_text"]
    assert manifest(release.path)["cleaned_texts"] == [f"{page.page_id}-q04"]
    texts = [
        turn["content"]
        for r in records(release.path) + records(release.path, "vlm_val.jsonl")
        for turn in r["conversations"]
    ]
    assert "What does it say?" in texts
    assert not any("<image>" in text for text in texts)


def test_nothing_approved_is_a_sentence_and_no_folder(shelf):
    page = a_scan(shelf, 1)
    with pytest.raises(NothingToExportError) as caught:
        shelf.export()
    assert "manualqa run" in caught.value.hint
    a_pair(shelf.db, page)
    with pytest.raises(NothingToExportError) as caught:
        shelf.export()
    assert "manualqa review" in caught.value.hint
    assert not shelf.releases.exists()


def test_releases_are_numbered_and_latest_points_to_the_newest(shelf):
    fill(shelf, 3, 2)
    paths = [shelf.export().path for _ in range(2)]
    assert [path.name for path in paths] == ["release-0001", "release-0002"]
    latest = shelf.releases.parent / "latest"
    assert latest.resolve() == paths[1]
    assert not latest.readlink().is_absolute()
    assert newest_release(shelf.db) == paths[1]
    outside = shelf.export(out=shelf.home / "mine").path
    assert outside == (shelf.home / "mine").resolve()
    assert latest.resolve() == outside == newest_release(shelf.db)


def test_a_number_is_never_given_twice(shelf):
    import shutil

    fill(shelf, 3, 2)
    shutil.rmtree(shelf.export().path)
    assert newest_release(shelf.db) is None
    assert shelf.export().path.name == "release-0002"


def test_the_database_remembers_what_left(shelf):
    fill(shelf, 3, 2)
    release = shelf.export()
    assert releases.newest_release(shelf.db) == str(release.path)
    rows = shelf.db.conn.execute("SELECT revision, split, count(*) FROM release_pairs GROUP BY 1, 2").fetchall()
    assert sum(row[2] for row in rows) == 6
    assert releases.earlier_splits(shelf.db) == {
        page: {split} for split, members in splits_of(release.path).items() for page in members
    }


def test_scans_are_neither_written_to_nor_shared(shelf):
    fill(shelf, 4, 2)
    before = contents(shelf.scans)
    release = shelf.export()
    assert contents(shelf.scans) == before
    assert all(file.stat().st_nlink == 1 for file in shelf.scans.rglob("*.jpg"))
    assert not any(path.is_symlink() for path in release.path.rglob("*"))


def test_the_scans_folder_is_refused_as_a_target(shelf):
    fill(shelf, 3, 2)
    with pytest.raises(TargetError, match="scans"):
        shelf.export(out=shelf.scans / "release")


def test_a_folder_that_is_not_empty_is_refused_before_anything_is_stored(shelf):
    fill(shelf, 3, 2)
    with pytest.raises(TargetError, match="not empty"):
        shelf.export(out=shelf.home)
    assert split_groups(shelf.db) == {}


def test_relative_images_are_links_that_verify_and_break_nothing(shelf):
    fill(shelf, 3, 2)
    release = shelf.export(replace(SETTINGS, image_mode="relative"))
    links = list((release.path / "images").iterdir())
    assert all(link.is_symlink() and not link.readlink().is_absolute() for link in links)
    assert verify(release.path) == []
    draw_scan(links[0].resolve(), "drawn over")
    assert verify(release.path) == [f"images/{links[0].name}"]


def test_resized_images_are_smaller_and_recorded_as_they_are(shelf):
    from PIL import Image

    fill(shelf, 3, 2)
    release = shelf.export(replace(SETTINGS, image_mode="resize", resize_long_edge=120))
    for file in (release.path / "images").iterdir():
        with Image.open(file) as image:
            assert max(image.size) == 120
    assert contents(release.path) == contents(
        shelf.export(replace(SETTINGS, image_mode="resize", resize_long_edge=120)).path
    )


@pytest.mark.parametrize(
    "changed",
    [
        {"validation_ratio": 0.4},
        {"seed": 7},
        {"image_mode": "resize", "resize_long_edge": 100},
        {"license": "cc-by-4.0"},
        {"language": "it"},
    ],
)
def test_each_setting_has_an_effect(tmp_path, changed):
    made = []
    for name, settings in (("one", SETTINGS), ("other", replace(SETTINGS, **changed))):
        shelf = open_shelf(tmp_path / name)
        fill(shelf, 12, 3)
        made.append(contents(shelf.export(settings).path))
        shelf.db.close()
    assert {name for name in made[0] if made[0][name] != made[1].get(name)} - {"manifest.json"}


@pytest.mark.parametrize(
    ("key", "value"), [("validation_ratio", 0.9), ("image_mode", "symlink"), ("resize_long_edge", 0)]
)
def test_a_setting_that_cannot_be_used_is_told_by_name(key, value):
    from dataclasses import asdict

    from exports.settings import OutputSettings

    with pytest.raises(ExportError, match=key):
        OutputSettings.of(asdict(SETTINGS) | {key: value})
    with pytest.raises(ExportError, match="seed"):
        OutputSettings.of({name: v for name, v in asdict(SETTINGS).items() if name != "seed"})


def test_whoever_is_told_of_the_steps_can_stop_the_export(shelf):
    from exports.release import build_release

    fill(shelf, 6, 2)
    seen = []

    class StoppedError(Exception):
        pass

    def stop(done, total, label):
        seen.append((done, total, label))
        if done == 3:
            raise StoppedError

    with pytest.raises(StoppedError):
        build_release(shelf.db, shelf.request(), SETTINGS, stop)
    assert [step[0] for step in seen] == [1, 2, 3]
    assert seen[0][1] == 7
    assert list(shelf.releases.iterdir()) == []


def test_splits_that_another_export_stores_meanwhile_are_respected(shelf):
    fill(shelf, 8, 3)
    other = open_shelf(shelf.home)
    stored = []

    def store_first(statement):
        if statement == "BEGIN IMMEDIATE" and not stored:
            stored.append(splits_of(other.export().path))

    shelf.db.conn.set_trace_callback(store_first)
    second = splits_of(shelf.export(replace(SETTINGS, seed=7)).path)
    shelf.db.conn.set_trace_callback(None)
    other.db.close()
    assert stored == [second]


def test_a_page_that_lost_its_image_is_no_text_page(shelf):
    (page, *_) = fill(shelf, 3, 1)
    shelf.db.conn.execute("UPDATE page_versions SET image_path = NULL WHERE page_id = ?", [page.page_id])
    assert list(shelf.export().unusable.values()) == ["image_missing"]
