"""What tokens cost, and the most that a request can cost before it is sent."""

from __future__ import annotations

import math
import re
from dataclasses import astuple

from pipeline.errors import PipelineError
from pipeline.settings import Price as Price

PER_MILLION = 1e-6
HOUR_FACTOR = 2.0
DATED = re.compile(r"-\d{8}$")


class NoPriceError(PipelineError):
    """A model whose price is not known: nothing is sent, as no cap could hold."""


def price_of(model: str, prices: dict[str, Price]) -> Price:
    """The price of a model; one with a date (`-20251001`) costs what the model without it does.

    Raises NoPriceError for an unknown model, naming those that have a price, and for a price that is none.
    """
    price = prices.get(model) or prices.get(DATED.sub("", model))
    if price is None:
        raise NoPriceError(
            f"there is no price for the model {model!r}, so no spending cap could hold",
            f"add api.prices.{model} to config.yaml, or use one of {', '.join(sorted(prices))}",
        )
    if not all(math.isfinite(part) and part >= 0 for part in astuple(price)):
        raise NoPriceError(f"the price of the model {model!r} is no amount of money", "mend api.prices in config.yaml")
    return price


def worst_case(price: Price, most_input_tokens: int, max_tokens: int, *, hour_cache: bool = False) -> float:
    """Dollars that a request costs at the most: every input token written to the cache, every output token used."""
    long = _is_long(price, most_input_tokens)
    written = HOUR_FACTOR * price.input if hour_cache else price.cache_write
    dearest_input = max(price.input, price.cache_write, written) * _long_factor(price, long)
    return PER_MILLION * (
        most_input_tokens * dearest_input + max_tokens * (price.long_output if long else price.output)
    )


def cost(
    price: Price, input_tokens: int, output_tokens: int, cache_write: int, cache_read: int, of_them_hour: int = 0
) -> float:
    """Dollars that a reply cost, from the provider's own count of its tokens.

    `of_them_hour` of the `cache_write` tokens went into an entry of an hour, which costs twice the input.
    """
    long = _is_long(price, input_tokens + cache_write + cache_read)
    written = (cache_write - of_them_hour) * price.cache_write + of_them_hour * HOUR_FACTOR * price.input
    return PER_MILLION * (
        output_tokens * (price.long_output if long else price.output)
        + _long_factor(price, long) * (input_tokens * price.input + written + cache_read * price.cache_read)
    )


def _is_long(price: Price, input_tokens: int) -> bool:
    """Whether the whole request costs more for its length."""
    return 0 < price.long_above < input_tokens


def _long_factor(price: Price, long: bool) -> float:
    """By what a long request raises every input price: the provider raises them all alike."""
    return price.long_input / price.input if long and price.input else 1.0


def image_tokens(width: int, height: int) -> int:
    """Tokens of an image of this size in pixels: one for each begun square of 28 by 28 (vision guide, 2026-09)."""
    return math.ceil(width / 28) * math.ceil(height / 28)
