"""The upright image of a page: the scan where it lies, or a copy in the cache that is made once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from pipeline import pdf
from pipeline.images import decode_image, image_header, save_image
from pipeline.settings import Reading
from pipeline.source_paths import opened


@dataclass(frozen=True, slots=True)
class PageImage:
    """Decoded pixels, where the image is stored (absolute, or relative to the cache), and a remark for people."""

    pixels: Image.Image
    stored: str
    remark: str | None = None


def image_of_file(scan: Path, sha256: str, cache: Path, reading: Reading) -> PageImage:
    """Decode a scan; one that cannot be shown as it is gets a lossless copy. Raises ImageError, OSError."""
    with opened(scan) as file:
        content = file.read()
    pixels = decode_image(content, max_megapixels=reading.max_megapixels)
    header = image_header(content)
    frames = header.frames if header else 1
    remark = f"the first of {frames} images in this file; the others are not read" if frames > 1 else None
    if header and header.is_plain:
        return PageImage(pixels, str(scan.absolute()), remark)
    stored = f"pages/{sha256[:2]}/{sha256}.png"
    if not (cache / stored).exists():
        save_image(pixels, cache / stored, image_format="PNG")
    return PageImage(pixels, stored, remark)


def image_of_pdf_page(document: Path, sha256: str, number: int, cache: Path, reading: Reading) -> PageImage:
    """Render a page of a PDF, or take the render that was kept. Raises PdfError.

    The pixels returned are those of the stored JPEG, so that they are the same in every later run.
    """
    stored = f"pages/{sha256[:2]}/{sha256}-{number:04d}-{reading.dpi}dpi.jpg"
    if not (cache / stored).exists():
        render = pdf.render_page(document, number, reading.dpi, max_megapixels=reading.max_megapixels)
        save_image(render, cache / stored)
    return PageImage(decode_image(cache / stored, max_megapixels=float("inf")), stored)
