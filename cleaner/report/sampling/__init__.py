"""Samples of a run: drawn while its ledger is read once, then their texts."""
