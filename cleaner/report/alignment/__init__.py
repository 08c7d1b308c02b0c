"""Texts side by side: rows of lines, what differs within each, and the rules that did it."""
