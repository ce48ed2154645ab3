"""Pages are shown whole; where that would lose their small print, enlarged parts are shown beside the whole."""

import base64
import io
import random

import pytest
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from pipeline.engines.claude import schemas
from pipeline.engines.claude.images import limits_of, sent_images
from pipeline.engines.claude.views import WHOLE, View, fitted, small_print, views_of
from pipeline.engines.engine import PageInput
from pipeline.ocr import read_words
from review_db.records import Word
from tests.doubles.claude.rules import fitted_size
from tests.sample_pages import (
    CLUTCH_DISC,
    SETTINGS,
    a_sample_page,
    asked_for,
    claude,
    pictures_of,
    sent_image,
    text_of,
    told_instead,
)

HIGH = limits_of("claude-sonnet-5-5")
LARGE = (5000, 7000)


def lines_of(height, count=40, width=1000):
    return [Word(f"C{n}", (0.1, n / 50, 0.2, n / 50 + height / width), 0.9, n) for n in range(count)]


def test_a_page_whose_print_stays_legible_is_shown_whole_only():
    assert [view.frame for view in views_of((1240, 1754), HIGH, 9.0, 15)] == [WHOLE]
    assert [view.frame for view in views_of(LARGE, HIGH, 60.0, 15)] == [WHOLE]
    assert [view.frame for view in views_of(LARGE, HIGH, None, 15)] == [WHOLE]
    assert [view.frame for view in views_of(LARGE, HIGH, 26.0, 0)] == [WHOLE]


def test_parts_are_as_few_as_make_the_small_print_legible_and_cover_the_page_with_overlap():
    whole, *parts = views_of(LARGE, HIGH, 26.0, 15)
    assert whole.frame == WHOLE
    assert len(parts) == 4
    for part in parts:
        assert 26.0 * part.width / ((part.frame[2] - part.frame[0]) * LARGE[0]) >= 15
        assert (part.width, part.height) == fitted_size(part.width, part.height, "claude-sonnet-5-5")
    for x, y in ((random.random(), random.random()) for _ in range(500)):
        assert any(p.frame[0] <= x <= p.frame[2] and p.frame[1] <= y <= p.frame[3] for p in parts)
    assert parts[0].frame[2] - parts[1].frame[0] > 0.05


def test_no_part_is_asked_for_that_would_show_no_more_than_the_scan_holds():
    _, *parts = views_of((2000, 2800), HIGH, 5.0, 15)
    assert len(parts) == 2
    assert all(part.width == round((part.frame[2] - part.frame[0]) * 2000) for part in parts)


def test_of_parts_that_cost_too_much_the_most_that_can_be_borne_are_shown():
    shown = views_of(LARGE, HIGH, 15.0, 15, bears=lambda views: len(views) <= 5)
    assert len(shown) == 5
    assert views_of(LARGE, HIGH, 15.0, 15, bears=lambda views: len(views) == 1) == (shown_whole(),)


def shown_whole():
    width, height = fitted(*LARGE, HIGH)
    return View(width=width, height=height)


def test_small_print_is_what_one_word_in_ten_is_not_higher_than():
    words = [*lines_of(10, 8), *lines_of(30)]
    assert small_print(words, (500, 1000)) == pytest.approx(10)
    assert small_print(words[:3], (500, 1000)) is None
    turned = [word._replace(box=(word.box[1], word.box[0], word.box[3], word.box[2])) for word in words]
    assert small_print(turned, (1000, 500), 1) == pytest.approx(10)


def test_a_box_in_a_part_is_a_box_on_the_page_and_one_of_no_known_image_is_none():
    part = View(width=1000, height=500, frame=(0.5, 0.25, 1.0, 0.5))
    views = (View(width=800, height=800), part)
    pair = {
        "question": "Which?",
        "answer": "C302",
        "question_type": "wiring",
        "quote": "C302",
        "box": [100, 100, 200, 150],
    }

    def box_in(image):
        return schemas.pairs_from({"pairs": [pair | {"image": image}]}, views, 5).kept[0].boxes

    assert box_in(2) == ((0.55, 0.3, 0.6, 0.325),)
    assert box_in(1) == ((0.125, 0.125, 0.25, 0.1875),)
    assert [box_in(wrong) for wrong in (0, 3, True, "2", None)] == [()] * 5


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_each_part_shows_its_own_place_of_the_page_as_a_reader_turns_it(tmp_path, turns):
    upright = Image.new("L", (400, 600), 255)
    upright.paste(0, (300, 500, 400, 600))
    stored = upright.rotate(90 * turns, expand=True)
    stored.save(tmp_path / "page.png")
    views = [View(width=200, height=300), View(width=100, height=100, frame=(0.75, 5 / 6, 1.0, 1.0))]
    whole, corner = sent_images(tmp_path / "page.png", views, turns)
    assert (whole.width, corner.frame) == (200, views[1].frame)
    assert decoded(whole).getpixel((20, 20)) > 250 > 5 > decoded(whole).getpixel((190, 290))
    assert max(decoded(corner).get_flattened_data()) < 60


def decoded(sent) -> Image.Image:
    return Image.open(io.BytesIO(base64.b64decode(sent.data))).convert("L")


# ---------------------------------------------------------------- a sheet that no model reads whole


def a_wiring_sheet(path):
    """A large diagram with connectors in print that is lost when the whole sheet is shown at once."""
    dice, font = random.Random(4), ImageFont.load_default(16)
    sheet = Image.new("L", (7000, 4900), 255)
    draw, codes = ImageDraw.Draw(sheet), []
    for row in range(7):
        for column in range(4):
            x, y = 120 + 1700 * column, 130 + 680 * row
            codes.append(f"C{dice.randrange(100, 999)}-{dice.randrange(10, 99)}")
            draw.rectangle((x - 30, y - 40, x + 420, y + 160), outline=0, width=4)
            draw.text((x, y), f"{codes[-1]}  0.75 GN/WS", fill=0, font=font)
    sheet.filter(ImageFilter.GaussianBlur(1)).save(path, quality=90)
    return codes


def codes_read(images, codes):
    """How many of the codes the offline reader finds in these images."""
    text = " ".join(word.text for image in images for word in read_words(image))
    return sum(code in text for code in codes)


@pytest.mark.slow
def test_what_is_lost_on_the_whole_sheet_is_read_in_its_parts(fresh_db, workspace, double, tmp_path):
    codes = a_wiring_sheet(tmp_path / "sheet.jpg")
    pair = {"question": "Which wire is it?", "answer": codes[0], "question_type": "wiring", "quote": codes[0]}
    double.answer = told_instead({"pairs": [pair | {"box": [0, 0, 500, 200], "image": 2}]})
    page = a_sample_page(fresh_db, workspace, CLUTCH_DISC, content_type="wiring")
    words = lines_of(16, width=4900)
    with claude(workspace) as opened:
        (made,) = opened.engine.generate(PageInput(page, words, image=tmp_path / "sheet.jpg")).pairs
    (body,) = asked_for(double, "generate")
    alone = decoded(sent_image(tmp_path / "sheet.jpg", HIGH)).convert("RGB")
    _, *parts = pictures_of(body)
    assert codes_read([alone], codes) < len(codes) / 3
    assert codes_read(parts, codes) > 0.9 * len(codes)
    assert f"Image {len(parts) + 1}: {parts[-1].width} by {parts[-1].height} pixels" in text_of(body)
    assert made.boxes[0][2] < 0.4
    (call,) = fresh_db.query("SELECT reserved_usd FROM calls")
    assert call["reserved_usd"] <= SETTINGS.generation.page_budget_usd
