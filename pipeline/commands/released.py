"""Releases that were made, and what two of them differ in."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from exports.differences import CHANGES, Difference, differences
from exports.errors import NoReleaseError
from exports.manifest import NAME
from exports.release import LATEST
from exports.verify import verify
from pipeline.commands.context import opened
from pipeline.commands.listing import Row, print_rows
from pipeline.workspace import Workspace
from review_db import listings


def releases(options: argparse.Namespace) -> int:
    """Every release that was recorded, newest last, and whether its folder is still there."""
    with opened(options) as context:
        return print_rows(_with_state(listings.releases(context.db)), options)


def _with_state(rows: Iterator[Row]) -> Iterator[Row]:
    for row in rows:
        folder = Path(row["path"])
        yield {"release": folder.name, **row, "state": "here" if (folder / NAME).is_file() else "gone"}


def diff(options: argparse.Namespace) -> int:
    """Print the differences, then how many there are of each kind on standard error."""
    with opened(options) as context:
        earlier, later = (release_folder(context.workspace, name) for name in (options.earlier, options.later))
    for folder in (earlier, later):
        if verify(folder):
            print(f"{folder} is not as it was exported: see `manualqa verify {folder}`", file=sys.stderr)
    counts: Counter[str] = Counter()
    for found in differences(earlier, later):
        counts.update(found.changes)
        print(json.dumps(found.as_dict(), ensure_ascii=False) if options.jsonl else "\n".join(_lines(found)))
    print(", ".join(f"{counts[change]} {change}" for change in CHANGES), file=sys.stderr)
    return 0


def release_folder(workspace: Workspace, name: str) -> Path:
    """A release by its folder, by its name, by its number, or `latest`. Raises NoReleaseError."""
    numbered = [f"release-{int(name):04d}"] if name.isdecimal() else []
    places = [Path(name), *(workspace.releases / folder for folder in (name, *numbered))]
    if name == LATEST:
        places.append(workspace.releases.parent / LATEST)
    for place in places:
        if (place / NAME).is_file():
            return place.resolve()
    raise NoReleaseError(f"there is no release {name!r}", "`manualqa releases` lists them")


def _lines(found: Difference) -> Iterator[str]:
    """A pair for people: what became of it, then what differs, before and after."""
    sides = [side for side in (found.before, found.after) if side]
    splits = " -> ".join(dict.fromkeys(side.split for side in sides))
    yield f"{' and '.join(found.changes)}: {found.pair_id} ({splits})"
    fields = [name for name in found.fields if name != "split"] or (["question", "answer"] if len(sides) == 1 else [])
    for name in fields:
        for mark, side in (("-", found.before), ("+", found.after)):
            if side is not None:
                yield f"  {mark} {name}: {' '.join(str(getattr(side, name)).split())}"
