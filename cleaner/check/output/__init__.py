"""Findings as text, JSON and what other tools read."""
