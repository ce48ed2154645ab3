"""The training record of a pair, and its text made safe for trainers and for files of one record a line."""

from __future__ import annotations

import json
import re
from typing import Any, NamedTuple

from review_db.records import ExportablePair

SPECIAL_TOKENS = (
    # places where trainers put the picture, sound or film
    "<image>", "<images>", "<img>", "</img>", "<image_pad>", "<image_soft_token>", "<IMG_CONTEXT>", "[IMG]",
    "[IMG_BREAK]", "[IMG_END]", "<start_of_image>", "<end_of_image>", "<global-img>", "<video>", "<audio>",
    "<fake_token_around_image>", "<end_of_utterance>",
    # turns and sequences
    "<s>", "</s>", "<bos>", "<eos>", "<pad>", "<unk>", "<mask>", "[INST]", "[/INST]", "<<SYS>>", "<</SYS>>",
    "[SYSTEM_PROMPT]", "[/SYSTEM_PROMPT]", "<start_of_turn>", "<end_of_turn>", "<bot>", "<think>", "</think>",
    "<tool_call>", "</tool_call>",
    # grounding
    "<box>", "</box>", "<ref>", "</ref>", "<quad>", "</quad>",
)  # fmt: skip
"""Texts that a trainer reads as a command, whatever their case; besides these, all of the form `<|...|>` and
`<row_1_col_2>`."""

_TOKEN = re.compile(
    "|".join([r"<\|[^<>|\n]{1,60}\|>", r"<row_\d+_col_\d+>", *map(re.escape, SPECIAL_TOKENS)]), re.IGNORECASE
)
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_SUSPECT = re.compile("[<\\[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_LINE_ENDS = {0x2028: "\\u2028", 0x2029: "\\u2029", 0x85: "\\u0085"}


class ReadyPair(NamedTuple):
    """A pair as it leaves: cleaned texts and its split; paths in the release of its page's image and of the crop of its
    evidence, None where it has none.
    """

    pair: ExportablePair
    question: str
    answer: str
    split: str
    image: str | None
    crop: str | None = None

    @property
    def was_cleaned(self) -> bool:
        """Whether the texts that leave differ from those that were reviewed."""
        return (self.question, self.answer) != (self.pair.question, self.pair.answer)


def clean_text(text: str) -> str:
    """`text` without special tokens, control characters and lone surrogates (they become U+FFFD).

    Line ends become "\\n"; a text without any of these is returned as it is.
    """
    if not _SUSPECT.search(text):
        return text
    kept = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = _CONTROL.sub("", _SURROGATE.sub("\ufffd", kept))
    without = _without_tokens(kept)
    return kept if without == kept else re.sub(r"(?<=\S)  +(?=\S)", " ", without).strip()


def _without_tokens(text: str) -> str:
    """Take out tokens until none is left: what surrounds one may close up to form another."""
    while (shorter := _TOKEN.sub("", text)) != text:
        text = shorter
    return text


def seed_record(ready: ReadyPair, *, with_status: bool = False, with_evidence: bool = False) -> dict[str, Any]:
    """The record of the seed project, keys in its order.

    `with_status` adds `status` after `qa_id`, `with_evidence` adds `evidence` after that; a crop follows the image.
    """
    pair, page = ready.pair, ready.pair.page
    metadata = {
        "page_id": page.page_id,
        "section_id": page.section_id,
        "section_name": page.section_name,
        "source_type": page.source_type or "other",
        "content_type": page.content_type or "text",
        "question_type": pair.question_type,
        "qa_id": pair.pair_id,
    }
    return {
        "image": ready.image,
        **({"crop": ready.crop} if ready.crop else {}),
        "conversations": [
            {"role": "user", "content": ready.question},
            {"role": "assistant", "content": ready.answer},
        ],
        "metadata": metadata
        | ({"status": pair.status} if with_status else {})
        | ({"evidence": evidence_of(ready)} if with_evidence else {}),
    }


def evidence_of(ready: ReadyPair) -> dict[str, Any]:
    """What supports the answer: verdict, quote (empty without one), boxes as fractions of the upright page image."""
    evidence = ready.pair.evidence
    return {
        "verdict": evidence.verdict,
        "quote": clean_text(evidence.quote or ""),
        "boxes": [[float(edge) for edge in box] for box in evidence.boxes],
    }


def json_line(record: object) -> str:
    """`record` as one line of UTF-8 JSON that no reader can split in two.

    Raises ValueError for NaN and infinity, which are no JSON.
    """
    text = json.dumps(record, ensure_ascii=False, allow_nan=False)
    return _SURROGATE.sub("\ufffd", text).translate(_LINE_ENDS) + "\n"
