"""Findings mended in their texts, shown as a diff, or refused where too much would go."""
