"""Other shapes of the same pairs, each in its own folder formats/NAME/ beside the seed's records."""

from __future__ import annotations

from collections.abc import Mapping

from exports.errors import ExportError
from exports.format_names import ABOUT
from exports.formats import imagefolder, parquet, spreadsheet, trainers, trl
from exports.formats.outlet import Write

FORMATS: Mapping[str, Write] = {
    "csv": spreadsheet.write,
    "imagefolder": imagefolder.write,
    "llama-factory": trainers.write_llama_factory,
    "llava": trainers.write_llava,
    "ms-swift": trainers.write_swift,
    "parquet": parquet.write,
    "qwen-vl": trainers.write_qwen,
    "trl": trl.write_prompt_completion,
    "trl-messages": trl.write_messages,
}


def chosen_formats(words: str | None) -> tuple[str, ...]:
    """The formats that `--formats` names: `all`, or names with commas between. Raises ExportError for others."""
    names = [word.strip() for word in (words or "").split(",") if word.strip()]
    if names == ["all"]:
        return tuple(ABOUT)
    unknown = [name for name in names if name not in FORMATS]
    if unknown:
        raise ExportError(f"there is no format {unknown[0]!r}", f"choose all, or some of {', '.join(ABOUT)}")
    return tuple(sorted(set(names)))
