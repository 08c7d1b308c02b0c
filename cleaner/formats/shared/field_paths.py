"""Paths of fields: `data.text`, `messages[].content`, `turns[0].value`; in nested values as Python has them.

A path is names with dots between them, each with `[]` for every value of a list or `[0]` for one. What is no such path
is the name of a field, and so is any path in a record that has a field of that very name.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from typing import Any

Step = str | int | None
"""A name in an object, a place in a list from 0, or None for all of a list."""
Steps = tuple[Step, ...]

_SEGMENT = re.compile(r"([^.\[\]]+)((?:\[\d*\])*)")
_PATH = re.compile(rf"{_SEGMENT.pattern}(?:\.{_SEGMENT.pattern})*")
_INDEX = re.compile(r"\[(\d*)\]")


@lru_cache(maxsize=1 << 8)
def parse(path: str) -> Steps:
    """Return the steps of a path; one step for a plain name."""
    if not _PATH.fullmatch(path):
        return (path,)
    steps: list[Step] = []
    for segment in _SEGMENT.finditer(path):
        steps.append(segment[1])
        steps += [int(index[1]) if index[1] else None for index in _INDEX.finditer(segment[2])]
    return tuple(steps)


def is_joined(fields: Sequence[str], names: Collection[str]) -> bool:
    """Whether fields may stand for several texts in a record that has these names, rather than for one of them."""
    return len(fields) > 1 or (fields[0] not in names and len(parse(fields[0])) > 1)


def resolve(fields: Sequence[str], names: Collection[str]) -> list[Steps]:
    """Return the steps of those fields that begin in a record with these names; a name that is there wins."""
    paths = [(field,) if field in names else parse(field) for field in fields]
    return [steps for steps in paths if steps[0] in names]


def describe(steps: Sequence[Step]) -> str:
    """Return the path of steps as a user writes it."""
    return "".join(f"[{'' if step is None else step}]" if not isinstance(step, str) else f".{step}" for step in steps)[
        1:
    ]


def locate(value: Any, steps: Steps) -> Iterator[tuple[Steps, Any]]:
    """Yield all that a path leads to in a nested value, each with the steps to it; what is not there is passed over."""
    if not steps:
        yield (), value
        return
    step, *rest = steps
    for key in _keys(value, step):
        yield from (((key, *further), inner) for further, inner in locate(value[key], tuple(rest)))


def put(value: Any, steps: Steps, text: str) -> None:
    """Put a text where steps lead in a nested value."""
    *way, last = steps
    for step in way:
        value = value[step]
    value[last] = text


def _keys(value: Any, step: Step) -> Sequence[Any]:
    if isinstance(step, str):
        return [step] if isinstance(value, dict) and step in value else []
    if not isinstance(value, list):
        return []
    numbers = range(len(value))
    return numbers if step is None else [step] if step in numbers else []
