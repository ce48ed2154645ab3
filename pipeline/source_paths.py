"""Paths of the source folder as they are stored and shown, the files they stand for, and a walk that stays inside."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path

_KINDS = {stat.S_IFREG: "file", stat.S_IFLNK: "link"}
_ESCAPED = re.compile(rb"\\x([0-9a-f]{2})")


@dataclass(frozen=True, slots=True)
class Entry:
    """What lies in the source folder and is no directory, or a folder that cannot be opened (its path ends in /)."""

    path: str
    kind: str
    """file, link, special or folder"""
    size: int
    mtime_ns: int


def shown_path(path: str) -> str:
    """Return a POSIX path as valid text: bytes that are no UTF-8 become \\xNN."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def real_path(source: Path, shown: str) -> Path:
    """Return the file below `source` that `shown` stands for."""
    literal = source / shown
    if "\\x" not in shown or os.path.lexists(literal):
        return literal
    raw = _ESCAPED.sub(lambda code: bytes([int(code[1], 16)]), shown.encode())
    return source / os.fsdecode(raw)


def walk(source: Path) -> Iterator[Entry]:
    """Yield every entry below `source`, folder by folder; links are named, never followed."""
    folders = [""]
    while folders:
        folder = folders.pop()
        try:
            found = _listed(source, folder)
        except OSError:
            yield Entry(shown_path(folder) + "/", "folder", 0, 0)
            continue
        for path, facts in found:
            if stat.S_ISDIR(facts.st_mode):
                folders.append(path)
            else:
                kind = _KINDS.get(stat.S_IFMT(facts.st_mode), "special")
                yield Entry(shown_path(path), kind, facts.st_size if kind == "file" else 0, facts.st_mtime_ns)


def _listed(source: Path, folder: str) -> list[tuple[str, os.stat_result]]:
    """Return (path below the source, facts) of a folder's entries; a folder that became a link is refused."""
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC | (os.O_NOFOLLOW if folder else 0)
    descriptor = os.open(source / folder, flags)
    try:
        with os.scandir(descriptor) as entries:
            names = sorted(entry.name for entry in entries)
        found = []
        for name in names:
            with suppress(FileNotFoundError):  # it went away between listing and looking
                facts = os.stat(name, dir_fd=descriptor, follow_symlinks=False)
                found.append((f"{folder}/{name}" if folder else name, facts))
        return found
    finally:
        os.close(descriptor)


@contextmanager
def opened(path: Path) -> Iterator[BufferedReader]:
    """Open a regular file for reading, never a link and never a pipe. Raises OSError."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError("not a regular file")
    except OSError:
        os.close(descriptor)
        raise
    with os.fdopen(descriptor, "rb") as file:
        yield file
