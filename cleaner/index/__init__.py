"""A stored index of signatures: SQLite or Redis."""
