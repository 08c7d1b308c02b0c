"""The run of `cleaner learn`: two passes over a corpus, and a pack for each host."""
