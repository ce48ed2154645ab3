"""Headless production of candidate pairs: scans in, checked question-answer pairs out."""
