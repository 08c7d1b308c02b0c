"""Text decoded as what it is not, repaired."""
