"""Everything that a release becomes on the Hub, by path: its own files, the table with images, the list of it all."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from exports import hub_card, verify
from exports.errors import NoReleaseError
from exports.hub import LocalFile
from exports.hub_rows import FOLDER, SplitFacts, write_tables
from exports.images import sha256_of
from exports.manifest import read_manifest

LIST = "manualqa.json"
"""What we published, kept on the Hub beside it: which files are ours, and of which release."""
FORMAT = "manualqa published 1"
TABLES_AGAIN = "formats/parquet/"
"""The release's own tables, which stay here: those in FOLDER hold the same pairs with the same images."""


@dataclass(frozen=True, slots=True)
class SoundRelease:
    """A release folder whose every byte is as it was exported."""

    folder: Path
    manifest: Mapping[str, Any]
    sha256: str

    @property
    def tag(self) -> str:
        """A name that this content alone has: the day of its last decision and a piece of its hash."""
        decided = str((self.manifest.get("last_decision") or {}).get("at") or "")[:10]
        return "-".join(part for part in ("release", decided, self.sha256[:8]) if part)

    @property
    def with_status(self) -> bool:
        """Whether undecided pairs are in it, each marked."""
        return self.manifest.get("include") == "all"

    @property
    def card(self) -> str:
        """The release's own card."""
        return (self.folder / hub_card.NAME).read_text("utf-8")


@dataclass(frozen=True, slots=True)
class PublishedList:
    """What LIST says: whose release it is, path -> sha256 of our files (neither it nor the card), what splits hold."""

    release: str
    files: Mapping[str, str]
    splits: Mapping[str, SplitFacts]
    data_bytes: int

    def tables(self) -> dict[str, str]:
        """The tables among the files: path -> sha256."""
        return {path: sha256 for path, sha256 in self.files.items() if path.startswith(f"{FOLDER}/")}

    def text(self) -> bytes:
        """As it is stored."""
        splits = {name: asdict(split) for name, split in self.splits.items()}
        content = {"format": FORMAT, "release": self.release, "splits": splits, "data_bytes": self.data_bytes}
        return (json.dumps(content | {"files": dict(sorted(self.files.items()))}, indent=1) + "\n").encode()

    @classmethod
    def read(cls, raw: bytes) -> PublishedList | None:
        """A list that we once wrote, or None for anything else."""
        try:
            content = json.loads(raw)
            if content["format"] != FORMAT:
                return None
            splits = {name: SplitFacts(int(of["rows"]), int(of["bytes"])) for name, of in content["splits"].items()}
            files = {str(path): str(sha256) for path, sha256 in content["files"].items()}
            return cls(str(content["release"]), files, splits, int(content["data_bytes"]))
        except (ValueError, KeyError, TypeError, AttributeError):
            return None


def sound_release(folder: Path) -> SoundRelease:
    """The release in `folder`. Raises NoReleaseError when a file is not as it was exported."""
    altered = verify.verify(folder)
    if altered:
        named = ", ".join(altered[:5])
        raise NoReleaseError(
            f"{folder} is not as it was exported: {named}", "`manualqa export` makes a new one; it goes out instead"
        )
    read = read_manifest((folder / verify.MANIFEST).read_bytes())
    return SoundRelease(folder, read.content, read.sha256)


def own_files(release: SoundRelease) -> dict[str, LocalFile]:
    """Path on the Hub -> file of the release folder, all but its card and a second set of tables."""
    files = {
        entry["path"]: LocalFile(int(entry["bytes"]), str(entry["sha256"]), release.folder / entry["path"])
        for entry in release.manifest["files"]
        if entry["path"] != hub_card.NAME and not entry["path"].startswith(TABLES_AGAIN)
    }
    manifest = release.folder / verify.MANIFEST
    return files | {verify.MANIFEST: LocalFile(manifest.stat().st_size, release.sha256, manifest)}


def tables_of(release: SoundRelease, work: Path) -> tuple[dict[str, LocalFile], dict[str, SplitFacts]]:
    """Path on the Hub -> table, and what the splits hold; made below `work` unless an earlier attempt did."""
    tables = work / release.sha256[:16]
    splits = _tables(release, tables)
    return {f"{FOLDER}/{file.name}": _local(file) for file in sorted((tables / FOLDER).iterdir())}, splits


def _local(file: Path) -> LocalFile:
    return LocalFile(file.stat().st_size, sha256_of(file), file)


def _tables(release: SoundRelease, tables: Path) -> dict[str, SplitFacts]:
    """Make the tables whole or not at all; those that an earlier attempt finished are taken as they are."""
    facts = tables / "splits.json"
    if not facts.is_file():
        for other in tables.parent.glob("[!.]*"):
            shutil.rmtree(other, ignore_errors=True)
        unfinished = tables.with_name(f".{tables.name}.{os.getpid()}")
        shutil.rmtree(unfinished, ignore_errors=True)
        splits = write_tables(release.folder, unfinished, with_status=release.with_status)
        content = {name: asdict(split) for name, split in splits.items()}
        (unfinished / facts.name).write_text(json.dumps(content), "utf-8")
        unfinished.rename(tables)
    return {name: SplitFacts(**split) for name, split in json.loads(facts.read_text("utf-8")).items()}
