"""Claude's vision as an engine: prompts and pages in, raw replies through the ledger, checked pairs out."""
