"""The parquet format: tables with the images inside, as the Hub and its viewer like them best.

`load_dataset(folder)` gives `image` decoded, the pair's columns, and `prompt` and `completion` for trainers. An image
is stored once for the pairs that follow each other on its page (as a dictionary), so that a file is not many times the
size of its images.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, BinaryIO

from exports.formats.columns import columns
from exports.formats.outlet import Outlet
from exports.records import ReadyPair

SHARD_BYTES = 500_000_000  # of images: what the Hub's viewer and slow lines take well
GROUP_BYTES = 48_000_000  # of images as a reader sees them, once for each pair: bounds the memory of writer and reader
GROUP_ROWS = 1_000
CACHED_IMAGES = 2


def write(outlet: Outlet) -> Mapping[str, int]:
    """Write every pair, SPLIT-00000-of-0000N.parquet; `image` is null where the page has none."""
    features = _features(outlet)
    for split in outlet.splits():
        shards = list(_shards(outlet, outlet.plan.of_split(split)))
        for number, pairs in enumerate(shards):
            with outlet.stream(f"{split}-{number:05d}-of-{len(shards):05d}.parquet") as stream:
                _write_shard(stream, features, _rows(outlet, pairs))
    return {}


def _features(outlet: Outlet) -> Any:
    """The columns and their types, as `datasets` stores them with the table."""
    from datasets import Features, Image, List, Value

    text, turns = Value("string"), List({"role": Value("string"), "content": Value("string")})
    images = {"image": Image(), **({"crop": Image()} if outlet.options.crops else {})}
    (first, *_) = outlet.plan.pairs
    described = dict.fromkeys(columns(first, with_status=outlet.plan.include == "all"), text)
    described["evidence_boxes"] = List(List(Value("float64")))
    return Features({**images, **described, "prompt": turns, "completion": turns})


def _shards(outlet: Outlet, pairs: Iterable[ReadyPair]) -> Iterator[list[ReadyPair]]:
    shard: list[ReadyPair] = []
    size, seen = 0, ""
    for ready in pairs:
        if ready.image and ready.image != seen:
            seen = ready.image
            size += outlet.image(seen).stat().st_size
        if shard and size > SHARD_BYTES:
            yield shard
            shard, size = [], 0
        shard.append(ready)
    if shard:
        yield shard


def _rows(outlet: Outlet, pairs: Iterable[ReadyPair]) -> Iterator[tuple[int, dict[str, Any]]]:
    """(bytes of its images, row) of each pair."""

    @lru_cache(CACHED_IMAGES)
    def content(image: str) -> bytes:
        return outlet.image(image).read_bytes()

    def picture(image: str | None) -> dict[str, Any] | None:
        return {"bytes": content(image), "path": image.rpartition("/")[2]} if image else None

    for ready in pairs:
        shown = {"image": picture(ready.image)} | ({"crop": picture(ready.crop)} if outlet.options.crops else {})
        row = {
            **shown,
            **columns(ready, with_status=outlet.plan.include == "all"),
            "prompt": [{"role": "user", "content": ready.question}],
            "completion": [{"role": "assistant", "content": ready.answer}],
        }
        yield sum(len(image["bytes"]) for image in shown.values() if image), row


def _write_shard(stream: BinaryIO, features: Any, rows: Iterator[tuple[int, dict[str, Any]]]) -> None:
    from pyarrow import Table, parquet

    schema = features.arrow_schema
    with parquet.ParquetWriter(stream, schema, dictionary_pagesize_limit=2 * GROUP_BYTES) as writer:
        for group in _groups(rows):
            writer.write_table(Table.from_pylist(group, schema=schema), row_group_size=len(group))


def _groups(rows: Iterator[tuple[int, dict[str, Any]]]) -> Iterator[list[dict[str, Any]]]:
    group: list[dict[str, Any]] = []
    held = 0
    for size, row in rows:
        if group and (held + size > GROUP_BYTES or len(group) == GROUP_ROWS):
            yield group
            group, held = [], 0
        group.append(row)
        held += size
    if group:
        yield group
