"""What the real Messages API refuses: each rule takes a request and returns an error, or None."""

import base64
import binascii
import io
import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

from PIL import Image

from tests.doubles.claude.schema_rules import schema
from tests.doubles.claude.wire import Refusal

VERSION = "2026-10-21"
BODY_LIMIT = 32 * 1024 * 1024
IMAGE_LIMIT = 10 * 1024 * 1024
SIDE_LIMIT = 8000
MANY_IMAGES, SIDE_LIMIT_OF_MANY, MOST_IMAGES = 20, 2000, 600
MOST_OUTPUT_TOKENS = 128_000
MOST_CACHE_MARKS = 4
CONTEXT_TOKENS = 1_000_000
SHORTEST_KEPT = 1024
MEDIA = {"image/jpeg": "JPEG", "image/png": "PNG", "image/gif": "GIF", "image/webp": "WEBP"}
EFFORTS = {"low", "medium", "high", "xhigh", "max"}
KNOWN = {
    "model", "max_tokens", "messages", "system", "output_config", "metadata", "stop_sequences", "stream", "tools",
    "tool_choice", "thinking", "service_tier", "cache_control",
}  # fmt: skip
GONE = ("temperature", "top_p", "top_k", "output_format")
BLOCK_FIELDS = {
    "text": {"type", "text", "cache_control", "citations"},
    "image": {"type", "source", "cache_control", "transformations"},
}
DATED = re.compile(r"-\d{8}$")
MODELS = {"claude-haiku-5-5", "claude-sonnet-5-5", "claude-opus-5-5", "claude-haiku-4-5"}


def invalid(message: str) -> Refusal:
    """A 400."""
    return Refusal(400, "invalid_request_error", message)


def refusal_of(body: Any, headers: Mapping[str, str], keys: Mapping[str, str]) -> Refusal | None:
    """The first thing that is wrong with a request, in the order in which the API looks."""
    return version(headers) or credentials(headers, keys) or refusal_of_body(body)


def refusal_of_body(body: Any) -> Refusal | None:
    """The first thing that is wrong with what is asked, whoever asks."""
    return shape(body) or model(body) or messages(body) or images(body) or output(body) or length(body)


def version(headers: Mapping[str, str]) -> Refusal | None:
    """The double speaks one version of the API, in JSON."""
    if not headers.get("content-type", "").startswith("application/json"):
        return invalid("content-type must be application/json")
    given = headers.get("anthropic-version")
    return None if given == VERSION else invalid(f"anthropic-version: {given!r} is not {VERSION}")


def credentials(headers: Mapping[str, str], keys: Mapping[str, str]) -> Refusal | None:
    """The key goes out as a Bearer token; `keys` maps each known key to its account's state."""
    given = headers.get("authorization", "")
    state = keys.get(given.removeprefix("Bearer ")) if given.startswith("Bearer ") else None
    return {
        None: Refusal(401, "authentication_error", "invalid bearer token"),
        "no_credit": Refusal(402, "billing_error", "Your credit balance is too low."),
        "forbidden": Refusal(403, "permission_error", "Your key may not use this resource."),
        "spend_limit": invalid(
            "You have reached your specified API usage limits. You will regain access on 2026-12-01."
        ),
    }.get(state)


def shape(body: Any) -> Refusal | None:
    """Fields of the body, without what the API of today no longer takes."""
    if not isinstance(body, dict):
        return invalid("the body must be a JSON object")
    gone = [name for name in GONE if name in body]
    if gone:
        return invalid(f"{gone[0]}: this parameter is no longer supported")
    unknown = set(body) - KNOWN
    if unknown:
        return invalid(f"{min(unknown)}: Extra inputs are not permitted")
    most = body.get("max_tokens")
    if isinstance(most, bool) or not isinstance(most, int) or not 1 <= most <= MOST_OUTPUT_TOKENS:
        return invalid(f"max_tokens: must be from 1 to {MOST_OUTPUT_TOKENS}")
    if body.get("stream"):
        return invalid("stream: the double does not stream")
    if body.get("tool_choice", {}).get("type") in ("any", "tool"):
        return invalid("tool_choice: forced tool use is not supported by this model")
    if body.get("thinking", {}).get("type") == "disabled":
        return invalid("thinking: disabled is not supported by this model")
    return None


def model(body: Mapping[str, Any]) -> Refusal | None:
    """Only known models answer."""
    name = body.get("model")
    known = isinstance(name, str) and DATED.sub("", name) in MODELS
    return None if known else Refusal(404, "not_found_error", f"model: {name}")


def messages(body: Mapping[str, Any]) -> Refusal | None:
    """User and assistant take turns, the user begins and ends; blocks hold what they may."""
    given = body.get("messages")
    if not isinstance(given, list) or not given:
        return invalid("messages: at least one message is required")
    roles = [message.get("role") for message in given]
    if roles != (["user", "assistant"] * len(roles))[: len(roles)] or roles[-1] != "user":
        return invalid("messages: roles must alternate between user and assistant, and end with user")
    return _system(body.get("system", "-")) or _blocks(body) or _cache_marks(body)


def _system(system: Any) -> Refusal | None:
    parts = [{"type": "text", "text": system}] if isinstance(system, str) else system
    if not isinstance(parts, list) or any(part.get("type") != "text" or not part["text"].strip() for part in parts):
        return invalid("system: text content blocks must be non-empty")
    return None


def _blocks(body: Mapping[str, Any]) -> Refusal | None:
    found = list(blocks(body))
    if not found:
        return invalid("messages: content must not be empty")
    for block in found:
        fields = BLOCK_FIELDS.get(block.get("type", ""))
        if fields is None or set(block) - fields:
            return invalid(f"messages: a block of type {block.get('type')!r} with {sorted(block)} is not taken here")
        if block["type"] == "text" and not block["text"].strip():
            return invalid("messages: text content blocks must be non-empty")
    return None


def _cache_marks(body: Mapping[str, Any]) -> Refusal | None:
    system = body.get("system")
    everywhere = [body, *blocks(body), *(system if isinstance(system, list) else [])]
    marks = [part["cache_control"] for part in everywhere if part.get("cache_control")]
    if len(marks) > MOST_CACHE_MARKS:
        return invalid("cache_control: at most 4 breakpoints")
    wrong = [mark for mark in marks if mark.get("type") != "ephemeral" or mark.get("ttl", "5m") not in ("5m", "1h")]
    return invalid(f"cache_control: {wrong[0]} is not supported") if wrong else None


def blocks(body: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Every content block of every message."""
    for message in body["messages"]:
        content = message["content"]
        yield from [{"type": "text", "text": content}] if isinstance(content, str) else content


def images(body: Mapping[str, Any]) -> Refusal | None:
    """Pictures are what they say they are, not too large, not too many, and stand before the text."""
    found = list(blocks(body))
    pictures = [block for block in found if block["type"] == "image"]
    if len(pictures) > MOST_IMAGES:
        return invalid(f"messages: at most {MOST_IMAGES} images")
    if any(block["type"] == "image" for block in found[_first_text(found) :]):
        return invalid("the double wants images before text")
    most = SIDE_LIMIT_OF_MANY if len(pictures) > MANY_IMAGES else SIDE_LIMIT
    return next((refusal for block in pictures if (refusal := _picture(block, most, body["model"]))), None)


def _first_text(found: list[dict[str, Any]]) -> int:
    return next((i for i, block in enumerate(found) if block["type"] == "text"), len(found))


def _picture(block: Mapping[str, Any], most_pixels: int, model_name: str) -> Refusal | None:
    source = block["source"]
    if source.get("type") != "base64" or source.get("media_type") not in MEDIA:
        return invalid("image.source: only base64 with a supported media type")
    if len(source["data"]) > IMAGE_LIMIT:
        return Refusal(413, "request_too_large", "image exceeds 10 MB maximum")
    try:
        picture = Image.open(io.BytesIO(base64.b64decode(source["data"], validate=True)))
        size, kind = picture.size, picture.format
        picture.draft("L", (size[0] // 8, size[1] // 8))  # every byte is read all the same
        picture.load()
    except (binascii.Error, OSError, ValueError):
        return invalid("image: could not process image")
    if kind != MEDIA[source["media_type"]]:
        return invalid(f"image: the bytes are {kind}, not {source['media_type']}")
    if max(size) > most_pixels:
        message = f"image dimensions exceed the maximum of {most_pixels} pixels a side"
        return Refusal(400, "invalid_request_error", message, "image_dimensions_too_large")
    fitting = fitted_size(*size, model_name)
    if block.get("transformations", {}).get("oversized_image") == "error" and fitting != size:
        return invalid(f"image is larger than the largest fitting size {fitting[0]}x{fitting[1]}")
    return None


def output(body: Mapping[str, Any]) -> Refusal | None:
    """How the answer is to look: effort, and a schema inside the supported subset."""
    config = body.get("output_config", {})
    unknown = set(config) - {"format", "effort"}
    if unknown:
        return invalid(f"output_config.{min(unknown)}: Extra inputs are not permitted")
    if config.get("effort", "low") not in EFFORTS:
        return invalid(f"output_config.effort: {config['effort']!r} is not one of {sorted(EFFORTS)}")
    form = config.get("format")
    if form is None:
        return None
    if any(block.get("citations") for block in blocks(body)):
        return invalid("citations cannot be used with output_config.format")
    if form.get("type") != "json_schema" or not isinstance(form.get("schema"), dict):
        return invalid("output_config.format: type must be json_schema with a schema")
    problem = schema(form["schema"])
    return invalid(f"output_config.format.schema: {problem}") if problem else None


def length(body: Mapping[str, Any]) -> Refusal | None:
    """The prompt fits the context."""
    tokens = input_tokens(body)
    return invalid(f"prompt is too long: {tokens} tokens > 1000000 maximum") if tokens > CONTEXT_TOKENS else None


def input_tokens(body: Mapping[str, Any]) -> int:
    """A count near the real one: images by the documented formula, text at three characters a token."""
    text = len(str(body.get("system", ""))) + len(str(body.get("output_config", "")))
    tokens = 0
    for block in blocks(body):
        if block["type"] == "text":
            text += len(block["text"])
        else:
            width, height = fitted_size(*size_of(block), body["model"])
            tokens += math.ceil(width / 28) * math.ceil(height / 28)
    return tokens + text // 3


def size_of(block: Mapping[str, Any]) -> tuple[int, int]:
    """Width and height of an image block, from its header."""
    size: tuple[int, int] = Image.open(io.BytesIO(base64.b64decode(block["source"]["data"]))).size
    return size


def fitted_size(width: int, height: int, model_name: str) -> tuple[int, int]:
    """The size at which the service reads an image: what is too large it shrinks, unasked (vision guide)."""
    edge, most = (1568, 1568) if "haiku-4" in model_name else (2576, 4784)

    def fits(w: int, h: int) -> bool:
        across, down = math.ceil(w / 28), math.ceil(h / 28)
        return max(across, down) * 28 <= edge and across * down <= most

    if fits(width, height):
        return width, height
    long, short = max(width, height), min(width, height)
    sizes = ((side, max(1, round(side * short / long))) for side in range(long, 0, -1))
    largest = next(size for size in sizes if fits(*size))
    return largest if width >= height else (largest[1], largest[0])


def marked_prefix(body: Mapping[str, Any]) -> tuple[str, int]:
    """What a request begins with up to its cache mark and its tokens; none where there is no mark or it is short."""
    system = body.get("system")
    marked = isinstance(system, list) and any(part.get("cache_control") for part in system)
    text = str(body["model"]) + str(system) if marked else ""
    tokens = len(str(system)) // 3
    return (text, tokens) if marked and tokens >= SHORTEST_KEPT else ("", 0)
