"""Read a page's words again as a reviewer turned it; the pairs of the page are then due for their checks again."""

from __future__ import annotations

import time

from pipeline.errors import PipelineError
from pipeline.images import ImageError, decode_image
from pipeline.ocr import READER, NothingReadError, PageReading, read_page
from pipeline.workspace import Workspace
from review_db.connection import Database, immediate
from review_db.pages import page_by_id
from review_db.pairs import forget_checks
from review_db.records import Page
from review_db.words import save_words, turns_read


def turned_by_hand(page: Page | None) -> int | None:
    """Quarter turns counter-clockwise, as the reader counts them, where a reviewer gave them; else None."""
    return None if page is None or page.rotation is None else -page.rotation % 4


def read_as_turned(db: Database, workspace: Workspace, page_id: str) -> bool:
    """Read the words of a page that was read turned another way than its reviewer says; whether that was needed.

    Raises PipelineError when the image cannot be read.
    """
    page = page_by_id(db, page_id)
    if page.rotation is None or not page.image_path or turns_read(db, page) == page.rotation % 4:
        return False
    started = time.monotonic()
    try:
        image = decode_image(workspace.cache / page.image_path, max_megapixels=float("inf"))
        reading = read_page(image, turned=turned_by_hand(page))
    except NothingReadError:
        reading = PageReading([], -page.rotation % 4)
    except (ImageError, OSError) as error:
        raise PipelineError(f"the image of {page_id} cannot be read: {error}", "run `manualqa prepare`") from error
    with immediate(db):
        seconds = time.monotonic() - started
        save_words(db, str(page.image_sha256), READER, reading.words, seconds, reading.rotation)
        forget_checks(db, page_id)
    return True
