"""The names of the formats and a line on each: light enough to be read for a help text."""

from __future__ import annotations

from collections.abc import Mapping

ABOUT: Mapping[str, str] = {
    "csv": "one table of all pairs, for people and spreadsheets",
    "imagefolder": "images and metadata.jsonl: load_dataset gives decoded images",
    "llama-factory": "ShareGPT messages and dataset_info.json for LLaMA-Factory",
    "llava": "conversations for LLaVA, one image each",
    "ms-swift": "messages with <image> and image paths for ms-swift",
    "parquet": "tables with the images inside, for load_dataset",
    "qwen-vl": "conversations for Qwen-VL's own trainer",
    "trl": "images, prompt and completion for TRL: only answers are learnt",
    "trl-messages": "images and messages for TRL, Axolotl, Unsloth, SmolVLM",
}
