"""Repeated pages: the same scan twice, one page in two renderings, a PDF beside the images it was made of.

A page that may be a repeat has the same digits as an earlier one, or many of its words; both then have to look alike.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from zlib import crc32

from PIL import Image
from rapidfuzz import fuzz

from pipeline.images import ImageError, decode_image, nearly_equal, roughly_equal, thumbprint
from pipeline.same_scan import READ_ALIKE, look_alike, read_differently, read_once
from review_db import pages, words
from review_db.connection import Database
from review_db.records import Box, Word
from review_db.statuses import PageStatus

_ENOUGH_TEXT = 60  # letters and digits; with less the pictures must agree closely
_SAME_LETTERS = 98  # percent; what the reader may see differently in two renderings
_SAME_SHAPE = 0.02
_LONE_SIGN = re.compile(r"[0oO°º.,-]")  # a degree sign alone in its cell is read as any of these
_SKETCH, _SHARED, _MOST_PAGES, _MOST_TRIED = 16, 6, 200, 6
"""Words in a page's sketch, how many two pages must share, on how many pages a word still tells, candidates tried."""


@dataclass(frozen=True, slots=True)
class Look:
    """What a page shows: its pixels, shape, digits and letters in reading order, some of its words, the rest on demand.

    `words` and `picture` are asked for only where another page may be the same; `picture` is None where it is gone.
    """

    image_sha256: str
    width: int
    height: int
    digits: str
    letters: str
    sketch: tuple[int, ...]
    thumbprint: Callable[[], bytes | None]
    words: Callable[[], Sequence[Word]]
    picture: Callable[[], Image.Image | None]


def look_of(
    image_sha256: str,
    size: tuple[int, int],
    read: Sequence[Word],
    thumbprint: Callable[[], bytes | None],
    picture: Callable[[], Image.Image | None],
    again: Callable[[], Sequence[Word]] | None = None,
) -> Look:
    """Gather what two pages are compared by; `again` gives the words anew, so that they need not be kept."""
    text = "".join(word.text for word in read if not _LONE_SIGN.fullmatch(word.text))
    text = unicodedata.normalize("NFKD", text).casefold().replace("×", "x")
    digits = "".join(character for character in text if character.isdigit())
    letters = "".join(character for character in text if character.isalpha())
    return Look(image_sha256, *size, digits, letters, _sketch(read), thumbprint, again or (lambda: read), picture)


def _sketch(read: Sequence[Word]) -> tuple[int, ...]:
    """The smallest hashes of a page's words: of two pages with the same words they are the same."""
    texts = {word.text.casefold() for word in read if sum(map(str.isalnum, word.text)) >= 3}
    return tuple(sorted(crc32(text.encode()) for text in texts)[:_SKETCH])


class SeenPages:
    """The pages met so far, first seen first."""

    def __init__(self) -> None:
        self._by_image: dict[str, str] = {}
        self._by_digits: dict[str, list[tuple[str, Look]]] = {}
        self._by_word: dict[int, list[tuple[str, Look]]] = {}

    def add(self, page_id: str, look: Look) -> None:
        """Remember a page that repeats none."""
        self._by_image.setdefault(look.image_sha256, page_id)
        self._by_digits.setdefault(look.digits, []).append((page_id, look))
        for word in look.sketch:
            bearing = self._by_word.setdefault(word, [])
            if len(bearing) < _MOST_PAGES:
                bearing.append((page_id, look))

    def original_of(self, page_id: str, look: Look) -> str | None:
        """Return the id of the earlier page that this one repeats, or None.

        Pages of one form differ by a few digits only, so every digit must be the same, or where it was read otherwise
        look the same.
        """
        original = self._by_image.get(look.image_sha256)
        if original not in (None, page_id):
            return original
        candidates = [*self._by_digits.get(look.digits, []), *self._sharing_words(look)]
        return next((other for other, seen in candidates if other != page_id and _is_repeat(look, seen)), None)

    def _sharing_words(self, look: Look) -> list[tuple[str, Look]]:
        shared = Counter(page_id for word in look.sketch for page_id, _ in self._by_word.get(word, ()))
        looks = {page_id: seen for word in look.sketch for page_id, seen in self._by_word.get(word, ())}
        enough = [page_id for page_id, count in shared.most_common(_MOST_TRIED) if count >= _SHARED]
        return [(page_id, looks[page_id]) for page_id in enough]


def _is_repeat(one: Look, other: Look) -> bool:
    if abs(one.width * other.height - other.width * one.height) > _SAME_SHAPE * one.width * other.height:
        return False
    if len(one.digits) + len(one.letters) < _ENOUGH_TEXT:
        alike = one.digits == other.digits and fuzz.ratio(one.letters, other.letters) >= _SAME_LETTERS
        return alike and _prints_agree(one, other, nearly_equal)
    if not _prints_agree(one, other, roughly_equal):
        return False
    read_alike = one.digits == other.digits and fuzz.ratio(one.letters, other.letters) >= _SAME_LETTERS
    return (read_alike and _lacks_nothing(one, other)) or _look_the_same(one, other)


def _prints_agree(one: Look, other: Look, agree: Callable[[bytes, bytes], bool]) -> bool:
    first, second = one.thumbprint(), other.thumbprint()
    return first is not None and second is not None and agree(first, second)


def _lacks_nothing(one: Look, other: Look) -> bool:
    """Whether two pages that read alike have the same words; small ones do not show in a whole page's letters."""
    if one.letters == other.letters:
        return True
    places = read_once(one.words(), other.words())
    return not places or _alike_at(one, other, places)


def _look_the_same(one: Look, other: Look) -> bool:
    """Whether what was read differently on two pages looks the same on both."""
    places, alike = read_differently(one.words(), other.words())
    return alike >= READ_ALIKE and _alike_at(one, other, places)


def _alike_at(one: Look, other: Look, places: Sequence[Box]) -> bool:
    first, second = one.picture(), other.picture()
    return first is not None and second is not None and look_alike(first, second, places)


def seen_pages(db: Database, source_root: str, cache: Path) -> SeenPages:
    """Gather the good pages of a source folder that repeat none; `cache` is where stored images lie."""
    seen = SeenPages()
    for page in pages.current_pages(db, source_root=source_root, status=PageStatus.OK):
        if page.kind == "image" and page.duplicate_of is None and page.image_sha256 and page.width and page.height:
            sha256, size = page.image_sha256, (page.width, page.height)
            seen.add(page.page_id, stored_look(db, sha256, size, cache / str(page.image_path)))
    return seen


def stored_look(db: Database, image_sha256: str, size: tuple[int, int], image: Path) -> Look:
    """The look of a page whose words and image are stored; neither stays in memory."""
    again = partial(words.words_of_image, db, image_sha256)
    return look_of(image_sha256, size, again(), partial(_print_of, image), partial(_picture, image), again)


def _picture(image: Path) -> Image.Image | None:
    with suppress(ImageError, OSError):
        return decode_image(image, max_megapixels=float("inf"))
    return None


def _print_of(image: Path) -> bytes | None:
    picture = _picture(image)
    return None if picture is None else thumbprint(picture)
