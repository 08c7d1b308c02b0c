"""Near-duplicate passages and documents."""
