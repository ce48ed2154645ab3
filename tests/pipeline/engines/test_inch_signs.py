"""Inches behind millimetres whose sign was read as that of feet."""

from pipeline.engines.offline.asking import asked
from pipeline.engines.offline.inch_signs import with_inches
from tests.pipeline.engines.asked_page import answers, lines


def mended(answer, page):
    item = asked("What is distance A", answer, "factual", ())
    return list(answers(with_inches([item], lines(page))).values())


def test_the_sign_of_feet_becomes_the_pages_sign_of_inches():
    assert mended("60 mm (2.362')", 'Cut 10 mm (0.394") off.') == ['60 mm (2.362")']
    assert mended("60 mm (2.362')", "Cut 10 mm (0.394 in.) off.") == ["60 mm (2.362 in.)"]


def test_a_page_without_another_conversion_leaves_the_sign_doubtful():
    assert mended("60 mm (2.362')", "Cut 60 mm (2.362') off.") == []


def test_a_number_that_is_no_conversion_is_doubtful():
    assert mended("60 mm (3.362')", 'Cut 10 mm (0.394") off.') == []


def test_other_answers_stay_as_they_are():
    assert mended("8' cable", 'Cut 10 mm (0.394") off.') == ["8' cable"]
