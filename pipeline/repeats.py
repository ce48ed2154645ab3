"""Repeated pages: the same scan twice, or one page in two renderings."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from rapidfuzz import fuzz

from pipeline.images import ImageError, decode_image, nearly_equal, roughly_equal, thumbprint
from review_db import pages, words
from review_db.connection import Database
from review_db.records import Word
from review_db.statuses import PageStatus

_ENOUGH_TEXT = 60  # letters and digits; with less the pictures must agree closely
_SAME_LETTERS = 98  # percent; what the reader may see differently in two renderings
_SAME_SHAPE = 0.02
_LONE_SIGN = re.compile(r"[0oO°º.,-]")  # a degree sign alone in its cell is read as any of these


@dataclass(frozen=True, slots=True)
class Look:
    """What a page shows: its pixels, its shape, digits and letters in reading order, its thumbprint on demand."""

    image_sha256: str
    width: int
    height: int
    digits: str
    letters: str
    thumbprint: Callable[[], bytes | None]


def look_of(
    image_sha256: str, size: tuple[int, int], words: Sequence[Word], thumbprint: Callable[[], bytes | None]
) -> Look:
    """Gather what two pages are compared by."""
    text = "".join(word.text for word in words if not _LONE_SIGN.fullmatch(word.text))
    text = unicodedata.normalize("NFKD", text).casefold().replace("×", "x")
    digits = "".join(character for character in text if character.isdigit())
    letters = "".join(character for character in text if character.isalpha())
    return Look(image_sha256, *size, digits, letters, thumbprint)


class SeenPages:
    """The pages met so far, first seen first."""

    def __init__(self) -> None:
        self._by_image: dict[str, str] = {}
        self._by_digits: dict[str, list[tuple[str, Look]]] = {}

    def add(self, page_id: str, look: Look) -> None:
        """Remember a page that repeats none."""
        self._by_image.setdefault(look.image_sha256, page_id)
        self._by_digits.setdefault(look.digits, []).append((page_id, look))

    def original_of(self, page_id: str, look: Look) -> str | None:
        """Return the id of the earlier page that this one repeats, or None.

        Pages of one form differ by a few digits only, so every digit must be the same.
        """
        original = self._by_image.get(look.image_sha256)
        if original not in (None, page_id):
            return original
        candidates = self._by_digits.get(look.digits, [])
        return next((other for other, seen in candidates if other != page_id and _is_repeat(look, seen)), None)


def _is_repeat(one: Look, other: Look) -> bool:
    if abs(one.width * other.height - other.width * one.height) > _SAME_SHAPE * one.width * other.height:
        return False
    if fuzz.ratio(one.letters, other.letters) < _SAME_LETTERS and one.letters != other.letters:
        return False
    first, second = one.thumbprint(), other.thumbprint()
    if first is None or second is None:
        return False
    enough = len(one.digits) + len(one.letters) >= _ENOUGH_TEXT
    return roughly_equal(first, second) if enough else nearly_equal(first, second)


def seen_pages(db: Database, source_root: str, cache: Path) -> SeenPages:
    """Gather the good pages of a source folder that repeat none; `cache` is where stored images lie."""
    seen = SeenPages()
    for page in pages.current_pages(db, source_root=source_root, status=PageStatus.OK):
        if page.kind == "image" and page.duplicate_of is None and page.image_sha256 and page.width and page.height:
            size, stored = (page.width, page.height), cache / str(page.image_path)
            read = words.words_of(db, page)
            seen.add(page.page_id, look_of(page.image_sha256, size, read, partial(_stored_print, stored)))
    return seen


def _stored_print(image: Path) -> bytes | None:
    with suppress(ImageError, OSError):
        return thumbprint(decode_image(image, max_megapixels=float("inf")))
    return None
