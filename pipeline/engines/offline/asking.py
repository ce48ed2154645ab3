"""How the offline reader words a question and ties its answer to the words on the page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from pipeline.engines.offline.layout import union
from pipeline.engines.offline.topics import Topic, sentence_case
from review_db.records import CandidatePair, Word

LONGEST_ANSWER = 40
"""Answers above this many words are split or left out: a reviewer must take one in at a glance."""

_WORD = re.compile(r"[\w°µΩ%/.,'+±-]+")


@dataclass(frozen=True, slots=True)
class Asked:
    """A pair together with how much it is worth keeping when a page has more pairs than wanted (lower is better)."""

    pair: CandidatePair
    rank: int = 5
    other: str = field(default="", compare=False)
    """A more exact question for the case that another pair of the page asks the same with another answer."""


def asked(
    question: str, answer: str, question_type: str, words: Sequence[Word], rank: int = 5, other: str = ""
) -> Asked | None:
    """A pair whose answer comes from `words`; None when question or answer is empty or the answer too long.

    `other` is the more exact question that takes its place where the first one would clash.
    """
    plain = tidy(answer)
    if not plain or len(plain.split()) > LONGEST_ANSWER or not question:
        return None
    quote = " ".join(word.text for word in words)
    boxes = (union(word.box for word in words),) if words else ()
    pair = CandidatePair(question_mark(question), plain, question_type, quote, boxes)
    return Asked(pair, rank, question_mark(other) if other else "")


def tidy(answer: str) -> str:
    """An answer with single spaces, without footnote stars and loose marks at its ends."""
    text = re.sub(r"\s+", " ", answer).strip(" ;,:*•")
    text = re.sub(r"^[–—-]+\s*(?![\d.,\s])|\s*[–—-]+$", "", text)
    text = re.sub(r"\bIbs\b", "lbs", text)
    return re.sub(r"(?<=[\w)\"])\s*\*+\)?$", "", text)


def question_mark(question: str) -> str:
    """A question with single spaces, a capital at its start and a question mark at its end."""
    text = re.sub(r"\s+", " ", question).strip(" ?.,")
    return text[:1].upper() + text[1:] + "?"


def worded(opening: str, question: str) -> str:
    """A question behind its opening ("When removing the flywheel," + "what is ..."); without one it stands alone."""
    return f"{opening} {question}" if opening else question


def named(topic: Topic, fallback: str) -> str:
    """The name of a table or figure for a question: its title in quotes, else `fallback`."""
    number = f" ({topic.code})" if topic.code else ""
    return f'"{sentence_case(topic.title)}"{number}' if topic.title else fallback


def without_clashes(pairs: Iterable[Asked]) -> list[Asked]:
    """Leave out repeated pairs; a question that would have two answers is asked more exactly, or left out.

    A question with two answers is unclear as it stands, whichever answer is right.
    """
    items = list(pairs)
    answers = _answers(items)
    exact = [
        item
        if len(answers[_plain(item.pair.question)]) == 1
        else replace(item, pair=replace(item.pair, question=item.other or item.pair.question))
        for item in items
    ]
    answers = _answers(exact)
    kept = {(_plain(item.pair.question), _plain(item.pair.answer)): item for item in reversed(exact)}
    return [item for (question, _), item in reversed(kept.items()) if len(answers[question]) == 1]


def _answers(items: Iterable[Asked]) -> dict[str, set[str]]:
    answers: dict[str, set[str]] = {}
    for item in items:
        answers.setdefault(_plain(item.pair.question), set()).add(_plain(item.pair.answer))
    return answers


def _plain(text: str) -> str:
    return " ".join(_WORD.findall(text.lower()))


def best_first(pairs: Iterable[Asked], most: int | None) -> list[CandidatePair]:
    """The `most` pairs with the best rank (all of them for None), in page order within a rank."""
    ordered = sorted(pairs, key=lambda item: item.rank)
    return [item.pair for item in (ordered if most is None else ordered[:most])]


def words_for(answer: str, words: Sequence[Word]) -> Sequence[Word]:
    """The contiguous words that print `answer`, or all of `words` when it does not stand there in one piece."""
    wanted = _bare(answer)
    texts = [_bare(word.text) for word in words]
    for start in range(len(words)):
        taken = ""
        for end in range(start, len(words)):
            taken += texts[end]
            if taken == wanted:
                return words[start : end + 1]
            if len(taken) >= len(wanted):
                break
    return words


def _bare(text: str) -> str:
    return "".join(letter for letter in text.lower() if letter.isalnum())
