"""Flattened punctuation, restored."""
