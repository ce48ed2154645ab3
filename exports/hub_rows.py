"""The table that `load_dataset` reads from the Hub: Parquet with the page images in it, made from a release folder.

An image that many pairs share stands once in a row group: Parquet keeps it in the column's dictionary. The same
release gives the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

from exports.errors import ExportError
from exports.validation import FILES, METADATA_KEYS

FOLDER = "data"
GROUP_ROWS = 1_000
GROUP_BYTES = 64 * 1024 * 1024  # bounds the memory of writer and readers
CACHED_IMAGES = 2
SHARD_BYTES = 400 * 1024 * 1024
_STRING = {"dtype": "string", "_type": "Value"}
_TURN = {"role": _STRING, "content": _STRING}

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class SplitFacts:
    """What the card says of a split: rows, and bytes once every row holds its own image."""

    rows: int
    bytes: int


@dataclass(slots=True)
class _Split:
    name: str
    rows: int = 0
    bytes: int = 0


def columns(*, with_status: bool) -> list[str]:
    """Names of the columns, in order."""
    status = ["status"] if with_status else []
    return ["image", "question", "answer", "messages", *METADATA_KEYS, *status]


def features(*, with_status: bool) -> dict[str, Any]:
    """The columns as the datasets library describes them inside a file."""
    own = {"image": {"_type": "Image"}, "messages": {"feature": _TURN, "_type": "List"}}
    return {name: own.get(name, _STRING) for name in columns(with_status=with_status)}


def card_features(*, with_status: bool) -> list[dict[str, Any]]:
    """The same as `dataset_info` in a card has it."""
    turn = [{"name": name, "dtype": "string"} for name in _TURN]
    own: dict[str, dict[str, Any]] = {"image": {"dtype": "image"}, "messages": {"list": turn}}
    return [{"name": name, **own.get(name, {"dtype": "string"})} for name in columns(with_status=with_status)]


def write_tables(release: Path, target: Path, *, with_status: bool) -> dict[str, SplitFacts]:
    """Write `target`/data/SPLIT-NNNNN-of-NNNNN.parquet for every split with rows; returns what each holds."""
    (target / FOLDER).mkdir(parents=True)
    found = {}
    for name, file in FILES.items():
        if not (release / file).exists():  # there is no file of a test split without pairs
            continue
        facts = _write_split(_Split(name), _rows(release, file), target / FOLDER, _schema(with_status=with_status))
        if facts.rows:
            found[name] = SplitFacts(facts.rows, facts.bytes)
    return found


def _rows(release: Path, file: str) -> Iterator[Row]:
    @lru_cache(CACHED_IMAGES)  # pairs of one page follow each other
    def picture(image: str) -> dict[str, Any]:
        return _picture(release, image)

    with (release / file).open(encoding="utf-8", newline="\n") as lines:
        for line in lines:
            record = json.loads(line)
            question, answer = (turn["content"] for turn in record["conversations"])
            image = record["image"]
            yield {
                "image": picture(image) if image else None,
                "question": question,
                "answer": answer,
                "messages": [{key: turn[key] for key in _TURN} for turn in record["conversations"]],
                **{name: "" if value is None else str(value) for name, value in record["metadata"].items()},
            }


def _picture(release: Path, image: str) -> dict[str, Any]:
    try:
        return {"bytes": (release / image).read_bytes(), "path": image.rpartition("/")[2]}
    except OSError as error:
        raise ExportError(f"cannot read {release / image}: {error.strerror}", "export again") from error


def _groups(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Rows in bounded groups; bytes are counted as a reader sees them, an image once for each of its pairs."""
    pending: list[Row] = []
    held = 0
    for row in rows:
        size = len(row["image"]["bytes"]) if row["image"] else 0
        if pending and (held + size > GROUP_BYTES or len(pending) == GROUP_ROWS):
            yield pending
            pending, held = [], 0
        pending.append(row)
        held += size
    if pending:
        yield pending


def _write_split(split: _Split, rows: Iterator[Row], folder: Path, schema: Any) -> _Split:
    """Write one split shard by shard, then name each shard with the number of them all."""
    groups = _groups(rows)
    shards: list[Path] = []
    while first := list(islice(groups, 1)):
        shards.append(folder / f".{split.name}-{len(shards)}")
        _write_shard(split, first[0], groups, shards[-1], schema)
    for number, shard in enumerate(shards):
        shard.rename(folder / f"{split.name}-{number:05d}-of-{len(shards):05d}.parquet")
    return split


def _write_shard(split: _Split, first: list[Row], groups: Iterator[list[Row]], file: Path, schema: Any) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    with parquet.ParquetWriter(
        file,
        schema,
        compression="zstd",
        use_dictionary=["image.bytes", "image.path"],
        dictionary_pagesize_limit=2 * GROUP_BYTES,
        write_statistics=False,
    ) as writer:
        group: list[Row] | None = first
        while group:
            table = pa.Table.from_pylist(group, schema)
            writer.write_table(table, row_group_size=len(group))
            split.rows, split.bytes = split.rows + len(group), split.bytes + table.nbytes
            group = next(groups, None) if file.stat().st_size < SHARD_BYTES else None


def _schema(*, with_status: bool) -> Any:
    import pyarrow as pa

    text = pa.string()
    types = {
        "image": pa.struct([("bytes", pa.binary()), ("path", text)]),
        "messages": pa.list_(pa.struct([(name, text) for name in _TURN])),
    }
    fields = [(name, types.get(name, text)) for name in columns(with_status=with_status)]
    known = {"info": {"features": features(with_status=with_status)}}
    return pa.schema(fields).with_metadata({"huggingface": json.dumps(known)})
