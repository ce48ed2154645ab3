"""Plots of a report as inline SVG: bars beside numbers, columns over bins. Every text is escaped.

Colours are classes of exports/report.css, so that they follow light and dark.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

WIDTH, HEIGHT = 640, 180
_LEFT, _TOP, _FOOT = 44, 14, 26
_STEPS = (1, 2, 3, 4, 6, 8, 10)


def bar(parts: Sequence[tuple[str, int]], largest: int) -> str:
    """A horizontal bar of (class, count) parts; `largest` fills the width."""
    rects, x = [], 0.0
    for name, count in parts:
        width = 100 * count / largest if largest else 0.0
        if width:
            rects.append(f'<rect class="{escape(name)}" x="{x:.2f}" y="0" width="{width:.2f}" height="10"/>')
        x += width
    return f'<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">{"".join(rects)}</svg>'


def columns(bins: Sequence[tuple[str, Mapping[str, int]]], parts: Sequence[str], label: str) -> str:
    """Stacked columns: a bin's name below its column, its sum above it, grid lines at round numbers."""
    largest = max((sum(counts[part] for part in parts) for _, counts in bins), default=0)
    top = _round_up(largest)
    step = (WIDTH - _LEFT) / max(len(bins), 1)
    drawn = [_column(name, counts, parts, _LEFT + place * step, step, top) for place, (name, counts) in enumerate(bins)]
    return (
        f'<svg class="columns" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(label)}">'
        f"{_grid(top)}{''.join(drawn)}</svg>"
    )


def _round_up(count: int) -> int:
    """The next number with one digit before its noughts that can be halved into a round one."""
    power = 1
    while True:
        for step in _STEPS:
            if step * power >= count:
                return step * power
        power *= 10


def _y(count: float, top: int) -> float:
    return _TOP + (HEIGHT - _TOP - _FOOT) * (1 - count / top)


def _grid(top: int) -> str:
    lines = []
    for count in sorted({0, top / 2, top}):
        y = _y(count, top)
        lines.append(
            f'<line class="grid" x1="{_LEFT}" y1="{y:.1f}" x2="{WIDTH}" y2="{y:.1f}"/>'
            f'<text class="tick" x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{count:,g}</text>'
        )
    return "".join(lines)


def _column(name: str, counts: Mapping[str, int], parts: Sequence[str], x: float, step: float, top: int) -> str:
    middle, below, drawn = x + step / 2, 0, []
    for part in parts:
        count = counts[part]
        high, low = _y(below + count, top), _y(below, top)
        below += count
        if count:
            drawn.append(
                f'<rect class="{escape(part)}" x="{x + step * 0.15:.1f}" y="{high:.1f}" width="{step * 0.7:.1f}" '
                f'height="{low - high:.1f}"/>'
            )
    drawn.append(f'<text x="{middle:.1f}" y="{_y(below, top) - 4:.1f}" text-anchor="middle">{below:,}</text>')
    drawn.append(f'<text class="tick" x="{middle:.1f}" y="{HEIGHT - 8}" text-anchor="middle">{escape(name)}</text>')
    return "".join(drawn)
