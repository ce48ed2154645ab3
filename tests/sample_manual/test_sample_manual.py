"""The shipped sample manual is what its code draws, looks as promised, and its truth file speaks of nothing else."""

import hashlib
import io
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from bs4 import BeautifulSoup
from PIL import Image

from tests.sample_manual import draw, spec_sheet
from tests.sample_manual.page import PageSpec, drawn, page_truth
from tests.sample_manual.sheet import Sheet
from tests.sample_manual.truth import Ask, NotDrawn, fact

RECORDS = [json.loads(line) for line in draw.TRUTH.read_text(encoding="utf-8").splitlines()]
RECORD = json.loads(draw.RECORD.read_text(encoding="utf-8"))
REAL_MAKERS = re.compile(
    r"\b(bmw|bosch|motronic|getrag|castrol|molykote|ate|lucas|girling|ford|opel|volvo|mercedes|porsche|fiat)\b"
)

same_libraries = draw.environment() == RECORD["environment"]


def facts() -> Iterator[tuple[dict, dict]]:
    for record in RECORDS:
        for told in record["facts"]:
            yield record, told


def difference(shipped: Image.Image, fresh: Image.Image) -> float:
    """Mean difference of two pages in grey levels."""
    assert shipped.size == fresh.size
    a, b = (np.asarray(image.convert("L"), dtype=np.int16) for image in (shipped, fresh))
    return float(np.abs(a - b).mean())


def assert_shipped(page: PageSpec):
    shipped, fresh = (draw.SAMPLE / page.path).read_bytes(), draw.jpeg(page)
    if same_libraries:
        assert shipped == fresh, f"{page.path}: draw the sample again with `python -m tests.sample_manual`"
    with Image.open(io.BytesIO(shipped)) as ours, Image.open(io.BytesIO(fresh)) as theirs:
        assert difference(ours, theirs) < 4.0


@pytest.fixture(scope="module")
def sheets() -> list[Sheet]:
    return [drawn(page) for page in draw.PAGES]


def test_scans_of_both_sizes_are_what_the_code_draws():
    for name in ("21-07.jpg", "11-20a.jpg", "6313-00.jpg"):
        assert_shipped(next(page for page in draw.SCANS if page.path.endswith(name)))


@pytest.mark.slow
@pytest.mark.parametrize("page", draw.SCANS, ids=lambda page: page.path)
def test_every_scan_is_what_the_code_draws(page: PageSpec):
    assert_shipped(page)


@pytest.mark.slow
def test_the_pdf_is_what_the_code_draws():
    shipped, fresh = (draw.SAMPLE / draw.PDF_PAGES[0].path).read_bytes(), draw.pdf()
    if same_libraries:
        assert shipped == fresh
    for ours, theirs in zip(pypdfium2.PdfDocument(shipped), pypdfium2.PdfDocument(fresh), strict=True):
        assert difference(ours.render().to_pil(), theirs.render().to_pil()) < 4.0


def test_the_other_files_are_what_the_code_makes():
    for path, content in draw.by_files().items():
        shipped = (draw.SAMPLE / path).read_bytes()
        if path.endswith((".png", ".ico")):
            with Image.open(io.BytesIO(shipped)) as ours, Image.open(io.BytesIO(content)) as theirs:
                assert difference(ours, theirs) < 2.0
        else:
            assert shipped == content, path


def test_the_folder_holds_exactly_these_files():
    found = {path.relative_to(draw.SAMPLE).as_posix() for path in draw.SAMPLE.rglob("*") if path.is_file()}
    assert found == set(RECORD["sha256"])
    for path, expected in RECORD["sha256"].items():
        assert hashlib.sha256((draw.SAMPLE / path).read_bytes()).hexdigest() == expected, path


def test_the_sample_is_small_and_has_the_promised_pages():
    size = sum(path.stat().st_size for path in draw.SAMPLE.rglob("*") if path.is_file())
    assert size <= 6_000_000
    assert 12 <= len(draw.PAGES) <= 20
    assert {record["content_type"] for record in RECORDS} >= {
        "index",
        "procedure",
        "specification",
        "diagram",
        "troubleshooting",
        "text",
        "wiring",
        "pinout",
        "fuse_chart",
        "cover",
        "blank",
    }


def test_scans_have_the_sizes_of_real_scans():
    for page in draw.SCANS:
        with Image.open(draw.SAMPLE / page.path) as image:
            assert image.size == page.size
            assert round(image.info["dpi"][0]) == page.scanner.dpi


def test_the_pdf_has_two_image_pages_and_no_text():
    document = pypdfium2.PdfDocument(draw.SAMPLE / draw.PDF_PAGES[0].path)
    assert len(document) == 2
    assert [page.get_textpage().get_text_bounded().strip() for page in document] == ["", ""]


def test_the_truth_file_is_what_the_drawing_says(sheets):
    fresh_truth = draw.truth_records(sheets)
    assert [_without_boxes(record) for record in fresh_truth] == [_without_boxes(record) for record in RECORDS]
    ours = [told["box"] for record in fresh_truth for told in record["facts"]]
    theirs = [told["box"] for _, told in facts()]
    assert np.abs(np.array(ours) - np.array(theirs)).max() < 0.004


def _without_boxes(record: dict) -> dict:
    told = [{key: value for key, value in item.items() if key != "box"} for item in record["facts"]]
    return {**record, "facts": told}


def test_every_answer_stands_in_its_drawn_quote_and_every_question_found_its_page():
    asked = [json.loads(line) for line in (draw.HERE / "questions.jsonl").read_text(encoding="utf-8").splitlines()]
    told = [(record["page"], record.get("page_number"), item["q"]) for record, item in facts()]
    assert sorted(told, key=str) == sorted(((a["page"], a.get("page_number"), a["q"]) for a in asked), key=str)


def test_a_fact_that_the_page_does_not_show_is_refused():
    page = next(page for page in draw.SCANS if page.path.endswith("21-07.jpg"))
    sheet = drawn(page)
    with pytest.raises(NotDrawn):
        fact(Ask("q", "0.5 mm", "spec", 'Flywheel face scored deeper than 0.4 mm (0.016")'), sheet, page.scanner)
    with pytest.raises(NotDrawn):
        fact(Ask("q", "Replace clutch cover", "inspection", "Replace clutch cover"), sheet, page.scanner)
    assert page_truth(page, sheet)["facts"]


def test_boxes_lie_inside_their_pages_and_are_not_empty():
    for record, told in facts():
        x0, y0, x1, y1 = told["box"]
        assert 0 <= x0 < x1 <= 1, (record["page"], told["q"])
        assert 0 <= y0 < y1 <= 1, (record["page"], told["q"])


def test_boxes_lie_on_ink_after_the_skew():
    for page in draw.SCANS:
        with Image.open(draw.SAMPLE / page.path) as image:
            grey = image.convert("L")
        record = next(record for record in RECORDS if record["page"] == page.path)
        for told in record["facts"]:
            x0, y0, x1, y1 = (edge * side for edge, side in zip(told["box"], grey.size * 2, strict=True))
            inside = grey.crop((round(x0), round(y0), round(x1) + 1, round(y1) + 1))
            assert inside.getextrema()[0] < 90, (page.path, told["q"])


def test_there_are_facts_of_every_kind():
    kinds = Counter(told["kind"] for _, told in facts())
    assert kinds.total() >= 90
    assert min(kinds.values()) >= 5
    assert set(kinds) == {
        "spec",
        "step",
        "tool",
        "callout",
        "wire",
        "crossref",
        "inspection",
        "code",
        "component",
        "safety",
    }


def test_index_pages_print_shortened_codes_and_tell_full_ones(sheets):
    number = next(i for i, record in enumerate(RECORDS) if record["page"].endswith("21-00-index-a.jpg"))
    record, words = RECORDS[number], [word.text for word in sheets[number].words]
    assert {"code": "21 21 565", "title": "Drive plate - check for runout", "page": "21-4"} in record["index"]
    assert words[words.index("565") - 1] == "3"  # the page number of the row above: no "21 21" before it


def test_the_spec_sheet_shows_every_row_of_its_truth():
    record = RECORDS[-1]
    assert record["page"] == spec_sheet.PATH
    assert 20 <= len(record["rows"]) <= 30
    shown = BeautifulSoup((draw.SAMPLE / spec_sheet.PATH).read_bytes(), "lxml").get_text("\n")
    lines = {line.strip() for line in shown.split("\n")}
    for row in record["rows"]:
        assert {row["section"], row["name"], *(part for value in row["values"] for part in value.split("\n"))} <= lines


def test_the_manual_names_no_real_maker(sheets):
    texts = [word.text for sheet in sheets for word in sheet.words]
    texts += [spec_sheet.html(), *(json.dumps(record) for record in RECORDS)]
    assert not REAL_MAKERS.findall(" ".join(texts).lower())


@pytest.mark.slow
def test_ocr_finds_nearly_all_answer_tokens_but_not_every_one(tmp_path: Path):
    from pipeline import ocr
    from tests.accept import reading

    images = dict(_images_with_facts())
    (tmp_path / "public").mkdir()
    (tmp_path / "public" / "truth.jsonl").touch()
    lines = [json.dumps({**record, "page": _key(record)}) for record in RECORDS if _key(record) in images]
    (tmp_path / "truth.jsonl").write_text("\n".join(lines), encoding="utf-8")
    shares = reading.rows(tmp_path, lambda page: ocr.read_words(images[page.removeprefix("data_src/")]))
    for name, share, _ in shares:
        print(f"{share:.4f}  {name}")
        assert 0.97 <= share < 1.0


def _key(record: dict) -> str:
    return f"{record['page']}#{record.get('page_number', '')}"


def _images_with_facts() -> Iterator[tuple[str, Image.Image]]:
    for record in RECORDS:
        path = draw.SAMPLE / record["page"]
        if not record["facts"]:
            continue
        if path.suffix == ".pdf":
            page = pypdfium2.PdfDocument(path)[record["page_number"] - 1]
            yield _key(record), page.render(scale=200 / 72).to_pil().convert("RGB")
        else:
            with Image.open(path) as image:
                yield _key(record), image.convert("RGB")
