"""Decoding of untrusted images: every mode against known pixels, every failure with its sentence."""

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image, ImageDraw

from pipeline.images import (
    ImageError,
    decode_image,
    image_header,
    image_sha256,
    is_blank,
    nearly_equal,
    roughly_equal,
    save_image,
    thumbprint,
)

WHITE, BLACK = (255, 255, 255), (0, 0, 0)


def encoded(image, image_format="PNG", **options):
    stream = io.BytesIO()
    image.save(stream, image_format, **options)
    return stream.getvalue()


def bomb(width, height):
    """Return a PNG of some bytes whose header promises width x height pixels."""

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    )


def page(size=(600, 800), text="Tighten to 25 Nm"):
    image = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(image)
    for line in range(20):
        draw.text((60, 40 + 30 * line), f"{line}. {text}", fill="black")
    return image


def shaded(sigma=9.0, size=(800, 600), seed=1):
    """Return empty paper as a poor scanner sees it."""
    height, width = size
    paper = 235 - 30 * np.linspace(0, 1, width)[None, :] - 30 * np.linspace(0, 1, height)[:, None]
    noise = np.random.default_rng(seed).normal(0, sigma, size)
    return Image.fromarray(np.clip(paper + noise, 0, 255).astype(np.uint8)).convert("RGB")


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "TIFF", "WEBP", "BMP"])
def test_every_format_decodes_to_its_pixels(image_format):
    options = {"quality": 100} if image_format in ("JPEG", "WEBP") else {}
    decoded = decode_image(encoded(Image.new("RGB", (64, 48), (200, 30, 60)), image_format, **options))
    assert (decoded.mode, decoded.size) == ("RGB", (64, 48))
    assert all(abs(got - true) <= 3 for got, true in zip(decoded.getpixel((20, 20)), (200, 30, 60), strict=True))


def test_the_first_frame_of_a_gif_is_taken():
    frames = [Image.new("P", (8, 8), color) for color in (0, 1)]
    for frame in frames:
        frame.putpalette([10, 20, 30, 200, 210, 220])
    decoded = decode_image(encoded(frames[0], "GIF", save_all=True, append_images=frames[1:]))
    assert decoded.getpixel((0, 0)) == (10, 20, 30)


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_transparency_lies_on_white(mode):
    clear = Image.new(mode, (4, 4), (0,) * len(mode))
    assert decode_image(encoded(clear)).getpixel((1, 1)) == WHITE
    half = Image.new("RGBA", (4, 4), (0, 0, 0, 128))
    assert decode_image(encoded(half)).getpixel((1, 1)) == (127, 127, 127)


def test_a_transparent_palette_entry_lies_on_white():
    image = Image.new("P", (4, 4), 0)
    image.putpalette([0, 0, 0, 255, 0, 0])
    image.putpixel((1, 1), 1)
    decoded = decode_image(encoded(image, transparency=0))
    assert (decoded.getpixel((0, 0)), decoded.getpixel((1, 1))) == (WHITE, (255, 0, 0))


def test_a_palette_image_keeps_its_colors():
    image = Image.new("P", (4, 4), 1)
    image.putpalette([0, 0, 0, 12, 34, 56])
    assert decode_image(encoded(image)).getpixel((2, 2)) == (12, 34, 56)


def test_bilevel_and_cmyk_become_rgb():
    assert decode_image(encoded(Image.new("1", (4, 4), 1), "TIFF")).getpixel((0, 0)) == WHITE
    assert decode_image(encoded(Image.new("CMYK", (8, 8), (0, 0, 0, 255)), "TIFF")).getpixel((0, 0)) == BLACK


def test_sixteen_bit_greys_are_scaled_and_not_clipped_to_white():
    values = np.array([[0, 30000], [65535, 256]], dtype=np.uint16)
    decoded = decode_image(encoded(Image.fromarray(values), "TIFF"))
    assert [decoded.getpixel(at)[0] for at in ((0, 0), (1, 0), (0, 1), (1, 1))] == [0, 117, 255, 1]


def test_twelve_bit_greys_in_sixteen_bits_are_not_left_dark():
    decoded = decode_image(encoded(Image.fromarray(np.array([[0, 4095]], dtype=np.uint16)), "PNG"))
    assert [decoded.getpixel((x, 0))[0] for x in (0, 1)] == [0, 255]


def test_greys_in_floating_point_are_scaled():
    decoded = decode_image(encoded(Image.fromarray(np.array([[0.0, 0.5, 1.0]], dtype=np.float32)), "TIFF"))
    assert [decoded.getpixel((x, 0))[0] for x in (0, 1, 2)] == [0, 128, 255]


STORED_FROM_UPRIGHT = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


@pytest.mark.parametrize(("orientation", "turn"), STORED_FROM_UPRIGHT.items())
def test_exif_turns_the_image_upright_once(orientation, turn):
    upright = Image.new("RGB", (30, 20), "white")
    upright.paste((255, 0, 0), (0, 0, 10, 10))
    exif = Image.Exif()
    exif[0x0112] = orientation
    decoded = decode_image(encoded(upright if turn is None else upright.transpose(turn), exif=exif))
    assert decoded.size == (30, 20)
    assert [decoded.getpixel(at) for at in ((2, 2), (28, 2), (2, 18))] == [(255, 0, 0), WHITE, WHITE]


@pytest.mark.filterwarnings("ignore:Corrupt EXIF")
def test_damaged_exif_leaves_the_page_readable():
    content = encoded(Image.new("RGB", (16, 16), "white"), "JPEG", exif=b"Exif\0\0II*\0\xff\xff\xff\xffgarbage")
    assert decode_image(content).size == (16, 16)


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("share", [0.3, 0.7, 0.95])
def test_a_truncated_image_is_an_error_and_never_half_a_page(image_format, share):
    content = encoded(shaded(size=(200, 150)), image_format)
    with pytest.raises(ImageError, match=r"truncated|damaged|not an image"):
        decode_image(content[: int(share * len(content))])


@pytest.mark.parametrize(
    "content", [b"", b"just a text", b"%PDF-1.4", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", bytes(1000)]
)
def test_what_is_no_image_is_refused_in_one_sentence(content):
    with pytest.raises(ImageError) as refusal:
        decode_image(content)
    assert "\n" not in str(refusal.value)
    assert "<_io" not in str(refusal.value)


def test_formats_outside_the_list_are_refused():
    with pytest.raises(ImageError, match="none of JPEG"):
        decode_image(encoded(Image.new("RGB", (16, 16)), "PPM"))


@pytest.mark.parametrize(("width", "height"), [(10_000, 8_001), (60_000, 60_000)])
def test_a_bomb_is_refused_before_it_is_decoded(width, height):
    with pytest.raises(ImageError, match="larger than 80 megapixels"):
        decode_image(bomb(width, height))


def test_the_cap_is_a_setting():
    content = encoded(Image.new("L", (1000, 1001)))
    assert decode_image(content, max_megapixels=1.1).size == (1000, 1001)
    with pytest.raises(ImageError, match=r"larger than 1 megapixels \(1000 x 1001 pixels\)"):
        decode_image(content, max_megapixels=1)


def test_the_header_tells_what_can_be_used_as_it_is(tmp_path):
    rotated = Image.Exif()
    rotated[0x0112] = 6
    grey = Image.new("L", (20, 10))
    assert image_header(encoded(grey, "JPEG")).is_plain
    assert image_header(encoded(grey, "PNG")).is_plain
    assert not image_header(encoded(grey, "TIFF")).is_plain
    assert not image_header(encoded(grey.convert("RGBA"), "PNG")).is_plain
    assert not image_header(encoded(grey, "JPEG", exif=rotated)).is_plain
    assert not image_header(encoded(grey.convert("P"), "PNG")).is_plain
    assert image_header(b"text") is None
    path = tmp_path / "page.png"
    path.write_bytes(encoded(grey))
    assert (image_header(path).width, image_header(path).height) == (20, 10)


@pytest.mark.parametrize("sigma", [0, 9, 15])
def test_empty_paper_is_blank_with_noise_and_shading(sigma):
    assert is_blank(shaded(sigma))


def test_dust_and_a_dark_rim_leave_a_page_blank():
    paper = shaded(5)
    draw = ImageDraw.Draw(paper)
    draw.rectangle((0, 0, 8, 800), fill="black")
    for x in range(100, 500, 60):
        draw.point((x, x), fill="black")
    assert is_blank(paper)


def test_one_printed_sentence_makes_a_page_not_blank():
    paper = shaded(9, size=(1100, 850))
    ImageDraw.Draw(paper).text((300, 500), "This page intentionally left blank", fill=(40, 40, 40))
    assert not is_blank(paper)


def test_the_hash_follows_pixels_and_shape_alone():
    image = page((100, 50))
    assert image_sha256(image) == image_sha256(decode_image(encoded(image, "TIFF")))
    assert image_sha256(image) != image_sha256(image.transpose(Image.Transpose.ROTATE_180))
    assert image_sha256(Image.new("RGB", (10, 20))) != image_sha256(Image.new("RGB", (20, 10)))


def test_a_recompressed_page_is_nearly_equal_and_another_page_is_not():
    one = page()
    again = decode_image(encoded(one, "JPEG", quality=85))
    assert nearly_equal(thumbprint(one), thumbprint(again))
    other = page(text="Loosen the bolts by half a turn")
    assert not nearly_equal(thumbprint(one), thumbprint(other))


def test_another_resolution_is_roughly_equal():
    large = page((1200, 1600))
    assert roughly_equal(thumbprint(large), thumbprint(large.resize((800, 1067), Image.Resampling.LANCZOS)))


def test_an_image_is_stored_whole_and_leaves_nothing_else(tmp_path):
    target = tmp_path / "pages" / "ab" / "page.jpg"
    save_image(page(), target)
    assert decode_image(target).size == (600, 800)
    assert [path.name for path in target.parent.iterdir()] == ["page.jpg"]


def test_a_failed_store_leaves_nothing(tmp_path):
    with pytest.raises(KeyError):
        save_image(page(), tmp_path / "page.jpg", image_format="NONE")
    assert list(tmp_path.iterdir()) == []
