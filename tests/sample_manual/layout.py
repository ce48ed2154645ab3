"""The printed furniture of the service manual: page heads, picture-and-text columns, index lists, grids."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from tests.sample_manual.ink import Style, word_width
from tests.sample_manual.photo import HEIGHT, WIDTH, Photo
from tests.sample_manual.sheet import Point, Sheet
from tests.sample_manual.truth import Row

TITLE = Style(50, 4.0, tracking=3.4)
BODY = Style(13.6, 0.45, tracking=0.4)
ITALIC = Style(13.5, 0.12, slant=0.21, tracking=0.25)
HEAD = Style(13.8, 0.6, tracking=0.9)
SMALL = Style(11.6, 0.2, tracking=0.7)
PAGE_NUMBER = Style(30, 2.0, tracking=1.6)
CALLOUT = Style(19, 1.3)
PITCH = 15.0

FIGURE_X = (14.0, 611.0)
TEXT_X = (315.0, 910.0)
TEXT_WIDTH = 276.0


class Mark(NamedTuple):
    """A callout or tool number in a picture, at (x, y) with a leader to the part; in picture coordinates."""

    text: str
    x: float
    y: float
    to: Point | None = None


class Panel(NamedTuple):
    """A picture and the text beside it, in one of the two pairs of columns.

    A text line that starts with "_" is set in italics; a tab parts a name from its value; a line
    "1. ..." hangs from its number.
    """

    column: int
    top: float
    lines: Sequence[str]
    picture: Callable[[Photo], None] | None = None
    plate: str = ""
    marks: Sequence[Mark] = ()
    heading: tuple[str, str, str] | None = None
    backdrop: int = 45


def page_head(sheet: Sheet, number: str) -> None:
    """The page number in the middle and the printer's corner marks."""
    sheet.text(600, 34, number, PAGE_NUMBER, "m")
    for x, y in ((308, 40), (590, 41), (908, 43), (1188, 46), (1184, 900)):
        sheet.line([(x, y + 5), (x, y), (x + 5, y)], 0.7, 90)


def draw_panel(sheet: Sheet, panel: Panel) -> None:
    """A picture with its plate number and marks, and the text to its right."""
    if panel.picture:
        _picture(sheet, panel)
    x, y = TEXT_X[panel.column], panel.top + 16
    if panel.heading:
        y = _heading(sheet, x, y, panel.heading)
    text_block(sheet, x, y, TEXT_WIDTH, panel.lines)


def _heading(sheet: Sheet, x: float, y: float, heading: tuple[str, str, str]) -> float:
    code, title, remark = heading
    sheet.text(x, y, code, BODY)
    y = sheet.paragraph(x + 75, y, TEXT_WIDTH - 70, title, HEAD, PITCH)
    if remark:
        sheet.text(x + 75, y, remark, BODY)
        y += PITCH
    return y + PITCH


def text_block(sheet: Sheet, x: float, y: float, width: float, lines: Sequence[str]) -> float:
    """Set the lines of a panel and return the baseline after them."""
    for line in lines:
        if "\t" in line:
            name, value = line.split("\t")
            sheet.text(x, y, name, BODY)
            y = sheet.paragraph(x + 96, y, width - 96, value, BODY, PITCH)
        elif line[:1].isdigit() and line[1:3] == ". ":
            sheet.text(x, y, line[:2], BODY)
            y = sheet.paragraph(x + 22, y, width - 22, line[3:], BODY, PITCH)
        else:
            style = ITALIC if line.startswith("_") else BODY
            y = sheet.paragraph(x, y, width, line.removeprefix("_"), style, PITCH)
    return y


def _picture(sheet: Sheet, panel: Panel) -> None:
    left, top = FIGURE_X[panel.column], panel.top
    photo = Photo(seed=sum(map(ord, panel.plate)), backdrop=panel.backdrop, scale=sheet.scale)
    if panel.picture:
        panel.picture(photo)
    sheet.paste(photo.developed(), left, top)
    _plate(sheet, left + WIDTH, top + HEIGHT, panel.plate)
    for mark in panel.marks:
        draw_mark(sheet, mark, left, top)


def _plate(sheet: Sheet, right: float, bottom: float, number: str) -> None:
    """The archive number of the picture in its white window."""
    width = sum(word_width(w, SMALL) + 5 for w in number.split())
    sheet.rect((right - width - 7, bottom - 15, right - 2, bottom - 2), 0.6, 255)
    sheet.text(right - 5, bottom - 4.5, number, SMALL, "r")


def draw_mark(sheet: Sheet, mark: Mark, left: float = 0, top: float = 0) -> None:
    """A circled callout, or a tool number in a white window, with its leader."""
    x, y = left + mark.x, top + mark.y
    if mark.to:
        target = (left + mark.to[0], top + mark.to[1])
        sheet.line([(x, y), target], 2.4, 255)
        sheet.line([(x, y), target], 1.0, 0)
    if len(mark.text) > 2:
        half = (word_width(mark.text.replace(" ", ""), SMALL) + 5 * mark.text.count(" ")) / 2 + 5
        sheet.rect((x - half, y - 9, x + half, y + 8), 0.8, 255)
        sheet.text(x, y + 4, mark.text, SMALL, "m")
    else:
        sheet.circle(x, y, 13, 1.0, 255)
        sheet.text(x, y + 7, mark.text, CALLOUT, "m")


def index_list(sheet: Sheet, top: float, rows: Sequence[Row], short: Sequence[bool]) -> None:
    """The list of an index page: repair code, dotted leader, page; `short` prints the last group only."""
    for i, (row, is_short) in enumerate(zip(rows, short, strict=True)):
        y = top + i * PITCH
        sheet.text(370, y, row.code[-3:] if is_short else row.code, BODY, "r")
        title = row.title.replace(" - ", " — ")
        end = sheet.text(385, y, title, BODY) + 8
        while end < 845:
            sheet.rect((end, y - 1.6, end + 1.5, y - 0.1), 0, 0)
            end += 7.6
        sheet.text(858, y, row.page.replace("-", " - ") if row.page[0].isdigit() else row.page, BODY)


def grid(sheet: Sheet, xs: Sequence[float], ys: Sequence[float], width: float = 1.6) -> None:
    """Rules of a table: verticals at xs, horizontals at ys."""
    for x in xs:
        sheet.line([(x, ys[0]), (x, ys[-1])], width)
    for y in ys:
        sheet.line([(xs[0], y), (xs[-1], y)], width)


def footnote(sheet: Sheet, column: int, text: str) -> None:
    """The line at the foot of a text column."""
    sheet.text(TEXT_X[column], 896, text, BODY)
