"""References: short texts, such as the questions of an evaluation, that no corpus should hold. `search` finds them."""
