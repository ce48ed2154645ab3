"""Tell whether a release folder is still what was exported, byte for byte."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from exports.errors import NoReleaseError
from exports.images import sha256_of
from exports.manifest import NAME, read_manifest

MANIFEST = NAME


ALTERED, MISSING, EXTRA = "altered", "missing", "extra"


def verify(folder: Path) -> list[str]:
    """The relative POSIX path of each file that was altered, is missing or was added, in order; none if all is well."""
    return list(alterations(folder))


def alterations(folder: Path) -> dict[str, str]:
    """Relative POSIX path -> altered, missing or extra, for each file that is not as it was exported, in order.

    An altered manifest is named alone: nothing it says of the others can be trusted. Raises NoReleaseError where the
    folder is none.
    """
    if not folder.is_dir():
        raise NoReleaseError(f"there is no folder {folder}", "name a release folder, e.g. exports/latest")
    manifest = folder / MANIFEST
    if manifest.is_symlink() or not manifest.is_file():
        return {MANIFEST: ALTERED if manifest.is_symlink() or manifest.exists() else MISSING}
    read = read_manifest(manifest.read_bytes())
    if not read.is_sealed:
        return {MANIFEST: ALTERED}
    listed = _listed(read.content)
    found = dict.fromkeys(set(_entries(folder)) - listed.keys() - {MANIFEST}, EXTRA)
    for path in altered_among(folder, read.content, listed):
        found[path] = ALTERED if os.path.lexists(folder / path) else MISSING
    return dict(sorted(found.items()))


def altered_among(folder: Path, manifest: Mapping[str, Any], paths: Iterable[str]) -> list[str]:
    """Those of `paths` that the manifest lists and that are missing or not the bytes it says, in order."""
    listed = _listed(manifest)
    may_link = manifest["settings"]["image_mode"] == "relative"
    wanted = sorted(set(paths) & listed.keys())
    return [path for path in wanted if not _is_unaltered(folder / path, listed[path], may_link)]


def _listed(manifest: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {entry["path"]: entry for entry in manifest["files"]}


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
