"""What lines look like: characters, prose, lists, numbering, repetition, markup."""
