"""The dictionaries of opencc-python-reimplemented, read from the installed package and never copied."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from cleaner.errors import UsageError

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable


def package() -> Traversable:
    """The folder of the installed package. Raises UsageError when another package holds the import name."""
    try:
        found = files("opencc")
    except ModuleNotFoundError:
        raise UsageError(
            "opencc-python-reimplemented is not installed: run `pip install opencc-python-reimplemented`"
        ) from None
    if not (found / "dictionary" / "TSCharacters.txt").is_file():
        raise UsageError(
            f"the package `opencc` at {found} is not opencc-python-reimplemented, whose dictionaries are needed: "
            "run `pip uninstall opencc` and `pip install --force-reinstall opencc-python-reimplemented`"
        )
    return found


@cache
def dictionary(name: str) -> dict[str, str]:
    """One dictionary file (`TSCharacters.txt`) as key -> first value, as the library reads it."""
    text = (package() / "dictionary" / name).read_text(encoding="utf-8")
    pairs = (line.strip().split("\t") for line in text.splitlines())
    return {key: value.partition(" ")[0] for key, value in pairs}
