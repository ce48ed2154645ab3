"""The language of a page."""

import pytest

from pipeline.engines.offline.language import told_language
from pipeline.engines.offline.layout import lines_of
from tests.pipeline.engines.drawn_page import drawn


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Remove the bolts of the cover and pull it off with the puller.\nReplace the seal if it is worn."),
        ("de", "Die Schrauben der Abdeckung lösen und mit dem Abzieher abnehmen.\nDer Ring ist nicht zu verwenden."),
        ("it", "Svitare le viti del coperchio e toglierlo con la pinza.\nNon usare di nuovo la guarnizione del tappo."),
        ("de", "Anziehdrehmoment\nSchraube   M8   22 Nm\nMutter   M10   45 Nm\nZylinder   Druck   12,5 bar"),
        ("it", "Valori nominali\npressione olio   3,5 bar\ncoppia vite M8   22 Nm\ntensione   12 V"),
        (None, "S14\n22 Nm\n4,5 bar\nX 12"),
    ],
)
def test_sentences_tell_the_language_and_where_there_are_none_the_words_of_tables(language, text):
    assert told_language(lines_of(drawn(text))) == language
