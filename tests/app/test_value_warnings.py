import re
from pathlib import Path

from review_db.statuses import VALUE_WARNINGS

CARD = Path(__file__).resolve().parents[2] / "app" / "review" / "card.js"


def test_the_card_marks_as_dangerous_what_keeps_a_pair_from_bulk_approval():
    listed = re.search(r"const DANGEROUS = new Set\(\[(.*?)\]\)", CARD.read_text(encoding="utf-8"), re.DOTALL)
    assert listed
    assert sorted(re.findall(r'"(\w+)"', listed[1])) == sorted(VALUE_WARNINGS)
