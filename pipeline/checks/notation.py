"""One notation for what printers, readers and people write in several ways."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_GLYPHS = {
    **dict.fromkeys("‐‑‒–—―−﹣－", "-"),
    **dict.fromkeys("‘’‚‛´`′", "'"),
    **dict.fromkeys("“”„‟″", '"'),
    **dict.fromkeys("•∙⋅", "·"),
    **dict.fromkeys("º˚", "°"),
    "×": "x",
    "⁄": "/",
    "Ω": "Ω",
    "µ": "μ",
}


@lru_cache(maxsize=4096)
def _piece(char: str) -> str:
    """The plain spelling of one character; a vulgar fraction keeps its distance from the digits before it."""
    if char in _GLYPHS:
        return _GLYPHS[char]
    plain = "".join(_GLYPHS.get(part, part) for part in unicodedata.normalize("NFKC", char))
    return f" {plain}" if unicodedata.category(char) == "No" and "/" in plain else plain


def plain(text: str) -> str:
    """The text in plain characters: NFKC, one kind of dash, quote, dot, degree sign and multiplication sign."""
    return text if text.isascii() else "".join(map(_piece, text))


def plain_with_places(text: str) -> tuple[str, list[int]]:
    """The plain text and, for each of its characters and its end, the index in `text` that it came from."""
    if text.isascii():
        return text, list(range(len(text) + 1))
    pieces = [_piece(char) for char in text]
    places = [index for index, piece in enumerate(pieces) for _ in piece]
    return "".join(pieces), [*places, len(text)]


@lru_cache(maxsize=8192)
def stem(word: str) -> str:
    """What the forms of one word share: no case, no accents, no common English ending."""
    base = word.casefold()
    if not base.isascii():
        base = "".join(c for c in unicodedata.normalize("NFKD", base) if not unicodedata.combining(c))
    for ending, shortest in _ENDINGS:
        if base.endswith(ending) and len(base) - len(ending) >= shortest:
            return _undoubled(base[: -len(ending)])
    return base


_ENDINGS = (
    ("ations", 5),
    ("ation", 5),
    ("ments", 5),
    ("ment", 5),
    ("ings", 4),
    ("als", 5),
    ("ing", 3),
    ("al", 5),
    ("ies", 3),
    ("ied", 3),
    ("ed", 3),
    ("es", 3),
    ("'s", 2),
    ("s", 3),
    ("e", 3),
    ("y", 3),
)


def _undoubled(base: str) -> str:
    """`fitt` and `stopp` lose the letter that the ending doubled; `pull` and `press` keep theirs."""
    doubled = len(base) > 3 and base[-1] == base[-2] and base[-1] not in "aeiouls"
    return base[:-1] if doubled else base
