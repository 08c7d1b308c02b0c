"""What a site prints on all its pages, learned from them: lines that recur, as rules that a person can read. Pure."""
