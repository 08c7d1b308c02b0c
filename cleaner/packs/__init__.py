"""Rule packs as data: load, find, test, lay out and export them."""
