"""A component for looking through pages: thumbnails, tables, one page with its words and pairs."""
