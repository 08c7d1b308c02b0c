"""Write cleaner/data/ftfy-classes.json for the installed ftfy. Run under the oldest supported Python, so Unicode."""

from pathlib import Path

from cleaner.normalization import ftfy_classes

if __name__ == "__main__":
    Path("cleaner/data/ftfy-classes.json").write_text(ftfy_classes.shipped_file(), encoding="ascii")
