"""Write a folder whole or not at all: under a name that starts with a dot, made durable, then renamed.

A folder is locked while it is being written; one that nobody holds was left by a killed export and is removed by the
next. Whatever instant the process dies at, the target is absent (or the empty folder it was) or complete.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import io
import os
import shutil
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BufferedReader
from pathlib import Path
from typing import Any, BinaryIO, cast

from exports.errors import ExportError, TargetError

try:
    import fcntl
except ImportError:  # without file locks two exports at once to one folder are the user's own care
    fcntl = None  # type: ignore[assignment]

UNFINISHED = ".manualqa-unfinished"
CHUNK = 1 << 20
NO_HARD_LINKS = (errno.EPERM, errno.EXDEV, errno.EMLINK, errno.ENOTSUP, errno.ENOSYS)


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """A finished file of the release: POSIX path in it, size in bytes, sha256; a link counts as what it points to."""

    path: str
    size: int
    sha256: str


@dataclass(slots=True)
class ReleaseFolder:
    """A folder being written; its methods may be called from several threads."""

    root: Path
    files: dict[str, WrittenFile] = field(default_factory=dict)
    _guard: threading.Lock = field(default_factory=threading.Lock)

    def write(self, name: str, pieces: Iterable[str]) -> WrittenFile:
        """Write a UTF-8 text file from pieces."""
        return self._store(name, (piece.encode("utf-8") for piece in pieces))

    def copy(self, name: str, source: Path, sha256: str | None = None) -> WrittenFile:
        """Copy a file's bytes. Raises ExportError if they are not those of `sha256`."""
        with _opened(source) as stream:
            written = self._store(name, iter(lambda: stream.read(CHUNK), b""))
        return _expected(written, source, sha256)

    def link(self, name: str, source: Path, sha256: str | None = None) -> WrittenFile:
        """Make a relative symbolic link, which holds while release and source keep their places to each other."""
        target = self._place(name)
        target.symlink_to(os.path.relpath(source.resolve(), target.parent.resolve()))
        with _opened(source) as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        return _expected(self._listed(WrittenFile(name, source.stat().st_size, digest)), source, sha256)

    def share(self, name: str, present: str) -> WrittenFile:
        """Give a file of this release a second name; where the disk knows no hard links, a second copy."""
        known, file = self.files[present], self.root / present
        if file.is_symlink():
            return self.link(name, file, known.sha256)
        try:
            os.link(file, self._place(name))
        except OSError as error:
            if error.errno not in NO_HARD_LINKS:
                raise
            return self.copy(name, file, known.sha256)
        return self._listed(WrittenFile(name, known.size, known.sha256))

    def store(self, name: str, content: bytes) -> WrittenFile:
        """Write a file of these bytes."""
        return self._store(name, [content])

    @contextmanager
    def stream(self, name: str) -> Iterator[BinaryIO]:
        """A new binary file to write to, for writers that want one; it is listed when the block ends."""
        with self._place(name).open("xb") as file:
            hashed = _HashingFile(file)
            yield cast(BinaryIO, hashed)
            file.flush()
            os.fsync(file.fileno())
        self._listed(WrittenFile(name, hashed.size, hashed.digest.hexdigest()))

    def _store(self, name: str, pieces: Iterable[bytes]) -> WrittenFile:
        with self.stream(name) as stream:
            for piece in pieces:
                stream.write(piece)
        return self.files[name]

    def _place(self, name: str) -> Path:
        target = self.root / name
        target.parent.mkdir(parents=True, exist_ok=True)
        return target

    def _listed(self, written: WrittenFile) -> WrittenFile:
        with self._guard:
            self.files[written.path] = written
        return written


class _HashingFile(io.RawIOBase):
    """A file for writing from start to end that counts and hashes what goes through; closing it is its owner's work."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__()
        self._file, self.digest, self.size = file, hashlib.sha256(), 0

    def writable(self) -> bool:
        return True

    def write(self, piece: Any) -> int:
        self._file.write(piece)
        self.digest.update(piece)
        self.size += memoryview(piece).nbytes
        return memoryview(piece).nbytes

    def tell(self) -> int:
        return self.size


def _opened(source: Path) -> BufferedReader:
    try:
        return source.open("rb")
    except OSError as error:
        raise ExportError(f"cannot read {source}: {error.strerror}", "run `manualqa run`, then export again") from error


def _expected(written: WrittenFile, source: Path, sha256: str | None) -> WrittenFile:
    if sha256 is not None and written.sha256 != sha256:
        raise ExportError(
            f"{source} has changed since it was read", "run `manualqa run`, review its pages, then export"
        )
    return written


@contextmanager
def whole_folder(target: Path, needed_bytes: int) -> Iterator[ReleaseFolder]:
    """Give a folder to write to that becomes `target` when the block ends, and vanishes when it raises.

    `target` must be new or empty. Raises TargetError where it is not, where it cannot be written, or where the disk
    has less than `needed_bytes` left.
    """
    unfinished = target.with_name(f".{target.name}{UNFINISHED}")
    try:
        _prepare(target, needed_bytes)
        _claim(unfinished, target)
        with _locked(unfinished) as held:
            if not held:
                raise _busy(target)
            try:
                folder = ReleaseFolder(unfinished)
                yield folder
                _make_durable(unfinished)
                unfinished.rename(target)
            except BaseException:
                shutil.rmtree(unfinished, ignore_errors=True)
                raise
            sync_folder(target.parent)
    except OSError as error:
        raise TargetError(f"cannot write {target}: {error.strerror or error}", _room(target, needed_bytes)) from error


def _claim(unfinished: Path, target: Path) -> None:
    try:
        unfinished.mkdir()
    except FileExistsError as error:
        raise _busy(target) from error


def _busy(target: Path) -> TargetError:
    return TargetError(f"another export is writing to {target}", "wait until it is done, then export again")


def refuse_taken(target: Path) -> None:
    """Raise TargetError unless `target` is new or an empty folder."""
    if target.exists() and not (target.is_dir() and not any(target.iterdir())):
        raise TargetError(f"{target} is there already and not empty", "name a new or empty folder with --out DIR")


def _prepare(target: Path, needed_bytes: int) -> None:
    refuse_taken(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    remove_unfinished(target.parent)
    if shutil.disk_usage(target.parent).free < needed_bytes:
        raise TargetError(f"too little room for {target}", _room(target, needed_bytes))


def _room(target: Path, needed_bytes: int) -> str:
    folder = next(parent for parent in target.parents if parent.exists())
    free = shutil.disk_usage(folder).free
    return (
        f"the release needs about {needed_bytes / 1e6:.0f} MB, {folder} has {free / 1e6:.0f} MB free; "
        "make room, check the permissions, or name another folder with --out DIR"
    )


def remove_unfinished(parent: Path) -> list[Path]:
    """Remove folders that killed exports left in `parent` and return them; those being written stay."""
    removed = []
    for folder in sorted(parent.glob(f".*{UNFINISHED}")) if parent.is_dir() else []:
        with contextlib.suppress(FileNotFoundError), _locked(folder) as abandoned:
            if abandoned:
                shutil.rmtree(folder, ignore_errors=True)
                removed.append(folder)
    return removed


@contextmanager
def _locked(folder: Path) -> Iterator[bool]:
    """Hold `folder` for this process; False if another process does, or has just removed it."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        if fcntl is not None:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        held = folder.exists()
    except BlockingIOError:
        held = False
    try:
        yield held
    finally:
        os.close(handle)


def _make_durable(root: Path) -> None:
    for folder, _, _ in os.walk(root, topdown=False):
        sync_folder(Path(folder))


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def point_to(link: Path, folder: Path) -> None:
    """Make the symbolic link `link` name `folder`, in one step: readers see the old or the new one, never none.

    Raises TargetError, which says where the folder lies all the same.
    """
    inside = folder.is_relative_to(link.parent)
    unfinished = link.with_name(f".{link.name}.unfinished")
    try:
        with _alone_in(link.parent):
            unfinished.unlink(missing_ok=True)
            unfinished.symlink_to(os.path.relpath(folder, link.parent) if inside else folder)
            unfinished.replace(link)
            sync_folder(link.parent)
    except OSError as error:
        raise TargetError(
            f"{folder} is complete, but {link} cannot point to it: {error.strerror or error}",
            f"remove {link} if it is no link, then export again",
        ) from error


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Wait until no other process is in this block for the same folder."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        if fcntl is not None:
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
