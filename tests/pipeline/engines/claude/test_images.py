"""Images leave at the size at which the service reads them, and as what they are."""

import base64
import io
import random

import pytest
from PIL import Image

from pipeline.engines.claude.images import LARGEST_BYTES, limits_of
from pipeline.engines.claude.views import fitted
from pipeline.prices import image_tokens
from tests.doubles.claude.rules import IMAGE_LIMIT, fitted_size
from tests.sample_pages import sent_image

HIGH, STANDARD = (2576, 4784), (1568, 1568)


def an_image(tmp_path, size, image_format="PNG", mode="RGB", noisy=False):
    pixels = random.Random(1).randbytes(size[0] * size[1] * len(mode)) if noisy else None
    image = Image.frombytes(mode, size, pixels) if noisy else Image.new(mode, size, "white")
    if not noisy:
        image.paste("black" if mode != "L" else 0, (0, 0, size[0] // 4, size[1] // 8))
    path = tmp_path / f"page.{image_format.lower()}"
    image.save(path, image_format)
    return path


def decoded(sent) -> Image.Image:
    return Image.open(io.BytesIO(base64.b64decode(sent.data)))


@pytest.mark.parametrize(
    ("size", "limits", "expected"),
    [
        ((1075, 1520), STANDARD, (924, 1307)),
        ((3840, 2160), STANDARD, (1456, 819)),
        ((3840, 2160), HIGH, (2576, 1449)),
        ((1240, 1754), STANDARD, (924, 1307)),
        ((1654, 2339), HIGH, (1624, 2296)),
        ((1200, 912), HIGH, (1200, 912)),
        ((2480, 3508), HIGH, (1623, 2296)),
        ((1, 1), STANDARD, (1, 1)),
        ((20000, 1), STANDARD, (1568, 1)),
    ],
)
def test_the_documented_sizes_come_out(size, limits, expected):
    assert fitted(*size, limits) == expected


def test_any_size_fits_and_agrees_with_the_rule_written_down_anew():
    dice = random.Random(3)
    for _ in range(150):
        width, height = dice.randrange(1, 6000), dice.randrange(1, 6000)
        for model in ("claude-sonnet-5-5", "claude-haiku-4-5"):
            edge, most = limits_of(model)
            ours = fitted(width, height, (edge, most))
            assert image_tokens(*ours) <= most
            assert max(ours) <= edge
            assert ours == fitted_size(width, height, model)


@pytest.mark.parametrize(
    ("model", "limits"),
    [
        ("claude-haiku-5-5", HIGH), ("claude-sonnet-5-5", HIGH), ("claude-opus-5-5", HIGH), ("claude-opus-4-7", HIGH),
        ("claude-haiku-4-5", STANDARD), ("claude-sonnet-4-6", STANDARD), ("claude-sonnet-4-5-20250929", STANDARD),
        ("my-local-model", HIGH),
    ],
)  # fmt: skip
def test_each_model_reads_at_the_size_of_its_tier(model, limits):
    assert limits_of(model) == limits


@pytest.mark.parametrize("image_format", ["JPEG", "PNG"])
def test_an_image_that_fits_is_sent_byte_for_byte(tmp_path, image_format):
    path = an_image(tmp_path, (1200, 912), image_format)
    sent = sent_image(path, HIGH)
    assert base64.b64decode(sent.data) == path.read_bytes()
    assert (sent.media_type, sent.width, sent.height) == (f"image/{image_format.lower()}", 1200, 912)


@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_a_large_image_is_shrunk_once_and_named_with_its_new_size(tmp_path, mode):
    sent = sent_image(an_image(tmp_path, (2480, 3508), "JPEG", mode), HIGH)
    assert (sent.media_type, sent.width, sent.height) == ("image/jpeg", 1623, 2296)
    image = decoded(sent)
    assert (image.size, image.format) == ((1623, 2296), "JPEG")
    assert sum(image.convert("RGB").getpixel((200, 150))) < 60
    assert sum(image.convert("RGB").getpixel((1500, 2000))) > 700


def test_the_same_image_is_the_same_request(tmp_path):
    path = an_image(tmp_path, (2480, 3508), "JPEG")
    assert sent_image(path, HIGH) == sent_image(path, HIGH)


@pytest.mark.parametrize(
    ("turns", "size", "dark"),
    [(1, (912, 1200), (860, 100)), (2, (1200, 912), (1100, 860)), (3, (912, 1200), (50, 1100))],
)
def test_a_turned_page_is_sent_turned(tmp_path, turns, size, dark):
    sent = sent_image(an_image(tmp_path, (1200, 912)), HIGH, turns)
    assert (sent.width, sent.height) == size
    image = decoded(sent).convert("L")
    assert image.size == size
    assert image.getpixel(dark) < 40


def test_a_file_too_heavy_for_one_request_is_stored_lighter(tmp_path):
    path = an_image(tmp_path, (1800, 1400), noisy=True)
    assert path.stat().st_size > LARGEST_BYTES
    sent = sent_image(path, HIGH)
    assert (sent.media_type, sent.width) == ("image/jpeg", 1800)
    assert len(sent.data) < IMAGE_LIMIT
