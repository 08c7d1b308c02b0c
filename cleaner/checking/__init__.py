"""Cleaning as a check: what it would change becomes findings, some of them known or suppressed. Values only."""
