"""Names that follow from a file's place in the source folder: page ids, manuals, the order of pages."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Container
from pathlib import PurePosixPath

_LONGEST = 100  # a page id is a file name in an export, with an ending
_NAME_LETTERS = 8
_PLAIN_FOLDERS = ("data_src", "src", "source", "scans", "")
_HTML = (".html", ".htm")


def manual_of(source: str, section_pattern: str, root_name: str) -> str:
    """Return the manual a file belongs to.

    Numbered section folders at the top, and loose pages beside them, are one manual named after the source
    folder; every other top folder and every PDF beside them is its own.
    """
    path = PurePosixPath(source)
    root_manual = "manual" if root_name.lower() in _PLAIN_FOLDERS else root_name
    if len(path.parts) == 1:
        return path.stem if path.suffix.lower() == ".pdf" else root_manual
    return root_manual if re.match(section_pattern, path.parts[0]) else path.parts[0]


def page_id_of(source: str, page_number: int | None, section_pattern: str) -> str:
    """Return the id that a page would like to have, from its file's path and its number in a PDF.

    `html-<stem>` for a sheet, `<stem of the PDF>-001` in a PDF, `<stem>_<name>` (eight letters of the section's
    name) for an image that begins with the number of its section folder, else `<folder>-<stem>`.
    """
    path = PurePosixPath(source)
    stem, folder = _stem_slug(path.stem), path.parts[-2] if len(path.parts) > 1 else ""
    if path.suffix.lower() in _HTML:
        wish = f"html-{stem}"
    elif page_number is not None:
        wish = f"{slug(path.stem)}-{page_number:03d}"
    elif (match := re.match(section_pattern, folder)) and re.match(rf"{re.escape(match[1])}(?!\d)", path.stem):
        wish = f"{stem}_{slug(match[2])[:_NAME_LETTERS]}"
    else:
        wish = f"{slug(folder)}-{stem}" if slug(folder) else stem
    return _fitting(wish, source, page_number)


def free_page_id(wish: str, taken: Container[str]) -> str:
    """Return the wish, or the first of `wish-2`, `wish-3`, ... that is not taken, as it is or in lower case.

    An export's image files must differ on any disk, so callers keep taken ids in lower case.
    """
    number, free = 1, wish
    while free in taken or free.lower() in taken:
        number += 1
        free = f"{wish}-{number}"
    return free


def slug(name: str) -> str:
    """Return a name in lower-case letters, digits and single dashes for spaces; other signs are left out."""
    spaced = re.sub(r"\s+-\s+|\s+", "-", _plain(name.lower()).strip())
    return re.sub(r"[^a-z0-9-]", "", spaced)


def natural_key(text: str) -> str:
    """Return a key that sorts numbers by value: `21-9` before `21-10`."""
    return re.sub(r"\d+", lambda digits: digits[0].lstrip("0").zfill(8), text.casefold())


def sort_key(manual: str, source: str, page_number: int | None) -> str:
    """Return the key of a page's place in the reading order of all manuals."""
    folder, _, name = source.rpartition("/")
    return "|".join((natural_key(manual), natural_key(folder), natural_key(name), f"{page_number or 0:06d}"))


def _stem_slug(stem: str) -> str:
    return re.sub(r"[^A-Za-z0-9_-]", "", re.sub(r"\s+", "-", _plain(stem).strip()))


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name)
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _fitting(wish: str, source: str, page_number: int | None) -> str:
    """Keep ids short, and give a page whose name has no Latin letter or digit one from its path."""
    digest = hashlib.sha256(f"{source}#{page_number or 0}".encode()).hexdigest()[:8]
    if wish in ("", "html-") or wish.startswith(("-", "_")) or wish.endswith("-"):
        return f"page-{digest}"
    return wish if len(wish) <= _LONGEST else f"{wish[: _LONGEST - 9]}-{digest}"
