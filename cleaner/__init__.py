"""Clean scraped Chinese web text: rule packs, script and encoding, near-duplicates; attributed and reversible."""
