"""What a person sees: a console, a progress bar, groups of commands."""
