"""Write cleaner/data/ftfy-classes.json for the installed ftfy. Run under the oldest supported Python, so Unicode."""

from pathlib import Path

from cleaner.normalize import safe

if __name__ == "__main__":
    Path("cleaner/data/ftfy-classes.json").write_text(safe.ships(), encoding="ascii")
