"""Files through the check: found, read, cleaned in memory, reported, and if wanted fixed in place."""
