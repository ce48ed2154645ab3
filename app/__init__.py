"""The review app: reads the database, draws, and writes a person's decisions. Nothing imports it."""
