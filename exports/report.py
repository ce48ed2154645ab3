"""The report of a release for people: counts, what stayed behind and why, checks, samples."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence

from exports.distribution import DIMENSIONS, Distribution
from exports.manifest import linked_pairs
from exports.markdown import block, plain, table
from exports.plan import ReleasePlan
from exports.records import ReadyPair
from exports.report_facts import VERDICTS, Facts, Tally
from exports.validation import PAIRS_THAT_NEED_VALIDATION, Validation

NAME = "report.md"
SAMPLES = 5
LONGEST_LIST = 200
DECISIONS = ("approve", "edit", "pending")
LeftOutOfFormats = Mapping[str, Mapping[str, int]]
"""For each format of a release, how many pairs it could not hold, by reason."""

_TITLES = {
    "section": "section",
    "question_type": "question type",
    "source_type": "source",
    "content_type": "content",
}


def report(plan: ReleasePlan, validation: Validation, facts: Facts, formats: LeftOutOfFormats) -> str:
    """The report as Markdown; every text that comes from scans or people is shown as text."""
    counted = validation.distribution
    parts = [
        "# Report of this release\n",
        _summary(plan, counted),
        "## Checks\n",
        validation_text(validation),
        *(f"## By {_TITLES[name]}\n\n{_by(name, counted)}" for name in DIMENSIONS),
        f"## By length of the answer\n\n{_tally('Characters', dict(facts.lengths), counted.shown)}",
        f"## By engine\n\n{_tally('Proposed by', facts.engines, counted.shown)}",
        "## Grounding\n",
        _grounding(facts),
        "## Review\n",
        _tally("Reviewer", facts.decisions, DECISIONS),
        "## Left out\n",
        _left_out(plan),
        "## Formats\n",
        _formats(plan, formats),
        "## Linked pairs that are all in here\n",
        _links(plan),
        "## Splits\n",
        _splits(plan, counted, facts),
        "## Samples\n",
        *(_samples(plan, split) for split in counted.shown),
    ]
    return "\n".join(parts)


def _summary(plan: ReleasePlan, counted: Distribution) -> str:
    rows = [
        ("Pairs", *(counted.splits[split] for split in counted.shown), counted.splits.total()),
        ("Without an image", *(counted.text_only[split] for split in counted.shown), counted.text_only.total()),
        ("Images", *(_images(plan, split) for split in counted.shown), len(plan.image_names)),
        ("Median answer, characters", *(counted.median_answer(split) for split in counted.shown), ""),
    ]
    cleaned = sum(ready.was_cleaned for ready in plan.pairs)
    note = f"\nSpecial tokens or control characters were taken out of {cleaned:,} pairs.\n" if cleaned else ""
    return table(["", *counted.head], rows) + note


def _images(plan: ReleasePlan, split: str) -> int:
    return len({ready.image for ready in plan.of_split(split) if ready.image})


def validation_text(validation: Validation) -> str:
    """Pass or fail with every error and warning, as Markdown."""
    lines = [f"**{'PASS' if validation.passed() else 'FAIL'}**", ""]
    for title, problems in (("error", validation.errors), ("warning", validation.warnings), ("note", validation.notes)):
        lines += [f"- {title}: {plain(line)}" for line in problems.lines()]
    if len(lines) == 2:
        lines.append("No errors, no warnings, no notes.")
    return "\n".join(lines) + "\n"


def _by(dimension: str, counted: Distribution) -> str:
    return table([_TITLES[dimension].capitalize(), *counted.head], counted.rows(dimension))


def _left_out(plan: ReleasePlan) -> str:
    if not plan.left_out:
        return "Nothing: every pair is in here.\n"
    unusable = [f"{pair_id} ({reason})" for pair_id, reason in sorted(plan.unusable.items())]
    named = f"\nApproved and yet left out: {_listed(unusable)}\n" if unusable else ""
    return table(["Reason", "Pairs"], plan.left_out.items()) + named


def format_rows(plan: ReleasePlan, formats: LeftOutOfFormats) -> list[tuple[str, int, int, str]]:
    """(format, pairs it holds, pairs it left out, count of each reason in words) of every format."""
    rows = []
    for name, counts in formats.items():
        out = sum(counts.values())
        why = ", ".join(f"{count:,} {reason.replace('_', ' ')}" for reason, count in sorted(counts.items()))
        rows.append((name, len(plan.pairs) - out, out, why))
    return rows


def _formats(plan: ReleasePlan, formats: LeftOutOfFormats) -> str:
    if not formats:
        return "None was asked for besides the records: they hold every pair of this release.\n"
    return table(["Format", "Pairs", "Left out", "Why"], format_rows(plan, formats))


def _links(plan: ReleasePlan) -> str:
    links = linked_pairs(plan.pairs)
    lines = [
        f"- {relation}: {len(pairs):,}" + (f" ({_listed(' and '.join(pair) for pair in pairs)})" if pairs else "")
        for relation, pairs in links.items()
    ]
    return "\n".join(lines) + "\n\nApproved pairs are never taken out for a link; these may deserve a second look.\n"


def _listed(items: Iterable[str]) -> str:
    listed = list(items)
    more = f" and {len(listed) - LONGEST_LIST:,} more" if len(listed) > LONGEST_LIST else ""
    return ", ".join(plain(item) for item in listed[:LONGEST_LIST]) + more


def _tally(title: str, counts: Tally, parts: Sequence[str]) -> str:
    head = [title, *(part.replace("_", " ").capitalize() for part in parts), "All"]
    return table(head, ((value, *(found[part] for part in parts), found.total()) for value, found in counts.items()))


def _grounding(facts: Facts) -> str:
    said = "Whether the words that were read from a page support the answer.\n\n"
    by_type = _tally("Question type", facts.grounding_by_type, VERDICTS)
    return said + by_type + "\n" + _tally("Proposed by", facts.grounding_by_engine, VERDICTS)


def _splits(plan: ReleasePlan, counted: Distribution, facts: Facts) -> str:
    found = facts.leakage
    shared = ", ".join(f"{count:,} {kind}" for kind, count in found.shared.items())
    lines = [
        f"{found.pages:,} pages form {found.groups:,} groups; a group stands in one split, also in later releases.",
        f"In more than one split stand {shared}.",
    ]
    if found.nearest:
        lines.append(f"The most similar two texts of different splits: {plain(found.nearest)}.")
    if plan.moved:
        lines.append(
            "These pages stood in another split of an earlier release, until they were found to belong with pages of "
            f"this one; do not measure on them again: {_listed(plan.moved)}."
        )
    if not counted.splits["validation"] and len(plan.pairs) >= PAIRS_THAT_NEED_VALIDATION:
        lines.append("Validation is empty: all pairs belong to pages that train already, or to one group of pages.")
    return "\n".join(lines) + "\n"


def _samples(plan: ReleasePlan, split: str) -> str:
    drawn = sorted(plan.of_split(split), key=_rank)[:SAMPLES]
    return f"### {split.capitalize()}\n\n" + "\n".join(_sample(ready) for ready in drawn)


def _rank(ready: ReadyPair) -> bytes:
    return hashlib.sha256(ready.pair.pair_id.encode()).digest()


def _sample(ready: ReadyPair) -> str:
    page = ready.pair.page
    where = f"{ready.pair.pair_id}, {ready.pair.question_type}, {page.source}"
    return f"{plain(where)}\n\n{block(f'Q: {ready.question}{chr(10)}A: {ready.answer}')}"
