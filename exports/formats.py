"""Other shapes of the same pairs, each in its own folder formats/NAME/ beside the seed's records.

A format is a function from a plan to its files; image paths in it are relative to the release folder.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping

from exports.errors import ExportError
from exports.plan import ReleasePlan
from exports.records import ReadyPair, json_line, seed_record
from exports.splits import SPLITS

Files = Iterator[tuple[str, Iterable[str]]]
"""(file name in the format's folder, its text in pieces)."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_COLUMNS = (
    "qa_id", "split", "question", "answer", "question_type", "image", "page_id", "section_id", "section_name",
    "source_type", "content_type", "status", "reviewer", "evidence",
)  # fmt: skip


def chosen_formats(words: str | None) -> tuple[str, ...]:
    """The formats that `--formats` names: `all`, or names with commas between. Raises ExportError for others."""
    names = [word.strip() for word in (words or "").split(",") if word.strip()]
    if names == ["all"]:
        return tuple(FORMATS)
    unknown = [name for name in names if name not in FORMATS]
    if unknown:
        raise ExportError(f"there is no format {unknown[0]!r}", f"choose all, or some of {', '.join(FORMATS)}")
    return tuple(sorted(set(names)))


def safe_cell(value: object) -> str:
    """A CSV cell that no spreadsheet takes for a formula: such a text gets a leading apostrophe."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _csv_files(plan: ReleasePlan) -> Files:
    yield "pairs.csv", _csv_lines(plan)


def _csv_lines(plan: ReleasePlan) -> Iterator[str]:
    yield _csv_line(_COLUMNS)
    for ready in plan.pairs:
        row = seed_record(ready)["metadata"] | {
            "split": ready.split,
            "question": ready.question,
            "answer": ready.answer,
            "image": ready.image,
            "status": ready.pair.status,
            "reviewer": ready.pair.decided_by,
            "evidence": ready.pair.evidence.verdict,
        }
        yield _csv_line([row[name] for name in _COLUMNS])


def _csv_line(cells: Iterable[object]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow([safe_cell(cell) for cell in cells])
    return line.getvalue()


def _messages_files(plan: ReleasePlan) -> Files:
    """One line a pair with `messages` and `images`, as LLaMA-Factory and ms-swift read it."""
    for split in SPLITS:
        yield f"{split}.jsonl", (json_line(_messages(ready)) for ready in plan.of_split(split))


def _messages(ready: ReadyPair) -> dict[str, object]:
    return {
        "messages": [
            {"role": "user", "content": f"{'<image>' if ready.image else ''}{ready.question}"},
            {"role": "assistant", "content": ready.answer},
        ],
        "images": [ready.image] if ready.image else [],
    }


def _llava_files(plan: ReleasePlan) -> Files:
    """A JSON list a split with `from` and `value`, as LLaVA and Qwen-VL read it."""
    for split in SPLITS:
        yield f"{split}.json", _json_list(_llava(ready) for ready in plan.of_split(split))


def _llava(ready: ReadyPair) -> dict[str, object]:
    image = {"image": ready.image} if ready.image else {}
    opening = "<image>\n" if ready.image else ""
    return {
        "id": ready.pair.pair_id,
        **image,
        "conversations": [
            {"from": "human", "value": f"{opening}{ready.question}"},
            {"from": "gpt", "value": ready.answer},
        ],
    }


def _json_list(entries: Iterable[object]) -> Iterator[str]:
    opening = "[\n"
    for entry in entries:
        yield opening + json_line(entry).rstrip("\n")
        opening = ",\n"
    yield "\n]\n" if opening != "[\n" else json.dumps([]) + "\n"


FORMATS: Mapping[str, Callable[[ReleasePlan], Files]] = {
    "csv": _csv_files,
    "llava": _llava_files,
    "messages": _messages_files,
}
