"""What a person chooses for one export, beside what the configuration says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

from exports.errors import ExportError
from exports.settings import OutputSettings

SMALLEST_IMAGE = 28  # pixels: one patch of a vision model


@dataclass(frozen=True, slots=True)
class Options:
    """`image_size`: long edge of the images in pixels at most, None as configured; `crops`: the evidence as a second
    image; `evidence`: quote and boxes in the records; `conversations`: all pairs of a page as one dialogue, in the
    formats that hold dialogues.
    """

    image_size: int | None = None
    crops: bool = False
    evidence: bool = False
    conversations: bool = False

    @classmethod
    def of(cls, chosen: object) -> Options:
        """The options that a job carries as JSON, by name; what it does not name stays as it is by default."""
        named = chosen if isinstance(chosen, Mapping) else {}
        return cls(**{field.name: named[field.name] for field in fields(cls) if field.name in named})

    def on(self, settings: OutputSettings) -> OutputSettings:
        """The settings of an export with these options. Raises ExportError for an impossible image size."""
        if self.image_size is None:
            return settings
        if self.image_size < SMALLEST_IMAGE:
            raise ExportError(
                f"images of {self.image_size} pixels teach nothing", f"choose {SMALLEST_IMAGE} pixels or more"
            )
        return replace(settings, image_mode="resize", resize_long_edge=self.image_size)
