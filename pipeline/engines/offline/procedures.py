"""Pairs from instructions: steps, loose imperative sentences, conditions and plain statements.

Every sentence gives at most one question that its own words answer, and the answer is the sentence as printed, so
that nothing is left out of a step. The question names the job (heading and repair code), the step number where one
is printed, and the thing that is worked on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from pipeline.engines.offline.asking import LONGEST_ANSWER, Asked, asked, words_for
from pipeline.engines.offline.clauses import read_clause
from pipeline.engines.offline.key_values import value_pair
from pipeline.engines.offline.odd_sentences import odd_pair
from pipeline.engines.offline.prose import Passage
from pipeline.engines.offline.sentence_questions import Setting, doing, done_to, sentence_pair, sentences_text
from pipeline.engines.offline.sentences import Sentence, sentences_of
from pipeline.engines.offline.tools import is_only_tool, reference_pair, tool_pairs
from pipeline.engines.offline.torque import torque_pair
from pipeline.engines.offline.value_rows import value_row_pairs, without_values


def step_pairs(passage: Passage, place: str = "", above: Sequence[str] = ()) -> Iterator[Asked]:
    """The pairs of one passage: torque, value, tool and reference questions, else the sentence as a whole.

    `above` are the sentences of the same paragraph before this passage, for values that belong to them.
    """
    before = list(above)
    rest, values = without_values(passage)
    yield from value_row_pairs(values, Setting(passage, place).opening, Setting(passage, place).when)
    if rest is None:
        return
    passage = rest
    for sentence in short_enough(_whole_step(passage) if passage.marker else sentences_of(passage)):
        yield from _pairs_of(
            sentence, Setting(_at(passage, before, above), place, before[-1] if before else ""), before
        )
        before.append(sentence.text)


def short_enough(sentences: Sequence[Sentence]) -> Iterator[Sentence]:
    """Sentences, long ones cut before the reason that they end with, so that they can be answered with."""
    for sentence in sentences:
        cut = _cut_of(sentence.text)
        if len(sentence.text.split()) <= LONGEST_ANSWER or not cut:
            yield sentence
            continue
        main, why = sentence.text[:cut].rstrip(" ,"), sentence.text[cut:].lstrip(" ,")
        yield Sentence(main, tuple(words_for(main, sentence.words)))
        if re.match(r"since|because|otherwise", why):
            yield Sentence(f"{why[:1].upper()}{why[1:]}", tuple(words_for(why, sentence.words)))


def _cut_of(text: str) -> int:
    """Where a long sentence may end early: before its reason or purpose, else before a remark in parentheses."""
    for pattern in (
        r",\s+(?:since|because|otherwise|in order|to avoid)\b",
        r"\s+\((?:also|see|refer|[^()]*\w+ \w+ \w+ \w+)",
    ):
        cuts = [found.start() for found in re.finditer(pattern, text)]
        fitting = [cut for cut in cuts if 8 <= len(text[:cut].split()) <= LONGEST_ANSWER]
        if fitting:
            return max(fitting)
    return 0


def _at(passage: Passage, before: Sequence[str], above: Sequence[str]) -> Passage:
    """The passage with its label; a label that names a version holds for the first sentence only."""
    version = re.match(r"(?i)engine|models?\b|type|version|cars?\b|vehicles?\b|from |since |up to ", passage.label)
    return replace(passage, label="") if version and len(before) > len(above) else passage


def _pairs_of(sentence: Sentence, setting: Setting, before: Sequence[str]) -> Iterator[Asked]:
    clause = read_clause(sentences_text(sentence))
    opening, when = setting.opening, setting.when
    exact = (
        odd_pair(sentence, opening, when)
        or torque_pair(sentence, opening, when, before)
        or value_pair(sentence, opening, when, before)
    )
    if exact is None:
        exact = reference_pair(sentence, clause, doing(clause), opening, when)
    if exact is not None:
        yield exact
    to_do = " ".join(part for part in (clause.verb, clause.particle, clause.object) if part)
    tools = list(tool_pairs(sentence, clause, done_to(clause) if clause.verb else "", to_do, opening, when))
    yield from tools
    if exact is None and not (tools and is_only_tool(sentence, clause)):
        whole = sentence_pair(sentence, setting)
        if whole is not None:
            yield whole


def _whole_step(passage: Passage) -> list[Sentence]:
    """Sentences of a step, following ones joined to the first while the whole stays short enough to answer with."""
    sentences = sentences_of(passage)
    merged: list[Sentence] = []
    for sentence in sentences:
        dependent = merged and (len(sentence.text.split()) <= 6 or sentence.text.startswith(("Repeat", "Replace")))
        if dependent and len((merged[-1].text + sentence.text).split()) < LONGEST_ANSWER:
            last = merged.pop()
            sentence = Sentence(f"{last.text} {sentence.text}", last.words + sentence.words)
        merged.append(sentence)
    return merged


def first_step_pairs(passages: Sequence[Passage]) -> Iterator[Asked]:
    """The first step of each job whose coded heading stands on the page and whose steps have no numbers."""
    seen: set[str] = set()
    for passage in passages:
        topic = passage.topic
        if not topic.code or topic.code in seen or passage.signal:
            continue
        seen.add(topic.code)
        first = sentences_of(passage)[0] if topic.printed and not passage.marker and not passage.label else None
        if first is not None and read_clause(first.text).verb and topic.about():
            item = asked(f"What is the first step when {topic.about()}", first.text, "procedural", first.words, 4)
            if item is not None and topic.opening().startswith("When"):
                yield item


def all_step_pairs(passages: Sequence[Passage], place: str = "", *, strict: bool = False) -> list[Asked]:
    """The pairs of all passages that are no signal words; `strict` takes only sentences with a full stop."""
    pairs: list[Asked] = []
    above: list[str] = []
    paragraph = -1
    for passage in passages:
        if passage.paragraph != paragraph:
            paragraph, above = passage.paragraph, []
        if not passage.signal:
            found = step_pairs(passage, place, above)
            pairs.extend(
                item for item in found if not strict or (item.pair.quote or "").rstrip(" *").endswith((".", "!"))
            )
            above.extend(sentence.text for sentence in sentences_of(passage))
    return pairs
