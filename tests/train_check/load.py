"""Read an export with the very loaders of LLaMA-Factory and ms-swift; the images of each row are counted and found.

Usage: python load.py RELEASE, in the environment of requirements.txt with the packages of loaders.txt on the path.
"""

import importlib.machinery
import json
import os
import sys
import tempfile
import types
from collections.abc import Iterator
from pathlib import Path

os.environ |= {"HF_HUB_OFFLINE": "1", "HF_DATASETS_DISABLE_PROGRESS_BARS": "1"}
os.environ.setdefault("HF_HOME", tempfile.mkdtemp(prefix="train-check-"))
for sound in ("torchaudio", "av"):  # imported for sound and film, which no export holds
    sys.modules[sound] = types.ModuleType(sound)
    sys.modules[sound].__spec__ = importlib.machinery.ModuleSpec(sound, None)

from datasets import load_dataset  # noqa: E402

PLACEHOLDER = "<image>"


def through_llama_factory(release: Path) -> Iterator[tuple[list[str], list[str]]]:
    """(texts, image files) of every row as LLaMA-Factory's converter gives them; it counts placeholders itself."""
    from llamafactory.data.converter import SharegptDatasetConverter
    from llamafactory.data.mm_plugin import BasePlugin
    from llamafactory.data.parser import get_dataset_list

    folder = release / "formats/llama-factory"
    where = types.SimpleNamespace(media_dir=str(release), dataset_dir=str(folder))
    plugin = BasePlugin(image_token=PLACEHOLDER, video_token=None, audio_token=None)
    names = list(json.loads((folder / "dataset_info.json").read_text("utf-8")))
    for attributes in get_dataset_list(names, str(folder)):
        convert = SharegptDatasetConverter(attributes, where)
        file = str(folder / attributes.dataset_name)
        for row in load_dataset("json", data_files=file, split="train"):
            made = convert(row)
            turns = [*made["_prompt"], *made["_response"]]
            assert made["_response"], f"LLaMA-Factory left out {row}"
            plugin._validate_messages(turns, made["_images"] or [], [], [])
            yield [turn["content"] for turn in turns], made["_images"] or []


def through_swift(release: Path) -> Iterator[tuple[list[str], list[str]]]:
    """(texts, image files) of every row as ms-swift's loader gives them, which refuses what it cannot read."""
    from swift.dataset import load_dataset as load

    os.chdir(release)  # ms-swift takes relative paths from where it was started
    for file in sorted(Path("formats/ms-swift").glob("*.jsonl")):
        rows, _ = load([str(file)], load_from_cache_file=False, strict=True)
        for row in rows:
            yield [turn["content"] for turn in row["messages"]], [image["path"] for image in row.get("images") or []]


def check(release: Path) -> None:
    """Print how many rows each loader took; raises for the first that it does not take as it was exported."""
    for name, through in (("llama-factory", through_llama_factory), ("ms-swift", through_swift)):
        if not (release / "formats" / name).is_dir():
            print(f"{name}: not in this release")
            continue
        taken = 0
        for texts, images in through(release):
            assert sum(text.count(PLACEHOLDER) for text in texts) == len(images), texts
            assert all(Path(image).is_file() for image in images), images
            assert all(text.replace(PLACEHOLDER, "").strip() for text in texts), texts
            taken += 1
        print(f"{name}: {taken} rows pass its own loader")


if __name__ == "__main__":
    check(Path(sys.argv[1]).resolve())
