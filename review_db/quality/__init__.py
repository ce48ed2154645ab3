"""Pure statistics over what reviewers decided."""
