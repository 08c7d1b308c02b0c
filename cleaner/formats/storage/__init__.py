"""Files and streams beneath the formats: found, opened, compressed, written whole, fetched from elsewhere."""
