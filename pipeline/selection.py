"""Which part of the source folder a command works on."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import PurePosixPath


@dataclass(frozen=True, slots=True)
class Selection:
    """A pattern for the section folder's name (`21*`), a page, names of section folders: what is not given selects all.

    `sections` are names as they are, which may hold the signs of a pattern.
    """

    section_glob: str | None = None
    page_id: str | None = None
    sections: frozenset[str] = frozenset()

    def takes_source(self, source: str) -> bool:
        """Tell whether a file belongs to the section: a folder on its path has a matching name."""
        folders = PurePosixPath(source).parts[:-1]
        if self.sections and self.sections.isdisjoint(folders):
            return False
        return self.section_glob is None or any(fnmatchcase(folder, self.section_glob) for folder in folders)

    def matches(self, page_id: str, source: str) -> bool:
        """Tell whether a page, known by its id and its file's path, is selected."""
        return self.page_id in (None, page_id) and self.takes_source(source)
