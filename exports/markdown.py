"""Put text of scans, models and people into Markdown so that it stays text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_ACTIVE = re.compile(r"([\\`*{}\[\]()<>!|~$&:@]|(?<!\w)_|_(?!\w)|^[#+-])")


def plain(text: object) -> str:
    """One line in which nothing is markup, link, image or mention."""
    return _ACTIVE.sub(r"\\\1", " ".join(str(text).split()))


def block(text: str) -> str:
    """A fenced block that `text` cannot close."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{text}\n{fence}\n"


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table; first column to the left, the others (numbers) to the right."""
    lines = ["| " + " | ".join(head) + " |", "|" + "|".join(["---"] + ["---:"] * (len(head) - 1)) + "|"]
    lines += ["| " + " | ".join(_cell(value) for value in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def _cell(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else plain(value)
