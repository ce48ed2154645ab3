"""The configuration: defaults in config.yaml, a workspace's or command's file on top, every key checked."""

from __future__ import annotations

import dataclasses
import math
import types
import typing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from pipeline.errors import SettingsError

DEFAULTS = Path(__file__).parent / "config.yaml"
OPEN = ("api.prices.",)
"""Mappings in which a file may name what the defaults do not know."""
Tree = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reading:
    """How files become page images and words."""

    dpi: int
    max_megapixels: int
    max_pdf_pages: int


@dataclass(frozen=True, slots=True)
class Price:
    """Dollars for a million tokens; `long_*` are the prices of a request of more than `long_above` input tokens.

    `cache_write` is for an entry of five minutes. What is not given follows the usual rule (config.yaml), and length
    then changes nothing.
    """

    input: float
    output: float
    cache_write: float = math.nan
    cache_read: float = math.nan
    long_above: int = 0
    long_input: float = math.nan
    long_output: float = math.nan

    def __post_init__(self) -> None:
        rules = {
            "cache_write": 1.25 * self.input,
            "cache_read": 0.1 * self.input,
            "long_input": self.input,
            "long_output": self.output,
        }
        for name, value in rules.items():
            if math.isnan(getattr(self, name)):
                object.__setattr__(self, name, value)


@dataclass(frozen=True, slots=True)
class Api:
    """How Claude is asked: models, effort and most output tokens by purpose, limits, prices by model."""

    models: dict[str, str]
    effort: dict[str, str]
    max_output_tokens: dict[str, int]
    concurrency: int
    requests_a_minute: int
    input_tokens_a_minute: int
    attempts: int
    timeout_seconds: int
    batch_above_pages: int
    pilot_pages: int
    prices_checked_on: str
    prices: dict[str, Price]


@dataclass(frozen=True, slots=True)
class SourcePattern:
    """A path that matches `pattern` comes from a book of `source_type`."""

    pattern: str
    source_type: str


@dataclass(frozen=True, slots=True)
class ContentNamePattern:
    """A page whose name matches the glob `pattern` is of `content_type`."""

    pattern: str
    content_type: str


@dataclass(frozen=True, slots=True)
class Classification:
    """How paths and page names tell what a page is."""

    section_pattern: str
    source_patterns: tuple[SourcePattern, ...]
    index_name_patterns: tuple[str, ...]
    content_name_patterns: tuple[ContentNamePattern, ...]
    source_words: dict[str, tuple[str, ...]]
    content_patterns: dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Generation:
    """How many pairs are proposed, and for which pages."""

    questions_per_page: dict[str, int]
    smallest_print: int
    skip_page_patterns: tuple[str, ...]
    skip_content_types: tuple[str, ...]
    in_page_language: bool
    page_budget_usd: float
    run_budget_usd: float
    day_budget_usd: float
    confirm_above_usd: float


@dataclass(frozen=True, slots=True)
class Filters:
    """Which pairs are set aside before anyone reads them."""

    min_question_length: int
    shortest_answer: dict[str, int]
    longest_answer: dict[str, int]
    generic_phrases: tuple[str, ...]
    empty_answers: tuple[str, ...]
    self_reference_phrases: tuple[str, ...]
    similarity: float


@dataclass(frozen=True, slots=True)
class Output:
    """What an export looks like."""

    validation_ratio: float
    test_ratio: float
    seed: int
    image_mode: str
    resize_long_edge: int
    license: str
    language: str
    repository: str
    publish_reviewers: bool
    shortest_question: int
    shortest_answer: int
    longest_answer: int
    smallest_section: int
    largest_section: int
    smallest_image: int


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting; what each means and its default stand in config.yaml alone."""

    reading: Reading
    api: Api
    classification: Classification
    generation: Generation
    filters: Filters
    output: Output


# The parser in C is ten times as quick; where PyYAML was built without it, the one in Python reads the same.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def load(files: list[Path]) -> tuple[Settings, dict[str, str]]:
    """Settings from the defaults with each file of `files` on top, and where each value came from.

    Lists and the price of a model are replaced whole, other mappings are merged key by key. Raises SettingsError for a
    file that is no YAML mapping, an unknown key (naming the nearest known one) or a value of another type.
    """
    tree = _read(DEFAULTS)
    origins = dict.fromkeys(_paths(tree), "default")
    for file in files:
        override = _read(file)
        _merge(tree, override, file, "")
        origins.update(dict.fromkeys(_paths(override), str(file)))
    settings = build(tree)
    return settings, {path: origins.get(path, "by rule") for path in flattened(settings)}


def build(tree: Tree) -> Settings:
    """Settings from a complete mapping, e.g. the snapshot in a database. Raises SettingsError."""
    return typing.cast(Settings, _value(tree, Settings, ""))


def as_tree(settings: Settings) -> Tree:
    """The settings as plain mappings, lists and values."""
    return dataclasses.asdict(settings)


def flattened(settings: Settings) -> dict[str, Any]:
    """Dotted key -> value of every setting."""
    return _paths(as_tree(settings))


def _read(file: Path) -> Tree:
    try:
        tree = yaml.load(file.read_text(encoding="utf-8"), Loader=_LOADER)
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"cannot read {file}: {error}", "name another file with --config FILE") from error
    except yaml.YAMLError as error:
        raise SettingsError(f"{file} is no YAML: {error}", "`manualqa config` prints a correct file") from error
    if not isinstance(tree or {}, dict):
        raise SettingsError(f"{file} holds no mapping of settings", "`manualqa config` prints a correct file")
    return tree or {}


def _paths(tree: Tree, prefix: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in tree.items():
        path = f"{prefix}{key}"
        if isinstance(value, dict):
            found.update(_paths(value, path + "."))
        else:
            found[path] = list(value) if isinstance(value, tuple) else value
    return found


def _merge(tree: Tree, override: Tree, file: Path, prefix: str) -> None:
    for key, value in override.items():
        if prefix in OPEN:
            tree[str(key)] = value
        elif key not in tree:
            raise _unknown(f"{prefix}{key}", [f"{prefix}{known}" for known in tree], file)
        elif isinstance(tree[key], dict):
            if not isinstance(value, dict):
                raise SettingsError(f"{file}: {prefix}{key} holds several keys, not one value")
            _merge(tree[key], value, file, f"{prefix}{key}.")
        else:
            tree[key] = value


def _unknown(path: str, known: list[str], file: Path) -> SettingsError:
    from rapidfuzz import process

    nearest = process.extractOne(path, known)
    hint = f"did you mean {nearest[0]}?" if nearest else "`manualqa config` lists every key"
    return SettingsError(f"{file}: there is no setting {path}", hint)


def _value(raw: Any, kind: Any, path: str) -> Any:
    """`raw` as `kind`: a dataclass, a tuple or dict of kinds, an optional kind or a plain value."""
    if dataclasses.is_dataclass(kind):
        return _record(raw, typing.cast(type, kind), path)
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin is types.UnionType:
        return None if raw is None else _value(raw, next(a for a in arguments if a is not types.NoneType), path)
    if origin is tuple and isinstance(raw, list | tuple):
        return tuple(_value(item, arguments[0], f"{path}[{i}]") for i, item in enumerate(raw))
    if origin is dict and isinstance(raw, dict):
        return {str(key): _value(item, arguments[1], f"{path}.{key}") for key, item in raw.items()}
    return _plain(raw, kind, path)


def _plain(raw: Any, kind: Any, path: str) -> Any:
    if kind is float and isinstance(raw, int) and not isinstance(raw, bool):
        return float(raw)
    if not isinstance(kind, type) or not isinstance(raw, kind) or (kind is int and isinstance(raw, bool)):
        wanted = getattr(kind, "__name__", str(kind))
        raise SettingsError(
            f"the setting {path} is {raw!r}, not of type {wanted}", "`manualqa config` shows the default"
        )
    return raw


def _record(raw: Any, kind: type, path: str) -> Any:
    if not isinstance(raw, dict):
        raise SettingsError(f"the setting {path} holds several keys, not {raw!r}")
    hints, prefix = typing.get_type_hints(kind), f"{path}." if path else ""
    optional = {field.name for field in dataclasses.fields(kind) if field.default is not dataclasses.MISSING}
    missing = [name for name in hints if name not in raw and name not in optional]
    if missing:
        raise SettingsError(f"the setting {prefix}{missing[0]} is missing")
    unknown = [name for name in raw if name not in hints]
    if unknown:
        raise SettingsError(f"there is no setting {prefix}{unknown[0]}", f"{path} has {', '.join(hints)}")
    return kind(**{name: _value(raw[name], hints[name], prefix + name) for name in raw})
