"""The report's web page tells what is in a release, shows text as text, and asks nothing of the network."""

import base64
import io
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from PIL import Image

from exports.report_plots import bar, columns
from exports.report_samples import shown_part
from review_db.connection import immediate
from tests.exports.shelf import SETTINGS, a_scan, approved, classify, contents, fill, open_shelf
from tests.stored import a_page, a_pair, decide

HOSTILE = "</style></section><script>alert(1)</script><img src=http://evil/p.png onerror=x> \" ' & <b>"
VOID = {"meta", "img", "rect", "line"}


class Reader(HTMLParser):
    """Collects tags, their attributes and the text; notes whether every tag is closed in its turn."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.text, self.open, self.is_nested = [], [], [], True
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        self.is_nested &= bool(self.open) and self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)

    def named(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture
def shelf(tmp_path):
    opened = open_shelf(tmp_path)
    yield opened
    opened.db.close()


def read(release):
    return Reader((release.path / "report.html").read_text("utf-8"))


def boxed(shelf, pair_id, box):
    with immediate(shelf.db):
        shelf.db.conn.execute(
            "INSERT OR REPLACE INTO checks SELECT pair_key, revision, 'supported', 'q', ?, '[]', '[]', 'test', 'now' "
            "FROM pairs WHERE pair_id = ?", [f"[{list(box)}]", pair_id],
        )  # fmt: skip


def test_the_page_names_every_part_and_draws_twelve_pairs_with_their_scans(shelf):
    fill(shelf, 6, 5)
    page = read(shelf.export())
    assert [section["id"] for section in page.named("section")] == [
        "checks", "leakage", "duplicates", "grounding", "distribution", "review", "formats", "samples",
    ]  # fmt: skip
    assert page.is_nested
    assert page.open == []
    assert len(page.named("article")) == len(page.named("img")) == 12
    assert "PASS" in page.text
    assert {"Clutch", "factual", "ana"} <= set(" ".join(page.text).split())


def test_nothing_in_the_page_runs_or_is_fetched(shelf):
    fill(shelf, 2, 3)
    page = read(shelf.export())
    tags = {tag for tag, _ in page.tags}
    assert not tags & {"script", "link", "iframe", "object", "embed", "form", "base"}
    for _, attributes in page.tags:
        assert not [name for name in attributes if name.startswith("on") or name == "style"]
        for name in ("src", "href", "xlink:href"):
            assert attributes.get(name, "#").startswith(("#", "data:image/jpeg;base64,"))
    assert page.named("meta")[2]["content"].startswith("default-src 'none'")
    assert not re.search(r"url\(|@import", "".join(page.text))


def test_hostile_text_of_pairs_pages_and_people_is_shown_and_does_nothing(shelf):
    page = a_scan(shelf, 1)
    classify(shelf, page, "21", HOSTILE)
    pair = a_pair(shelf.db, page, f"Q {HOSTILE}", f"A {HOSTILE}", question_type=HOSTILE, engine=HOSTILE)
    assert decide(shelf.db, pair.pair_id, "approve", revision=1, reviewer=HOSTILE).ok
    found = read(shelf.export())
    assert found.is_nested
    assert not found.named("script")
    assert [image["src"][:5] for image in found.named("img")] == ["data:"]
    text = "".join(found.text)
    assert text.count("onerror=x") >= 5


def test_the_same_state_gives_the_same_page_and_another_seed_other_samples(shelf, tmp_path):
    fill(shelf, 6, 5)
    pages = [shelf.export(out=tmp_path / name, settings=settings).path / "report.html" for name, settings in
             (("a", SETTINGS), ("b", SETTINGS), ("c", replace(SETTINGS, seed=7)))]  # fmt: skip
    one, same, other = (page.read_bytes() for page in pages)
    assert one == same
    assert one != other


def test_a_sample_shows_the_place_of_the_evidence_with_a_frame(shelf):
    page = a_scan(shelf, 1)
    (pair_id,) = approved(shelf, page, 1)
    boxed(shelf, pair_id, (0.4, 0.45, 0.6, 0.55))
    (shown,) = read(shelf.export()).named("img")
    with Image.open(io.BytesIO(base64.b64decode(shown["src"].partition(",")[2]))) as picture:
        assert picture.size == (int(shown["width"]), int(shown["height"])) == (168, 105)
        framed = [pixel for _, pixel in picture.convert("RGB").getcolors(1 << 20) if pixel[0] > pixel[2] + 90]
    assert framed


def test_a_part_holds_its_boxes_and_stays_on_the_page():
    assert shown_part([], 1.3) == (0, 0, 1, 1)
    assert shown_part([(0.0, 0.9, 0.1, 1.0)], 1.6) == pytest.approx((0, 0.3, 0.7, 1.0))
    x0, y0, x1, y1 = shown_part([(0.01, 0.02, 0.03, 0.04), (0.95, 0.9, 0.99, 0.99)], 1.3)
    assert (x0, y0, x1, y1) == (0, 0, 1, 1)


def test_a_pair_without_an_image_is_sampled_without_a_picture(shelf):
    sheet = a_page(shelf.db, "html-m3", source="M3.html", kind="html", image_sha256=None, image_path=None)
    pair = a_pair(shelf.db, sheet, "What is the weight of the car?", "1200 kg")
    decide(shelf.db, pair.pair_id, "approve", revision=1)
    found = read(shelf.export())
    assert not found.named("img")
    assert "No image: this pair stands on text alone" in found.text


def test_links_between_exported_pairs_are_shown_side_by_side(shelf):
    page, other = a_scan(shelf, 1), a_scan(shelf, 2)
    keys = []
    for place, answer in ((page, "20 Nm"), (other, "25 Nm")):
        pair = a_pair(shelf.db, place, "What is the torque of the plug?", answer)
        decide(shelf.db, pair.pair_id, "approve", revision=1)
        keys.append(pair.pair_key)
    with immediate(shelf.db):
        shelf.db.conn.execute("INSERT INTO duplicate_links VALUES (?, ?, 'conflict', '[]', 'now')", keys)
    release = shelf.export()
    found = read(release)
    assert "Conflicts: one question, two values" in found.text
    assert {"20 Nm", "25 Nm"} <= set(found.text)
    beside = [tag for tag, facts in found.tags if facts.get("class") == "linked"]
    assert len(beside) == 1  # as the conflict alone: what it links stands in one split


def test_two_exports_of_one_state_with_every_format_are_the_same_bytes(shelf, tmp_path):
    from exports.formats import chosen_formats

    fill(shelf, 6, 6)
    made = [contents(shelf.export(out=tmp_path / name, formats=chosen_formats("all")).path) for name in "ab"]
    assert made[0] == made[1]
    assert {"report.html", "report.md"} < set(made[0])


def test_plots_of_nothing_are_empty_and_of_something_fill_their_width():
    assert "<rect" not in bar([("train", 0)], 0)
    assert 'width="75.00"' in bar([("train", 3), ("validation", 1)], 4)
    assert "<rect" not in columns([("1–10", {"train": 0})], ("train",), "none")
    drawn = columns([("<i>", {"train": 7})], ("train",), '"')
    assert "&lt;i&gt;" in drawn
    assert 'aria-label="&quot;"' in drawn


def test_both_reports_say_what_each_format_left_out_and_why(shelf):
    fill(shelf, 4, 3)
    sheet = a_page(shelf.db, "html-m3", source="M3.html", kind="html", image_sha256=None, image_path=None)
    approved(shelf, sheet, 2)
    release = shelf.export(formats=("csv", "imagefolder"))
    text = (release.path / "report.md").read_text("utf-8")
    assert "| csv | 14 | 0 |  |" in text
    assert "| imagefolder | 12 | 2 | 2 without image |" in text
    shown = " ".join(read(release).text)
    assert "imagefolder 12 2 2 without image" in shown
    plain = shelf.export()
    for name in ("report.md", "report.html"):
        assert "None was asked for" in (plain.path / name).read_text("utf-8")
