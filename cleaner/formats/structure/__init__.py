"""The structure of a page beside its lines, and both as Markdown; apart, so that only Markdown loads it."""
