"""Import: pairs from a JSONL dataset become candidate pairs on known or new pages, checked like any other."""

import json
import time

import pytest
from PIL import Image, ImageDraw, ImageFont

from pipeline import settings
from pipeline.errors import PipelineError
from pipeline.images import decode_image, image_sha256
from pipeline.importing import import_records, read_and_check
from pipeline.ocr import READER
from pipeline.progress import Progress
from review_db import jobs, listings, pages, pairs, words
from tests.pipeline.checks.printed import column, printed
from tests.stored import a_page

SETTINGS = settings.load([])[0]
QUESTION = "How tight is the drum cover?"
LINES = ("Tighten the drum cover with 24 Nm.", "Grease the roller.")


def draw(path, text="page", size=(900, 700)):
    """A page image; returns the sha256 of its pixels."""
    image = Image.new("RGB", size, "white")
    ImageDraw.Draw(image).multiline_text((60, 60), text, fill="black", font=ImageFont.load_default(28))
    path.parent.mkdir(parents=True, exist_ok=True)
    image.save(path)
    return image_sha256(decode_image(path))


def record(image="images/21-03.png", question=QUESTION, answer="24 Nm", **metadata):
    facts = {"page_id": "21-03_clutch", "section_id": "21", "section_name": "Clutch", "question_type": "factual"}
    turns = [{"role": "user", "content": question}, {"role": "assistant", "content": answer}]
    return {"image": image, "conversations": turns, "metadata": facts | metadata}


@pytest.fixture
def dataset(tmp_path):
    return tmp_path / "dataset"


@pytest.fixture
def take(fresh_db, workspace, dataset):
    """Writes rows (objects or raw lines) to a file and imports it."""

    def take(*rows, later=True):
        dataset.mkdir(exist_ok=True)
        lines = [row if isinstance(row, bytes) else json.dumps(row).encode() for row in rows]
        file = dataset / "pairs.jsonl"
        file.write_bytes(b"\n".join(lines))
        return import_records(fresh_db, workspace, SETTINGS, file, dataset, Progress.silent(), later=later)

    return take


def listed(db):
    return list(listings.pairs(db))


def test_the_seeds_records_become_pending_pairs_on_new_pages(fresh_db, dataset, take):
    draw(dataset / "images/21-03.png")
    summary = take(record(), record(question="What is greased?", answer="the roller"))
    assert (summary.matched, summary.new, summary.set_aside, summary.refused) == (0, 2, 0, [])
    first = listed(fresh_db)[0]
    assert {name: first[name] for name in ("source", "page_id", "status", "author", "engine", "revision")} == {
        "source": "images/21-03.png",
        "page_id": "21-03_clutch",
        "status": "pending",
        "author": "import",
        "engine": "import",
        "revision": 1,
    }
    page = pages.page_by_id(fresh_db, "21-03_clutch")
    assert (page.origin, page.section_id, page.section_name, page.width) == ("import", "21", "Clutch", 900)


def test_the_same_file_again_changes_nothing(fresh_db, dataset, take):
    draw(dataset / "images/21-03.png")
    take(record())
    before = listed(fresh_db)
    summary = take(record(), record())
    assert (summary.matched, summary.new) == (2, 0)
    assert listed(fresh_db) == before


def test_a_page_is_known_by_its_pixels_whatever_its_name_and_file(fresh_db, dataset, take):
    sha256 = draw(dataset / "images/copy.bmp")
    scan = a_page(fresh_db, "21-07_clutch", image_sha256=sha256)
    take(record("images/copy.bmp"))
    assert [row["page_id"] for row in listed(fresh_db)] == [scan.page_id]


def test_one_image_under_two_names_is_one_page(fresh_db, dataset, take):
    for name in ("a", "b"):
        draw(dataset / f"images/{name}.png")
    take(record("images/a.png"), record("images/b.png", question="What is greased?", answer="roller"))
    assert len({row["page_id"] for row in listed(fresh_db)}) == 1


def test_a_page_id_that_is_taken_is_not_given_twice(fresh_db, dataset, take):
    draw(dataset / "images/21-03.png", "one")
    draw(dataset / "images/21-04.png", "two")
    take(record("images/21-03.png"), record("images/21-04.png"))
    assert len({row["page_id"] for row in listed(fresh_db)}) == 2


def test_pairs_on_site_assets_are_set_aside(fresh_db, dataset, take):
    draw(dataset / "favicon/android-chrome-512x512.png", size=(512, 512))
    draw(dataset / "images/icon.png", size=(64, 64))
    summary = take(record("favicon/android-chrome-512x512.png"), record("images/icon.png", page_id="icon"))
    assert (summary.new, summary.set_aside) == (0, 2)
    assert {(row["status"], row["reason"]) for row in listed(fresh_db)} == {("set_aside", "site_asset")}


def test_a_record_without_an_image_is_a_text_page_named_by_its_metadata(fresh_db, take):
    rows = [record(None, page_id="html-drum"), record(None, "What is greased?", "roller", page_id="html-drum")]
    assert take(*rows).new == 2
    assert take(*rows).matched == 2
    page = pages.page_by_id(fresh_db, "html-drum")
    assert (page.kind, page.image_sha256, page.width) == ("text", None, None)


def test_a_text_record_joins_the_sheet_of_its_page_id(fresh_db, take):
    sheet = a_page(fresh_db, "html-drum", kind="html", image_path=None, width=None, height=None)
    take(record(None, page_id="html-drum"))
    assert [row["page_id"] for row in listed(fresh_db)] == [sheet.page_id]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (record("/etc/page.png"), "leads out"),
        (record("../page.png"), "leads out"),
        (record("images/../../page.png"), "leads out"),
        (record("https://example.org/page.png"), "an address"),
        (record("file:///etc/page.png"), "an address"),
        (record("C:\\page.png"), "an address or an absolute path"),
        (record("images/link.png"), "a link"),
        (record("linked/21-03.png"), "a link"),
        (record("images/none.png"), "there is no image"),
        (record("images"), "there is no image"),
        (record("images/cut.png"), "truncated"),
        (record("images/text.png"), "not an image"),
        (record(""), "names no file"),
        (record(None, page_id=""), "no metadata.page_id"),
        (record(answer=" "), "empty"),
        (record(answer=7), "empty or no text"),
        (record() | {"conversations": []}, "not exactly one question"),
        (record() | {"conversations": [{"role": "user", "content": "a"}] * 2}, "not a question of the user"),
        (record() | {"image": 3}, "image is missing"),
        (record() | {"metadata": "none"}, "metadata is no object"),
        (b"[1, 2]", "one JSON object"),
        (b'{"image": ', "no JSON"),
        (b"\xff\xfe{}", "no JSON"),
        (b"[" * 100_000, "no JSON"),
    ],
)
def test_a_line_that_cannot_be_taken_is_refused_with_its_number_and_reason(fresh_db, dataset, take, row, reason):
    draw(dataset / "images/21-03.png")
    cut = (dataset / "images/21-03.png").read_bytes()
    (dataset / "images/cut.png").write_bytes(cut[: len(cut) // 2])
    (dataset / "images/text.png").write_text("no image", encoding="utf-8")
    (dataset / "images/link.png").symlink_to(dataset / "images/21-03.png")
    (dataset / "linked").symlink_to(dataset / "images")
    summary = take(b"", row, record())
    assert summary.new == 1
    ((number, why),) = summary.refused
    assert number == 2
    assert reason in why


def test_what_cannot_be_stored_is_replaced_and_what_is_unknown_ignored(fresh_db, dataset, take):
    draw(dataset / "images/21-03.png")
    line = json.dumps(record(answer="24 Nm X", question_type="poetry", source_type="unknown", mood={"a": [1]}))
    assert take(line.replace("X", "\\ud800\\u0000\\ud83d\\ude00").encode()).new == 1
    (row,) = listed(fresh_db)
    assert row["answer"] == "24 Nm \ufffd\ufffd\U0001f600"
    assert row["question_type"] == "factual"
    assert pages.page_by_id(fresh_db, row["page_id"]).source_type == "other"


def test_pairs_are_checked_linked_and_rated_before_the_import_returns(fresh_db, dataset, take):
    sha256 = draw(dataset / "images/21-03.png")
    words.save_words(fresh_db, sha256, READER, printed(*column(0.1, 0.1, *LINES)), 0.1)
    take(record(), record(answer="42 Nm"), later=False)
    good, bad = (pairs.pair_by_id(fresh_db, row["pair_id"]) for row in listed(fresh_db))
    assert (good.evidence.verdict, bad.evidence.verdict) == ("supported", "unsupported")
    assert good.evidence.boxes
    assert bad.risk > good.risk
    assert listed(fresh_db)[0]["duplicates"] == [{"pair_id": bad.pair_id, "relation": "conflict"}]


def test_later_leaves_the_checks_to_a_job_that_a_person_starts(fresh_db, workspace, dataset, take):
    sha256 = draw(dataset / "images/21-03.png")
    words.save_words(fresh_db, sha256, READER, printed(*column(0.1, 0.1, *LINES)), 0.1)
    take(record(), later=True)
    (pair,) = [pairs.pair_by_id(fresh_db, row["pair_id"]) for row in listed(fresh_db)]
    assert pair.evidence.verdict == "not_checkable"
    assert [job.kind for job in jobs.recent(fresh_db)] == ["import_checks"]
    read_and_check(fresh_db, workspace, SETTINGS, Progress.silent())
    assert pairs.pair_by_id(fresh_db, pair.pair_id).evidence.verdict == "supported"


def test_a_file_that_cannot_be_read_is_one_clear_sentence(fresh_db, workspace, dataset):
    dataset.mkdir()
    with pytest.raises(PipelineError, match="cannot read"):
        import_records(fresh_db, workspace, SETTINGS, dataset / "none.jsonl", dataset, Progress.silent())


def test_another_image_under_an_imported_name_is_a_new_version_of_its_page(fresh_db, dataset, take):
    draw(dataset / "images/21-03.png", "one")
    take(record())
    sha256 = draw(dataset / "images/21-03.png", "two")
    assert take(record(question="What is greased?", answer="roller")).new == 1
    assert pages.page_by_id(fresh_db, "21-03_clutch").image_sha256 == sha256
    assert len({row["page_id"] for row in listed(fresh_db)}) == 1


@pytest.mark.slow
def test_a_new_image_is_read_once_and_its_words_mark_the_evidence(fresh_db, dataset, take):
    draw(dataset / "images/21-03.png", "\n".join(LINES))
    take(record(), record(question="What is greased?", answer="the roller"), later=False)
    first = pairs.pair_by_id(fresh_db, listed(fresh_db)[0]["pair_id"])
    assert first.evidence.verdict == "supported"
    (box,) = first.evidence.boxes
    assert box[1] < 0.2


@pytest.mark.slow
def test_twenty_thousand_pairs_are_stored_within_a_minute(fresh_db, dataset, take):
    draw(dataset / "images/21-03.png")
    rows = [record(question=f"How tight is bolt {n} of the drum cover?", answer=f"{n} Nm") for n in range(20_000)]
    started = time.monotonic()
    assert take(*rows).new == 20_000
    assert time.monotonic() - started < 60


@pytest.mark.slow
def test_the_pairs_of_the_corpus_are_taken_but_those_on_icons(fresh_db, workspace, corpus):
    file = corpus / "candidates.jsonl"
    summary = import_records(fresh_db, workspace, SETTINGS, file, corpus, Progress.silent(), later=True)
    assert (summary.new, summary.set_aside, summary.refused) == (213, 2, [])
