"""A run to look at: samples of an output with their texts, as a page, a dataset card, or JSON."""
