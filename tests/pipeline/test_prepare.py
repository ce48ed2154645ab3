"""Pages made ready: images, words, repeats, versions; failures that stay with their file."""

import os
from pathlib import Path

import pytest
from PIL import Image

from pipeline.images import decode_image, image_sha256
from pipeline.ocr import READER
from pipeline.page_images import image_of_pdf_page
from pipeline.progress import Progress
from pipeline.selection import Selection
from pipeline.settings import load
from pipeline.stage import run_stage
from pipeline.stages import inventory, prepare
from review_db import files, pages, pairs, words
from review_db.records import CandidatePair, Word
from tests.pipeline.scans import drawn_page, encoded, scanned_pdf, text_pdf

SETTINGS = load([])[0]
EVERYTHING = Selection()
TEXT = ["Tighten the drain plug to 25 Nm.", "Fill in 4.25 litres of engine oil."]
SPEC_SHEET = "<html><table>{}</table></html>".format(
    "".join(f"<tr><td>Value {number}</td><td>{number}.5 mm</td></tr>" for number in range(30))
).encode()


class Place:
    """A workspace whose source folder a test fills; what the reader would find may be told beforehand."""

    def __init__(self, db, workspace):
        self.db, self.workspace = db, workspace

    def put(self, path, content):
        target = self.workspace.source / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        return target

    def tell(self, image, text):
        """Let an import have brought this image and its words, so that it need not be read again."""
        found = [Word(word, (0.1, 0.1, 0.2, 0.2), 0.9, n) for n, line in enumerate(text) for word in line.split()]
        sha256 = image_sha256(image)
        words.save_words(self.db, sha256, READER, found, 1.0)
        pages.add_page_version(
            self.db, page_id=f"import-{sha256}", manual="import", source=sha256, page_number=None, sort_key="",
            file_id=None, identity=sha256, kind="image", image_sha256=sha256, image_path=None, width=image.width,
            height=image.height, status="ok", origin="import",
        )  # fmt: skip

    def page(self, path, *lines, image_format="PNG", **options):
        """Put a scan whose words are known."""
        image = drawn_page(lines)
        content = encoded(image, image_format, **options)
        self.tell(decode_image(content), lines)
        return self.put(path, content)

    def pdf(self, path, *texts):
        """Put a PDF of text pages whose words are known; an empty text makes a blank page."""
        target = self.put(path, text_pdf(*[(300, 200, text, 0) for text in texts]))
        sha256 = next(file.sha256 for file in self.inventory() if file.path == path)
        for number, text in enumerate(texts, start=1):
            image = image_of_pdf_page(target, sha256, number, self.workspace.cache, SETTINGS.reading)
            self.tell(image.pixels, [text])
        return target

    def inventory(self):
        inventory.run(self.db, self.workspace, SETTINGS, EVERYTHING, Progress.silent())
        return list(files.current_files(self.db, str(self.workspace.source)))

    def run(self, selection=EVERYTHING, *, force=False):
        self.inventory()
        stage = prepare.stage(self.db, self.workspace, SETTINGS, selection)
        return run_stage(stage, self.db, Progress.silent(), force=force)

    def pages(self):
        return {page.page_id: page for page in pages.current_pages(self.db, source_root=str(self.workspace.source))}

    def stored(self, page):
        return self.workspace.cache / page.image_path


@pytest.fixture
def place(fresh_db, workspace):
    return Place(fresh_db, workspace)


def test_a_plain_scan_is_used_where_it_lies(place):
    place.page("21 - Clutch/21-03.jpg", *TEXT, image_format="JPEG")
    assert place.run().failures == []
    (page,) = place.pages().values()
    assert (page.page_id, page.manual, page.status, page.width, page.height) == (
        "21-03_clutch",
        "manual",
        "ok",
        900,
        1200,
    )
    assert Path(page.image_path) == place.workspace.source / "21 - Clutch" / "21-03.jpg"
    assert page.image_sha256 == image_sha256(decode_image(Path(page.image_path)))
    assert " ".join(word.text for word in words.words_of(place.db, page)) == " ".join(TEXT)
    assert not place.workspace.cache.exists()


@pytest.mark.parametrize(("image_format", "mode"), [("TIFF", "RGB"), ("PNG", "RGBA"), ("PNG", "P"), ("BMP", "RGB")])
def test_any_other_scan_gets_a_lossless_upright_copy_in_the_cache(place, image_format, mode):
    content = encoded(drawn_page(TEXT).convert(mode), image_format)
    place.tell(decode_image(content), TEXT)
    scan = place.put("scan.img", content)
    place.run()
    (page,) = place.pages().values()
    assert not Path(page.image_path).is_absolute()
    assert image_sha256(decode_image(place.stored(page))) == page.image_sha256
    assert scan.read_bytes() == content
    assert [path.name for path in place.workspace.source.iterdir()] == ["scan.img"]


def test_a_photographed_page_is_stored_upright(place):
    exif = Image.Exif()
    exif[0x0112] = 6
    content = encoded(drawn_page(TEXT), "JPEG", exif=exif)
    place.tell(decode_image(content), TEXT)
    place.put("photo.jpg", content)
    place.run()
    (page,) = place.pages().values()
    assert (page.width, page.height) == (1200, 900)
    assert Image.open(place.stored(page)).size == (1200, 900)


def test_ids_stay_when_files_join_and_collisions_are_numbered(place):
    place.page("b/scans/1.png", "first page here")
    place.run()
    place.page("a/scans/1.png", "another page here")
    place.run()
    assert {page.page_id: page.source for page in place.pages().values()} == {
        "scans-1": "b/scans/1.png",
        "scans-1-2": "a/scans/1.png",
    }


def test_pages_come_in_natural_order_of_their_manual(place):
    for number in (10, 9, 1):
        place.page(f"21 - Clutch/21-{number}.png", f"page {number} of the clutch")
    place.run()
    assert list(place.pages()) == ["21-1_clutch", "21-9_clutch", "21-10_clutch"]


def test_a_truncated_scan_makes_its_file_unreadable_and_is_no_page(place):
    content = encoded(drawn_page(TEXT))
    place.put("bad.jpg", content[: len(content) // 2])
    place.page("good.png", *TEXT)
    summary = place.run()
    assert (summary.done, summary.failures) == (2, [])
    assert list(place.pages()) == ["good"]
    bad = next(file for file in place.inventory() if file.path == "bad.jpg")
    assert (bad.status, bad.page_count) == ("unreadable", None)
    assert "truncated" in bad.reason
    assert place.run().done == 0


def test_a_file_of_several_images_says_that_the_first_is_read(place):
    first = drawn_page(TEXT)
    content = encoded(first, "TIFF", save_all=True, append_images=[drawn_page(["second"])])
    place.tell(first, TEXT)
    place.put("two.tif", content)
    place.run()
    (page,) = place.pages().values()
    assert (page.status, page.reason) == ("ok", "the first of 2 images in this file; the others are not read")


def test_every_page_of_a_pdf_is_a_page_blank_ones_too(place):
    place.pdf("Gearbox Rebuild.pdf", "Loosen all bolts 30 Nm", "", "Tighten the bolts 60 Nm")
    place.run()
    found = place.pages()
    assert [(page.page_id, page.page_number, page.status) for page in found.values()] == [
        ("gearbox-rebuild-001", 1, "ok"),
        ("gearbox-rebuild-002", 2, "blank"),
        ("gearbox-rebuild-003", 3, "ok"),
    ]
    assert {page.manual for page in found.values()} == {"Gearbox Rebuild"}
    assert place.stored(found["gearbox-rebuild-003"]).suffix == ".jpg"


def test_a_damaged_page_of_a_pdf_is_unreadable_and_the_others_are_not(place):
    good = text_pdf((300, 200, "Loosen all bolts", 0), (1_000_000, 1_000_000, "bomb", 0))
    place.put("two.pdf", good)
    sha256 = place.inventory()[0].sha256
    image = image_of_pdf_page(place.workspace.source / "two.pdf", sha256, 1, place.workspace.cache, SETTINGS.reading)
    place.tell(image.pixels, ["Loosen all bolts"])
    assert place.run().failures == []
    found = list(place.pages().values())
    assert [page.status for page in found] == ["ok", "unreadable"]
    assert "too large" in found[1].reason
    assert found[1].image_path is None


def test_a_page_shown_before_is_a_repeat_of_the_first(place):
    place.page("1.png", *TEXT)
    place.page("2.jpg", *TEXT, image_format="BMP")
    place.pdf(
        "book.pdf", "Torque 25 Nm for the M8 bolts", "Torque 25 Nm for the M8 bolts", "Torque 26 Nm for the M8 bolts"
    )
    place.run()
    assert {page.page_id: page.duplicate_of for page in place.pages().values()} == {
        "1": None,
        "2": "1",
        "book-001": None,
        "book-002": "book-001",
        "book-003": None,
    }


def test_a_repeat_takes_the_place_of_a_page_that_went(place):
    first = place.page("1.png", *TEXT)
    place.page("2.bmp", *TEXT, image_format="BMP")
    place.run()
    first.unlink()
    assert place.run().done == 1
    assert {page.page_id: page.duplicate_of for page in place.pages().values()} == {"2": None}
    assert place.run().done == 0


def test_a_sheet_is_one_page_without_an_image(place):
    place.put("M3-techspec.html", SPEC_SHEET)
    place.run()
    (page,) = place.pages().values()
    assert (page.page_id, page.kind, page.image_path, page.width, page.height) == (
        "html-M3-techspec",
        "html",
        None,
        None,
        None,
    )


def test_a_second_run_does_nothing(place):
    place.page("1.png", *TEXT)
    place.pdf("book.pdf", "Loosen all bolts 30 Nm")
    place.put("M3-techspec.html", SPEC_SHEET)
    place.put("bad.jpg", encoded(drawn_page(TEXT))[:900])
    assert place.run().done == 4
    before = place.pages()
    assert place.run().done == 0
    assert place.pages() == before


def test_a_render_that_was_cleaned_away_is_made_again_and_stays_the_same_page(place):
    place.pdf("book.pdf", "Loosen all bolts 30 Nm")
    place.run()
    (before,) = place.pages().values()
    place.stored(before).unlink()
    assert place.run().done == 1
    (after,) = place.pages().values()
    assert after == before
    assert place.stored(after).exists()
    assert place.run().done == 0


def test_new_content_makes_a_new_version_and_sets_undecided_pairs_of_the_old_one_aside(place):
    place.page("1.png", *TEXT)
    place.run()
    (old,) = place.pages().values()
    pairs.add_candidates(place.db, old, None, "offline", [CandidatePair("How many Nm?", "25 Nm", "factual")])
    place.page("1.png", "Tighten the drain plug to 30 Nm.")
    assert place.run().done == 1
    (new,) = place.pages().values()
    assert new.page_id == old.page_id
    assert new.page_version_id > old.page_version_id
    (pair,) = pairs.pairs_of_page(place.db, new.page_id)
    assert (pair.status, pair.reason) == ("set_aside", "superseded")


def test_only_what_is_selected_is_prepared(place):
    place.page("21 - Clutch/21-01.png", "clutch page one")
    place.page("34 - Brakes/34-01.png", "brakes page one")
    place.page("34 - Brakes/34-02.png", "brakes page two")
    place.run(Selection("34*"))
    assert list(place.pages()) == ["34-01_brakes", "34-02_brakes"]
    place.run(Selection(page_id="21-01_clutch"))
    assert "21-01_clutch" in place.pages()


def test_a_file_that_changes_during_the_run_fails_and_is_taken_up_by_the_next(place):
    scan = place.page("1.png", *TEXT)
    place.inventory()
    os.utime(scan, ns=(1, 1))
    stage = prepare.stage(place.db, place.workspace, SETTINGS, EVERYTHING)
    assert run_stage(stage, place.db, Progress.silent()).failures == [
        ("1", "the file changed while the run was going on; the next run takes it up")
    ]
    assert place.run().done == 1


def test_a_link_put_in_a_file_s_place_is_not_followed(place, tmp_path):
    scan = place.page("1.png", *TEXT)
    place.inventory()
    (tmp_path / "secret.png").write_bytes(scan.read_bytes())
    scan.unlink()
    scan.symlink_to(tmp_path / "secret.png")
    stage = prepare.stage(place.db, place.workspace, SETTINGS, EVERYTHING)
    assert len(run_stage(stage, place.db, Progress.silent()).failures) == 1
    assert place.pages() == {}


@pytest.mark.slow
def test_scans_and_scanned_documents_are_read(place):
    place.put("21 - Clutch/21-03.jpg", encoded(drawn_page(TEXT, (700, 300)), quality=95))
    place.put("book.pdf", scanned_pdf([drawn_page(["Loosen all bolts by half a turn."], (700, 300))]))
    picture = Image.new("RGB", (500, 400), "white")
    picture.paste("black", (100, 100, 400, 300))
    place.put("picture.png", encoded(picture, "PNG"))
    assert place.run().failures == []
    found = place.pages()
    assert " ".join(word.text for word in words.words_of(place.db, found["21-03_clutch"])) == " ".join(TEXT)
    assert "Loosen" in [word.text for word in words.words_of(place.db, found["book-001"])]
    assert (found["picture"].status, found["picture"].reason) == (
        "ok",
        "no text was found on this page, although it is not blank",
    )
    assert place.run(force=True).done == 3
    assert place.pages() == found
