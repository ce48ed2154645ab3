"""Invented pages for the checks: lines of text put where a printer would put them."""

from review_db.records import Word

LETTER = 0.006
HEIGHT = 0.014


def printed(*lines: tuple[float, float, str], height: float = HEIGHT) -> list[Word]:
    """Words of a page; each line or cell is (left edge, top edge, text) in fractions of the page."""
    words = []
    for number, (left, top, text) in enumerate(lines):
        for piece in text.split():
            right = left + LETTER * len(piece)
            words.append(Word(piece, (left, top, right, top + height), 0.99, number))
            left = right + LETTER
    return words


def column(left: float, top: float, *texts: str) -> list[tuple[float, float, str]]:
    """Lines of running text below each other."""
    return [(left, top + 0.017 * number, text) for number, text in enumerate(texts)]


def table(top: float, *rows: tuple[str, ...], columns: tuple[float, ...] = (0.05, 0.45, 0.7, 0.8)):
    """Cells of a table, row by row; an empty text is an empty cell."""
    return [
        (left, top + 0.03 * number, text)
        for number, row in enumerate(rows)
        for left, text in zip(columns, row, strict=False)
        if text
    ]


def without_boxes(*lines: str) -> list[Word]:
    """Words of a text page or an HTML sheet, which has no image to mark."""
    return [
        Word(piece, (0.0, 0.0, 0.0, 0.0), 1.0, number) for number, text in enumerate(lines) for piece in text.split()
    ]
