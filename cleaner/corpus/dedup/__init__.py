"""The run of cleaner dedup: sketches of all documents, then the search."""
