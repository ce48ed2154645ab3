"""What the card tells of the past of the pairs: how they were made, what reviewers did, what to mind."""

from __future__ import annotations

from collections import Counter

from exports.manifest import engines
from exports.markdown import table
from exports.plan import ReleasePlan

_STEPS = """\
Each page was read, and a model or a set of rules proposed questions and answers from it. Every answer was then compared
with the words that stand on the page (numbers, units, codes, sides), doubtful ones were marked, near-duplicates linked,
and reviewers decided with the scan in view. Training, validation and test pages look, and read, unlike each other.
"""
_LIMITS = """\
- Scans are old, skewed and stained in places; an answer says what the page says, also where the page is wrong.
- Answers hold for the vehicles of these manuals only. Do not repair a car by the output of a model.
- A page may hold more facts than were asked about.
"""
REVIEWERS_NAMED = "- `manifest.json`, `report.md` and tables of formats name the reviewers as they named themselves.\n"
REVIEWERS_NUMBERED = (
    "- `manifest.json`, `report.md` and tables of formats tell reviewers apart by numbers; none is named.\n"
)


def history_sections(plan: ReleasePlan) -> list[str]:
    """Sections "How it was made", "Review" and "Limits", as Markdown."""
    return [
        "## How it was made\n",
        _STEPS,
        _made_by(plan),
        "## Review\n",
        review_text(plan),
        "## Limits\n",
        _LIMITS + REVIEWERS_NAMED,
    ]


def _made_by(plan: ReleasePlan) -> str:
    rows = [
        (engine, model or "-", prompt[:12] or "-", count)
        for (engine, model, prompt), count in sorted(engines(plan.pairs).items())
    ]
    return (
        table(["Proposed by", "Model", "Prompt sha256", "Pairs"], rows)
        + "\n`manifest.json` names the revision, decision, run, prompt hash and image hash of each pair.\n"
    )


def review_text(plan: ReleasePlan) -> str:
    """Pairs by what reviewers decided; reviewers are counted, never named here."""
    decided = Counter(ready.pair.decision_verdict or "not decided" for ready in plan.pairs)
    reviewers = {ready.pair.decided_by for ready in plan.pairs if ready.pair.decided_by}
    rejected = {reason: count for reason, count in plan.left_out.items() if reason.startswith("rejected")}
    rows: list[tuple[str, int]] = [
        ("Approved as proposed", decided["approve"]),
        ("Approved after a correction", decided["edit"]),
    ]
    others = len(plan.pairs) - sum(count for _, count in rows)
    rows += [("In this release, not decided or decided otherwise", others)] if others else []
    rows += [
        (_words(reason), count) for reason, count in sorted(rejected.items(), key=lambda each: (-each[1], each[0]))
    ]
    rows += [("Left for later", plan.left_out["pending"])] if plan.left_out.get("pending") else []
    who = f"{len(reviewers):,} reviewer{'' if len(reviewers) == 1 else 's'} decided on the pairs of this release.\n\n"
    return who + table(["Decision", "Pairs"], rows)


def _words(reason: str) -> str:
    status, _, why = reason.partition(":")
    return f"{status.capitalize()}, {why.replace('_', ' ') or 'no reason'}"
