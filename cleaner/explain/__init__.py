"""Trace changes to their rules, and compare packs."""
