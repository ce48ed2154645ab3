"""The imagefolder format: `load_dataset(folder)` gives decoded images and splits, and people can look through it.

Each split is a folder with its images and metadata.jsonl. The loader guesses types from the rows of each split alone
and refuses splits whose types differ: so there is no null in any column, and boxes are JSON in a text.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from exports.formats.columns import columns
from exports.formats.outlet import WITHOUT_IMAGE, Outlet, with_image
from exports.records import ReadyPair


def write(outlet: Outlet) -> Mapping[str, int]:
    """Write every pair that has an image; the others are counted."""
    left_out = len(outlet.plan.pairs)
    for split in outlet.splits():
        pairs = list(with_image(outlet.plan.of_split(split)))
        left_out -= len(pairs)
        if pairs:
            outlet.lines(f"{split}/metadata.jsonl", (_row(ready, outlet) for ready in pairs))
            share_images(outlet, split, pairs)
    return {WITHOUT_IMAGE: left_out} if left_out else {}


def share_images(outlet: Outlet, split: str, pairs: list[ReadyPair]) -> None:
    """Put the images of `pairs` below the split's folder, which is as far as the loader looks."""
    shown = {image for ready in pairs for image in (ready.image, ready.crop) if image}
    for image in sorted(shown):
        outlet.share(f"{split}/{image}", image)


def _row(ready: ReadyPair, outlet: Outlet) -> dict[str, object]:
    row = columns(ready, with_status=outlet.plan.include == "all")
    row["evidence_boxes"] = json.dumps(row["evidence_boxes"])
    crop = {"crop_file_name": ready.crop or ready.image} if outlet.options.crops else {}
    return {"file_name": ready.image, **crop, **row}
