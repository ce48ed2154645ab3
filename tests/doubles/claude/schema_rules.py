"""The subset of JSON Schema that structured output takes; each function returns what is wrong, or None."""

from collections.abc import Iterator
from typing import Any

WORDS = {
    "type", "properties", "required", "additionalProperties", "items", "enum", "const", "anyOf", "allOf", "$ref",
    "$defs", "description", "format", "title", "minItems", "pattern",
}  # fmt: skip
TYPES = {"object", "array", "string", "integer", "number", "boolean", "null"}
FORMATS = {"date-time", "time", "date", "duration", "email", "hostname", "uri", "ipv4", "ipv6", "uuid"}
MOST_OPTIONAL, MOST_UNIONS, DEEPEST = 24, 16, 40


def schema(root: dict[str, Any]) -> str | None:
    """The first thing in a schema that the service does not take."""
    try:
        nodes = list(_nodes(root, root, 0))
    except (RecursionError, KeyError, TypeError) as error:
        return f"it refers to itself or to nothing ({error})"
    problem = next((found for node in nodes if (found := _node(node))), None)
    if problem:
        return problem
    optional = sum(len(set(node.get("properties", {})) - set(node.get("required", []))) for node in nodes)
    unions = sum("anyOf" in node for node in nodes)
    if optional > MOST_OPTIONAL or unions > MOST_UNIONS:
        return "Schema is too complex for compilation"
    return None


def _nodes(node: dict[str, Any], root: dict[str, Any], depth: int) -> Iterator[dict[str, Any]]:
    if depth > DEEPEST:
        raise RecursionError("too deep")
    yield node
    if "$ref" in node:
        yield from _nodes(_referred(node["$ref"], root), root, depth + 1)
    inner = [*node.get("properties", {}).values(), *node.get("anyOf", []), *node.get("allOf", [])]
    for part in [*inner, *([node["items"]] if "items" in node else [])]:
        yield from _nodes(part, root, depth + 1)


def _referred(reference: str, root: dict[str, Any]) -> dict[str, Any]:
    if not reference.startswith("#/$defs/"):
        raise KeyError(f"external $ref {reference}")
    found: dict[str, Any] = root["$defs"][reference.removeprefix("#/$defs/")]
    return found


def _node(node: dict[str, Any]) -> str | None:
    unknown = set(node) - WORDS
    if unknown:
        return f"{min(unknown)} is not supported"
    if "type" in node and node["type"] not in TYPES:
        return f"type {node['type']!r} is not supported"
    if node.get("type") == "object" and node.get("additionalProperties") is not False:
        return "additionalProperties must be false"
    if node.get("minItems", 0) not in (0, 1):
        return "minItems must be 0 or 1"
    if node.get("format", "date") not in FORMATS:
        return f"format {node['format']!r} is not supported"
    return None
