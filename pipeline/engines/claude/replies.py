"""Read what the service sends: any bytes in, a typed reading out, never an exception."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator
from typing import Any, NoReturn, TypeVar

from pipeline.ledger import Reading
from pipeline.prices import Price, cost

T = TypeVar("T")
CUT = ("max_tokens", "model_context_window_exceeded")
CUT_SHORT = "the reply was cut before its first complete item: fewer questions a page or more output tokens may do"
NOT_OUR_SHAPE = "the reply holds no JSON of the shape asked for"
MOST_CHARACTERS = 2_000_000
MOST_STARTS = 50


def reading_of(body: bytes, price: Price, interpret: Callable[[dict[str, Any]], T | None], list_key: str) -> Reading[T]:
    """What a reply says. `interpret` turns its JSON object into a result, or None where that has another shape.

    `list_key` names a field that the object must have; where it is a list, its complete items are kept when the reply
    was cut in the middle.
    """
    message = _object(body.decode(errors="replace"))
    if message is None or not isinstance(message.get("content"), list):
        return _unreadable(message or {}, price, "the reply is no message")
    stop = message.get("stop_reason")
    if stop == "refusal":
        return _made(message, price, "no_pairs", None, f"the model declined ({_refusal(message)})")
    found = _payload(_text(message["content"]), list_key)
    result = interpret(found) if found is not None else None
    if result is None:
        return _unreadable(message, price, CUT_SHORT if stop in CUT else NOT_OUR_SHAPE)
    problem = "the reply was cut: its complete items were kept" if stop in CUT else None
    return _made(message, price, "settled" if result else "no_pairs", result, problem)


def _unreadable(message: dict[str, Any], price: Price, problem: str) -> Reading[Any]:
    return _made(message, price, "unreadable_reply", None, problem)


def _made(message: dict[str, Any], price: Price, state: str, result: T | None, problem: str | None) -> Reading[T]:
    """A reading with the provider's own count of tokens; without one the cost is not known (None)."""
    usage = message.get("usage")
    spent_in, spent_out = _count(usage, "input_tokens"), _count(usage, "output_tokens")
    written, read = (_count(usage, f"cache_{kind}_input_tokens") or 0 for kind in ("creation", "read"))
    if spent_in is None or spent_out is None:
        return Reading(state, spent_in, spent_out, written, read, None, result, problem)
    kept_long = _count(usage.get("cache_creation") if isinstance(usage, dict) else None, "ephemeral_1h_input_tokens")
    dollars = cost(price, spent_in, spent_out, written, read, min(kept_long or 0, written))
    without_cache = cost(price, spent_in + written + read, spent_out, 0, 0)
    return Reading(state, spent_in, spent_out, written, read, dollars, result, problem, without_cache - dollars)


def _count(usage: object, name: str) -> int | None:
    value = usage.get(name) if isinstance(usage, dict) else None
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**9 else None


def _refusal(message: dict[str, Any]) -> str:
    details = message.get("stop_details")
    return str(details.get("category") or "no reason given")[:80] if isinstance(details, dict) else "no reason given"


def _text(content: list[Any]) -> str:
    """The text blocks; a thinking block may stand before them."""
    texts = (block.get("text") for block in content if isinstance(block, dict) and block.get("type") == "text")
    return "".join(text for text in texts if isinstance(text, str))[:MOST_CHARACTERS]


def _payload(text: str, list_key: str) -> dict[str, Any] | None:
    """The JSON object in the text, whatever stands around it; of a cut one, the complete items of its list."""
    for value in _values(text):
        if isinstance(value, dict) and list_key in value:
            return value
        if isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
            return {list_key: value}  # models without structured output like to leave the object out
    items = list(_complete_items(text, text.find(f'"{list_key}"')))
    return {list_key: items} if items else None


def _values(text: str) -> Iterator[Any]:
    """The JSON values that begin in the text, outermost first; a few false starts are passed over."""
    position = 0
    for _ in range(MOST_STARTS):
        found = _OPENING.search(text, position)
        if found is None:
            return
        value, end = _decoded(text, found.start())
        if end:
            yield value
        position = end or found.end()


def _complete_items(text: str, key_at: int) -> Iterator[Any]:
    position = text.find("[", key_at) + 1 if key_at >= 0 else 0
    while position:
        position = text.find("{", position)
        item, end = _decoded(text, position) if position >= 0 else (None, 0)
        if not end:
            return
        yield item
        position = end


def _object(text: str) -> dict[str, Any] | None:
    value, end = _decoded(text, len(text) - len(text.lstrip()))
    return value if isinstance(value, dict) and not text[end:].strip() else None


def _decoded(text: str, position: int) -> tuple[Any, int]:
    """The JSON value at a position and where it ends; 0 for none, too deep a nesting or too long a number."""
    try:
        return _DECODER.raw_decode(text, position)
    except (ValueError, RecursionError):
        return None, 0


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def _finite(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise ValueError(f"{digits[:20]} is no number that we can keep")
    return number


_DECODER = json.JSONDecoder(parse_constant=_refuse_constant, parse_float=_finite)
_OPENING = re.compile(r"[{\[]")
