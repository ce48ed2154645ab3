"""Where a page stands in its book: section of its file, printed page number, headings, repair codes, continuation."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import NamedTuple

from pipeline.engines.offline.layout import Line, Row, line_height, overlap, rows_of, union, upright
from review_db.records import Box

TOP, BOTTOM = 0.13, 0.9
"""Running heads stand above TOP, page feet below BOTTOM (fractions of the page height)."""

CODE = re.compile(r"(?<![\d-])(\d{2}) ?(\d{2}) ?(\d{3})(?![\d-])")
"""A full repair code: main group, sub group, job; readers often drop the spaces between."""

_DOTTED_CODE = re.compile(r"^(\d{2}) (\d{2})\s*[.…·][\s.…·]*(?=\D|$)")
_GROUP_CODE = re.compile(r"^(\d{2}) ?(\d{2})\s*(?=[^\W\d_])")
_DASH = r"\s?[-–—]\s?"
_PAGE = rf"(?:[A-Z]{{1,2}}{_DASH})?\d{{1,4}}(?:{_DASH}\d{{1,4}}){{0,2}}(?:\s?[./]\s?\d{{1,2}})?\s?[A-Za-z]?"
_LONE_PAGE = re.compile(rf"^{_PAGE}$|^[ivxl]{{1,5}}$")
_DASHED_PAGE = rf"(?:[A-Z]{{1,2}}|\d{{1,4}}){_DASH}\d{{1,4}}(?:\s?[A-Za-z](?![A-Za-z]))?"
_LEADING_PAGE = re.compile(rf"^({_DASHED_PAGE}|\d{{1,3}}(?=\s[A-Z]{{2}}))(?=\s+[^\W\d_]|$)")
_TRAILING_PAGE = re.compile(rf"(?<=[^\W\d_]\s)({_DASHED_PAGE}|\d{{1,3}})$")
_PAGE_LIKE = re.compile(rf"(?<!\w)[\dOolI]{{1,4}}{_DASH}[\dOolI]{{1,4}}(?!\w)")
_AS_DIGITS = str.maketrans("OolI", "0011")
_NUMBERED_HEADING = re.compile(rf"^\d{{1,3}}{_DASH}\d{{1,3}}\.?\s+(?=[A-Z]{{2}})")
_CONTINUED = re.compile(
    r"continued from|\(cont(?:inued|['’]?d)\.?\)|\bcontinuation\b|fortsetzung|segue da|continua da",
    re.IGNORECASE,
)
_SIGNAL_WORD = re.compile(
    r"^\W*(?:warning|caution|danger|notice|note|important|attention|achtung|vorsicht|warnung|hinweis|gefahr"
    r"|attenzione|avvertenza|pericolo|nota|attention)\W*$",
    re.IGNORECASE,
)
_LEADERS = re.compile(r"(?:[.…·]\s*){2,}")


class Section(NamedTuple):
    """The section of a manual that a page belongs to; both are empty where the folder does not tell."""

    section_id: str
    section_name: str


class Heading(NamedTuple):
    """A title on the page with its repair code ("21 21 565", "31 33 ..." or empty)."""

    code: str
    title: str
    box: Box

    @property
    def text(self) -> str:
        """Code and title as one line."""
        return f"{self.code} {self.title}".strip()


def section_of(source: str, pattern: str) -> Section:
    """Section of a source file from the innermost folder that matches `pattern` (first group its id, second its name).

    A file whose own name starts with another section's number belongs to that section (a folder of tables that
    collects pages of all sections).
    """
    path = PurePosixPath(source)
    for folder in reversed(path.parent.parts):
        found = re.match(pattern, folder)
        if found:
            own = re.match(r"^(\d{2})-\d", path.stem)
            return Section(own.group(1) if own else found.group(1), found.group(2).strip())
    return Section("", "")


def printed_page(lines: Sequence[Line]) -> str | None:
    """The page number as printed in the head or foot, without spaces around its dash; None where there is none."""
    rows = rows_of(upright(lines))
    head = [_page_in_head(row) for row in rows[:4] if row.box[1] < TOP]
    foot = [_page_in_foot(row) for row in reversed(rows[-3:]) if row.box[3] > BOTTOM]
    found = [page for page in [*head, *foot] if page]
    dashed = [page for page in found if "-" in page]
    return next(iter(dashed or found), None)


def digits_in_pages(text: str) -> str:
    """`text` with the letters O, o, l and I read as digits inside a dashed page number ("700O-l" is page 7000-1)."""
    return _PAGE_LIKE.sub(
        lambda found: found[0].translate(_AS_DIGITS) if any(map(str.isdigit, found[0])) else found[0], text
    )


def _lone_pages(row: Row) -> list[str]:
    texts = [digits_in_pages(line.text.strip()) for line in row.lines]
    return [text for text in texts if _LONE_PAGE.match(text)]


def _page_in_head(row: Row) -> str | None:
    if _LEADERS.search(row.text):
        return None
    alone = _lone_pages(row)
    if len(alone) == 1 and ("-" in tidy_page(alone[0]) or row.box[1] < 0.07):
        return tidy_page(alone[0])
    text = digits_in_pages(row.text.strip())
    found = _LEADING_PAGE.search(text) or _TRAILING_PAGE.search(text)
    return tidy_page(found.group(1)) if found and not CODE.match(text) else None


def _page_in_foot(row: Row) -> str | None:
    """A number beside words at the foot is a page number only where the words are a remark, not an index row."""
    if len(row.text.split()) > 3 or _LEADERS.search(row.text):
        return None
    alone = _lone_pages(row)
    if len(alone) == 1 and ("-" in tidy_page(alone[0]) or row.box[3] > 0.93) and not CODE.match(alone[0]):
        return tidy_page(alone[0])
    return None


def tidy_page(text: str) -> str:
    """A page reference as printed, with one kind of dash and no spaces around its marks."""
    tidy = re.sub(r"\s*[-–—]\s*", "-", text.strip())
    return re.sub(r"\s*/\s*", "/", re.sub(r"(?<=\d)\s+(?=[A-Za-z]$)", "", tidy))


def headings_of(lines: Sequence[Line]) -> list[Heading]:
    """The titles that carry a repair code, left half of the page first; lines wrapped below a title belong to it."""
    level = upright(lines)
    group = (printed_page(lines) or "").partition("-")[0]
    found = [
        _coded_heading(line, row.lines[place + 1 : place + 2], level, group)
        for row in rows_of(level)
        for place, line in enumerate(row.lines)
    ]
    headings = [heading for heading in found if heading]
    return sorted(headings, key=lambda heading: (heading.box[0] > 0.5, heading.box[1]))


def _coded_heading(line: Line, beside: Sequence[Line], level: Sequence[Line], group: str) -> Heading | None:
    code, rest = _split_code(line.text, group)
    first = line
    if code and not rest and beside and beside[0].box[0] - line.box[2] < 0.08:
        first, rest = beside[0], beside[0].text
    if not code or not _is_title(rest, own_line=first is line):
        return None
    wrapped = _wrapped(first, _indent(first, rest), level)
    title = " ".join([rest, *(part.text for part in wrapped)])
    return Heading(code, title, union([line.box, first.box, *(part.box for part in wrapped)]))


def _split_code(text: str, group: str) -> tuple[str, str]:
    """(code, rest) of a line that starts with a repair code, else ("", text).

    Two pairs alone ("21 21 Clutch disc") are a code only under the page's own main group.
    """
    full = CODE.match(text)
    if full:
        return " ".join(full.groups()), text[full.end() :].strip()
    dotted = _DOTTED_CODE.match(text)
    if dotted:
        return f"{dotted.group(1)} {dotted.group(2)} ...", text[dotted.end() :].strip()
    pairs = _GROUP_CODE.match(text)
    if pairs and pairs.group(1) == group:
        return f"{pairs.group(1)} {pairs.group(2)}", text[pairs.end() :].strip()
    return "", text


def _is_title(text: str, *, own_line: bool) -> bool:
    """Capitals; or, on the code's own line, words that are no sentence. Footnotes are none."""
    if sum(letter.isalpha() for letter in text) < 4 or text[0] in "*•":
        return False
    named = re.match(r"^(?:\d+ )?[^\W\d_]", text) is not None and not text[0].islower()
    plain = own_line and named and not text.rstrip().endswith((".", ":"))
    return capital_share(text) > 0.75 or plain


def capital_share(text: str) -> float:
    """Share of the letters of `text` that are capitals (0 for a text without letters)."""
    letters = [letter for letter in text if letter.isalpha()]
    return sum(letter.isupper() for letter in letters) / len(letters) if letters else 0.0


def _indent(line: Line, rest: str) -> float:
    """Where the title starts on its line, x as a fraction of the page width."""
    return next((word.box[0] for word in line.words if rest.startswith(word.text)), line.box[0])


def _wrapped(first: Line, indent: float, level: Sequence[Line]) -> list[Line]:
    pitch = max(first.height, line_height(level))
    parts = [first]
    for line in sorted(level, key=lambda line: line.middle):
        step = line.middle - parts[-1].middle
        starts_there = -0.015 <= line.box[0] - indent < 0.12 and overlap(_span(first), _span(line)) > 0
        if 0.4 * pitch < step <= 1.5 * pitch and starts_there and _wraps(line.text):
            parts.append(line)
    return parts[1:]


def _span(line: Line) -> tuple[float, float]:
    return line.box[0], line.box[2]


def _wraps(text: str) -> bool:
    remark = re.match(r"^\s*(?:[-–—(].*|.*[-–—)])\s*$", text) is not None and not text.rstrip().endswith((".", ":"))
    return not CODE.match(text) and (remark or (capital_share(text) > 0.75 and not text.rstrip().endswith(":")))


def page_title(lines: Sequence[Line], *, coded: bool = True) -> str | None:
    """What the page is about: its coded headings joined by " / ", else its head lines; None without any.

    `coded=False` looks at the head only, as on index pages, whose rows carry the codes of other pages.
    """
    headings = headings_of(lines) if coded else []
    if headings:
        return " / ".join(heading.text for heading in headings)
    titles = (_without_page(title) for title in _head_titles(upright(lines)))
    return " / ".join(title for title in titles if title) or None


def _without_page(title: str) -> str:
    """A head line without page number, paragraph number and "(Cont'd)"."""
    bare = _NUMBERED_HEADING.sub("", _CONTINUED.sub("", digits_in_pages(title)).strip())
    bare = _LEADING_PAGE.sub("", bare, count=1).strip()
    return _TRAILING_PAGE.sub("", bare).strip()


def _head_titles(level: Sequence[Line]) -> list[str]:
    """Titles in the upper part of the page: the lowest of very large lines, else the first row of capitals."""
    usual, rows = line_height(level), rows_of(level)
    large = [row for row in rows if row.box[1] < 0.7 and all(_is_large(line, usual) for line in row.lines)]
    if large:
        last = large[-2:] if len(large) > 1 and large[-1].box[1] - large[-2].box[3] < usual else large[-1:]
        return [" ".join(row.text for row in last)]
    for place, row in enumerate(rows):
        titles = [line for line in row.lines if _is_head(line)]
        others = [line for line in row.lines if line not in titles and not _LONE_PAGE.match(line.text)]
        if row.box[1] < 0.35 and 0 < len(titles) < 3 and not others:
            return _with_row_below(titles, rows[place + 1 : place + 2], usual)
        numbered = _LEADING_PAGE.match(row.lines[0].text)
        if row.box[1] < TOP and numbered and len(row.lines[0].text) > numbered.end():
            return [row.lines[0].text]
    return []


def _is_large(line: Line, usual: float) -> bool:
    return line.height > 2.2 * usual and sum(letter.isalpha() for letter in line.text) >= 5


def _is_head(line: Line, letters_at_least: int = 5) -> bool:
    text = _NUMBERED_HEADING.sub("", line.text).strip()
    letters = sum(letter.isalpha() for letter in text)
    if letters < letters_at_least or letters < sum(letter.isdigit() for letter in text) or _SIGNAL_WORD.match(text):
        return False
    return capital_share(text) > 0.75


def _with_row_below(titles: Sequence[Line], below: Sequence[Row], usual: float) -> list[str]:
    """Titles side by side go on each in its own column; a title that runs across goes on with the whole row."""
    across = " ".join(line.text for line in titles)
    if (
        not below
        or below[0].box[1] - titles[0].box[3] > 1.6 * usual
        or not all(_is_head(line, 4) for line in below[0].lines)
    ):
        return [across]
    under = below[0].lines
    if len(titles) > 1 and len(under) == len(titles):
        return [f"{upper.text} {lower.text}" for upper, lower in zip(titles, under, strict=True)]
    return [f"{across} {below[0].text}" if len(under) == 1 else across]


def is_continued(lines: Sequence[Line]) -> bool:
    """Whether the page says that it goes on from the page before it."""
    return any(_CONTINUED.search(line.text) for line in lines)


def continued_title(title: str | None) -> str | None:
    """What a page without title goes on with: the last of the titles of the page before it."""
    return title.rsplit(" / ", 1)[-1] if title else None
