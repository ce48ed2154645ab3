"""The acceptance table: how rows are marked, and that an image is read once."""

import json

from PIL import Image

from review_db.records import Word
from tests.accept.corpus_words import CorpusWords
from tests.accept.rows import Row


def test_a_row_passes_at_its_goal():
    assert Row("share right", 0.95, 0.95).passed
    assert not Row("share right", 0.94, 0.95).passed
    assert Row("assets with a pair", 0, "<= 0").passed
    assert not Row("assets with a pair", 1, "<= 0").passed
    assert str(Row("share right", 0.5, 0.95)).split() == ["MISS", "0.500", ">=", "0.95", "share", "right"]


def test_a_page_is_named_below_the_corpus_or_its_data_src_and_read_once(tmp_path):
    page = tmp_path / "data_src/21 - Clutch/21-01.png"
    page.parent.mkdir(parents=True)
    Image.new("RGB", (40, 60), "white").save(page)
    words = CorpusWords(tmp_path, tmp_path / "cache")
    assert words("data_src/21 - Clutch/21-01.png") == words("21 - Clutch/21-01.png") == []
    (kept,) = (tmp_path / "cache").rglob("*.json")
    kept.write_text(json.dumps([["25", [0, 0, 1, 1], 0.9, 0]]))
    assert words("21 - Clutch/21-01.png") == [Word("25", (0, 0, 1, 1), 0.9, 0)]
