"""What the configuration says of exports, taken from the resolved settings that the database keeps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from exports.errors import ExportError
from review_db.connection import Database
from review_db.facts import current_settings

IMAGE_MODES = ("copy", "resize", "relative")
LARGEST_RATIO = 0.5


@dataclass(frozen=True, slots=True)
class OutputSettings:
    """The `output` section of the configuration; pipeline/config.yaml says what each value means."""

    validation_ratio: float
    test_ratio: float
    seed: int
    image_mode: str
    resize_long_edge: int
    license: str
    language: str
    shortest_question: int
    shortest_answer: int
    longest_answer: int
    smallest_section: int
    largest_section: int
    smallest_image: int

    @classmethod
    def of(cls, section: Mapping[str, Any]) -> OutputSettings:
        """The settings of an `output` section. Raises ExportError for a missing key or a value out of range."""
        names = [field.name for field in fields(cls)]
        missing = [name for name in names if name not in section]
        if missing:
            raise ExportError(f"the setting output.{missing[0]} is missing", "run `manualqa run` once")
        settings = cls(**{name: section[name] for name in names})
        settings._refuse_impossible()
        return settings

    @classmethod
    def in_force(cls, db: Database) -> OutputSettings:
        """The settings of the last run or app start. Raises ExportError before the first."""
        return cls.of(current_settings(db).get("output", {}))

    def _refuse_impossible(self) -> None:
        for name, ratio in (("validation_ratio", self.validation_ratio), ("test_ratio", self.test_ratio)):
            if not 0 <= ratio <= LARGEST_RATIO:
                raise ExportError(f"output.{name} is {ratio}", f"choose a share from 0 to {LARGEST_RATIO}")
        if self.image_mode not in IMAGE_MODES:
            raise ExportError(f"output.image_mode is {self.image_mode!r}", f"choose {', '.join(IMAGE_MODES)}")
        if self.resize_long_edge < 1:
            raise ExportError(f"output.resize_long_edge is {self.resize_long_edge}", "choose a number of pixels")
