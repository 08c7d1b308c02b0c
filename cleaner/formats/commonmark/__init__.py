"""Markdown as a CommonMark parser reads it; apart, so that only texts in Markdown load the parser."""
