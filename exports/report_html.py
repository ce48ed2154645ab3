"""The report as one web page for people: no script, nothing loaded from elsewhere, every text escaped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

from exports.distribution import DIMENSIONS, Distribution
from exports.plan import ReleasePlan
from exports.records import ReadyPair
from exports.report import DECISIONS, LeftOutOfFormats, format_rows
from exports.report_facts import VERDICTS, Facts, LinkedPair
from exports.report_parts import bar_table, legend, section, soft, table, tile, worded
from exports.report_plots import columns
from exports.report_samples import Sample
from exports.similarity import Similarity
from exports.splits import SPLITS
from exports.validation import Problems, Validation

NAME = "report.html"
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
SHOWN_LINKS = 12
TITLES = {
    "section": "Section",
    "question_type": "Question type",
    "source_type": "Kind of source",
    "content_type": "Kind of page",
}
_RELATIONS = {
    "conflict": "Conflicts: one question, two values",
    "duplicate": "Duplicates: the same said twice",
    "suspected": "Perhaps the same",
}
_PARTS = ("checks", "leakage", "duplicates", "grounding", "distribution", "review", "formats", "samples")


def html_report(
    plan: ReleasePlan, validation: Validation, facts: Facts, formats: LeftOutOfFormats, samples: Sequence[Sample]
) -> Iterator[str]:
    """The page in pieces; the same plan and images give the same bytes."""
    yield _opening()
    yield _head(plan, validation, facts)
    yield section("checks", "Checks", _checks(validation))
    yield section("leakage", "Leakage between splits", _leakage(plan, facts))
    yield section("duplicates", "Duplicates and conflicts in this release", _links(facts))
    yield section("grounding", "Grounding", _grounding(facts))
    yield section("distribution", "Distribution", _distribution(validation.distribution, facts))
    yield section("review", "Review", _review(plan, facts))
    yield section("formats", "Formats", _formats(plan, formats))
    yield section("samples", "Samples", _samples(samples))
    yield "</main>\n</body>\n</html>\n"


def _opening() -> str:
    style = Path(__file__).with_name("report.css").read_text("utf-8")
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        f"<title>Report of this release</title>\n<style>\n{style}</style>\n</head>\n<body>\n<main>\n"
    )


def _head(plan: ReleasePlan, validation: Validation, facts: Facts) -> str:
    word = "pass" if validation.passed() else "fail"
    links = "".join(f'<a href="#{name}">{name.capitalize()}</a>' for name in _PARTS)
    what = "approved" if plan.include == "approved" else "approved and pending"
    tiles = "".join(tile(*shown) for shown in _figures(plan, validation.distribution, facts))
    return (
        f'<header><h1>Report of this release</h1><span class="verdict {word}">{word.upper()}</span></header>\n'
        + soft(f"All {what} pairs, as they stand in the files beside this page.")
        + f'\n<nav aria-label="Parts">{links}</nav>\n<div class="tiles">{tiles}</div>\n'
    )


def _figures(plan: ReleasePlan, counted: Distribution, facts: Facts) -> Iterator[tuple[str, str]]:
    total = counted.splits.total()
    supported = 100 * facts.grounding["supported"] / total if total else 0.0
    without = counted.text_only.total()
    yield f"{total:,}", "pairs"
    yield f"{counted.splits['train']:,} + {counted.splits['validation']:,}", "train + validation"
    yield f"{facts.leakage.pages:,}", f"pages in {facts.leakage.groups:,} groups"
    yield f"{len(plan.image_names):,}", f"images; {without:,} pairs have none"
    yield f"{supported:.1f} %", "of answers stand on their page"


def _checks(validation: Validation) -> str:
    kinds = (("error", validation.errors), ("warning", validation.warnings), ("note", validation.notes))
    found = "".join(_findings(kind, problems) for kind, problems in kinds)
    said = (
        "Every record, text and image was looked at. An error fails the release, a warning only where "
        "validation is strict (manualqa validate --strict); a note is worth a look and fails nothing."
    )
    listed = f'<ul class="findings">{found}</ul>' if found else "<p>No errors, no warnings, no notes.</p>"
    return f"{soft(said)}\n{listed}"


def _findings(kind: str, problems: Problems) -> str:
    return "".join(f'<li class="{kind}"><b>{kind}</b>: {escape(line)}</li>\n' for line in problems.lines())


def _leakage(plan: ReleasePlan, facts: Facts) -> str:
    found = facts.leakage
    rows = [(f"{kind.capitalize()} that stand in two splits", f"{count:,}") for kind, count in found.shared.items()]
    rows += [
        ("Pages that share their group with another page", f"{found.joined_pages:,} of {found.pages:,}"),
        ("Pages in the largest group", f"{found.largest_group:,}"),
        ("Pages that an earlier release held in the other split", f"{len(plan.moved):,}"),
    ]
    said = (
        "Pages that show the same or nearly the same image, or hold pairs that say the same or contradict each "
        "other, form one group. "
        "A group stands in one split, also in later releases."
    )
    return f"{soft(said)}\n{table(('', 'Count'), rows)}\n{_nearest(plan, found.nearest)}"


def _nearest(plan: ReleasePlan, nearest: Similarity | None) -> str:
    """The two most similar texts of different splits, side by side."""
    if nearest is None:
        return ""
    by_id = {ready.pair.pair_id: ready for ready in plan.pairs}
    both = by_id[nearest.pair_id], by_id[nearest.other_pair_id]
    among = "" if nearest.is_exact else ", among those compared"
    return (
        f"<h3>The most similar two texts of different splits{among}: {nearest.score:.1%}</h3>\n"
        + soft("Manuals ask the same of many parts, so that a high figure is no leak by itself.")
        + _beside(*both)
    )


def _beside(one: ReadyPair, other: ReadyPair) -> str:
    return f'<div class="linked"><div>{_texts(one)}</div><div>{_texts(other)}</div></div>\n'


def _links(facts: Facts) -> str:
    counts = [(title, len(facts.links.get(relation, []))) for relation, title in _RELATIONS.items()]
    parts = [table(("", "Count"), [*counts, ("Texts that stand more than once, word for word", facts.repeated)])]
    parts += [_linked_pairs(relation, facts.links.get(relation, [])) for relation in _RELATIONS]
    parts.append(soft("A link never takes an approved pair out; these may deserve a second look."))
    return "\n".join(parts)


def _linked_pairs(relation: str, links: Sequence[LinkedPair]) -> str:
    if not links:
        return ""
    shown = "".join(_beside(one, other) for one, other in links[:SHOWN_LINKS])
    hidden = len(links) - SHOWN_LINKS
    more = soft(f"{hidden:,} more stand in manifest.json under links.") if hidden > 0 else ""
    unfolded = " open" if relation == "conflict" else ""
    return f"<details{unfolded}><summary>{_RELATIONS[relation]}</summary>\n{shown}{more}</details>"


def _texts(ready: ReadyPair) -> str:
    return (
        f'<p class="question">{escape(ready.question)}</p><p class="answer">{escape(ready.answer)}</p>'
        f'<p class="where">{escape(ready.pair.pair_id)} · {escape(_place(ready))}</p>'
    )


def _place(ready: ReadyPair) -> str:
    page = ready.pair.page
    return page.source if page.page_number is None else f"{page.source}, page {page.page_number}"


def _grounding(facts: Facts) -> str:
    said = (
        "Each number, unit, code and side of an answer is looked up among the words read from its page. Supported: all "
        "stand in the place that the question asks about. Not checkable: the answer holds nothing that can be looked "
        "up, or the page has no words."
    )
    whole = {"All pairs": facts.grounding}
    return "\n".join(
        [
            soft(said),
            legend(VERDICTS),
            bar_table("", whole, VERDICTS, alike=True),
            "<h3>By question type</h3>",
            bar_table("Question type", facts.grounding_by_type, VERDICTS, alike=True),
            "<h3>By engine</h3>",
            bar_table("Proposed by", facts.grounding_by_engine, VERDICTS, alike=True),
        ]
    )


def _distribution(counted: Distribution, facts: Facts) -> str:
    parts = [legend(counted.shown), "<h3>Length of answers, in characters</h3>"]
    parts.append(f'<div class="scroll">{columns(facts.lengths, counted.shown, "Pairs by length of the answer")}</div>')
    for name in DIMENSIONS:
        rows = {value: counted.by[name][value] for value, *_ in counted.rows(name)}
        parts.append(f"<h3>{TITLES[name]}</h3>\n{bar_table(TITLES[name], rows, counted.shown)}")
    parts.append(f"<h3>Engine</h3>\n{bar_table('Proposed by', facts.engines, counted.shown)}")
    return "\n".join(parts)


def _review(plan: ReleasePlan, facts: Facts) -> str:
    shown = [name for name in DECISIONS if any(counts[name] for counts in facts.decisions.values())]
    parts = [legend(shown), bar_table("Reviewer", facts.decisions, shown), "<h3>Left out of this release</h3>"]
    if plan.left_out:
        parts.append(table(("Why", "Pairs"), plan.left_out.items()))
    else:
        parts.append("<p>Nothing: every pair is in here.</p>")
    if plan.unusable:
        named = [(pair_id, reason) for pair_id, reason in sorted(plan.unusable.items())]
        parts.append(f"<details><summary>Approved and yet left out</summary>{table(('Pair', 'Why'), named)}</details>")
    return "\n".join(parts)


def _formats(plan: ReleasePlan, formats: LeftOutOfFormats) -> str:
    if not formats:
        return "<p>None was asked for besides the records: they hold every pair of this release.</p>"
    said = "Every format holds the pairs of this release but those that it has no place for."
    return f"{soft(said)}\n{table(('Format', 'Pairs', 'Left out', 'Why'), format_rows(plan, formats))}"


def _samples(samples: Sequence[Sample]) -> str:
    said = (
        "Drawn by the release's seed, so that nobody chose them. The picture shows where the page's words support the "
        "answer, or the whole page where no such place is known."
    )
    return f'{soft(said)}\n<div class="samples">\n{"".join(map(_sample, samples))}</div>'


def _sample(sample: Sample) -> str:
    ready = sample.ready
    picture = "<span>No image: this pair stands on text alone</span>"
    if sample.picture:
        picture = (
            f'<img src="{sample.picture}" width="{sample.width}" height="{sample.height}" '
            f'alt="Part of the page {escape(_place(ready))}">'
        )
    tags = _tag(ready.split) + _tag(ready.pair.evidence.verdict) + _tag(ready.pair.question_type)
    return (
        f'<article class="sample"><div class="scan">{picture}</div>\n<div class="text">'
        f"{_texts(ready)}<p>{tags}</p></div></article>\n"
    )


def _tag(name: str) -> str:
    dot = f'<i class="{name}"></i>' if name in (*SPLITS, *VERDICTS) else ""
    return f'<span class="tag">{dot}{escape(worded(name))}</span>'
