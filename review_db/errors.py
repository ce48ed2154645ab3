"""Errors of the review database; each is shown to a person as its message and its hint."""


class ReviewDbError(Exception):
    """Something about the database that a person can mend, as distinct from a bug.

    `hint` says what to do next, in one sentence.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class NewerDatabaseError(ReviewDbError):
    """The database was written by a newer version of ManualQA; it is left untouched."""


class DamagedDatabaseError(ReviewDbError):
    """The file is no database, or its pages do not fit together."""


class UnknownPairError(ReviewDbError):
    """No pair has this id."""


class UnknownPageError(ReviewDbError):
    """No page has this id."""


class DecisionRefusedError(ReviewDbError):
    """A decision that was not stored; `code` is the word the command line answers with."""

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        super().__init__(message, hint)
        self.code = code
