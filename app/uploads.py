"""Put a scan that a person uploads into the source folder: whole or not at all, over no other file, nowhere else."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import unicodedata
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from PIL import Image

MEGABYTE = 1_000_000
CHUNK = 1 << 20
LONGEST_NAME = 120
SAMPLE_FOLDER = "sample-manual"
KINDS = {
    **dict.fromkeys((".jpg", ".jpeg", ".jpe", ".png", ".tif", ".tiff", ".webp", ".bmp", ".gif"), "image"),
    ".pdf": "pdf",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
}
"""What is taken, by the ending of its name."""

LARGEST_MEGABYTES = {"image": 100, "pdf": 500, "html": 5}
IMAGE_FORMATS = ("JPEG", "PNG", "TIFF", "WEBP", "BMP", "GIF")
_NOT_IN_NAMES = re.compile(r'[<>:"|?*]')
_FOLDER_FLAGS = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_NEW_FILE_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


class UploadRefusedError(Exception):
    """A file was not taken; the message is one sentence, `hint` says what to do."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


def add_scan(source: Path, folder: str, name: str, content: BinaryIO, *, most_megapixels: float) -> str:
    """Store an uploaded file below `source`, in `folder` (empty: at its top); its path relative to `source`.

    The same file once more changes nothing. Raises UploadRefusedError, also when the disk refuses.
    """
    name, folder = clean_name(name), _clean_folder(folder)
    _check_content(name, content, most_megapixels)
    try:
        with _opened_folder(source, folder) as descriptor:
            _store(descriptor, name, content)
    except OSError as error:
        raise UploadRefusedError(
            f"{name} could not be stored: {error.strerror}", "free space on the disk, or allow writing to the folder"
        ) from error
    return f"{folder}/{name}" if folder else name


def clean_name(name: str) -> str:
    """The last part of a path as a name that every file system takes, its ending kept. Raises UploadRefusedError."""
    plain = _plain(re.split(r"[/\\]", name)[-1])
    path = PurePosixPath(plain)
    stem, suffix = path.stem.strip(" ."), path.suffix
    if not stem or suffix.lower() not in KINDS:
        raise UploadRefusedError(
            f"{plain or 'a file without a name'} is no scan", "JPEG, PNG, TIFF, WebP, BMP, GIF, PDF and HTML are read"
        )
    return _shortened(stem, LONGEST_NAME - len(suffix)) + suffix


def _clean_folder(folder: str) -> str:
    """One folder's name; separators become dashes, so it cannot lead anywhere else."""
    name = _shortened(re.sub(r"[/\\]", "-", _plain(folder)).strip(" ."), LONGEST_NAME)
    if name.lower() == SAMPLE_FOLDER:
        raise UploadRefusedError(
            f"the folder {SAMPLE_FOLDER} belongs to the sample", "name another folder, like 21 - Clutch"
        )
    return name


def _plain(text: str) -> str:
    printable = "".join(c for c in unicodedata.normalize("NFC", text) if c.isprintable())
    return _NOT_IN_NAMES.sub("_", printable).strip()


def _shortened(text: str, longest: int) -> str:
    """At most so many bytes of UTF-8, the measure by which file systems count."""
    return text.encode()[:longest].decode("utf-8", "ignore").rstrip(" .")


# ---------------------------------------------------------------- what is in it


def _check_content(name: str, content: BinaryIO, most_megapixels: float) -> None:
    kind = KINDS[PurePosixPath(name).suffix.lower()]
    size = content.seek(0, os.SEEK_END)
    if not size:
        raise UploadRefusedError(f"{name} is empty", "copy it from the scanner again")
    if size > LARGEST_MEGABYTES[kind] * MEGABYTE:
        raise UploadRefusedError(
            f"{name} is larger than {LARGEST_MEGABYTES[kind]} MB", "split it, or put it into the source folder by hand"
        )
    content.seek(0)
    head = content.read(1024)
    content.seek(0)
    if kind == "image":
        _check_image(name, content, most_megapixels)
    elif not (b"%PDF-" in head if kind == "pdf" else head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<")):
        raise UploadRefusedError(f"the content of {name} is no {kind.upper()}", "give it the ending of what it is")
    content.seek(0)


def _check_image(name: str, content: BinaryIO, most_megapixels: float) -> None:
    """Read its first bytes only; whether the rest is whole shows when it is read."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            width, height = Image.open(content, formats=IMAGE_FORMATS).size
    except Image.DecompressionBombError:
        width = height = 1_000_000
    except (OSError, ValueError, SyntaxError) as error:
        raise UploadRefusedError(
            f"the content of {name} is no image", "open it in an image viewer and save it as JPEG or PNG"
        ) from error
    if width * height > most_megapixels * 1_000_000:
        raise UploadRefusedError(f"{name} has more than {most_megapixels:g} megapixels", "scan it at 300 dpi or less")


# ---------------------------------------------------------------- storing


@contextmanager
def _opened_folder(source: Path, name: str) -> Iterator[int]:
    """A descriptor of the folder, made where new; one that is a link is refused, so nothing lands elsewhere."""
    source.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(source, _FOLDER_FLAGS)
    try:
        if name:
            with suppress(FileExistsError):
                os.mkdir(name, dir_fd=descriptor)
            outer, descriptor = descriptor, _open_inside(descriptor, name)
            os.close(outer)
        yield descriptor
    finally:
        os.close(descriptor)


def _open_inside(parent: int, name: str) -> int:
    try:
        return os.open(name, _FOLDER_FLAGS | os.O_NOFOLLOW, dir_fd=parent)
    except OSError as error:
        raise UploadRefusedError(f"{name} is a link or a file, no folder", "name another folder") from error


def _store(folder: int, name: str, content: BinaryIO) -> None:
    """Write beside, then give it its name in one step that fails where the name is taken."""
    unfinished = f".upload-{secrets.token_hex(8)}"  # a dot file: a run that comes by leaves it alone
    try:
        with os.fdopen(os.open(unfinished, _NEW_FILE_FLAGS, 0o644, dir_fd=folder), "wb") as file:
            shutil.copyfileobj(content, file, CHUNK)
            file.flush()
            os.fsync(file.fileno())
        _name(folder, unfinished, name)
        os.fsync(folder)
    except FileExistsError as error:
        if not _is_same(folder, name, content):
            raise UploadRefusedError(
                f"there already is another file called {name}", "give yours another name; nothing is overwritten"
            ) from error
    finally:
        with suppress(FileNotFoundError):
            os.unlink(unfinished, dir_fd=folder)


def _name(folder: int, unfinished: str, name: str) -> None:
    try:
        os.link(unfinished, name, src_dir_fd=folder, dst_dir_fd=folder, follow_symlinks=False)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links: take the name first, then fill it
        os.close(os.open(name, _NEW_FILE_FLAGS, 0o644, dir_fd=folder))
        os.replace(unfinished, name, src_dir_fd=folder, dst_dir_fd=folder)


def _is_same(folder: int, name: str, content: BinaryIO) -> bool:
    """Whether the regular file of this name holds the same bytes."""
    try:
        descriptor = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder)
    except OSError:
        return False
    content.seek(0)
    with os.fdopen(descriptor, "rb") as stored:
        while block := stored.read(CHUNK):
            if block != content.read(CHUNK):
                return False
    return not content.read(1)
