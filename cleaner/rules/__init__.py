"""Rules: what one is, and where its pattern matches."""
