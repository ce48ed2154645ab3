"""Pairs as dialogues of user and assistant: one pair each, or all pairs of a page as one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from exports.formats.outlet import Outlet
from exports.records import ReadyPair

PLACEHOLDER = "<image>"


class Turn(NamedTuple):
    """A question with the images that are shown with it (paths in the release), and its answer."""

    images: tuple[str, ...]
    question: str
    answer: str

    def asked(self, after_image: str = "") -> str:
        """The question with a placeholder for each image before it."""
        return (PLACEHOLDER + after_image) * len(self.images) + self.question


class Dialogue(NamedTuple):
    """Turns about one page; its id is that of its first pair."""

    dialogue_id: str
    turns: tuple[Turn, ...]

    @property
    def images(self) -> list[str]:
        """Every image in the order of the placeholders."""
        return [image for turn in self.turns for image in turn.images]


def dialogues(outlet: Outlet, split: str, *, crops: bool = True, joined: bool = True) -> Iterator[Dialogue]:
    """The dialogues of a split; the page is shown once, before the first question, a crop before its own.

    `crops` and `joined` say whether the format can hold several images and several turns.
    """
    pairs = outlet.plan.of_split(split)
    if joined and outlet.options.conversations:
        groups: Iterable[list[ReadyPair]] = _by_page(pairs)
    else:
        groups = ([ready] for ready in pairs)
    for group in groups:
        yield Dialogue(group[0].pair.pair_id, tuple(_turns(group, crops)))


def _by_page(pairs: Iterable[ReadyPair]) -> Iterable[list[ReadyPair]]:
    pages: dict[int, list[ReadyPair]] = {}
    for ready in pairs:
        pages.setdefault(ready.pair.page.page_version_id, []).append(ready)
    return pages.values()


def _turns(group: Iterable[ReadyPair], crops: bool) -> Iterator[Turn]:
    for number, ready in enumerate(group):
        page = ready.image if number == 0 else None
        crop = ready.crop if crops else None
        yield Turn(tuple(image for image in (page, crop) if image), ready.question, ready.answer)


def messages_with_placeholders(dialogue: Dialogue) -> list[dict[str, str]]:
    """Turns with `role` and `content`, `<image>` standing for each image."""
    turns = [((turn.asked(), "user"), (turn.answer, "assistant")) for turn in dialogue.turns]
    return [{"role": role, "content": text} for both in turns for text, role in both]


def from_and_value(dialogue: Dialogue) -> list[dict[str, str]]:
    """Turns with `from` and `value`, as LLaVA began it."""
    turns = [((turn.asked("\n"), "human"), (turn.answer, "gpt")) for turn in dialogue.turns]
    return [{"from": who, "value": text} for both in turns for text, who in both]
