"""What is known of a page before Claude sees it, as the lines that stand in a prompt."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import accumulate, takewhile
from pathlib import PurePosixPath

from pipeline.engines.claude.prompts import prompt
from pipeline.engines.claude.schemas import clean_text
from pipeline.engines.engine import Feedback, PageInput
from review_db.records import IndexRow, Page, PageClass

LONGEST_FACT, MOST_CODES = 200, 12
LONGEST_SAID, LONGEST_COMMENT = 400, 1_500
LONGEST_LIST = 7_000
"""Characters of a list of pairs; what does not fit is left out, so that the prompt stays within a page's budget."""

NOTHING = "- none"


def generation_facts(page: PageInput) -> str:
    """Manual, section, headings, the page before, and the repair codes that the index gives for this page."""
    known = page.page
    before = page.previous
    same_section = before is not None and before.section_id == known.section_id and not before.is_index
    return _listed(
        [
            ("Manual", known.manual),
            ("Section", f"{known.section_id} {known.section_name}"),
            ("Heading, as far as a text reader found it", known.title),
            ("Printed page number", known.printed_page),
            ("File", PurePosixPath(known.source).name),
            ("The page before it is headed", before.title if before and same_section else None),
            *(("The index says that this page covers", _code(row)) for row in page.codes[:MOST_CODES]),
        ]
    )


def classification_facts(page: PageInput, offline: PageClass) -> str:
    """Folder, file name, headings that the offline reader found, and what the page before it is."""
    path, before = PurePosixPath(page.page.source), page.previous
    return _listed(
        [
            ("Folder", str(path.parent)),
            ("File", f"{path.name}" + (f", page {page.page.page_number}" if page.page.page_number else "")),
            ("Kind of book", offline.source_type.replace("_", " ")),
            ("Headings", offline.title),
            ("Printed page number", offline.printed_page),
            ("Words that a text reader found", str(len(page.words))),
            ("The page before it", _neighbour(before) if before else None),
        ]
    )


def index_facts(page: PageInput) -> str:
    """Section and file of an index page."""
    known = page.page
    return _listed(
        [
            ("Manual", known.manual),
            ("Section", f"{known.section_id} {known.section_name}"),
            ("File", PurePosixPath(known.source).name),
        ]
    )


def feedback_text(feedback: Feedback | None) -> str:
    """What a reviewer said of the page's earlier pairs, or nothing where nobody said anything."""
    if feedback is None or not feedback:
        return ""
    return prompt("regenerate").filled(
        reason=_said(feedback.reason) or "none given",
        comment=_said(feedback.comment, LONGEST_COMMENT) or "none given",
        rejected=_told(
            f'"{_said(pair.question)}" answered "{_said(pair.answer)}": {_said(pair.reason) or "no reason given"}'
            for pair in feedback.rejected
        ),
        kept=_told(f'"{_said(question)}" answered "{_said(answer)}"' for question, answer in feedback.kept),
    )


def _listed(facts: Sequence[tuple[str, str | None]]) -> str:
    told = [(name, " ".join(clean_text(value).split())[:LONGEST_FACT]) for name, value in facts]
    return "\n".join(f"- {name}: {value}" for name, value in told if value) or NOTHING


def _told(lines: Iterable[str]) -> str:
    ends = accumulate((f"- {line}\n" for line in lines), initial="")
    return list(takewhile(lambda text: len(text) <= LONGEST_LIST, ends))[-1].strip() or NOTHING


def _said(text: str | None, longest: int = LONGEST_SAID) -> str:
    return " ".join(clean_text(text).split())[:longest]


def _code(row: IndexRow) -> str:
    return f"{row.code} {row.title}".strip()


def _neighbour(page: Page) -> str:
    kind = page.content_type or "of unknown kind"
    return f"{kind}, headed {page.title}" if page.title else kind
