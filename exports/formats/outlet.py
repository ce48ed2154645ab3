"""What a format is, and what it gets to write with: the plan, the options, and a folder of its own."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from exports.options import Options
from exports.plan import ReleasePlan
from exports.records import ReadyPair, json_line
from exports.splits import SPLITS
from exports.writer import ReleaseFolder

WITHOUT_IMAGE = "without_image"


@dataclass(frozen=True, slots=True)
class Outlet:
    """The folder formats/NAME/ of a release that is being written; the release's images are there already."""

    name: str
    plan: ReleasePlan
    options: Options
    release: ReleaseFolder

    def splits(self) -> list[str]:
        """The splits that hold pairs; loaders refuse an empty one."""
        return [split for split in SPLITS if any(True for _ in self.plan.of_split(split))]

    def text(self, file: str, pieces: Iterable[str]) -> None:
        """Write a UTF-8 text file of this format."""
        self.release.write(self._path(file), pieces)

    def lines(self, file: str, records: Iterable[object]) -> None:
        """Write one JSON record a line."""
        self.text(file, map(json_line, records))

    def json_list(self, file: str, records: Iterable[object]) -> None:
        """Write a JSON list with one record a line."""
        self.text(file, _list_pieces(records))

    def stream(self, file: str) -> AbstractContextManager[BinaryIO]:
        """A binary file of this format to write to."""
        return self.release.stream(self._path(file))

    def share(self, file: str, image: str) -> None:
        """Let `file` of this format be the same file as an image of the release."""
        self.release.share(self._path(file), image)

    def image(self, image: str) -> Path:
        """Where an image of the release lies while the release is being written."""
        return self.release.root / image

    def _path(self, file: str) -> str:
        return f"formats/{self.name}/{file}"


Write = Callable[[Outlet], Mapping[str, int]]
"""Write a format; returns how many pairs it left out because the format cannot hold them, by reason."""


def with_image(pairs: Iterable[ReadyPair]) -> Iterator[ReadyPair]:
    """The pairs that have an image."""
    return (ready for ready in pairs if ready.image)


def _list_pieces(records: Iterable[object]) -> Iterator[str]:
    opening = "[\n"
    for record in records:
        yield opening + json_line(record).rstrip("\n")
        opening = ",\n"
    yield "\n]\n" if opening != "[\n" else json.dumps([]) + "\n"
