"""Images from untrusted files: decoded to upright RGB or refused with one plain sentence, compared, stored."""

from __future__ import annotations

import hashlib
import io
import os
import tempfile
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter, UnidentifiedImageError

FORMATS = ("JPEG", "PNG", "TIFF", "WEBP", "BMP", "GIF")
"""What is opened at all; of files with several frames the first is taken."""

MAX_MEGAPIXELS = 80
JPEG_QUALITY = 90

_ORIENTATION = 0x0112
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_GREY_RANGES = (1.0, 255.0, 4095.0, 65535.0)  # of fractions, bytes, 12-bit and 16-bit scanners

_BLANK_CONTRAST = 24  # grey levels; ink differs more from the paper around it, noise and shading less
_RIM = 30  # a scan's dark rim is narrower than this part of its side
_BLANK_SHARE = 0.0002  # less ink than this share of the page is dust


# decode_image refuses large images by its own cap before anything is decoded.
warnings.filterwarnings("ignore", category=Image.DecompressionBombWarning)


class ImageError(Exception):
    """An image that cannot be a page; the text is one plain sentence."""


def decode_image(source: Path | bytes, *, max_megapixels: float = MAX_MEGAPIXELS) -> Image.Image:
    """Return the image upright (EXIF applied once), in RGB, transparency on white, fully decoded.

    16-bit greys are scaled to 8. Raises ImageError for what is no image, is cut short or is too large.
    """
    try:
        with Image.open(io.BytesIO(source) if isinstance(source, bytes) else source, formats=FORMATS) as image:
            _refuse_large(image, max_megapixels)
            image.load()
            return _rgb(_upright(image))
    except UnidentifiedImageError as error:
        raise ImageError("not an image: its content is none of JPEG, PNG, TIFF, WebP, BMP or GIF") from error
    except Image.DecompressionBombError as error:
        raise ImageError(f"the image is larger than {max_megapixels:g} megapixels") from error
    except PermissionError as error:
        raise ImageError("the file may not be read") from error
    except (OSError, ValueError, SyntaxError, EOFError, OverflowError, MemoryError, ArithmeticError) as error:
        raise ImageError(_reason(error)) from error


@dataclass(frozen=True, slots=True)
class ImageHeader:
    """What the first bytes of an image say; `is_plain` means that it can be shown and exported as it is."""

    width: int
    height: int
    frames: int
    is_plain: bool


def image_header(source: Path | bytes) -> ImageHeader | None:
    """Read the header of an image without decoding it; None when the content is none of FORMATS."""
    try:
        with Image.open(io.BytesIO(source) if isinstance(source, bytes) else source, formats=FORMATS) as image:
            plain = image.format in ("JPEG", "PNG") and image.mode in ("RGB", "L")
            is_plain = plain and "transparency" not in image.info and _orientation(image) == 1
            return ImageHeader(*image.size, getattr(image, "n_frames", 1), is_plain)
    except Image.DecompressionBombError:
        return ImageHeader(2**31, 2**31, 1, False)
    except (OSError, ValueError, SyntaxError, EOFError, OverflowError, MemoryError, ArithmeticError):
        return None


def _refuse_large(image: Image.Image, max_megapixels: float) -> None:
    width, height = image.size
    if width * height > max_megapixels * 1_000_000:
        raise ImageError(f"the image is larger than {max_megapixels:g} megapixels ({width} x {height} pixels)")


def _reason(error: BaseException) -> str:
    text = str(error)
    if "truncated" in text or "unexpected end" in text.lower() or isinstance(error, EOFError):
        return "the image is truncated: its data end too early"
    if isinstance(error, MemoryError):
        return "the image does not fit into memory"
    return f"the image is damaged ({text or type(error).__name__})"


# ---------------------------------------------------------------- modes


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(_ORIENTATION, 1))
    except Exception:  # damaged EXIF, of which there are many kinds, does not make a page unreadable
        return 1


def _upright(image: Image.Image) -> Image.Image:
    turn = _TURNS.get(_orientation(image))
    return image if turn is None else image.transpose(turn)


def _rgb(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I") or image.mode == "F":
        return _scaled_grey(image).convert("RGB")
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        opaque = image.convert("RGBA")
        page = Image.new("RGBA", opaque.size, "white")
        page.alpha_composite(opaque)
        return page.convert("RGB")
    return image.copy() if image.mode == "RGB" else image.convert("RGB")


def _scaled_grey(image: Image.Image) -> Image.Image:
    """Scale greys of more than 8 bits; Pillow's own conversion clips them, so the page would be white."""
    values = np.nan_to_num(np.asarray(image, dtype=np.float32))
    highest = float(values.max())
    white = next((top for top in _GREY_RANGES if top >= highest), highest)
    grey = np.clip(np.rint(values * (255.0 / white)), 0, 255)
    return Image.fromarray(grey.astype(np.uint8))


# ---------------------------------------------------------------- what is on it


def is_blank(image: Image.Image) -> bool:
    """Tell whether nothing is printed on a page: no spot stands out from the paper around it.

    Scanner noise and shading across the page do not count, and neither does dust or the dark rim of a scan.
    """
    rim_x, rim_y = image.width // _RIM, image.height // _RIM
    grey = image.crop((rim_x, rim_y, image.width - rim_x, image.height - rim_y)).convert("L")
    grey.thumbnail((1000, 1000), Image.Resampling.BOX)
    paper = grey.filter(ImageFilter.MedianFilter(3))
    around = paper.filter(ImageFilter.BoxBlur(max(grey.size) / 25))
    contrast = np.abs(np.asarray(paper, dtype=np.int16) - np.asarray(around, dtype=np.int16))
    return bool((contrast > _BLANK_CONTRAST).mean() < _BLANK_SHARE)


def image_sha256(image: Image.Image) -> str:
    """Return the sha256 of an upright RGB image's size and pixels, whatever file carried them."""
    digest = hashlib.sha256(f"{image.width}x{image.height}:".encode())
    digest.update(image.tobytes())
    return digest.hexdigest()


def thumbprint(image: Image.Image) -> bytes:
    """Return 128 x 128 greys to compare pages by; see `nearly_equal` and `roughly_equal`."""
    return image.convert("L").resize((128, 128), Image.Resampling.BOX).tobytes()


def nearly_equal(one: bytes, other: bytes) -> bool:
    """Tell whether two thumbprints show one picture, compressed twice: no spot differs by more than noise does."""
    difference = _differences(one, other)
    return bool(difference.max() <= 12 and difference.mean() <= 1.5)


def roughly_equal(one: bytes, other: bytes) -> bool:
    """Tell whether two thumbprints may show one page in two renderings; pages of one form look so alike too."""
    return bool(_differences(one, other).mean() <= 6)


def _differences(one: bytes, other: bytes) -> NDArray[np.int16]:
    a, b = (np.frombuffer(greys, dtype=np.uint8).astype(np.int16) for greys in (one, other))
    difference: NDArray[np.int16] = np.abs(a - b)
    return difference


# ---------------------------------------------------------------- storing


def save_image(image: Image.Image, path: Path, *, image_format: str = "JPEG") -> None:
    """Store an image whole or not at all: written beside its place, then renamed into it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    options = {"quality": JPEG_QUALITY} if image_format == "JPEG" else {}
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=path.suffix)
    try:
        with os.fdopen(handle, "wb") as file:
            image.save(file, image_format, **options)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
