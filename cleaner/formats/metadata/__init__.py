"""What a page says of itself: title, author, date and the like; apart, so that only those who ask for it load it."""
