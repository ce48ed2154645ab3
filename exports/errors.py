"""Errors of exports that a person can mend; each is shown as its message and its hint."""


class ExportError(Exception):
    """What could not be exported, checked or published, as distinct from a bug; `hint` says what to do next."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class NothingToExportError(ExportError):
    """No pair is approved, or none of the approved ones can be written."""


class TargetError(ExportError):
    """The folder to write to is in use, holds something, or cannot be written."""


class SplitOverlapError(ExportError):
    """Pages that belong together would stand in different splits; nothing was written."""


class NoReleaseError(ExportError):
    """There is no release folder here."""


class PublishError(ExportError):
    """What the Hub refused, or could not be asked."""


class HubConflictError(PublishError):
    """Somebody else changed the repository in between; reading it again and trying once more may help."""
