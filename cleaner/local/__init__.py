"""Processes that may die: pool, failures, lock, checkpoints."""
