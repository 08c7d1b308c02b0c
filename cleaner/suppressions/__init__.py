"""Suppressions in the data: found, and honoured when a text is cleaned."""
