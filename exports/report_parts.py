"""Pieces of a report's web page: tables, tables with bars, legends. All text that comes in is escaped here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape

from exports.report_plots import bar


def section(name: str, title: str, content: str) -> str:
    """A part of the page that the navigation can name."""
    return f'<section id="{name}">\n<h2>{escape(title)}</h2>\n{content}\n</section>\n'


def soft(text: str) -> str:
    """A paragraph that explains."""
    return f'<p class="soft">{escape(text)}</p>'


def tile(figure: str, label: str) -> str:
    """One figure in large type."""
    return f'<div class="tile"><b>{escape(figure)}</b><span>{escape(label)}</span></div>'


def legend(parts: Sequence[str]) -> str:
    """What the colours mean."""
    return (
        '<p class="legend">'
        + "".join(f'<span><i class="{escape(part)}"></i>{escape(worded(part))}</span>' for part in parts)
        + "</p>"
    )


def worded(part: str) -> str:
    """The name of a split, verdict or decision as people read it."""
    return part.replace("_", " ").capitalize()


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table; the first column is a name, the others are numbers."""
    heads = "".join(f'<th{_class(place)} scope="col">{escape(title)}</th>' for place, title in enumerate(head))
    lines = "".join(
        "<tr>" + "".join(f"<td{_class(place)}>{_cell(value)}</td>" for place, value in enumerate(row)) + "</tr>\n"
        for row in rows
    )
    opening = f'<div class="scroll"><table class="figures"><thead><tr>{heads}</tr></thead>'
    return f"{opening}\n<tbody>{lines}</tbody></table></div>"


def bar_table(
    title: str, rows: Mapping[str, Mapping[str, int]], parts: Sequence[str], *, alike: bool = False, sums: bool = True
) -> str:
    """A row a value: its name, a bar, the count of each part, and with `sums` their sum.

    Bars are as long as the counts; where `alike`, all fill the width and show shares.
    """
    largest = max((_sum(counts, parts) for counts in rows.values()), default=0)
    heads = [*map(worded, parts), *(["All"] if sums else [])]
    head = "".join(f'<th class="number" scope="col">{escape(name)}</th>' for name in heads)
    lines = [_bar_row(name, counts, parts, largest, alike, sums) for name, counts in rows.items()]
    return (
        f'<div class="scroll"><table><thead><tr><th scope="col">{escape(title)}</th><th class="plot"></th>{head}</tr>'
        f"</thead>\n<tbody>{''.join(lines)}</tbody></table></div>"
    )


def _bar_row(name: str, counts: Mapping[str, int], parts: Sequence[str], largest: int, alike: bool, sums: bool) -> str:
    total = _sum(counts, parts)
    drawn = bar([(part, counts[part]) for part in parts], total if alike else largest)
    figures = [counts[part] for part in parts] + ([total] if sums else [])
    cells = "".join(f'<td class="number">{figure:,}</td>' for figure in figures)
    return f'<tr><td class="name">{escape(name)}</td><td class="plot">{drawn}</td>{cells}</tr>\n'


def _sum(counts: Mapping[str, int], parts: Sequence[str]) -> int:
    return sum(counts[part] for part in parts)


def _class(place: int) -> str:
    return ' class="number"' if place else ' class="name"'


def _cell(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else escape(str(value))
