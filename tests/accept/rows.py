"""What every module of the acceptance table shares: the shape of a row and the way to a page's words.

Each of reading, classification, index, coverage, spec_sheets, evidence and duplicates has one entry,
`rows(corpus: Path, words_by_page: WordsByPage) -> Sequence[tuple[name, value, goal]]`.
"""

from collections.abc import Callable
from typing import NamedTuple

from review_db.records import Word

WordsByPage = Callable[[str], list[Word]]
"""Words in reading order of one page, named by its path below the corpus ("data_src/…" or "public/…") or below
the corpus's data_src, as truth.jsonl does."""


class Row(NamedTuple):
    """One line of the table. `goal` is a least value (0.95), or text with its own sign ("<= 0")."""

    name: str
    value: float
    goal: float | str

    @property
    def passed(self) -> bool:
        """Whether the value reaches its goal."""
        sign, bound = self._bound()
        return self.value <= bound if sign == "<=" else self.value >= bound

    def __str__(self) -> str:
        sign, bound = self._bound()
        mark = "ok  " if self.passed else "MISS"
        return f"{mark}  {self.value:>7.3f}  {sign} {bound:<6g}  {self.name}"

    def _bound(self) -> tuple[str, float]:
        if not isinstance(self.goal, str):
            return ">=", self.goal
        sign, _, number = self.goal.partition(" ")
        return sign, float(number)
