"""A release as others may see it: its reviewers go by numbers in every file that names them."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterator, Mapping
from html import escape
from pathlib import Path
from typing import Any

from exports.cells import safe_cell
from exports.manifest import NAME, sealed
from exports.markdown import plain

REPORT, PAGE, TABLE = "report.md", "report.html", "formats/csv/pairs.csv"


def unnamed_files(folder: Path, manifest: Mapping[str, Any]) -> dict[str, bytes]:
    """Path -> bytes of every file of a release that names reviewers, with numbers in place of names.

    The manifest among them is sealed anew and holds the hashes of the others.
    """
    numbers = _numbers(manifest)
    present = {entry["path"] for entry in manifest["files"]}
    rewrite = {REPORT: _report, PAGE: _page, TABLE: _table}
    files = {
        path: write((folder / path).read_bytes().decode("utf-8"), numbers).encode("utf-8")
        for path, write in rewrite.items()
        if path in present
    }
    text = (folder / NAME).read_bytes().decode("utf-8")
    return files | {NAME: sealed("".join(_manifest_lines(text, numbers, files)))}


def _numbers(manifest: Mapping[str, Any]) -> dict[str, str]:
    """Name -> number, in the order of the pairs."""
    names = dict.fromkeys(entry["decision"]["reviewer"] for entry in manifest["pairs"])
    return {name: f"reviewer {number}" for number, name in enumerate(filter(None, names), 1)}


def _manifest_lines(text: str, numbers: Mapping[str, str], files: Mapping[str, bytes]) -> Iterator[str]:
    """The manifest's lines; files and pairs stand on one line each, four spaces in."""
    for line in text.splitlines(keepends=True):
        if not line.startswith("    {"):
            yield line
            continue
        entry = json.loads(line.strip().removesuffix(","))
        if entry.get("decision"):
            entry["decision"]["reviewer"] = numbers.get(entry["decision"]["reviewer"])
        elif entry.get("path") in files:
            content = files[entry["path"]]
            entry |= {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        yield f"    {json.dumps(entry)}{',' if line.rstrip().endswith(',') else ''}\n"


def _report(text: str, numbers: Mapping[str, str]) -> str:
    head, start, rest = text.partition("## Review\n")
    review, end, tail = rest.partition("## Left out\n")
    rows = {f"| {plain(name)} |": f"| {number} |" for name, number in numbers.items()}
    return head + start + "".join(_row(line, rows) for line in review.splitlines(keepends=True)) + end + tail


def _row(line: str, rows: Mapping[str, str]) -> str:
    found = next((cell for cell in rows if line.startswith(cell)), None)
    return rows[found] + line[len(found) :] if found else line


def _page(text: str, numbers: Mapping[str, str]) -> str:
    head, start, rest = text.partition('<section id="review">')
    review, end, tail = rest.partition("<h3>Left out")
    cells = {f'<td class="name">{escape(name)}</td>': number for name, number in numbers.items()}
    pieces = [
        next((line.replace(cell, f'<td class="name">{cells[cell]}</td>', 1) for cell in cells if cell in line), line)
        for line in review.splitlines(keepends=True)
    ]
    return head + start + "".join(pieces) + end + tail


def _table(text: str, numbers: Mapping[str, str]) -> str:
    cells = {safe_cell(name): number for name, number in numbers.items()}
    written = io.StringIO(newline="")
    writer = csv.writer(written)
    rows = csv.reader(io.StringIO(text, newline=""))
    head = next(rows)
    place = head.index("reviewer")
    writer.writerow(head)
    for row in rows:
        row[place] = cells.get(row[place], "")
        writer.writerow(row)
    return written.getvalue()
