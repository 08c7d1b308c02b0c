"""Repair and unify characters, script and punctuation."""
