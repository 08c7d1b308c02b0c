"""The files to check: found, told by git, and left alone where they are no texts."""
