from itertools import pairwise

import pytest

from pipeline.checks import examine
from pipeline.checks.risk import SHIPPED, RiskModel, as_json, contributions, model_from, risk_of
from pipeline.checks.signals import signals_of_pair
from tests.pipeline.checks.printed import column, printed

QUESTION = "How tight is the drum cover bolted?"
WORDS = printed(*column(0.1, 0.1, "Tighten the drum cover bolts with 24 Nm.", "Grease the roller of the drum."))


def signals(question=QUESTION, answer="24 Nm", kind="factual", words=WORDS):
    return examine("image", words, question, answer, kind).signals


def test_the_less_a_page_supports_a_pair_the_higher_its_risk():
    rising = [
        risk_of(signals(kind="tool"))[0],
        risk_of(signals())[0],
        risk_of(signals(answer="typically 24 Nm"))[0],
        risk_of(signals("What does the diagram of the gearbox housing show?", "Various seals, 99 mm wide"))[0],
    ]
    assert all(one < other for one, other in pairwise(rising))
    assert rising[1] < 0.45 < 0.9 < rising[-1]


def test_a_rejection_is_never_likelier_than_an_edit_or_a_rejection():
    for answer in ("24 Nm", "99 mm", "", "The diagram shows various parts"):
        fault, reject = risk_of(signals(answer=answer))
        assert 0 < reject <= fault < 1


@pytest.mark.parametrize(
    ("question", "answer", "name"),
    [
        ("What component is the roller?", "A roller of the drum", "open_question"),
        ("What is the purpose of the roller?", "It guides the drum", "purpose_asked"),
        ("What does the photograph show at the drum?", "The roller", "picture_asked"),
        ("What year is this Tarn Electrical Manual for?", "1987", "document_asked"),
        ("How is the drum greased?", "The photograph shows the roller of the drum", "tells_of_page"),
        ("What is greased at the drum?", "Various parts of the roller", "vague_answer"),
        ("How is a slipping drum mended?", "See b) - grease the roller", "list_marks"),
        ("What torque has the drum cover?", "The drum cover has a torque", "no_quantity"),
        ("Which tool greases the roller?", "Grease the roller of the drum", None),
        ("Where is the roller found?", "Remove the roller", "action_for_thing"),
        ("How is the roller of the drum greased?", "The roller of the drum is greased.", "adds_little"),
        ("How tight is the gearbox housing?", "24 Nm", "asked_missing"),
        ("How is the drum cover bolted?", "With sealing compound", "words_missing"),
    ],
)
def test_wording_and_page_give_the_signal(question, answer, name):
    found = signals(question, answer)
    assert name in found if name else "action_for_thing" not in found


def test_a_plain_pair_gives_none_of_the_signals_of_bad_wording():
    found = signals()
    assert not found.keys() & {
        "open_question",
        "picture_asked",
        "vague_answer",
        "no_quantity",
        "adds_little",
        "doubted",
    }


def test_a_pair_in_another_language_than_its_page_was_translated():
    italian = printed(*column(0.1, 0.1, "Serrare le viti del coperchio con la chiave", "di 24 Nm e non con il dado."))
    assert "foreign_page" in signals(words=italian)
    assert "foreign_page" not in signals()


def test_page_kind_engine_and_links_are_signals_too():
    around = signals_of_pair({}, "wiring", "offline", ["conflict", "suspected"])
    assert around.keys() == {"drawing", "offline", "conflict", "repeated"}
    assert (
        risk_of(signals_of_pair({}, "procedure", "claude", ["conflict"]))[0]
        > risk_of(signals_of_pair({}, "procedure", "claude"))[0]
    )


def test_a_page_without_words_is_not_checkable_and_every_signal_has_a_weight():
    assert "not_checkable" in signals(words=())
    every = {name for q in (QUESTION, "What is it?") for name in signals(q, "roller 99 mm")}
    assert every <= SHIPPED.weights.keys()


def test_reasons_are_the_parts_of_the_sum_and_a_model_survives_its_storing():
    model = RiskModel((-1.0, -2.0), {"doubted": (0.5, 0.1), "lookup": (-0.9, -0.2)})
    assert list(contributions({"doubted": 1.0, "lookup": 1.0, "unheard_of": 1.0}, model)) == ["lookup", "doubted"]
    assert model_from(as_json(model)) == model
