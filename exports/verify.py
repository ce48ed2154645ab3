"""Tell whether a release folder is still what was exported, byte for byte."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from exports.errors import NoReleaseError
from exports.images import sha256_of
from exports.manifest import NAME, read_manifest

MANIFEST = NAME


def verify(folder: Path) -> list[str]:
    """The relative POSIX path of each file that was altered, is missing or was added, in order; empty if all is well.

    An altered manifest is named alone: nothing it says of the others can be trusted. Raises NoReleaseError where the
    folder is none.
    """
    if not folder.is_dir():
        raise NoReleaseError(f"there is no folder {folder}", "name a release folder, e.g. exports/latest")
    manifest = folder / MANIFEST
    if manifest.is_symlink() or not manifest.is_file():
        return [MANIFEST]
    read = read_manifest(manifest.read_bytes())
    if not read.is_sealed:
        return [MANIFEST]
    listed = {entry["path"]: entry for entry in read.content["files"]}
    may_link = read.content["settings"]["image_mode"] == "relative"
    altered = {path for path, entry in listed.items() if not _is_unaltered(folder / path, entry, may_link)}
    extra = set(_entries(folder)) - listed.keys() - {MANIFEST}
    return sorted(altered | extra)


def _is_unaltered(file: Path, entry: Mapping[str, Any], may_link: bool) -> bool:
    try:
        if (file.is_symlink() and not may_link) or not file.is_file() or file.stat().st_size != entry["bytes"]:
            return False
        return sha256_of(file) == str(entry["sha256"])
    except OSError:
        return False


def _entries(folder: Path) -> Iterator[str]:
    """Every file, link and empty folder below `folder`."""
    for parent, folders, files in os.walk(folder):
        links = [name for name in folders if (Path(parent) / name).is_symlink()]
        found = [*files, *links] or ([] if folders or Path(parent) == folder else ["."])
        for name in found:
            yield os.path.normpath(Path(parent).relative_to(folder) / name).replace(os.sep, "/")
