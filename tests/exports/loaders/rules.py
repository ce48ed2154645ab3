"""What the loaders of trainers ask of a file, as their makers publish it: each function lists the breaches it finds.

Read from TRL 1.16 (SFTTrainer), LLaMA-Factory's data/README (sharegpt, `media_dir`), ms-swift's custom datasets
(messages), LLaVA's and Qwen-VL's finetuning data (`from` and `value`). `base` is the folder that image paths start
from: `media_dir`, `--image_folder`, `data_path`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from PIL import Image

PLACEHOLDER = "<image>"
SPECIAL = re.compile(
    r"<\|[^|>]+\|>|<(image|video|audio|fake_token_around_image|end_of_utterance|s|bos|eos|pad)>|</s>", re.I
)
MODES = {"L", "RGB", "RGBA", "P", "1"}
ROLES = ("user", "assistant")
SPEAKERS = ("human", "gpt")

Rows = list[dict[str, Any]]


def message_problems(rows: Rows, base: Path) -> list[str]:
    """LLaMA-Factory and ms-swift: `messages` with <image> in questions, `images` a list of paths."""
    found = [*columns_differ(rows, {"messages": list, "images": list})]
    if found:
        return found
    for number, row in enumerate(rows):
        turns = [(turn.get("role"), turn.get("content")) for turn in row["messages"]]
        found += named(number, turns_wrong(turns, ROLES))
        found += named(number, placeholders_wrong(turns, len(row["images"])))
        found += named(number, paths_wrong(row["images"], base))
    return found


def dataset_info_problems(info: dict[str, Any], folder: Path, rows_of: dict[str, Rows]) -> list[str]:
    """LLaMA-Factory's dataset_info.json: every entry names a file beside it, its columns and its tags."""
    found = []
    for name, entry in info.items():
        if not (folder / entry["file_name"]).is_file():
            found.append(f"{name}: {entry['file_name']} is not there")
            continue
        first = rows_of[entry["file_name"]][0]
        if entry.get("formatting") != "sharegpt":
            found.append(f"{name}: messages need formatting sharegpt")
        found += [f"{name}: no column {column}" for column in entry["columns"].values() if column not in first]
        tags = entry["tags"]
        turn = first[entry["columns"]["messages"]][0]
        if {tags["role_tag"], tags["content_tag"]} != set(turn) or turn[tags["role_tag"]] != tags["user_tag"]:
            found.append(f"{name}: the tags are not those of the messages")
    return found


def conversation_problems(rows: Rows, base: Path, *, several: bool) -> list[str]:
    """LLaVA (one `image`) and, with `several`, Qwen-VL (`image` a path or a list): turns with `from` and `value`."""
    found = [
        f"id {key} stands {count} times" for key, count in Counter(row.get("id") for row in rows).items() if count > 1
    ]
    for number, row in enumerate(rows):
        image = row.get("image", [])
        images = [image] if isinstance(image, str) else image or []
        if set(row) - {"id", "image", "conversations"}:
            found.append(f"row {number}: unknown keys")
        if not isinstance(image, str) and not several and "image" in row:
            found.append(f"row {number}: image is no path")
        if "image" in row and not images:
            found.append(f"row {number}: image is empty")
        turns = [(turn.get("from"), turn.get("value")) for turn in row["conversations"]]
        found += named(number, turns_wrong(turns, SPEAKERS))
        found += named(number, placeholders_wrong(turns, len(images)))
        found += named(number, paths_wrong(images, base))
    return found


def prompt_completion_problems(rows: Iterable[dict[str, Any]]) -> list[str]:
    """TRL: `images` decoded, `prompt` one user turn, `completion` one assistant turn, no placeholder in any text."""
    found = []
    for number, row in enumerate(rows):
        turns = [(turn["role"], turn["content"]) for turn in (*row["prompt"], *row["completion"])]
        if (len(row["prompt"]), len(row["completion"])) != (1, 1):
            found.append(f"row {number}: prompt and completion are not one turn each")
        found += named(number, turns_wrong(turns, ROLES))
        found += named(number, placeholders_wrong(turns, 0))
        found += named(number, pictures_wrong(row["images"]))
    return found


def block_problems(rows: Iterable[dict[str, Any]]) -> list[str]:
    """TRL, Axolotl, Unsloth, SmolVLM: `messages` in blocks, as many image blocks as `images`, in questions only."""
    found = []
    for number, row in enumerate(rows):
        blocks = [(turn["role"], block) for turn in row["messages"] for block in turn["content"]]
        kinds = Counter(block["type"] for _, block in blocks)
        if set(kinds) - {"image", "text"} or any(role != "user" for role, block in blocks if block["type"] == "image"):
            found.append(f"row {number}: a block is neither text nor an image in a question")
        if kinds["image"] != len(row["images"]):
            found.append(f"row {number}: {kinds['image']} image blocks for {len(row['images'])} images")
        turns = [
            (turn["role"], "".join(block["text"] for block in turn["content"] if block["type"] == "text"))
            for turn in row["messages"]
        ]
        found += named(number, turns_wrong(turns, ROLES))
        found += named(number, placeholders_wrong(turns, 0))
        found += named(number, pictures_wrong(row["images"]))
    return found


def named(number: int, problems: Iterable[str]) -> list[str]:
    """Problems with the number of their row."""
    return [f"row {number}: {problem}" for problem in problems]


def columns_differ(rows: Rows, types: dict[str, type]) -> Iterator[str]:
    """Every row has the same keys with the same types; a loader guesses them from the first rows."""
    for number, row in enumerate(rows):
        if {key: type(value) for key, value in row.items()} != types:
            yield f"row {number}: columns are not {', '.join(types)}"


def turns_wrong(turns: list[tuple[Any, Any]], speakers: tuple[str, str]) -> Iterator[str]:
    """User first, then by turns, assistant last; no text is empty or holds a special token."""
    if not turns or [who for who, _ in turns] != list(speakers) * (len(turns) // 2):
        yield "turns do not alternate from user to assistant"
    for _, text in turns:
        if not isinstance(text, str) or not text.replace(PLACEHOLDER, "").strip():
            yield "a text is empty"
        elif SPECIAL.search(text.replace(PLACEHOLDER, "")):
            yield "a text holds a special token"


def placeholders_wrong(turns: list[tuple[Any, Any]], images: int) -> Iterator[str]:
    """As many <image> as images, in questions only, each before the text of its question."""
    questions, answers = turns[::2], turns[1::2]
    if any(PLACEHOLDER in str(text) for _, text in answers):
        yield "an answer holds <image>"
    if sum(str(text).count(PLACEHOLDER) for _, text in questions) != images:
        yield f"placeholders differ from the {images} images"
    if any(PLACEHOLDER in re.sub(rf"^({PLACEHOLDER}\n?)+", "", str(text)) for _, text in questions):
        yield "a placeholder stands within a question"


def paths_wrong(images: list[Any], base: Path) -> Iterator[str]:
    """Relative paths with forward slashes that stay below the base and open as images."""
    for image in images:
        path = PurePosixPath(str(image))
        if (
            not isinstance(image, str)
            or path.is_absolute()
            or ".." in path.parts
            or "\\" in image
            or ":" in path.parts[0]
        ):
            yield f"{image!r} is no relative path below the base"
        elif not (base / path).is_file():
            yield f"{image} is not there"
        else:
            yield from mode_wrong(base / path)


def mode_wrong(file: Path) -> Iterator[str]:
    """The file opens and has a mode that processors take."""
    with Image.open(file) as image:
        if image.mode not in MODES:
            yield f"{file.name} is {image.mode}"


def pictures_wrong(images: Any) -> Iterator[str]:
    """A list of decoded images."""
    if not isinstance(images, list) or not all(
        isinstance(image, Image.Image) and image.mode in MODES for image in images
    ):
        yield "images is no list of decoded images"
