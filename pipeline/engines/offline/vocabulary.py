"""Word lists in a form that people can read and extend."""


def listed(words: str) -> frozenset[str]:
    """The words of a text, separated by white space, as a set."""
    return frozenset(words.split())
