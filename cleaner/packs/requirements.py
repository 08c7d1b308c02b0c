"""The versions of cleaner that a pack needs: `requires` in its `[pack]` table."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cleaner.errors import PackError
from cleaner.version import __version__

if TYPE_CHECKING:
    from cleaner.rules.schema import RulePack


def check_version(pack: RulePack) -> None:
    """Raise PackError for a pack that needs another version."""
    for condition in filter(None, (part.strip() for part in pack.requires.split(","))):
        sign, least = _condition(condition, pack)
        left, right = _numbers(__version__), _numbers(least)
        order = (left > right) - (left < right)
        if not {">=": order >= 0, "<=": order <= 0, ">": order > 0, "<": order < 0, "==": order == 0}[sign]:
            raise PackError(f"{pack.source}: pack: requires: needs cleaner {pack.requires}, this is {__version__}")


def _condition(condition: str, pack: RulePack) -> tuple[str, str]:
    match = re.fullmatch(r"(>=|<=|==|>|<)\s*(\d+(?:\.\d+)*)", condition)
    if not match:
        raise PackError(f"{pack.source}: pack: requires: {condition!r} is not like '>=0.1'")
    return match[1], match[2]


def _numbers(version: str) -> tuple[int, ...]:
    parts = [int(part) for part in re.findall(r"\d+", version.split("+")[0])[:3]]
    return (*parts, *[0] * (3 - len(parts)))
