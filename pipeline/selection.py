"""Which part of the source folder a command works on."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import PurePosixPath


@dataclass(frozen=True, slots=True)
class Selection:
    """A pattern for the section folder's name (`21*`), a page, both or neither: nothing named selects all."""

    section_glob: str | None = None
    page_id: str | None = None

    def takes_source(self, source: str) -> bool:
        """Tell whether a file belongs to the section: one of the folders on its path has a matching name."""
        if self.section_glob is None:
            return True
        return any(fnmatchcase(folder, self.section_glob) for folder in PurePosixPath(source).parts[:-1])

    def matches(self, page_id: str, source: str) -> bool:
        """Tell whether a page, known by its id and its file's path, is selected."""
        return self.page_id in (None, page_id) and self.takes_source(source)
