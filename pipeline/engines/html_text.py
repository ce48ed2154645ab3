"""Untrusted HTML as text: decoded whatever it declares, refused with a reason before it could cost time or memory."""

from __future__ import annotations

import codecs
import re
from collections import Counter
from itertools import takewhile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bs4 import BeautifulSoup as BeautifulSoup
    from bs4 import Tag

LARGEST_BYTES = 5_000_000
MOST_TAGS = 20_000
DEEPEST_NESTING = 200
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,200}>")
_CHARSET = re.compile(rb"charset=[\"'\s]{0,2}([\w.:-]{1,40})", re.IGNORECASE)
_WRITTEN = re.compile(r"iso8859[_-](?!1$)\d+|cp125\d|koi8.*|mac.*|shift_jis.*|cp9\d\d|euc_.*|gb.*|big5.*")
"""The charsets, by Python's names, that pages are written in beside UTF-8; other codecs do not even give text."""

_BOMS = ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_UNSHOWN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
"""Control characters, and those that turn the reading direction or have no width."""

_VOID = {"br", "img", "hr", "meta", "link", "input", "col", "wbr", "source", "area", "base", "embed"}
_SELF_CLOSING = _VOID | {"p", "li", "td", "tr", "th", "dt", "dd", "option"}
_UNREAD = {"script", "style", "template", "noscript", "table", "tr", "td", "th"}
"""No text of the cell around them: a table within a cell has cells of its own."""


def refusal(html: bytes) -> str | None:
    """Why the page is not parsed; None for one that may be. Judged in one pass over the tags."""
    if len(html) > LARGEST_BYTES:
        return f"the HTML page is larger than {LARGEST_BYTES // 1_000_000} MB"
    opened: Counter[str] = Counter()
    deep = 0
    for number, tag in enumerate(_TAG.finditer(decoded(html))):
        if number >= MOST_TAGS:
            return f"the HTML page has more than {MOST_TAGS} tags"
        name = tag[2].lower()
        if name in _SELF_CLOSING or (tag[1] and not opened[name]):
            continue
        step = -1 if tag[1] else 1
        opened[name] += step
        deep += step
        if deep > DEEPEST_NESTING:
            return f"the tags of the HTML page are nested more than {DEEPEST_NESTING} deep"
    return None


def decoded(html: bytes) -> str:
    """The page as text: what is valid UTF-8 is that, else the declared charset holds, else Windows-1252."""
    for bom, name in _BOMS:
        if html.startswith(bom):
            return html.decode(name, "replace")
    try:
        return html.decode("utf-8-sig")
    except UnicodeDecodeError:
        return html.decode(_declared(html), "replace")


def _declared(html: bytes) -> str:
    """The charset that the page declares; Windows-1252 where it declares none that pages are written in."""
    found = _CHARSET.search(html[:4096])
    try:
        name = codecs.lookup(found[1].decode("ascii")).name if found else ""
    except (LookupError, UnicodeError):
        name = ""
    return name if _WRITTEN.fullmatch(name) else "cp1252"


def parsed(html: bytes) -> BeautifulSoup:
    """The page as a tree; only for pages that `refusal` lets through."""
    from bs4 import BeautifulSoup

    return BeautifulSoup(_XML_DECLARATION.sub("", decoded(html).replace("\x00", "")), "lxml")


def cell_text(cell: Tag) -> str:
    """The own text of a table cell; a <br> starts a new line, other white space is one space."""
    parts = (" ".join(part.split()) for part in _with_breaks(cell).split("\n"))
    return "\n".join(part for part in parts if part)


def _with_breaks(cell: Tag) -> str:
    pieces: list[str] = []
    waiting = [*reversed(cell.contents)]
    while waiting:
        node = waiting.pop()
        name = getattr(node, "name", None)
        if name == "br":
            pieces.append("\n")
        if name is None:
            pieces.append(_plain(node) if type(node).__name__ == "NavigableString" else "")
        elif name not in _UNREAD:
            waiting.extend(reversed(getattr(node, "contents", ())))
    return "".join(pieces)


def _plain(node: object) -> str:
    return re.sub(r"\s+", " ", _UNSHOWN.sub("", str(node)))


def short_text(node: Tag, most: int) -> str:
    """The text of a heading or footnote on one line, cut near `most` characters."""
    taken: list[str] = []
    for text in takewhile(lambda _: sum(map(len, taken)) <= most, node.stripped_strings):
        taken.append(_plain(text[: most + 1]))
    return " ".join(" ".join(taken)[:most].split())
