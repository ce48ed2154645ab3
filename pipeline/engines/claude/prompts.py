"""Prompts: one Markdown file each, filled with what is known of the page, named and hashed in every run."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Template

from pipeline.engines.claude.views import View
from review_db.statuses import ContentType

FOLDER = Path(__file__).resolve().parents[2] / "prompts"
BOOKS = {"electrical_manual": "electrical", "ecu_technical": "ecu"}
OTHER_BOOKS = ("service", "electrical", "ecu")


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt's name and its words before anything is filled in."""

    name: str
    template: str

    def filled(self, **fields: str) -> str:
        """The prompt with every $field in its place. Raises KeyError for one that is not given."""
        return Template(self.template).substitute(fields).strip()


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of one request, and the name and sha256 of the prompts that they were made of."""

    name: str
    sha256: str
    system: str | None
    text: str


@cache
def prompt(name: str) -> Prompt:
    """The prompt of this name."""
    return Prompt(name, (FOLDER / f"{name}.md").read_text(encoding="utf-8"))


def sha256_of(*prompts: Prompt) -> str:
    """Identity of the exact words of several prompts, in this order."""
    return hashlib.sha256("\0".join(each.template for each in prompts).encode()).hexdigest()


def generation_prompt(source_type: str | None, content_type: str | None) -> Prompt:
    """The prompt for a kind of page: of its book's kind where there is one, else of any book, else the default."""
    book = BOOKS.get(source_type or "", "service")
    names = [f"{book}_{content_type}", *(f"{other}_{content_type}" for other in OTHER_BOOKS), f"{content_type}"]
    known = content_type in list(ContentType)
    return prompt(next((name for name in names if known and (FOLDER / f"{name}.md").is_file()), "default"))


def generation_wording(
    task: Prompt, *, facts: str, views: Sequence[View], most_pairs: int, language: str, feedback: str = ""
) -> Wording:
    """The words that ask for pairs; `views` are the images that are sent, `feedback` a filled regenerate prompt."""
    shared, frame, shown = prompt("system"), prompt("page"), prompt("whole" if len(views) == 1 else "parts")
    parts = (shared, frame, shown, task, *([prompt("regenerate")] if feedback else []))
    text = frame.filled(
        task=task.filled(),
        facts=facts,
        images=shown.filled(width=str(views[0].width), height=str(views[0].height), parts=_told_parts(views)),
        most_pairs=str(most_pairs),
        feedback=feedback,
    )
    return Wording(task.name, sha256_of(*parts), shared.filled(language=language), text)


def _told_parts(views: Sequence[View]) -> str:
    """One line for each part: its number, its size and where on the page it lies."""
    return "\n".join(
        f"- Image {number}: {view.width} by {view.height} pixels, the page from "
        f"{view.frame[0]:.0%} to {view.frame[2]:.0%} of its width and "
        f"{view.frame[1]:.0%} to {view.frame[3]:.0%} of its height"
        for number, view in enumerate(views[1:], start=2)
    )


def reading_wording(name: str, facts: str) -> Wording:
    """The words that ask what a page is (`classify`) or what an index lists (`index_rows`)."""
    asked = prompt(name)
    return Wording(name, sha256_of(asked), None, asked.filled(facts=facts))
