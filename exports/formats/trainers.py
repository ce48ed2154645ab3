"""Formats of trainers that read JSON beside the images: LLaMA-Factory, LLaVA, ms-swift, Qwen-VL.

Image paths are relative to the release folder. `<image>` stands once for each image, in questions only.
"""

from __future__ import annotations

from collections.abc import Mapping

from exports.formats.dialogues import Dialogue, dialogues, from_and_value, messages_with_placeholders
from exports.formats.outlet import Outlet

_NOTHING_LEFT_OUT: Mapping[str, int] = {}
_COLUMNS = {"messages": "messages", "images": "images"}
_TAGS = {"role_tag": "role", "content_tag": "content", "user_tag": "user", "assistant_tag": "assistant"}


def write_swift(outlet: Outlet) -> Mapping[str, int]:
    """One line a dialogue with `messages` and `images`."""
    for split in outlet.splits():
        outlet.lines(f"{split}.jsonl", map(_messages, dialogues(outlet, split)))
    return _NOTHING_LEFT_OUT


def write_llama_factory(outlet: Outlet) -> Mapping[str, int]:
    """A JSON list a split, and the dataset_info.json that names them; `media_dir` is the release folder."""
    for split in outlet.splits():
        outlet.json_list(f"{split}.json", map(_messages, dialogues(outlet, split)))
    info = {
        f"manualqa_{split}": {
            "file_name": f"{split}.json",
            "formatting": "sharegpt",
            "columns": _COLUMNS,
            "tags": _TAGS,
        }
        for split in outlet.splits()
    }
    outlet.lines("dataset_info.json", [info])
    return _NOTHING_LEFT_OUT


def _messages(dialogue: Dialogue) -> dict[str, object]:
    return {"messages": messages_with_placeholders(dialogue), "images": dialogue.images}


def write_llava(outlet: Outlet) -> Mapping[str, int]:
    """A JSON list a split with `from` and `value`; LLaVA takes one image a record, so that crops stay out."""
    for split in outlet.splits():
        outlet.json_list(f"{split}.json", map(_llava, dialogues(outlet, split, crops=False)))
    return _NOTHING_LEFT_OUT


def _llava(dialogue: Dialogue) -> dict[str, object]:
    image = {"image": dialogue.images[0]} if dialogue.images else {}
    return {"id": dialogue.dialogue_id, **image, "conversations": from_and_value(dialogue)}


def write_qwen(outlet: Outlet) -> Mapping[str, int]:
    """A JSON list a split with `from` and `value`; `image` is a path, or a list of paths with crops."""
    for split in outlet.splits():
        outlet.json_list(
            f"{split}.json", (_qwen(dialogue, outlet.options.crops) for dialogue in dialogues(outlet, split))
        )
    return _NOTHING_LEFT_OUT


def _qwen(dialogue: Dialogue, several: bool) -> dict[str, object]:
    images: object = dialogue.images if several else next(iter(dialogue.images), None)
    shown = {"image": images} if dialogue.images else {}
    return {"id": dialogue.dialogue_id, **shown, "conversations": from_and_value(dialogue)}
