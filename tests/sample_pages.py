"""Pages of the sample manual in a database, prepared without reading them: their words are given by the test."""

import base64
import hashlib
import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PIL import Image

from pipeline import flow, settings
from pipeline.engines.choice import OpenEngine, Terms, opened_engine
from pipeline.engines.claude.images import SentImage, sent_images, upright_size
from pipeline.engines.claude.views import View, fitted
from pipeline.ocr import READER
from pipeline.page_ids import page_id_of
from pipeline.progress import Progress
from pipeline.settings import Settings
from pipeline.stage import StageSummary
from pipeline.workspace import Workspace
from review_db import files, pages, words
from review_db.connection import Database
from review_db.records import Page, PageClass, SourceFile
from tests.doubles.claude.answers import SAMPLE
from tests.pipeline.engines.drawn_page import drawn

SETTINGS = settings.load([])[0]
CLUTCH_INDEX, CLUTCH_DISC = "21 - Clutch/21-00-index-a.jpg", "21 - Clutch/21-03.jpg"
FUSES, COVER = ("1987 Tarn Electrical Troubleshooting Manual/" + name for name in ("0670-01.jpg", "00-00-cover.jpg"))


def a_sample_page(db: Database, workspace: Workspace, source: str, text: str = "", **page_class: Any) -> Page:
    """A prepared page of the sample over its own scan; classified only if a class is given."""
    sha256 = hashlib.sha256(source.encode()).hexdigest()
    page_id = page_id_of(source, None, SETTINGS.classification.section_pattern)
    file = SourceFile(source, "image", sha256, 1, 1, "ok", manual="sample")
    with Image.open(SAMPLE / source) as image:
        width, height = image.size
    version = pages.add_page_version(
        db, page_id=page_id, manual="sample", source=source, page_number=None, sort_key=source,
        file_id=files.record_file(db, str(workspace.source), file), identity=sha256, kind="image", image_sha256=sha256,
        image_path=str(SAMPLE / source), width=width, height=height, status="ok",
    )  # fmt: skip
    words.save_words(db, sha256, READER, drawn(text), 0.0)
    if page_class:
        known = {"source_type": "service_manual", "content_type": "procedure", "is_index": False, "confidence": 0.9}
        pages.save_class(db, version, PageClass("offline", **(known | page_class)))
    return pages.page_by_id(db, page_id)


@contextmanager
def claude(workspace: Workspace, rules: Settings = SETTINGS, **terms: Any) -> Iterator[OpenEngine]:
    """The engine as a run opens it."""
    with opened_engine("claude", workspace, rules, Terms(**terms), lambda sentence: None) as opened:
        yield opened


def run_stages(
    db: Database, workspace: Workspace, *stages: str, rules: Settings = SETTINGS, **order: Any
) -> dict[str, StageSummary]:
    """Run stages with Claude; returns what each did."""
    asked = flow.Order(stages, **({"engine": "claude"} | order))
    return {done.stage: done for done in flow.run_order(db, workspace, rules, asked, Progress.silent())}


def asked_for(double: Any, purpose: str) -> list[dict[str, Any]]:
    """The bodies that reached the double for a purpose: `classify`, `index` or `generate`."""
    field = {"classify": "content_type", "index": "rows", "generate": "pairs"}[purpose]
    return [body for body in double.requests if field in body["output_config"]["format"]["schema"]["properties"]]


def text_of(body: dict[str, Any]) -> str:
    """The words of a request that stand beside its image."""
    return "".join(block["text"] for block in body["messages"][0]["content"] if block["type"] == "text")


def told_instead(reply: dict[str, Any]) -> Any:
    """A model that always says this."""
    return lambda body: json.dumps(reply)


def pictures_of(body: dict[str, Any]) -> list[Image.Image]:
    """The images of a request, in the order in which they were sent."""
    found = (block["source"]["data"] for block in body["messages"][0]["content"] if block["type"] == "image")
    return [Image.open(io.BytesIO(base64.b64decode(data))).convert("RGB") for data in found]


def sent_image(file: Path, limits: tuple[int, int], quarter_turns: int = 0) -> SentImage:
    """The whole page as an engine sends it to a model of these limits."""
    width, height = fitted(*upright_size(file, quarter_turns), limits)
    (sent,) = sent_images(file, [View(width=width, height=height)], quarter_turns)
    return sent
