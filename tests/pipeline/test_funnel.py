from pipeline.commands.upkeep import print_status
from pipeline.risk_learning import learn
from review_db import funnel, pairs
from review_db.records import Evidence, Finding
from tests.stored import a_page, a_pair, decide


def test_the_funnel_counts_every_reason_of_each_page(fresh_db):
    page, other = a_page(fresh_db, "21-01"), a_page(fresh_db, "21-02")
    made = [a_pair(fresh_db, page, f"How much is {number}?", "3 l") for number in range(4)]
    pairs.set_aside(fresh_db, [made[0].pair_key, made[1].pair_key], "filtered:alike")
    decide(fresh_db, made[2].pair_id, "reject", revision=1, reason="wrong_value")
    a_pair(fresh_db, other)
    first, second = funnel.funnel(fresh_db)
    assert first["reasons"] == {"filtered:alike": 2, "wrong_value": 1}
    assert (first["proposed"], first["pending"], second["reasons"]) == (4, 1, {})


def test_the_status_says_how_well_the_risk_did(fresh_db, capsys):
    pair = a_pair(fresh_db, a_page(fresh_db))
    pairs.save_finding(fresh_db, pair.pair_key, 1, Finding(Evidence("partly"), (), 0.7, 0.2, {"doubted": 1.0}), "test")
    decide(fresh_db, pair.pair_id, "reject", revision=1, reason="wrong_value")
    learn(fresh_db)
    print_status(fresh_db)
    assert "risk: weights as shipped; 1 of 1 pairs decided on were corrected" in capsys.readouterr().out
