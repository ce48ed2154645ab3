"""Listings: a table, JSON lines or CSV on standard output, one row at a time."""

from __future__ import annotations

import argparse
import csv
import json
import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Any

from exports.cells import safe_cell
from pipeline.commands.context import opened
from review_db import facts, listings
from review_db import funnel as funnel_rows

Row = dict[str, Any]
SAMPLE_ROWS = 200
SHOWN_DECIMALS = 9  # no token costs less
TABLE_COLUMNS = {  # what a person wants to see at a glance; --jsonl and --csv give every key
    "files": ("path", "kind", "status", "reason", "pages"),
    "pages": ("page_id", "section_id", "content_type", "confidence", "status", "reason", "duplicate_of", "source"),
    "words": ("page_id", "text", "box", "confidence"),
    "pairs": ("pair_id", "status", "reason", "risk", "question", "answer", "flags"),
    "index": ("section_id", "code", "title", "page", "missing", "found_on", "source"),
    "calls": ("page_id", "model", "state", "http_status", "input_tokens", "output_tokens", "cost_usd",
              "cache_read_tokens", "saved_usd", "batch"),
    "batches": ("batch", "provider_id", "state", "requests", "answered", "not_billed", "waiting", "usd",
                "submitted_at"),
    "events": ("seq", "pair_id", "verdict", "reviewer", "reason", "comment", "at"),
    "estimate": ("engine", "pages", "calls", "input_tokens", "output_tokens", "usd", "usd_p95", "most_usd", "measured"),
    "releases": ("release", "pairs", "train", "validation", "test", "formats", "published_to", "created_at", "state"),
    "funnel": ("page_id", "content_type", "status", "proposed", "pending", "approved", "rejected", "set_aside",
               "reasons", "note"),
}  # fmt: skip
EMPTY = {
    "calls": "no request was paid for yet",
    "batches": "no batch was sent yet",
    "events": "nothing was decided yet; `manualqa review` opens the app",
}


def files(options: argparse.Namespace) -> int:
    """Every entry of the source folder."""
    with opened(options) as context:
        return print_rows(listings.files(context.db, facts.fact(context.db, facts.SOURCE_ROOT)), options)


def pages(options: argparse.Namespace) -> int:
    """Every page."""
    with opened(options) as context:
        return print_rows(listings.pages(context.db), options)


def words(options: argparse.Namespace) -> int:
    """Every word of one page or of all."""
    with opened(options) as context:
        return print_rows(listings.words(context.db, options.page), options)


def pairs(options: argparse.Namespace) -> int:
    """Every pair."""
    with opened(options) as context:
        return print_rows(listings.pairs(context.db), options)


def index(options: argparse.Namespace) -> int:
    """Every index entry."""
    with opened(options) as context:
        return print_rows(listings.index(context.db), options)


def calls(options: argparse.Namespace) -> int:
    """Every paid request."""
    with opened(options) as context:
        return print_rows(listings.calls(context.db), options)


def events(options: argparse.Namespace) -> int:
    """Every decision."""
    with opened(options) as context:
        return print_rows(listings.events(context.db), options)


def funnel(options: argparse.Namespace) -> int:
    """Page by page, what became of the pairs."""
    with opened(options) as context:
        return print_rows(funnel_rows.funnel(context.db), options)


def print_rows(rows: Iterable[Row], options: argparse.Namespace) -> int:
    """Print rows as JSON lines, CSV or a table, as the options ask; returns the exit code."""
    if options.jsonl:
        for row in rows:
            sys.stdout.write(json.dumps(row, ensure_ascii=False, allow_nan=False) + "\n")
    elif options.csv:
        _print_csv(iter(rows))
    else:
        _print_table(iter(rows), options.command)
    sys.stdout.flush()
    return 0


def _print_csv(rows: Iterator[Row]) -> None:
    first = next(rows, None)
    if first is None:
        return
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(first)
    for row in chain([first], rows):
        writer.writerow([_csv_cell(value) for value in row.values()])


def _csv_cell(value: object) -> str:
    return safe_cell(value) if isinstance(value, str) else _text(value)


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return json.dumps(round(value, SHOWN_DECIMALS))
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _print_table(rows: Iterator[Row], name: str) -> None:
    """Column widths come from the first rows, so that a long listing still starts at once."""
    sample, columns = list(islice(rows, SAMPLE_ROWS)), TABLE_COLUMNS[name]
    if not sample:
        print(EMPTY.get(name, "nothing to list yet; `manualqa run` reads the scans"), file=sys.stderr)
        return
    widths = _widths(columns, sample)
    print("  ".join(name.ljust(width) for name, width in zip(columns, widths, strict=True)).rstrip())
    for row in chain(sample, rows):
        cells = (_cell(_text(row[name]), width) for name, width in zip(columns, widths, strict=True))
        print("  ".join(cells).rstrip())


def _widths(columns: Sequence[str], sample: list[Row]) -> list[int]:
    wanted = [max(len(name), *(len(_text(row[name])) for row in sample)) for name in columns]
    room = max(shutil.get_terminal_size((160, 24)).columns, 80)
    first, rest = wanted[0], wanted[1:]  # the name of a row is never cut: people copy it
    while first + sum(rest) + 2 * len(rest) > room and max(rest) > 6:
        rest[rest.index(max(rest))] -= 1
    return [first, *rest]


def _cell(text: str, width: int) -> str:
    flat = " ".join(text.split())
    return (flat[: width - 1] + "…" if len(flat) > width else flat).ljust(width)
