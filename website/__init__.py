"""The site: its tutorials, and the scripts that write its other pages."""
