"""All formats of the sample's pairs and of real imported pairs load in `datasets` and keep each loader's rules."""

import io
import json
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from PIL import Image

from tests.exports.loaders import rules
from tests.sample_run import copy_of, listed, manualqa

pytestmark = pytest.mark.slow
OPTIONS = {"plain": (), "with_crops_and_dialogues": ("--crops", "--evidence", "--conversations", "--image-size", "800")}
FILES = {"ms-swift": "jsonl", "llama-factory": "json", "llava": "json", "qwen-vl": "json"}
FOLDERS = ("imagefolder", "parquet", "trl", "trl-messages")


class Exported(NamedTuple):
    """A release with every format, and how to load one of its folders with `datasets`."""

    path: Path
    load: Callable[[str], dict[str, Any]]

    def seed(self) -> list[dict[str, Any]]:
        return [record for file in sorted(self.path.glob("vlm_*.jsonl")) for record in json_lines(file)]

    def rows(self, form: str) -> list[dict[str, Any]]:
        """The rows of every split of a format."""
        if form in FOLDERS:
            return [row for split in self.load(form).values() for row in decoded_once(split)]
        read = json_lines if FILES[form] == "jsonl" else lambda file: json.loads(file.read_text("utf-8"))
        return [row for file in self.files(form) for row in read(file)]

    def files(self, form: str) -> list[Path]:
        folder = self.path / "formats" / form
        return sorted(file for file in folder.glob(f"*.{FILES[form]}") if file.name != "dataset_info.json")


def decoded_once(split: Any) -> Iterator[dict[str, Any]]:
    """The rows with their images opened; a page's image is decoded for its first pair only."""
    from datasets import Image as Column
    from datasets import List

    for name, feature in split.features.items():
        if isinstance(feature, Column):
            split = split.cast_column(name, Column(decode=False))
        elif isinstance(getattr(feature, "feature", None), Column):
            split = split.cast_column(name, List(Column(decode=False)))
    seen: dict[str, Image.Image] = {}
    for row in split:
        yield {name: opened(value, seen) for name, value in row.items()}


def opened(value: Any, seen: dict[str, Image.Image]) -> Any:
    """A column's value with each stored image in it decoded."""
    if isinstance(value, list) and value and isinstance(value[0], dict) and "bytes" in value[0]:
        return [opened(image, seen) for image in value]
    if not isinstance(value, dict) or "bytes" not in value:
        return value
    if value["path"] not in seen:
        seen[value["path"]] = Image.open(io.BytesIO(value["bytes"]) if value["bytes"] else value["path"])
        seen[value["path"]].load()
    return seen[value["path"]]


def json_lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text("utf-8").split("\n")[:-1]]


def approve_all(workspace: Path) -> None:
    wanted = [
        {"decision_id": pair["pair_id"], "verdict": "approve", "reviewer": "ana", "pair_id": pair["pair_id"],
         "revision": pair["revision"]}
        for pair in listed(workspace, "pairs") if pair["status"] == "pending"
    ]  # fmt: skip
    manualqa(workspace, "decide", "-", input="".join(json.dumps(line) + "\n" for line in wanted))


@pytest.fixture(scope="module")
def sample(sample_workspace, tmp_path_factory):
    workspace = copy_of(sample_workspace, tmp_path_factory.mktemp("loaders") / "sample")
    approve_all(workspace)
    return workspace


@pytest.fixture(scope="module")
def imported(corpus, tmp_path_factory):
    workspace = tmp_path_factory.mktemp("loaders") / "imported"
    manualqa(workspace, "import", str(corpus / "candidates.jsonl"), "--images", str(corpus), "--later")
    approve_all(workspace)
    return workspace


CASES = [pytest.param((where, how), id=f"{where}-{how}") for where in ("sample", "imported") for how in OPTIONS]


@pytest.fixture(scope="module", params=CASES)
def exported(request, tmp_path_factory):
    where, how = request.param
    workspace = request.getfixturevalue(where)
    folder = tmp_path_factory.mktemp(f"{where}-{how}")
    manualqa(workspace, "export", "--out", str(folder / "release"), "--formats", "all", *OPTIONS[how])

    @cache
    def load(form: str) -> dict[str, Any]:
        import datasets

        datasets.disable_progress_bars()
        return datasets.load_dataset(str(folder / "release/formats" / form), cache_dir=str(folder / "cache"))

    return Exported(folder / "release", load)


def texts_of(row: dict[str, Any]) -> list[str]:
    """Questions and answers of a row of any format, without placeholders."""
    turns = row.get("messages") or row.get("conversations") or [*row["prompt"], *row["completion"]]
    found = []
    for turn in turns:
        text = turn["value"] if "value" in turn else turn["content"]
        if isinstance(text, list):
            text = "".join(block["text"] or "" for block in text)
        found.append(text.replace("<image>\n", "").replace("<image>", ""))
    return found


def pairs_of(rows: list[dict[str, Any]]) -> Counter[tuple[str, str]]:
    return Counter(pair for row in rows for pair in zip(texts_of(row)[::2], texts_of(row)[1::2], strict=True))


@pytest.mark.parametrize("form", ["ms-swift", "llama-factory"])
def test_messages_keep_the_rules_of_llama_factory_and_ms_swift(exported, form):
    rows = exported.rows(form)
    assert rules.message_problems(rows, exported.path) == []
    assert pairs_of(rows) == pairs_of(exported.seed())


def test_dataset_info_leads_llama_factory_to_its_files(exported):
    folder = exported.path / "formats/llama-factory"
    info = json.loads((folder / "dataset_info.json").read_text("utf-8"))
    rows = {file.name: json.loads(file.read_text("utf-8")) for file in exported.files("llama-factory")}
    assert {entry["file_name"] for entry in info.values()} == set(rows)
    assert rules.dataset_info_problems(info, folder, rows) == []


@pytest.mark.parametrize("form", ["llava", "qwen-vl"])
def test_conversations_keep_the_rules_of_llava_and_qwen_vl(exported, form):
    rows = exported.rows(form)
    assert rules.conversation_problems(rows, exported.path, several=form == "qwen-vl") == []
    assert pairs_of(rows) == pairs_of(exported.seed())


def test_trl_rows_have_decoded_images_and_one_turn_each(exported):
    rows = exported.rows("trl")
    assert rules.prompt_completion_problems(rows) == []
    assert pairs_of(rows) == pairs_of(exported.seed())


def test_trl_messages_have_a_block_for_each_image(exported):
    rows = exported.rows("trl-messages")
    assert rules.block_problems(rows) == []
    assert pairs_of(rows) == pairs_of(exported.seed())


@pytest.mark.parametrize("form", ["imagefolder", "parquet"])
def test_tables_load_with_their_images_and_hold_what_the_manifest_says(exported, form):
    rows = exported.rows(form)
    manifest = json.loads((exported.path / "manifest.json").read_text("utf-8"))
    left_out = sum(manifest["left_out_of_formats"].get(form, {}).values())
    assert len(rows) == len(exported.seed()) - left_out
    expected = {record["metadata"]["qa_id"]: record for record in exported.seed()}
    for row in rows:
        record = expected[row["qa_id"]]
        assert [row["question"], row["answer"]] == texts_of(record)
        assert (row["image"] is None) == (record["image"] is None)


@pytest.mark.parametrize("form", ["ms-swift", "llama-factory", "llava"])
def test_the_json_of_trainers_loads_in_datasets_with_one_type_a_column(exported, form, tmp_path):
    from datasets import load_dataset

    files = {file.stem: str(file) for file in exported.files(form)}
    loaded = load_dataset("json", data_files=files, cache_dir=str(tmp_path))
    assert sum(len(split) for split in loaded.values()) == len(exported.rows(form))


def test_no_page_stands_in_two_splits_of_any_folder(exported):
    for form in FOLDERS:
        loaded = exported.load(form)
        ids = [{row.rpartition("-q")[0] for row in split["qa_id"]} for split in loaded.values()]
        assert not set.intersection(*ids) if len(ids) > 1 else ids
