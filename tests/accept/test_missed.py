"""What a measure says of the pages on which something was missed."""

import json

from review_db.records import Word
from tests.accept import classification, index, reading


def corpus_of(folder, truth, public=()):
    (folder / "public").mkdir()
    for file, lines in (("truth.jsonl", truth), ("public/truth.jsonl", public)):
        (folder / file).write_text("".join(json.dumps(line) + "\n" for line in lines))
    return folder


def words(*lines):
    return [
        Word(text, (0.1, 0.1 + 0.05 * number, 0.9, 0.13 + 0.05 * number), 0.9, number)
        for number, text in enumerate(lines)
    ]


def test_lost_tokens_are_told_with_their_page_and_the_answer_they_belong_to(tmp_path):
    facts = [{"q": "?", "a": "22 Nm"}, {"q": "?", "a": "25 Nm"}]
    corpus = corpus_of(tmp_path, [{"page": "a.jpg", "facts": facts}])
    assert list(reading.missed(corpus, lambda page: words("22 Nm"))) == ["data_src/a.jpg: 25 (of: 25 Nm)"]


def test_a_wrong_kind_is_told_with_confidence_and_reason_and_public_pages_by_the_kinds_they_may_be(tmp_path):
    page = {"page": "21 - Clutch/a.jpg", "source_type": "service_manual", "content_type": "wiring"}
    public = [{"page": "b.png", "type": "warnings"}, {"page": "c.png", "type": "index"}]
    corpus = corpus_of(tmp_path, [page], public)
    told = list(classification.missed(corpus, lambda page: words("FOREWORD", "This manual is for those who know.")))
    assert told[0].startswith("21 - Clutch/a.jpg: wiring, taken for text (")
    assert told[1].startswith("public/c.png: index, taken for text (")
    assert told[2].startswith("confidence ")


def test_lost_index_rows_are_told(tmp_path):
    rows = [{"code": "21 21 500", "title": "Clutch, remove", "page": "21-3"}]
    corpus = corpus_of(tmp_path, [{"page": "a.jpg", "section_id": "21", "index": rows}])
    assert list(index.missed(corpus, lambda page: [])) == ["a.jpg: 0 rows right; missed: 2121500 21-3; wrong: -"]
