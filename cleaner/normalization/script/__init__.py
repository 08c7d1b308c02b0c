"""Simplified, Traditional and regional script: told and converted."""
