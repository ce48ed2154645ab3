"""The offline engine: rules over the words of a page; no model, no key, no network."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from pipeline.checks.levelling import Levelling, levelling_of
from pipeline.engines.engine import Generation, PageInput
from pipeline.engines.offline.absences import absences
from pipeline.engines.offline.asking import Asked, asked, best_first, without_clashes
from pipeline.engines.offline.check_tables import check_pairs, task_lines
from pipeline.engines.offline.classification import Patterns, classify_page
from pipeline.engines.offline.data_sheets import data_sheet_pairs
from pipeline.engines.offline.footnotes import footnote_pairs
from pipeline.engines.offline.inch_signs import with_inches
from pipeline.engines.offline.index_pages import read_index
from pipeline.engines.offline.index_questions import index_pairs
from pipeline.engines.offline.language import language_of
from pipeline.engines.offline.layout import Line, lines_of, upright
from pipeline.engines.offline.legends import callout_pairs, definition_pairs, legend_pairs, photo_pairs
from pipeline.engines.offline.locations import location_view_pairs
from pipeline.engines.offline.measure_questions import measure_pairs
from pipeline.engines.offline.numbered_values import numbered_value_pairs
from pipeline.engines.offline.picture_numbers import picture_pairs
from pipeline.engines.offline.procedures import all_step_pairs, first_step_pairs
from pipeline.engines.offline.prose import passages_of
from pipeline.engines.offline.reverse_tables import lookup_pairs
from pipeline.engines.offline.setup_lists import setup_lines, setup_pairs
from pipeline.engines.offline.signal_words import signal_pairs
from pipeline.engines.offline.spec_rows import specs_of
from pipeline.engines.offline.tables import table_pairs, tables_of
from pipeline.engines.offline.terminals import terminal_pairs
from pipeline.engines.offline.testing_tables import step_table_pairs
from pipeline.engines.offline.topics import Topic, heading, sentence_case, without_continued
from pipeline.engines.offline.translated import in_language
from pipeline.engines.offline.troubleshooting import fault_pairs
from pipeline.engines.offline.wiring import caption_pairs, wiring_pairs
from pipeline.settings import load
from review_db.records import CandidatePair, IndexRow, Page, PageClass
from review_db.statuses import ContentType

NAME = "offline"

_SILENT = {ContentType.COVER, ContentType.BLANK, ContentType.PHOTO}
_LABELLED = {ContentType.WIRING, ContentType.DIAGRAM, ContentType.SIGNAL, ContentType.FLOWCHART}
_TABULAR = {ContentType.FUSE_CHART, ContentType.PINOUT}
_DOUBTFUL_CODE = re.compile(r"\s+(?=\S*\d)(?:\S*\.O\d|O\d+\.)\S*", re.I)
"""A dotted code with the letter O among its digits ("ETT O18.O1"): nobody knows what is printed."""


class OfflineEngine:
    """Reads pages by rules; the same words always give the same pairs."""

    name = NAME

    def __init__(self, patterns: Patterns | None = None, *, in_page_language: bool = False) -> None:
        """`patterns` is the section `classification` of the settings; the shipped defaults without it.

        With `in_page_language` questions are worded in the language of their page, where that is known.
        """
        self._in_page_language = in_page_language
        self._patterns = patterns or load([])[0].classification

    def classify(self, page: PageInput) -> PageClass:
        """What the page is, with a confidence from 0 to 1."""
        return classify_page(page.words, source=page.page.source, previous=page.previous, patterns=self._patterns)

    def read_index(self, page: PageInput) -> list[IndexRow]:
        """The rows of an index page, codes in full."""
        return read_index(page.words, page.page.section_id)

    def generate(self, page: PageInput) -> Generation:
        """The pairs of a page, best first: values and torques, warnings and tools, then the rest.

        A page that was scanned askew or on its side is read as if it lay straight; boxes are those of its image.
        """
        lie = levelling_of(page.words)
        level = replace(page, words=lie.level(page.words))
        pairs = best_first(extract(level), None)
        note = absences(page.page.content_type, page.page.title, lines_of(level.words), pairs)
        return Generation(tuple(self._as_on_page(pair, page.page, lie) for pair in pairs), note=note)

    def _as_on_page(self, pair: CandidatePair, page: Page, lie: Levelling) -> CandidatePair:
        """The pair in the language that is wanted, its boxes where they stand on the scan."""
        language = page.language if self._in_page_language else None
        return replace(pair, question=in_language(pair, language), boxes=tuple(map(lie.back, pair.boxes)))


def extract(page: PageInput) -> list[Asked]:
    """Every question that the words of a page answer, by the kind of the page; none for covers, photos and blanks."""
    kind = page.page.content_type
    if kind in _SILENT or page.page.nothing_to_ask or not page.words:
        return []
    lines = upright(lines_of(page.words))
    name, place = _name(page.page), _place(page.page)
    if page.page.is_index or kind == ContentType.INDEX:
        entries = read_index(page.words, page.page.section_id)
        found = index_pairs(lines, entries, _section(page.page))
    elif kind in _LABELLED or _is_labelled(lines, kind):
        found = _label_pairs(page, lines, name, place)
    elif kind in _TABULAR:
        found = [*lookup_pairs(lines, name), *table_pairs(lines, name), *caption_pairs(lines, name)]
    else:
        found = _text_pairs(page, lines, name, place)
    return without_clashes(with_inches(found, lines))


def _is_labelled(lines: Sequence[Line], kind: str | None) -> bool:
    """Whether a page that was taken for text holds labels in capitals after all."""
    worded = [line for line in lines if sum(map(str.isalpha, line.text)) >= 4]
    shouting = sum(line.text.isupper() for line in worded)
    return kind in {ContentType.TEXT, None} and len(worded) >= 15 and shouting > 0.7 * len(worded)


def _label_pairs(page: PageInput, lines: Sequence[Line], name: str, place: str) -> list[Asked]:
    """Labels of a drawing; of running text only what is not in capitals, for those are labels too."""
    mixed = [line for line in lines if not line.text.isupper() or len(line.text) <= 4]
    passages = passages_of(mixed, _starting_topic(page)) if language_of(lines) == "en" else []
    return [
        *title_pairs(page),
        *_drawing_pair(page.page),
        *location_view_pairs(lines),
        *wiring_pairs(lines, name),
        *terminal_pairs(lines, name),
        *legend_pairs(lines, name),
        *all_step_pairs(passages, place, strict=True),
        *signal_pairs(passages, place),
        *definition_pairs(passages, place),
    ]


def _text_pairs(page: PageInput, lines: Sequence[Line], name: str, place: str) -> list[Asked]:
    """Tables first; the running text only where the page is no table as a whole."""
    whole = measure_pairs(lines, name)
    if any(item.rank == 0 for item in whole):
        return [*whole, *title_pairs(page)]
    faults = fault_pairs(lines, name)
    if faults:
        return faults
    tests = step_table_pairs(lines, _topic((page.page.title or "").split(" / ")[0]))
    if tests:
        return tests
    numbered = numbered_value_pairs(lines, name)
    checks, setup = check_pairs(lines, name), setup_lines(lines)
    job = [line for line in lines if line not in setup]
    specs, outside = (table_pairs(lines, name), task_lines(lines)) if checks else _data(page, job, name)
    passages = passages_of(outside, _starting_topic(page)) if language_of(lines) == "en" else []
    if checks:
        sheet = _topic((page.page.title or "").split(" / ")[0])
        passages = [replace(passage, topic=passage.topic if passage.topic.code else sheet) for passage in passages]
    return [
        *title_pairs(page),
        *specs,
        *([] if specs else numbered),
        *checks,
        *setup_pairs(setup, f"For {name}," if name else ""),
        *first_step_pairs(passages),
        *all_step_pairs(passages, place),
        *signal_pairs(passages, place),
        *legend_pairs(lines, name),
        *definition_pairs(passages, place),
        *callout_pairs(passages, place),
        *photo_pairs(passages),
        *picture_pairs(lines, passages, place),
        *caption_pairs(lines, name),
        *footnote_pairs(lines, f"In {name}," if name else ""),
    ]


def _data(page: PageInput, lines: Sequence[Line], name: str) -> tuple[list[Asked], list[Line]]:
    """The pairs of tables and of data lists (none on procedures), and the lines outside the tables."""
    sheet, lines = data_sheet_pairs(lines, name)
    tables, outside = tables_of(lines, name)
    if page.page.content_type == ContentType.PROCEDURE:
        return [*sheet, *tables], outside
    specs, outside = specs_of(lines, name)[0], specs_of(outside, name)[1]
    return [*sheet, *tables, *specs], outside


def title_pairs(page: PageInput) -> list[Asked]:
    """The repair code of each coded title of the page, where the code is printed on it and not on the page before."""
    pairs, printed = [], _squeezed(" ".join(word.text for word in page.words))
    for part in (page.page.title or "").split(" / "):
        topic = _topic(part)
        if (
            _squeezed(topic.code) in printed
            and re.fullmatch(r"(?!00 00$)\d{2} \d{2}(?: \d{3})?", topic.code)
            and _names_something(topic.title)
        ):
            kind = "repair code" if len(topic.code) > 5 else "group number"
            question = f'What is the {kind} of "{sentence_case(topic.title)}"'
            item = asked(question, topic.code, "navigation", (), 5)
            pairs.extend([item] if item else [])
    return pairs


def _names_something(title: str) -> bool:
    """Whether a title says more than an activity ("CHECKING")."""
    return len(title) >= 4 and not re.fullmatch(r"\w+ing", title, re.I)


def _drawing_pair(page: Page) -> list[Asked]:
    """What the drawing of a page with a title and a printed number shows."""
    if not page.title or not page.printed_page or page.content_type != ContentType.DIAGRAM:
        return []
    section = f' of "{page.section_name}"' if page.section_name else ""
    question = f"What does the drawing on page {page.printed_page}{section} show"
    item = asked(question, page.title, "visual", (), 5)
    return [item] if item else []


def _starting_topic(page: PageInput) -> Topic:
    """What is in force before the first heading: the title carried over from the page before, else an index row."""
    own, previous = page.page.title or "", page.previous
    text = " ".join(word.text for word in page.words)
    printed = own.split(" / ")[0]
    if printed and _squeezed(printed) not in _squeezed(text):
        return _topic(own.split(" / ")[-1])
    if (
        previous is not None
        and previous.section_id == page.page.section_id
        and previous.title
        and not page.page.is_index
    ):
        return _topic(previous.title.split(" / ")[-1])
    return (
        _topic(printed) if printed else _topic(f"{page.codes[0].code} {page.codes[0].title}") if page.codes else Topic()
    )


def _squeezed(text: str) -> str:
    return re.sub(r"\W", "", text.lower())


def _topic(title: str) -> Topic:
    """A page's title as a topic; one that was read in part only ("REMOVED) - ...") names nothing."""
    plain = without_continued(title)
    if plain.count("(") != plain.count(")"):
        return Topic()
    code = re.match(r"^(\d{2} \d{2} (?:\d{3}|\.{3})|\d{2} \d{2}|[A-Z\d]{1,3}-\d{1,3})\.?\s+(?=\S)", plain)
    return heading(plain) or (Topic(plain[code.end() :], code.group(1)) if code else Topic(plain))


def _name(page: Page) -> str:
    """The page for questions about tables and pictures: its title in quotes with code or printed page number."""
    topic = _topic((page.title or "").split(" / ")[0])
    if topic.title:
        number = topic.code or (f"page {page.printed_page}" if page.printed_page else "")
        return f'"{sentence_case(_DOUBTFUL_CODE.sub("", topic.title))}"' + (f" ({number})" if number else "")
    stem = PurePosixPath(page.source).stem
    named = len(re.findall(r"[A-Za-z]{3,}", stem)) >= 2
    place = _place(page).removeprefix("On ").rstrip(",")
    return (f"the data on {place}" if place else "") or (f'"{stem}"' if named else "")


def _place(page: Page) -> str:
    """The start of a question for text without a heading: the printed page and its section."""
    section = f' of "{page.section_name}"' if page.section_name else ""
    return f"On page {page.printed_page}{section}," if page.printed_page else ""


def _section(page: Page) -> str:
    if page.section_id and page.section_name:
        return f"section {page.section_id} {page.section_name}"
    return f'"{sentence_case(page.title)}"' if page.title else "the index"
