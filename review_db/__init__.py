"""The review database: the only code that knows SQL. It imports nothing else of ours."""
