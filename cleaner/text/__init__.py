"""Texts as arrays: lines, code points, segments, hashes, edits."""
