"""Runs into an output that is there: what the run before left, and what of it still holds."""
