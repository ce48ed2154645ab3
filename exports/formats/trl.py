"""The formats of TRL's SFTTrainer: `images` with `prompt` and `completion`, or with `messages`.

Both are folders that `load_dataset` opens with decoded images. They are two, since a trainer that finds `messages`
passes `prompt` and `completion` by and learns the questions too. The rows stand in metadata.parquet, which says its
types: a split in which no pair has a crop, or some have no image, loads beside one in which all have.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any

from exports.formats.dialogues import Dialogue, dialogues
from exports.formats.imagefolder import share_images
from exports.formats.outlet import WITHOUT_IMAGE, Outlet

ROWS_AT_ONCE = 5_000

Row = Callable[[Dialogue], dict[str, object]]


def write_prompt_completion(outlet: Outlet) -> Mapping[str, int]:
    """One row a pair: only the answer is learnt."""
    return _write(outlet, _prompt_completion, {"prompt": _string_turns(), "completion": _string_turns()}, joined=False)


def write_messages(outlet: Outlet) -> Mapping[str, int]:
    """One row a dialogue, its content in blocks of image and text."""
    return _write(outlet, _messages, {"messages": _block_turns()}, joined=True)


def _write(outlet: Outlet, row_of: Row, types: Mapping[str, Any], *, joined: bool) -> Mapping[str, int]:
    import pyarrow as pa

    schema = pa.schema([("qa_id", pa.string()), ("images_file_names", pa.list_(pa.string())), *types.items()])
    left_out = 0
    for split in outlet.splits():
        pairs = list(outlet.plan.of_split(split))
        if not any(ready.image for ready in pairs):  # the loader sees no folder of images then
            left_out += len(pairs)
            continue
        rows = (_identified(dialogue, row_of) for dialogue in dialogues(outlet, split, joined=joined))
        _write_rows(outlet, f"{split}/metadata.parquet", schema, rows)
        share_images(outlet, split, pairs)
    return {WITHOUT_IMAGE: left_out} if left_out else {}


def _write_rows(outlet: Outlet, file: str, schema: Any, rows: Iterator[dict[str, object]]) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    with outlet.stream(file) as stream, parquet.ParquetWriter(stream, schema) as writer:
        while some := list(islice(rows, ROWS_AT_ONCE)):
            writer.write_table(pa.Table.from_pylist(some, schema=schema))


def _identified(dialogue: Dialogue, row_of: Row) -> dict[str, object]:
    return {"qa_id": dialogue.dialogue_id, "images_file_names": dialogue.images, **row_of(dialogue)}


def _prompt_completion(dialogue: Dialogue) -> dict[str, object]:
    (turn,) = dialogue.turns
    return {
        "prompt": [{"role": "user", "content": turn.question}],
        "completion": [{"role": "assistant", "content": turn.answer}],
    }


def _messages(dialogue: Dialogue) -> dict[str, object]:
    messages: list[dict[str, object]] = []
    for turn in dialogue.turns:
        shown = [{"type": "image", "text": None} for _ in turn.images]
        messages.append({"role": "user", "content": [*shown, {"type": "text", "text": turn.question}]})
        messages.append({"role": "assistant", "content": [{"type": "text", "text": turn.answer}]})
    return {"messages": messages}


def _string_turns() -> Any:
    import pyarrow as pa

    return pa.list_(pa.struct([("role", pa.string()), ("content", pa.string())]))


def _block_turns() -> Any:
    import pyarrow as pa

    block = pa.struct([("type", pa.string()), ("text", pa.string())])
    return pa.list_(pa.struct([("role", pa.string()), ("content", pa.list_(block))]))
