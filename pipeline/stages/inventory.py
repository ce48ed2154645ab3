"""Inventory: lists every entry of the source folder and says what becomes of it.

Inputs: the source folder, the files recorded before. Outputs: one row in `files` for each entry that is no
directory, and one for each folder that cannot be opened (its path ends in a slash).

Rules:
- Links are never followed; links, pipes and devices are ignored (`link`, `special`) and have no sha256.
- Content decides, not the ending: a JPEG named .png is a page, a text named .jpg is unreadable. JPEG, PNG, TIFF, WebP,
  BMP, GIF, PDF and HTML are looked at; anything else is ignored as `unsupported`, dot files as `hidden`.
- `site_asset`: icons, fonts, styles, scripts, what lies in a favicon folder, images below 400 pixels.
- `navigation_html`: an HTML page without a table of data values. A spec sheet is kept.
- The same bytes as an earlier file (in natural order of paths): `duplicate`, with the path of the first.
- `sample`: the shipped sample manual, as soon as anything else in the source folder can be read.
- A file whose size and time of change are as recorded is not opened again.
- A vanished file becomes `gone`. Undecided pairs of files that are gone, or ignored as `sample`, are set aside
  (`source_gone`, `sample`), and put back when the file is.

Failures: a missing or empty source folder stops the run with one sentence. A file that cannot be opened, is empty, no
image or PDF, encrypted, damaged or too large (HTML also: too many tags, too deep) is `unreadable` with its reason,
and the run goes on. --section and --page do not narrow this stage.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from pipeline.errors import SourceError
from pipeline.file_facts import Facts, facts_of
from pipeline.page_ids import manual_of, natural_key
from pipeline.progress import Progress
from pipeline.selection import Selection
from pipeline.settings import Settings
from pipeline.source_paths import Entry, real_path, walk
from pipeline.stage import StageSummary
from pipeline.workspace import Workspace
from review_db import files, pages, pairs
from review_db.connection import Database, immediate
from review_db.records import SourceFile
from review_db.statuses import FileStatus

SAMPLE_FOLDER = "sample-manual"

_SAMPLE, _GONE = "sample", "source_gone"


def run(
    db: Database, workspace: Workspace, settings: Settings, selection: Selection, progress: Progress
) -> StageSummary:
    """Bring `files` up to date with the source folder. Raises SourceError when it is missing or empty."""
    summary, started = StageSummary("inventory"), time.monotonic()
    entries = _entries(workspace.source)
    root = str(workspace.source)
    recorded = {file.path: file for file in files.current_files(db, root)}
    found: list[SourceFile] = []
    with progress.stage("inventory", len(entries)) as bar:
        for entry in entries:
            found.append(_seen(entry, recorded.get(entry.path), workspace.source, settings))
            bar.advance(entry.path)
    found = _marked_duplicates(_without_sample(found))
    summary.done = _store(db, root, found, recorded)
    summary.seconds = time.monotonic() - started
    return summary


def _entries(source: Path) -> list[Entry]:
    if not source.is_dir():
        raise SourceError(f"there is no source folder {source}", "name the folder of your scans with --source DIR")
    entries = sorted(walk(source), key=lambda entry: natural_key(entry.path))
    if not entries:
        raise SourceError(
            f"the source folder {source} is empty",
            "put scans (JPEG, PNG, PDF) there, or name another with --source DIR",
        )
    return entries


# ---------------------------------------------------------------- one entry


def _seen(entry: Entry, recorded: SourceFile | None, source: Path, settings: Settings) -> SourceFile:
    """Return what is known of an entry, from the record where it has not changed."""
    if recorded is not None and _is_unchanged(entry, recorded):
        status = FileStatus.OK if recorded.status == FileStatus.DUPLICATE else recorded.status
        return replace(recorded, status=status, duplicate_of=None)
    facts = _facts(entry, source, settings)
    manual = None
    if facts.status == FileStatus.OK:
        manual = manual_of(entry.path, settings.classification.section_pattern, source.name)
    return SourceFile(
        path=entry.path,
        kind=facts.kind,
        sha256=facts.sha256,
        size=entry.size,
        mtime_ns=entry.mtime_ns,
        status=facts.status,
        reason=facts.reason,
        manual=manual,
        page_count=facts.page_count,
    )


def _is_unchanged(entry: Entry, recorded: SourceFile) -> bool:
    """Tell whether the record still holds; what could not be opened, was gone or was left out is looked at again."""
    if recorded.status == FileStatus.GONE or recorded.reason == _SAMPLE or recorded.sha256 is None:
        return False
    return entry.kind == "file" and (entry.size, entry.mtime_ns) == (recorded.size, recorded.mtime_ns)


def _facts(entry: Entry, source: Path, settings: Settings) -> Facts:
    if entry.kind == "folder":
        return Facts("other", None, FileStatus.UNREADABLE, "the folder may not be read")
    if entry.kind in ("link", "special"):
        return Facts(entry.kind, None, FileStatus.IGNORED, entry.kind)
    return facts_of(real_path(source, entry.path), entry.path, settings.reading)


# ---------------------------------------------------------------- entries among each other


def _marked_duplicates(found: Iterable[SourceFile]) -> list[SourceFile]:
    first: dict[str | None, str] = {}
    marked = []
    for file in found:
        if file.status == FileStatus.OK:
            original = first.setdefault(file.sha256, file.path)
            if original != file.path:
                file = replace(file, status=FileStatus.DUPLICATE, reason=None, duplicate_of=original)
        marked.append(file)
    return marked


def _without_sample(found: list[SourceFile]) -> list[SourceFile]:
    """Leave out the shipped sample when the folder holds scans of the user's own."""
    own = any(file.status == FileStatus.OK and not _is_sample(file) for file in found)
    if not own:
        return found
    return [
        replace(file, status=FileStatus.IGNORED, reason=_SAMPLE)
        if _is_sample(file) and file.status == FileStatus.OK
        else file
        for file in found
    ]


def _is_sample(file: SourceFile) -> bool:
    return file.path.startswith(f"{SAMPLE_FOLDER}/")


# ---------------------------------------------------------------- storing


def _store(db: Database, root: str, found: list[SourceFile], recorded: Mapping[str, SourceFile]) -> int:
    """Record what changed and return how many entries did."""
    changed = [file for file in found if _differs(file, recorded.get(file.path))]
    vanished = _vanished(found, recorded)
    if not changed and not vanished:
        return 0
    with immediate(db):
        for file in changed:
            files.record_file(db, root, file)
        files.mark_gone(db, root, vanished)
        _settle_pairs(db, {**{file.path: file for file in changed}, **dict.fromkeys(vanished)})
    return len(changed) + len(vanished)


def _differs(file: SourceFile, recorded: SourceFile | None) -> bool:
    return recorded is None or replace(recorded, file_id=None) != replace(file, file_id=None)


def _vanished(found: Iterable[SourceFile], recorded: Mapping[str, SourceFile]) -> list[str]:
    present = {file.path for file in found}
    return [path for path, file in recorded.items() if path not in present and file.status != FileStatus.GONE]


def _settle_pairs(db: Database, changed: Mapping[str, SourceFile | None]) -> None:
    """Set aside the undecided pairs of sources that went (None), and put back those of sources that returned."""
    waiting = {key for reason in (_SAMPLE, _GONE) for key in pairs.set_aside_keys(db, reason)}
    for page in [page for page in pages.current_pages(db) if page.source in changed and page.origin == "scan"]:
        file = changed[page.source]
        keys = [pair.pair_key for pair in pairs.pairs_of_page(db, page.page_id)]
        if file is None or file.reason == _SAMPLE:
            pairs.set_aside(db, keys, _GONE if file is None else _SAMPLE)
        elif file.status == FileStatus.OK:
            pairs.restore(db, waiting.intersection(keys))
