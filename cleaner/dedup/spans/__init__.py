"""Repeated spans: text that stands in two places, character for character, cut where sentences end.

`find` does all of it. Its parts, in order: folds, anchors, buckets, matches, sentences, places, origins, table.
"""
