"""Errors of the pipeline that a person can mend; the command line prints message and hint and exits with 1."""


class PipelineError(Exception):
    """What happened and where, with `hint` saying what to do next; as distinct from one page that failed."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class SettingsError(PipelineError):
    """A configuration file that cannot be used; names the key."""


class SourceError(PipelineError):
    """The source folder is missing, empty or cannot be read."""
