"""What can be seen on a page without knowing its kind: signs from layout and words, each from 0 (absent) to 1."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from pipeline.engines.offline.index_pages import read_index
from pipeline.engines.offline.layout import Line, Measures, Row, lines_of, measures, rows_of, upright
from pipeline.engines.offline.sections import Heading, capital_share, headings_of
from pipeline.engines.offline.verbs import is_order
from review_db.records import Word

_COLOUR = r"(?:BK|BR|BU|BL|GN|GR|GY|OR|PK|PU|RD|TN|VI|WT|WH|YL|YE|SW|WS|RT|GE|GN|BL|VI|RS|OG|BRN|BLK|BLU|GRN|RED|YEL)"
_WIRE = re.compile(rf"^[.,]?\d{{0,2}}[.,]?\d{{1,2}}\s?{_COLOUR}(?:/{_COLOUR})?$|^{_COLOUR}/{_COLOUR}$|\d\w?\s?AWG\b")
_CIRCUIT_PART = re.compile(r"^[CGSXW]\d{2,4}\b|^(?:J|P|TB|CB)-?\d{1,3}$|^(?:KL\.?|Kl\.?|Term\.?)\s?\d{2}")
_AMPERE = re.compile(r"^\d{1,3}(?:[.,]\d)?\s?(?:A|AMP|AMPS|amp)\.?$")
_UNIT = (
    r"(?:N[·•.]?m|ft\.?\s?-?\s?[lI1]bs?\.?|[lI1]b\.?-?(?:ft|in)\.?|in\.?|mm|cm|m[lL]|bar|psi|kPa|kW|hp|PS|rpm|k?Ω|ohms?"
    r"|k?V|mV|A|Ah|Hz|ms|°C?F?|kg|l|qts?|pts?|gal|oz|%|U/min|giri)"
)
_VALUE = re.compile(rf"(?:^|[\s(±=])\d+(?:[.,]\d+)?\s?{_UNIT}(?=[\s).,;]|$)")
_STEP = re.compile(r"^(?:\(?\d{1,2}[.)]|[a-h][.)]|Step \d+\.?)\s*(?=[A-Z(])")
_LETTERED = re.compile(r"^[a-k]\)")
_LEGEND = re.compile(r"^\(?(\d{1,3}|[A-Z])\)?\s?[=.–-]?\s+(?=[A-Z][a-z])")
_CALLOUT = re.compile(r"\(\d{1,2}(?:\s?(?:and|und|e|,|to|\.\.\.)\s?\d{1,2})*\)")
_YES_NO = re.compile(r"^(?:yes|no|ja|nein|sì|si|oui|non)\b", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[^\W\d_]{2}\.$")
_LED = re.compile(r"(?:[.…·]\s?){2,}\S{0,9}$|^[.…·]{2,}|(?:[.…·]\s?){4,}")
_INFINITIVE = re.compile(r"^[A-Z][a-zà-ù]{2,}(?:are|ere|ire|arre|orre)\b|\b[a-zäöü]{4,}en[.!]?$")
_BULLET = re.compile(r"^(?:[-–—•*·]|\(?\d{1,2}[.)]|[a-z][.)]|Step \d+\.?)\s*")


@dataclass(frozen=True, slots=True)
class View:
    """A page taken apart once for all signs."""

    words: Sequence[Word]
    lines: Sequence[Line]
    level: Sequence[Line]
    rows: Sequence[Row]
    measures: Measures


def view_of(words: Sequence[Word]) -> View:
    """Lines, upright lines, rows and measures of a page."""
    lines = lines_of(words)
    level = upright(lines)
    return View(words, lines, level, rows_of(level), measures(lines))


def signs_of(view: View, section_id: str) -> dict[str, float]:
    """Name -> strength (0 to 1) of every sign."""
    return {
        "index_rows": _index_rows(view, section_id),
        "led": _count(view.level, lambda text: _LED.search(text) is not None, 8),
        "orders": _orders(view),
        "steps": _count(view.level, lambda text: _STEP.match(text) is not None, 6),
        "coded": float(any(_is_job(heading) for heading in headings_of(view.lines))),
        "prose": _prose(view),
        "values": _share(view.level, lambda text: _VALUE.search(text) is not None),
        "numeric": view.measures.numeric,
        "table": view.measures.in_wide_rows,
        "labels": _share(view.level, lambda text: 1 <= len(text.split()) <= 3 and text[-1] not in ".:;,"),
        "capitals": _share(view.level, lambda text: capital_share(text) > 0.9 and len(text) > 3),
        "wires": _count(view.level, lambda text: _WIRE.search(text) is not None, 6),
        "circuit_parts": _count(view.level, lambda text: _CIRCUIT_PART.match(text) is not None, 6),
        "amperes": _count(view.level, lambda text: _AMPERE.match(text) is not None, 8),
        "yes_no": _count(view.level, lambda text: _YES_NO.match(text) is not None, 5),
        "lettered": _count(view.level, lambda text: _LETTERED.match(text) is not None, 6),
        "legend": _count(view.level, lambda text: _LEGEND.match(text) is not None, 6),
        "callouts": _count(view.level, lambda text: _CALLOUT.search(text) is not None, 4),
        "captions": _captions(view),
        "wordless": float(sum(map(str.isalpha, "".join(line.text for line in view.lines))) < 10),
        "few_words": max(0.0, 1 - view.measures.words / 90),
        "large_type": min(1.0, max(0.0, (view.measures.line_height - 0.025) / 0.02)),
        "check_sheet": _check_sheet(view),
        "turned": view.measures.turned,
    }


def _is_job(heading: Heading) -> bool:
    """A full or dotted repair code over a title in capitals, as on the page that describes the job."""
    return len(heading.code) == 9 and capital_share(heading.title) > 0.75


def _share(lines: Sequence[Line], holds: Callable[[str], bool]) -> float:
    return sum(holds(line.text) for line in lines) / max(1, len(lines))


def _count(lines: Iterable[Line], holds: Callable[[str], bool], enough: int) -> float:
    return min(1.0, sum(holds(line.text) for line in lines) / enough)


def _index_rows(view: View, section_id: str) -> float:
    """Share of the page's rows that are index entries.

    A bare number without code may as well be a value, unless leader dots lead to it.
    """
    dotted = sum(_LED.search(line.text) is not None for line in view.level) >= 4
    found = read_index(view.words, section_id)
    paged = [row for row in found if row.page and (row.code or dotted or not row.page.isdigit())]
    return min(1.0, len(paged) / max(1, len(view.rows)))


def _orders(view: View) -> float:
    """Share of the lines with two words or more that begin as an instruction does."""
    spoken = [_BULLET.sub("", line.text) for line in view.level if len(line.words) >= 2]
    return sum(map(_is_order, spoken)) / max(1, len(spoken))


def _is_order(text: str) -> bool:
    first = re.match(r"^[^\W\d_]+", text)
    if first is None or capital_share(text) > 0.75:
        return False
    return (first.group()[0].isupper() and is_order(first.group())) or _INFINITIVE.search(text) is not None


def _prose(view: View) -> float:
    """Share of the words that stand in lines of six words or more."""
    long = sum(len(line.words) for line in view.level if len(line.words) >= 6)
    return long / max(1, view.measures.words)


def _captions(view: View) -> float:
    """Share of the words that stand in a sentence of one line, as below a photograph."""
    sentences = [line for line in view.level if len(line.words) >= 4 and _SENTENCE_END.search(line.text)]
    return sum(len(line.words) for line in sentences) / max(1, view.measures.words)


def _check_sheet(view: View) -> float:
    """How far the page is a form: a head row of many columns, and what to do or know in the first of them only."""
    heads = [
        row for row in view.rows if row.box[1] < 0.25 and len(row.lines) >= 4 and all(map(_is_head_cell, row.lines))
    ]
    if not heads:
        return 0.0
    second = heads[-1].lines[1].box[0]
    spoken = [line for line in view.level if line.box[1] > heads[-1].box[3] and len(line.words) >= 3]
    first = [line for line in spoken if line.box[2] < second + 0.03]
    return min(1.0, max(0.0, len(first) / len(spoken) - 0.45) / 0.2) if len(spoken) >= 5 else 0.0


def _is_head_cell(line: Line) -> bool:
    letters = [letter for letter in line.text if letter.isalpha()]
    return len(letters) > 2 and letters[0].isupper()
