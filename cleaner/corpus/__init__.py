"""A corpus: cleaned, compared, assembled, restored."""
