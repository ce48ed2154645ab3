"""What tokens cost: long prompts, caches, dated models, and a worst case that no reply can pass."""

import itertools
import math
import random

import pytest

from pipeline.prices import NoPriceError, Price, cost, image_tokens, price_of, worst_case
from pipeline.settings import load

HAIKU = Price(0.10, 0.50, 0.125, 0.01, 100_000, 0.50, 2.50)
SONNET = Price(2, 10, 2.5, 0.1)
PRICES = {"claude-haiku-5-5": HAIKU, "claude-sonnet-5-5": SONNET}


@pytest.mark.parametrize(
    ("price", "tokens", "dollars"),
    [
        (HAIKU, (1_000_000 // 10, 0, 0, 0), 0.01),
        (HAIKU, (100_001, 1000, 0, 0), 0.0500005 + 0.0025),
        (HAIKU, (1, 0, 60_000, 40_000), 1e-6 * (0.5 + 60_000 * 0.625 + 40_000 * 0.05)),
        (HAIKU, (100, 1000, 4000, 2000), 1e-6 * (10 + 500 + 4000 * 0.125 + 2000 * 0.01)),
        (SONNET, (2835 + 1200, 1500, 0, 0), 0.00807 + 0.015),
        (SONNET, (900_000, 0, 0, 0), 1.8),
    ],
)
def test_a_reply_costs_what_the_price_table_says(price, tokens, dollars):
    assert cost(price, *tokens) == pytest.approx(dollars)


def test_an_entry_of_an_hour_costs_twice_the_input():
    assert cost(SONNET, 0, 0, 1000, 0, 400) == pytest.approx(1e-6 * (600 * 2.5 + 400 * 4))


def test_no_reply_costs_more_than_its_worst_case():
    dice = random.Random(7)
    for price in (HAIKU, SONNET):
        for _ in range(500):
            bound, most_out = dice.choice([50, 5_000, 99_999, 100_000, 100_001, 300_000]), dice.choice([1, 500, 20_000])
            shares = sorted(dice.randrange(bound + 1) for _ in range(2))
            fresh, written, read = shares[0], shares[1] - shares[0], dice.randrange(bound - shares[1] + 1)
            out = dice.randrange(most_out + 1)
            assert cost(price, fresh, out, written, read) <= worst_case(price, bound, most_out) + 1e-12
            hour = worst_case(price, bound, most_out, hour_cache=True)
            assert cost(price, fresh, out, written, read, written) <= hour + 1e-12


def test_a_long_prompt_makes_the_whole_request_dearer():
    assert cost(HAIKU, 100_001, 0, 0, 0) > 4.9 * cost(HAIKU, 100_000, 0, 0, 0)
    assert worst_case(HAIKU, 100_001, 1000) > 4.9 * worst_case(HAIKU, 100_000, 1000)


def test_a_model_that_costs_nothing_costs_nothing():
    free = Price(0.0, 0.0)
    assert cost(free, 10**6, 10**6, 10**6, 10**6, 10) == worst_case(free, 10**6, 10**6) == 0.0


def test_an_unknown_model_is_refused_with_the_way_to_give_it_a_price():
    with pytest.raises(NoPriceError, match="my-model") as caught:
        price_of("my-model", PRICES)
    assert "api.prices.my-model" in caught.value.hint
    assert "claude-haiku-5-5" in caught.value.hint


def test_a_dated_model_costs_what_its_family_does():
    assert price_of("claude-haiku-5-5-20261007", PRICES) is HAIKU


@pytest.mark.parametrize(("input_price", "output_price"), [(-1.0, 1.0), (math.inf, 1.0), (1.0, -0.5)])
def test_a_price_that_is_no_amount_of_money_is_refused(input_price, output_price):
    with pytest.raises(NoPriceError, match="no amount of money"):
        price_of("m", {"m": Price(input_price, output_price)})


def test_every_configured_model_has_a_price_and_a_date():
    api = load([])[0].api
    assert all(price_of(model, api.prices) for model in api.models.values())
    assert api.prices_checked_on
    assert api.prices["claude-haiku-5-5"] == HAIKU


@pytest.mark.parametrize(
    ("width", "height", "tokens"), [(827, 1169, 1260), (1240, 1754, 2835), (1624, 2296, 4756), (1, 1, 1)]
)
def test_an_image_counts_one_token_for_each_begun_square(width, height, tokens):
    assert image_tokens(width, height) == tokens


def test_more_tokens_never_cost_less():
    for price, step in itertools.product((HAIKU, SONNET), (1, 1000)):
        dollars = [cost(price, tokens, 10, 0, 0) for tokens in range(99_000, 102_000, step)]
        assert dollars == sorted(dollars)
