"""Globs of file names compiled together: folders of thousands of files ask for each."""

from __future__ import annotations

import re
from collections.abc import Callable
from fnmatch import translate
from functools import lru_cache


@lru_cache(maxsize=1 << 8)
def compile_globs(globs: tuple[str, ...]) -> Callable[[str], object]:
    """Compile globs into one function: what it returns is true for a whole name that one of them fits."""
    return re.compile("|".join(map(translate, globs)) or "(?!)").match
