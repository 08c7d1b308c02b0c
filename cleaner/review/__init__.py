"""A run reviewed: lines in doubt are shown, answers become rules of a pack or labels of pages."""
