"""The reader that needs no model: rules over the words of a page."""
