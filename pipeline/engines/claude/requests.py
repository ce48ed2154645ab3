"""Requests: what is asked about a page, of which model, and the most that it can cost."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from pipeline.engines.claude.images import SentImage
from pipeline.engines.claude.prompts import Wording
from pipeline.engines.claude.views import View
from pipeline.ledger import PaidRequest
from pipeline.prices import Price, image_tokens, price_of, worst_case
from pipeline.settings import Api

BYTES_A_TOKEN = 2
FRAME_TOKENS = 400
"""Bound of text: one token for two bytes, and what the service itself adds around a structured request."""

SHARE_OF_PAGE_BUDGET = 0.97
"""What generation may take of a page's budget; the rest is for classifying it."""

TOKENS_A_PAIR = 150
THINKING_SHARE = 4
"""A pair's usual size in a reply, and the part of the output tokens (one in so many) left to the model's thinking."""


SHORTEST_KEPT = (
    (re.compile(r"claude-(haiku-4-5|opus-4-[56])"), 4096),
    (re.compile(r"claude-opus-4-7"), 2048),
    (re.compile(r"claude-(sonnet-5(?!-5)|opus-4-8|sonnet-4)"), 1024),
)
SHORTEST_KEPT_OF_OTHERS = 512
"""Tokens below which a model's prompt cache keeps nothing (prompt caching guide, 2026-09); where no figure is known
the smallest is taken, as a mark that does nothing costs nothing."""

CHARACTERS_A_TOKEN = 3.5


class Purpose(StrEnum):
    """What a call is for; the keys of `api.models`, `api.effort` and `api.max_output_tokens`."""

    CLASSIFY = "classify"
    INDEX = "index"
    GENERATE = "generate"


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms a purpose is asked for: model, effort ("" leaves it to the service), most output tokens, price."""

    model: str
    effort: str
    max_tokens: int
    price: Price


def terms_of(purpose: Purpose, api: Api) -> Terms:
    """The configured terms. Raises NoPriceError for a model without a price."""
    model = api.models[purpose]
    return Terms(model, api.effort[purpose], api.max_output_tokens[purpose], price_of(model, api.prices))


def is_worth_keeping(text: str, model: str) -> bool:
    """Whether a text at a request's beginning is long enough for the model's prompt cache."""
    shortest = next((tokens for names, tokens in SHORTEST_KEPT if names.match(model)), SHORTEST_KEPT_OF_OTHERS)
    return len(text) / CHARACTERS_A_TOKEN >= shortest


def within(terms: Terms, most_input: int, page_usd: float) -> Terms:
    """The terms with so many output tokens that a page's budget bears the worst case, but at least half as many.

    A long prompt (many settled pairs, a reviewer's words) leaves less room for a reply, which then needs less.
    """
    input_usd = worst_case(terms.price, most_input, 0)
    token_usd = worst_case(terms.price, most_input, 1) - input_usd
    bearable = int((page_usd * SHARE_OF_PAGE_BUDGET - input_usd) / token_usd) if token_usd else terms.max_tokens
    return replace(terms, max_tokens=min(terms.max_tokens, max(bearable, terms.max_tokens // 2)))


def is_within(terms: Terms, most_input: int, page_usd: float) -> bool:
    """Whether a page's budget bears the worst case of such a request."""
    return worst_case(terms.price, most_input, terms.max_tokens) <= page_usd * SHARE_OF_PAGE_BUDGET


def most_pairs_in(wanted: int, max_tokens: int) -> int:
    """At most `wanted` pairs, and no more than a reply of `max_tokens` holds beside the thinking."""
    return max(1, min(wanted, (max_tokens - max_tokens // THINKING_SHARE) // TOKENS_A_PAIR))


def paid_request(
    purpose: Purpose,
    terms: Terms,
    images: Sequence[SentImage],
    wording: Wording,
    schema: Mapping[str, Any],
    *,
    page_id: str,
    engine: str,
    keeps_prompts: bool = True,
) -> PaidRequest:
    """One page and one question about it, priced at its worst case; `keeps_prompts` is the service's ability."""
    body = _body(terms, images, wording, schema, keeps_prompts=keeps_prompts)
    most_input = most_input_tokens(images, wording, schema)
    return PaidRequest(
        body=body,
        page_id=page_id,
        engine=engine,
        purpose=purpose,
        most_input_tokens=most_input,
        worst_case_usd=worst_case(terms.price, most_input, terms.max_tokens),
    )


def most_input_tokens(views: Sequence[View], wording: Wording, schema: Mapping[str, Any]) -> int:
    """The most tokens that these images and these words can count for."""
    texts = (wording.system or "", wording.text, json.dumps(schema))
    size = sum(len(text.encode()) for text in texts)
    return tokens_of(views) + math.ceil(size / BYTES_A_TOKEN) + FRAME_TOKENS


def tokens_of(views: Sequence[View]) -> int:
    """Tokens of these images."""
    return sum(image_tokens(view.width, view.height) for view in views)


def _body(
    terms: Terms, images: Sequence[SentImage], wording: Wording, schema: Mapping[str, Any], *, keeps_prompts: bool
) -> dict[str, Any]:
    shown = [
        {"type": "image", "source": {"type": "base64", "media_type": image.media_type, "data": image.data}}
        for image in images
    ]
    content = [*shown, {"type": "text", "text": wording.text}]
    output = {"format": {"type": "json_schema", "schema": schema}} | ({"effort": terms.effort} if terms.effort else {})
    body = {
        "model": terms.model,
        "max_tokens": terms.max_tokens,
        "messages": [{"role": "user", "content": content}],
        "output_config": output,
    }
    kept = keeps_prompts and wording.system and is_worth_keeping(wording.system, terms.model)
    return body | ({"system": [_system(wording.system, kept=bool(kept))]} if wording.system else {})


def _system(text: str, *, kept: bool) -> dict[str, Any]:
    """Words that are the same in every request: the service may keep them, which makes them cheaper to send again."""
    return {"type": "text", "text": text} | ({"cache_control": {"type": "ephemeral"}} if kept else {})
