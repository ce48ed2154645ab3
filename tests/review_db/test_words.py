"""Words of a page, and how its image must be turned to be read."""

import pytest

from review_db import corrections, pages, words
from review_db.records import Word
from tests.stored import a_page

WORD = Word("Nm", (0.1, 0.2, 0.3, 0.4), 0.9, 0)


def test_words_come_back_as_they_were_stored(fresh_db):
    page = a_page(fresh_db)
    words.save_words(fresh_db, page.image_sha256, "reader 1", [WORD], 0.1)
    assert words.words_of(fresh_db, page) == [WORD]


@pytest.mark.parametrize(("reader_turned", "turns"), [(0, 0), (1, 3), (2, 2), (3, 1)])
def test_what_the_reader_turned_one_way_is_shown_turned_that_way(fresh_db, reader_turned, turns):
    page = a_page(fresh_db)
    words.save_words(fresh_db, page.image_sha256, "reader 1", [WORD], 0.1, reader_turned)
    assert words.turns_of(fresh_db, page) == turns


def test_a_reviewers_turn_comes_before_the_readers(fresh_db):
    page = a_page(fresh_db)
    words.save_words(fresh_db, page.image_sha256, "reader 1", [WORD], 0.1, 1)
    corrections.correct_page(fresh_db, page.page_id, "rotation", "2", "ana")
    assert words.turns_of(fresh_db, pages.page_by_id(fresh_db, page.page_id)) == 2


def test_a_page_that_its_reader_turned_can_be_put_back_upright(fresh_db):
    page = a_page(fresh_db)
    words.save_words(fresh_db, page.image_sha256, "reader 1", [WORD], 0.1, 2)
    corrections.correct_page(fresh_db, page.page_id, "rotation", "0", "ana")
    corrected = pages.page_by_id(fresh_db, page.page_id)
    assert (corrected.rotation, words.turns_of(fresh_db, corrected)) == (0, 0)


def test_a_page_that_was_never_read_is_shown_as_it_is(fresh_db):
    assert words.turns_of(fresh_db, a_page(fresh_db)) == 0
