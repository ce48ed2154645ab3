"""Pairs from wiring and block diagrams: only what is printed as a label, never where a line leads.

Fuse ratings, coded relays, page references, terminal names, figure captions, and lists of the labels of one kind
(connectors, grounds, splices, wires of one size, relays, sensors ...).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.engines.offline.asking import Asked, asked
from pipeline.engines.offline.clauses import read_clause
from pipeline.engines.offline.layout import Block, Line, blocks_of, line_height, overlap
from pipeline.engines.offline.topics import mostly_capitals
from pipeline.engines.offline.vocabulary import listed
from review_db.records import Word

_FUSE = re.compile(r"^FUSE\s+(\d{1,2})$", re.I)
_RATING = re.compile(r"^(\d{1,2}(?:[.,]\d)?)\s?(?:AMPS?|A)\b\.?$", re.I)
_WIRE = re.compile(r"^(\.?\d{1,2}(?:\.\d{1,2})?)\s?([A-Z]{2}(?:/[A-Z]{2})?)$")
_SIZES = listed(".35 .5 .75 .8 .85 1 1.25 1.5 2 2.5 3 4 6 8 10 16 20 25 32 35 50")
_COLOURS = listed(
    """BK BR RD YL GN BU VI GY WT PK OR TN LT BL BN OG PU WH GR SW BN RT GE GN BL WS GR VI LB DG LG DB NR CR"""
)
_CODED = re.compile(r"^(K\d{1,3}[a-z]?|[A-Z]\d{1,3}[a-z]?)\s+([A-Z][A-Z/ -]{3,})$")
_PAGE = re.compile(r"^(TO|FROM|SEE|ON)?\s*(.*?)\s*(?:ON |SEE )?PAGE\s+(\d[\w-]*)$")
_CAPTION = re.compile(r"^(?:Figure|FIGURE|Fig\.?|FIG\.?)\s*([\dA-Z]+(?:-\d+)?)\s*[-–—.:]+\s*(\S.*)$")
_CODES = {
    "connectors": re.compile(r"^C\d{3}$"), "grounds": re.compile(r"^G\d{3}$"), "splices": re.compile(r"^S\d{3}$"),
}  # fmt: skip
_KINDS = (
    "relay", "sensor", "switch", "valve", "motor", "light", "lamp", "pump", "actuator", "module", "connector", "coil",
)  # fmt: skip
_HEAD = 0.1
"""Lines that begin above this share of the page height are its title."""

_MOST = 12
"""Longer lists are left out: nobody can check them at a glance."""


def wiring_pairs(lines: Sequence[Line], name: str) -> list[Asked]:
    """The pairs of a diagram; `name` names it in a question."""
    if not name:
        return []
    body = [line for line in lines if not _WIRE.match(line.text) and line.box[1] > _HEAD]
    blocks = blocks_of(body, gap=0.35)
    return [
        *_fuses(lines, name), *_coded(blocks, name), *_pages(blocks, name), *_wires(lines, name),
        *_lists(lines, name), *_named(blocks, name), *_notes(blocks, name), *caption_pairs(lines, name),
    ]  # fmt: skip


def _found(question: str, answer: str, kind: str, words: Sequence[Word], rank: int = 3) -> Iterator[Asked]:
    item = asked(question, answer, kind, words, rank)
    if item is not None:
        yield item


def _fuses(lines: Sequence[Line], name: str) -> Iterator[Asked]:
    """The rating that is printed right below a fuse's number."""
    for line in lines:
        fuse = _FUSE.match(line.text)
        below = [other for other in lines if fuse and _RATING.match(other.text) and _is_below(line, other)]
        if fuse and len(below) == 1:
            question = f"In {name}, what is the rating of fuse {fuse.group(1)}"
            yield from _found(question, below[0].text, "component", [*line.words, *below[0].words], 1)


def _is_below(line: Line, other: Line) -> bool:
    near = 0 < other.middle - line.middle < 2 * max(line.height, other.height)
    return near and overlap((line.box[0], line.box[2]), (other.box[0], other.box[2])) > 0.4


def _text(block: Block) -> str:
    return re.sub(r"(?<=[A-Za-z])-\s(?=[A-Z])", "-", block.text).strip(" .-–—")


def _words(block: Block) -> list[Word]:
    return [word for line in block.lines for word in line.words]


def _coded(blocks: Sequence[Block], name: str) -> Iterator[Asked]:
    """Components with a code of their own ("K3 HIGH BEAM RELAY")."""
    for block in blocks:
        found = _CODED.match(_text(block))
        sure = found and (
            found.group(1).startswith("K") or re.search(rf"\b(?:{'|'.join(_KINDS)})s?$", found.group(2), re.I)
        )
        if found and sure and len(found.group(2).split()) <= 6:
            thing = "relay" if found.group(2).endswith("RELAY") else "component"
            yield from _found(
                f"In {name}, which {thing} is {found.group(1)}", found.group(2), "component", _words(block), 1
            )


def _pages(blocks: Sequence[Block], name: str) -> Iterator[Asked]:
    """Where a path goes on, from a printed page reference."""
    for block in blocks:
        found = _PAGE.match(re.sub(r",(?= PAGE )", "", _text(block)))
        if found and found.group(2) and len(found.group(2).split()) <= 6:
            where = {"FROM": "comes the path from", "TO": "does the path continue to"}.get(found.group(1) or "", "")
            asks = (
                f'on which page {where} "{found.group(2)}"'
                if where
                else f'which page is referenced at "{found.group(2)}"'
            )
            yield from _found(f"In {name}, {asks}", f"PAGE {found.group(3)}", "navigation", _words(block))


def _wires(lines: Sequence[Line], name: str) -> Iterator[Asked]:
    """The wires of each size; labels whose size or colour is no usual one are doubtful and left out."""
    sizes: dict[str, dict[str, Line]] = {}
    for line in lines:
        found = _WIRE.match(line.text)
        if found and found.group(1) in _SIZES and all(part in _COLOURS for part in found.group(2).split("/")):
            sizes.setdefault(found.group(1), {}).setdefault(line.text, line)
    for size, labels in sizes.items():
        if len(labels) <= _MOST:
            question = f"Which wire labels of size {size} are printed in {name}"
            words = [word for line in labels.values() for word in line.words]
            yield from _found(question, ", ".join(labels), "wiring", words)


def _lists(lines: Sequence[Line], name: str) -> Iterator[Asked]:
    for kind, pattern in _CODES.items():
        labels = {line.text: line for line in lines if pattern.match(line.text)}
        digits = [line.text[1:] for line in lines if any(other.match(line.text) for other in _CODES.values())]
        if any(len({line.text for line in lines if re.fullmatch(rf"[A-Z]{d}", line.text)}) > 1 for d in digits):
            continue
        if 0 < len(labels) <= _MOST:
            words = [word for line in labels.values() for word in line.words]
            yield from _found(
                f"Which {kind[:-1]} labels are printed in {name}", ", ".join(labels), "connector", words, 4
            )


def _named(blocks: Sequence[Block], name: str) -> Iterator[Asked]:
    """The components of one kind ("Which relay labels are printed ...")."""
    for kind in _KINDS:
        ending = re.compile(rf"\b{kind}s?(?: \([^)]*\))?$", re.I)
        labels = {_text(block): block for block in blocks if ending.search(_text(block)) and _is_label(_text(block))}
        if 0 < len(labels) <= _MOST:
            words = [word for block in labels.values() for word in _words(block)]
            yield from _found(f"Which {kind} labels are printed in {name}", "; ".join(labels), "component", words, 4)


def _notes(blocks: Sequence[Block], name: str) -> Iterator[Asked]:
    """Remarks in capitals that say something of a thing ("DIODE: CURRENT CAN FLOW ONLY ...")."""
    for block in blocks:
        text = _text(block)
        if text.isupper() and 5 <= len(text.split()) <= 30:
            clause = read_clause(text.capitalize())
            subject = clause.subject if len(clause.subject.split()) <= 7 else ""
            if subject and not clause.verb and not re.match(r"the (?:indicates|shows|means|see|where|when)\b", subject):
                yield from _found(f"In {name}, what is noted about {subject}", text, "factual", _words(block))


def _is_label(text: str) -> bool:
    return (
        len(text.split()) <= 6
        and not re.search(r"[.:;?!=]|\bPAGE\b|\bcheck\b|\breplace\b", text, re.I)
        and text[:1].isupper()
        and not re.match(r"(?:TO|FROM|SEE|WITH|VIA|TO/FROM)\b", text)
    )


def caption_pairs(lines: Sequence[Line], name: str) -> Iterator[Asked]:
    """What each captioned figure shows."""
    height = line_height(lines)
    for line in lines:
        found = _CAPTION.match(line.text)
        if found is None:
            continue
        rest = [other for other in lines if _goes_on(line, other, height)]
        text = " ".join([found.group(2), *(other.text for other in rest)])
        words = [*line.words, *(word for other in rest for word in other.words)]
        within = f" in {name}" if name else ""
        if re.search(r"[A-Za-z]{3}", text) and not mostly_capitals(text, 1.1):
            yield from _found(f"What does figure {found.group(1)}{within} show", text, "visual", words)


def _goes_on(caption: Line, other: Line, height: float) -> bool:
    below = 0.3 * height < other.middle - caption.middle < 3.2 * height
    inside = overlap((caption.box[0], caption.box[2]), (other.box[0], other.box[2])) > 0.8
    centred = (
        abs((caption.box[0] + caption.box[2]) - (other.box[0] + other.box[2])) < 0.06
        or abs(caption.box[0] - other.box[0]) < 0.02
    )
    return below and inside and centred and not _CAPTION.match(other.text) and len(other.words) >= 1
