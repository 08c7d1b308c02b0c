"""Spans that a host prints at the head or the tail of longer lines: credits, notices and buttons glued to a text."""
