"""Pairs from legends and callouts: number or letter and the thing that it marks."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from statistics import median

from pipeline.engines.offline.asking import Asked, asked, named, words_for
from pipeline.engines.offline.clauses import noun
from pipeline.engines.offline.layout import Line, line_height, overlap
from pipeline.engines.offline.measure_columns import UNIT_CELL
from pipeline.engines.offline.prose import Passage
from pipeline.engines.offline.sections import headings_of
from pipeline.engines.offline.sentences import Sentence, sentences_of
from pipeline.engines.offline.topics import Topic
from pipeline.engines.offline.values import is_value
from pipeline.engines.offline.verbs import ADVERBS, NOUNS_TOO, PARTICLES, is_order
from pipeline.engines.offline.vocabulary import listed
from review_db.records import Word

_KEY = r"(?:\d{1,3}[a-z]?|[A-Za-z]|[A-Z]{1,3}\s?\d{1,3}[a-z]?|\+\s?[A-Z]{1,3})"
_LONE_KEY = re.compile(rf"^\(?({_KEY})\)?\s*[=.:]?$")
_ENTRY = re.compile(rf"^\(?({_KEY})\)?\s*(=|[-–—](?=\s)|\s)\s*(\S.*)$")
_DEFINED = re.compile(r"^\"?([A-Z]|\d{1,2})\"?\s*=\s*([^=]+)$")
_LISTED = re.compile(r"\((\d{1,2}|[A-Z])\)\s+([a-z][a-z -]{2,40}?)(?=\s*(?:,|;|\.|\band\s*\(|$))")
_CALLOUT = re.compile(r"((?:\w[\w/'-]*\s+){1,6}?)\((\d{1,2}|[A-Z])\)")
_LABEL = re.compile(r"^[A-Z][A-Za-z/ -]{5,40}:?$")
_ALIKE = frozenset("CcKkOoPpSsUuVvWwXxZz")
"""Letters whose capital is told from the small letter by its size alone."""

_BEFORE_NOUN = listed(
    """the a an and or of from to on in with at for by into onto out off up down through between under over
    against as until if when all each both two three four five six seven eight nine ten no then only its that
    one than around behind inside outside is are"""
)


Entry = tuple[str, str, list[Word]]
"""Key, name and words of one legend entry."""


def legend_pairs(lines: Sequence[Line], name: str) -> list[Asked]:
    """The pairs of printed legends; `name` names the picture in a question ('"ABS layout drawing"').

    A legend below a heading with a repair code, or right below a line that names it, is told by that.
    """
    pairs: list[Asked] = []
    for group in _groups(lines):
        above = _name_above(group, lines, name)
        whole = [_with_rest(entry, group, lines) for entry in _as_printed(group)]
        pairs.extend(item for entry in whole if entry and (item := _pair(*entry, above)) is not None)
    return pairs


def _name_above(group: Sequence[Entry], lines: Sequence[Line], name: str) -> str:
    """The name of the picture that a legend belongs to; empty where several headings stand on the page, none above."""
    x0, y0 = (min(word.box[side] for _, _, words in group for word in words) for side in (0, 1))
    headings = headings_of(lines)
    before = [heading for heading in headings if (heading.box[0] > 0.5, heading.box[1]) < (x0 > 0.5, y0)]
    if not before and len(headings) > 1:
        return ""
    own = named(Topic(before[-1].title, before[-1].code), name) if before and len(headings) > 1 else name
    label = _label_above(group, lines)
    return f'{own}, under "{label}"' if own and label else own


def _label_above(group: Sequence[Entry], lines: Sequence[Line]) -> str:
    """The short line right above a legend that names it ("Installed Order:"); empty where there is none."""
    words = [word for _, _, words in group for word in words]
    left, top, right = min(w.box[0] for w in words), min(w.box[1] for w in words), max(w.box[2] for w in words)
    reach = 2.2 * line_height(lines)
    above = [
        line
        for line in lines
        if 0 < top - line.middle < reach and overlap((left, right), (line.box[0], line.box[2])) > 0.5
    ]
    text = max(above, key=lambda line: line.middle).text.strip() if above else ""
    return text.rstrip(" :") if _LABEL.match(text) and not is_order(text.split()[0]) else ""


def _as_printed(group: Sequence[Entry]) -> list[Entry]:
    """The entries, keys in one case: letters that look alike in both cases follow the others or are left out."""
    sure = {key.islower() for key, _, _ in group if key.isalpha() and key not in _ALIKE}
    if not any(len(key) == 1 and key in _ALIKE for key, _, _ in group):
        return list(group)
    if len(sure) != 1:
        return [entry for entry in group if entry[0] not in _ALIKE]
    lower = True in sure
    return [
        (key.lower() if lower else key.upper(), text, words) if key in _ALIKE else (key, text, words)
        for key, text, words in group
    ]


def _with_rest(entry: Entry, group: Sequence[Entry], lines: Sequence[Line]) -> Entry | None:
    """An entry with the line below its name that runs on: aligned with the name, without a key of its own.

    None where that line may be the next entry, whose key was not read.
    """
    key, text, words = entry
    first = next(word for word in words if text.startswith(word.text) and word.text != key) if words else None
    if first is None:
        return entry
    below = [
        line
        for line in lines
        if abs(line.box[0] - first.box[0]) < 0.012
        and 0.4
        < (line.middle - (first.box[1] + first.box[3]) / 2) / max(line.height, first.box[3] - first.box[1])
        < 1.1
        and not ((full := _ENTRY.match(line.text)) and _is_name(full.group(3)))
        and not any(_LONE_KEY.match(other.text) and _is_level(other, line) for other in lines)
    ]
    if len(below) != 1:
        return entry
    if below[0].text[:1].isupper() and _after(key) not in {other.lower() for other, _, _ in group}:
        return None
    return key, f"{text} {below[0].text}", [*words, *below[0].words]


def _after(key: str) -> str:
    """The key that follows in a legend, lowered; empty for keys that are no plain number or letter."""
    if key.isdigit():
        return str(int(key) + 1)
    return chr(ord(key.lower()) + 1) if len(key) == 1 else ""


def _pair(key: str, text: str, words: Sequence[Word], name: str) -> Asked | None:
    where = f"In {name}, " if name else ""
    return asked(f"{where}which component is item {key}", text.strip(" .,;"), "visual", words, 2) if name else None


def _groups(lines: Sequence[Line]) -> Iterator[list[Entry]]:
    """Runs of at least three legend entries below each other, aligned at the key."""
    pitch = line_height(lines)
    found: list[tuple[Line, Entry]] = []
    for line in lines:
        entry = _entry(line, lines)
        if entry is not None:
            found.append((line, entry))
    found.sort(key=lambda item: (round(item[0].box[0] / 0.012), item[0].middle))
    run: list[tuple[Line, Entry]] = []
    for line, entry in found:
        if run and not (
            abs(line.box[0] - run[-1][0].box[0]) < 0.02 and 0 < line.middle - run[-1][0].middle < 3.2 * pitch
        ):
            yield from _checked(run)
            run = []
        run.append((line, entry))
    yield from _checked(run)


def _is_level(key: Line, line: Line) -> bool:
    return 0 < line.box[0] - key.box[2] < 0.05 and abs(key.middle - line.middle) < 0.5 * line.height


def _entry(line: Line, lines: Sequence[Line]) -> Entry | None:
    lone = _LONE_KEY.match(line.text)
    if lone:
        beside = [
            other
            for other in lines
            if 0 < other.box[0] - line.box[2] < 0.05
            and abs(other.middle - line.middle) < 0.5 * max(line.height, other.height)
        ]
        name = min(beside, key=lambda other: other.box[0], default=None)
        return (lone.group(1), name.text, [*line.words, *name.words]) if name and _is_name(name.text) else None
    full = _ENTRY.match(line.text)
    if re.match(r"^[a-z]\)", line.text):
        return None
    if full and _is_name(full.group(3)):
        return full.group(1), full.group(3), list(line.words)
    return None


def _is_name(text: str) -> bool:
    """Whether a text can be the name of a part: words, no order, no running sentence, no value."""
    words = text.split()
    plain = words[0].strip("(,.")
    looks = bool(re.match(r"^[A-Za-z(\"“]", text)) and sum(letter.isalpha() for letter in text) >= 4
    return (
        looks
        and len(words) <= 12
        and not UNIT_CELL.match(text)
        and not (is_order(plain) and len(words) > 3)
        and plain.lower() not in {"and", "or", "of"}
    )


def _checked(run: Sequence[tuple[Line, Entry]]) -> Iterator[list[Entry]]:
    keys = [entry[0] for _, entry in run]
    steps = [below[0].middle - above[0].middle for above, below in itertools.pairwise(run)]
    fewest = 3 if all(key.isdigit() for key in keys) else 4
    if len(run) < fewest or len(set(keys)) < len(keys) or (steps and max(steps) > 2.6 * median(steps)):
        return
    yield [entry for _, entry in run]


def definition_pairs(passages: Iterable[Passage], place: str) -> Iterator[Asked]:
    """The pairs of single definitions in running text ("V = Front with sealing lip") and of listed parts."""
    for passage in passages:
        opening = passage.topic.opening() or place
        for sentence in sentences_of(passage):
            found = _DEFINED.match(sentence.text.rstrip(" ."))
            if (
                found
                and opening
                and sum(letter.isalpha() for letter in found.group(2)) >= 4
                and not found.group(2)[0].isdigit()
            ):
                answer = found.group(2).strip()
                key = found.group(1)
                asks = f"which part is item {key}" if key.isdigit() else f"what does {key} stand for"
                yield from _found(f"{opening} {asks}", answer, sentence)
            listed = _LISTED.findall(sentence.text)
            if len(listed) >= 4:
                for key, text in listed:
                    yield from _found(f"{opening} which part is item ({key})", text, sentence)


def _found(question: str, answer: str, sentence: Sentence) -> Iterator[Asked]:
    item = asked(question, answer, "visual", words_for(answer, sentence.words), 3)
    if item is not None:
        yield item


def callout_pairs(passages: Sequence[Passage], place: str) -> Iterator[Asked]:
    """What each callout number in the steps stands for, where the steps under one heading agree on it.

    Two names for one number (each photo of a page has its own numbers) make it doubtful: then there is no pair.
    """
    names: dict[tuple[str, str], dict[str, tuple[str, Sentence, Passage]]] = {}
    for passage in passages:
        for sentence in sentences_of(passage):
            for before, key in _CALLOUT.findall(sentence.text):
                name = _noun_before(before)
                if name:
                    title = passage.topic.title + passage.topic.code + passage.topic.sub
                    names.setdefault((title, key), {}).setdefault(_head(name), (name, sentence, passage))
    for (_, key), known in names.items():
        if len(known) == 1:
            name, sentence, passage = next(iter(known.values()))
            opening = passage.topic.opening() or place
            if opening and passage.marker:
                yield from _found(f"{opening} which part is item ({key})", f"{name} ({key})", sentence)


def _is_verb(word: str, number: int) -> bool:
    return is_order(word) and (number == 0 or word not in NOUNS_TOO)


def photo_pairs(passages: Sequence[Passage]) -> Iterator[Asked]:
    """What a callout marks in the photo beside a paragraph, told from other photos by another step beside it."""
    paragraphs: dict[int, list[tuple[Sentence, Passage]]] = {}
    for passage in passages:
        if not passage.marker and not passage.signal:
            pairs = [(sentence, passage) for sentence in sentences_of(passage)]
            paragraphs.setdefault(passage.paragraph, []).extend(pairs)
    for members in paragraphs.values():
        yield from _photo(members)


def _photo(members: Sequence[tuple[Sentence, Passage]]) -> Iterator[Asked]:
    names: dict[str, dict[str, tuple[str, Sentence, Passage]]] = {}
    for sentence, passage in members:
        for before, key in _CALLOUT.findall(sentence.text):
            name = _noun_before(before)
            names.setdefault(key, {}).setdefault(_head(name) if name else "", (name, sentence, passage))
    for key, known in names.items():
        name, source, passage = next(iter(known.values()))
        opening = passage.topic.opening()
        anchor = next((s.text for s, _ in members if _is_anchor(s, source, key)), "")
        if len(known) == 1 and name and anchor and opening and not re.search(rf"\({key}\) to\b", source.text):
            asks = f'which item is callout ({key}) in the photo beside the step "{anchor.rstrip(".")}"'
            yield from _found(f"{opening} {asks}", f"{name} ({key})", source)


def _is_anchor(sentence: Sentence, source: Sentence, key: str) -> bool:
    """Whether a step can tell the photo: another one than the callout's own, short, without its number."""
    short = 2 <= len(sentence.text.split()) <= 12 and sentence.text[:1].isupper()
    return sentence is not source and short and f"({key})" not in sentence.text and is_order(sentence.text.split()[0])


def _head(name: str) -> str:
    return name.split()[-1].lower().rstrip("s")


def _noun_before(before: str) -> str:
    """The noun phrase that ends right before a callout; verbs and small words before it are cut off."""
    words = before.split()
    for number in range(len(words) - 1, -1, -1):
        plain = words[number].lower()
        if plain in _BEFORE_NOUN or plain in PARTICLES or plain in ADVERBS or _is_verb(plain, number):
            words = words[number + 1 :]
            break
    name = " ".join(words)
    fits = bool(name) and noun(words) and not is_value(name) and not (len(words) == 1 and is_order(words[0]))
    return name if fits else ""
