"""Approved pairs to files and to the Hugging Face Hub."""
