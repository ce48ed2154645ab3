"""Train a tiny vision-language model with TRL on an export, and see that it learns answers from their pages.

Usage: python train.py RELEASE (a release folder that holds formats/trl). Runs in the environment of
tests/train_check/requirements.txt, seeded, on the CPU, without network.

Rows of both TRL formats go through TRL's own collator first, as they are. Then the model learns pairs whose question
several pages answer differently; what it learnt is measured on the same pairs twice, with their own images and with the
image of another page that answers otherwise. Passed if the loss with the right images is at most half of what it was
before training, and at most 0.8 of the loss with swapped images: then texts and images of the export belong together.
"""

import os
import sys
import tempfile
import time

os.environ |= {
    "HF_HUB_OFFLINE": "1", "HF_DATASETS_DISABLE_PROGRESS_BARS": "1", "TOKENIZERS_PARALLELISM": "false",
    "OMP_NUM_THREADS": "1", "CUDA_VISIBLE_DEVICES": "",
}  # fmt: skip
os.environ.setdefault("HF_HOME", tempfile.mkdtemp(prefix="train-check-"))

from collections import defaultdict
from pathlib import Path
from typing import Any

from datasets import Dataset, concatenate_datasets, load_dataset
from tiny_model import PAGE, model, processor
from transformers import set_seed
from trl import SFTConfig, SFTTrainer

SEED = 20
STEPS = 500
BATCH = 8
FEWEST_PAGES, MOST_ROWS = 4, 64
MOST_COLLATED = 200  # rows of a split
RIGHT_TO_SWAPPED, RIGHT_TO_BEFORE = 0.8, 0.5


def text_of(row: dict[str, Any], part: str) -> str:
    """The text of a prompt or a completion."""
    return str(row[part][0]["content"])


def told_apart_by_page(rows: Dataset) -> list[list[int]]:
    """Groups of row numbers: one question, asked of several pages that answer differently."""
    groups: dict[str, list[int]] = defaultdict(list)
    for number, row in enumerate(rows.remove_columns("images")):
        groups[text_of(row, "prompt")].append(number)
    return [group for group in groups.values() if len({text_of(rows[n], "completion") for n in group}) >= FEWEST_PAGES]


def swapped_images(rows: Dataset, groups: list[list[int]]) -> dict[int, int]:
    """Row number -> another row of its group, whose answer differs."""
    partner: dict[int, int] = {}
    for group in groups:
        for place, number in enumerate(group):
            others = group[place + 1 :] + group[:place]
            answer = text_of(rows[number], "completion")
            partner[number] = next(n for n in others if text_of(rows[n], "completion") != answer)
    return partner


def small(rows: Dataset) -> Dataset:
    """The same rows with images as small as the model takes them, so that they are not shrunk anew at each step."""

    def shrink(row: dict[str, Any]) -> dict[str, Any]:
        return {"images": [image.convert("RGB").resize((PAGE, PAGE)) for image in row["images"]]}

    return rows.map(shrink, features=rows.features)


def trainer_for(rows: Dataset, tools: Any, folder: str) -> SFTTrainer:
    """TRL's trainer with a fresh tiny model."""
    settings = SFTConfig(
        output_dir=folder, max_steps=STEPS, per_device_train_batch_size=BATCH, per_device_eval_batch_size=BATCH,
        learning_rate=3e-3, lr_scheduler_type="constant_with_warmup", warmup_steps=10, max_length=None, use_cpu=True,
        bf16=False, gradient_checkpointing=False, save_strategy="no", logging_strategy="no", report_to=[],
        disable_tqdm=True, seed=SEED,
    )  # fmt: skip
    set_seed(SEED)
    return SFTTrainer(model=model(tools.tokenizer), args=settings, train_dataset=rows, processing_class=tools)


def collated(trainer: SFTTrainer, rows: Dataset, tools: Any) -> int:
    """Pass rows through TRL's collator and compare the labels with the answer; returns the number of rows."""
    rows = rows.select(range(min(len(rows), MOST_COLLATED)))
    for row in rows:
        answer = text_of(row, "completion") if "completion" in row else row["messages"][-1]["content"][0]["text"]
        batch = trainer.data_collator([row])
        learnt = tools.tokenizer.decode([label for label in batch["labels"][0].tolist() if label >= 0])
        assert answer in learnt, f"{row['qa_id']}: the labels are {learnt!r}, the answer is {answer!r}"
        assert not row["images"] or batch["pixel_values"].shape[1] == len(row["images"])
    return len(rows)


def check(release: Path) -> int:
    """Run the check; returns the exit code."""
    began = time.monotonic()
    splits = {name: load_dataset(str(release / "formats" / name)) for name in ("trl", "trl-messages")}
    rows = splits["trl"]["train"]
    groups = told_apart_by_page(rows)
    if not groups:
        print(f"{release}: no question is answered differently by {FEWEST_PAGES} pages, so nothing can be told")
        return 2
    chosen = [number for group in groups for number in group][:MOST_ROWS]
    partner = swapped_images(rows, groups)
    right = small(rows.select(chosen))
    others = small(rows.select([partner[number] for number in chosen]))
    swapped = concatenate_datasets([right.remove_columns("images"), others.select_columns("images")], axis=1)
    tools = processor(text_of(row, part) for row in right.remove_columns("images") for part in ("prompt", "completion"))
    with tempfile.TemporaryDirectory() as folder:
        for name, both in splits.items():
            trainer = trainer_for(both["train"], tools, folder)
            print(f"{name}: {sum(collated(trainer, part, tools) for part in both.values())} rows pass TRL's collator")
        trainer = trainer_for(right, tools, folder)
        before = trainer.evaluate(right)["eval_loss"]
        trainer.train()
        after, wrong = (trainer.evaluate(part)["eval_loss"] for part in (right, swapped))
    return verdict(before, after, wrong, len(chosen), time.monotonic() - began)


def verdict(before: float, after: float, wrong: float, rows: int, seconds: float) -> int:
    """Print the losses and whether they pass; returns the exit code."""
    print(f"{rows} pairs, {STEPS} steps, {seconds:.0f} s")
    print(f"loss before training                {before:.3f}")
    print(f"loss after it, right images         {after:.3f}")
    print(f"loss after it, swapped images       {wrong:.3f}")
    passed = after <= RIGHT_TO_SWAPPED * wrong and after <= RIGHT_TO_BEFORE * before
    print(
        f"{'PASS' if passed else 'FAIL'}: right / swapped = {after / wrong:.2f} (at most {RIGHT_TO_SWAPPED}), "
        f"right / before = {after / before:.2f} (at most {RIGHT_TO_BEFORE})"
    )
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(check(Path(sys.argv[1])))
