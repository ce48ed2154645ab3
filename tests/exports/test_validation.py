"""The seed's checks find what breaks training; warnings fail only the strict."""

import json
import shutil
from dataclasses import replace

import pytest

from exports.errors import NoReleaseError
from exports.validation import validate_release
from tests.exports.shelf import SETTINGS, draw_scan, fill, open_shelf


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    shelf = open_shelf(tmp_path_factory.mktemp("shelf"))
    fill(shelf, 6, 5)
    path = shelf.export().path
    shelf.db.close()
    return path


@pytest.fixture
def release(exported, tmp_path):
    return shutil.copytree(exported, tmp_path / "release")


def change(release, edit, name="vlm_train.jsonl"):
    """Rewrite the first record of a split with `edit`."""
    file = release / name
    first, rest = file.read_text("utf-8").split("\n", 1)
    record = json.loads(first)
    edit(record)
    file.write_text(json.dumps(record) + "\n" + rest, "utf-8")


def errors(release, settings=SETTINGS):
    return validate_release(release, settings).errors.counts


def test_a_release_passes_strictly(release):
    found = validate_release(release, SETTINGS)
    assert found.passed(strict=True)
    assert (found.distribution.splits["train"], found.distribution.splits["validation"]) == (25, 5)


@pytest.mark.parametrize(
    ("edit", "rule"),
    [
        (lambda r: r.pop("image"), "image is missing or of a wrong type"),
        (lambda r: r.update(conversations={}), "conversations is missing or of a wrong type"),
        (lambda r: r.pop("metadata"), "metadata is missing or of a wrong type"),
        (lambda r: r.update(conversations=[]), "conversations holds something else than turns with a text"),
        (lambda r: r["conversations"].reverse(), "roles do not alternate from user to assistant"),
        (lambda r: r["conversations"].pop(), "roles do not alternate from user to assistant"),
        (lambda r: r["conversations"][1].update(content=" "), "text is empty"),
        (
            lambda r: r["conversations"][0].update(content="<image>?"),
            "text holds a special token or a control character",
        ),
        (lambda r: r["metadata"].pop("section_id"), "metadata lacks a key"),
        (lambda r: r.update(image="images/none.jpg"), "image is missing"),
        (lambda r: r.update(image="../secret.jpg"), "image lies outside the release"),
        (lambda r: r.update(image="/etc/hostname"), "image lies outside the release"),
    ],
)
def test_a_broken_record_fails_under_the_name_of_its_rule(release, edit, rule):
    change(release, edit)
    found = validate_release(release, SETTINGS)
    assert found.errors.counts[rule] == 1
    assert not found.passed()


def test_a_line_that_is_no_json_is_named_by_its_number(release):
    file = release / "vlm_train.jsonl"
    file.write_text("{broken\n" + file.read_text("utf-8"), "utf-8")
    assert validate_release(release, SETTINGS).errors.lines() == ["line is no JSON object: 1 (vlm_train.jsonl line 1)"]


def test_a_page_image_or_text_in_both_splits_is_a_leak(release):
    held = (release / "vlm_val.jsonl").read_text("utf-8").split("\n")[0]
    with (release / "vlm_train.jsonl").open("a", encoding="utf-8") as file:
        file.write(held + "\n")
    assert errors(release) == {
        "qa_id stands twice": 1,
        "page stands in two splits": 5,
        "image stands in two splits": 5,
        "text stands in two splits": 1,
    }


def test_half_an_image_is_found_by_decoding(release):
    image = next(iter(sorted((release / "images").iterdir())))
    image.write_bytes(image.read_bytes()[:-400])
    assert errors(release) == {"image cannot be opened": 1}
    assert validate_release(release, SETTINGS, decode=False).passed()


def test_small_images_and_odd_lengths_only_warn(release):
    image = next(iter(sorted((release / "images").iterdir())))
    draw_scan(image, "x", (99, 200))
    change(release, lambda r: r["conversations"][0].update(content="Torque?"))
    change(release, lambda r: r["conversations"][1].update(content="x" * 1001), "vlm_val.jsonl")
    found = validate_release(release, SETTINGS)
    assert found.passed()
    assert not found.passed(strict=True)
    assert set(found.warnings.counts) == {
        "image is smaller than 100 pixels",
        "question is shorter than 10 characters",
        "answer is longer than 1000 characters",
    }


def test_a_short_specification_is_no_warning(release):
    change(release, lambda r: r["conversations"][1].update(content="9 Nm"))
    assert validate_release(release, SETTINGS).passed(strict=True)


@pytest.mark.parametrize(
    ("key", "value"),
    [("shortest_question", 500), ("shortest_answer", 500), ("longest_answer", 3), ("smallest_section", 50),
     ("largest_section", 3), ("smallest_image", 500)],
)  # fmt: skip
def test_each_limit_is_a_setting(release, key, value):
    found = validate_release(release, replace(SETTINGS, **{key: value}))
    assert found.warnings.counts
    assert found.passed()


def test_a_question_that_a_page_answers_twice_is_noted_and_fails_nothing(release):
    file = release / "vlm_train.jsonl"
    lines = file.read_text("utf-8").splitlines()
    for number, answer in ((1, None), (2, "99 Nm")):
        record = json.loads(lines[0])
        record["metadata"]["qa_id"] = f"again-{number}"
        if answer:
            record["conversations"][1]["content"] = answer
        lines.append(json.dumps(record))
    file.write_text("\n".join(lines) + "\n", "utf-8")
    found = validate_release(release, SETTINGS)
    assert found.notes.lines() == [
        "question and answer stand twice on one page: 1 (again-1)",
        "question has several answers on one page: 1 (again-2)",
    ]
    assert found.passed(strict=True)


def test_an_empty_training_split_fails_and_a_missing_file_is_named(release):
    (release / "vlm_train.jsonl").write_text("")
    (release / "vlm_val.jsonl").unlink()
    assert set(errors(release)) == {"training split is empty", "file is missing"}


def test_a_folder_without_records_is_no_release(tmp_path):
    with pytest.raises(NoReleaseError, match="no release"):
        validate_release(tmp_path, SETTINGS)
