"""Rule packs as data: loaded, looked up, tried and exported."""
