"""Refit the model on labelled pages, and try it on pages of other sites."""
