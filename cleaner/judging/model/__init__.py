"""What was learned from labelled pages: weighted n-grams and symmetric trees, as data and as array code."""
