"""Values in a line of JSON by their paths, without decoding it: where each begins and ends."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from cleaner.formats.shared.field_paths import Step, Steps

_TOKEN = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\],]|[^\s"{}\[\],:]+', re.DOTALL)
_COMMA, _ESCAPE = b",", b"\\"

ANY = -1
"""A step to each field of an object; no path of a user has it."""


class Slot(NamedTuple):
    """A value in a line: its bytes from `start` to `stop`, and the steps that lead to it. `path`: its number."""

    start: int
    stop: int
    steps: Steps
    path: int


class _State(NamedTuple):
    """A path that leads to the value at hand: its number and the steps that are still to go."""

    path: int
    steps: Steps


class _Frame:
    """An object or a list that is open, and the paths that go on in it. `key`: of the value at hand."""

    def __init__(self, states: Sequence[_State], start: int, *, is_object: bool) -> None:
        self.states, self.start, self.is_object = states, start, is_object
        self.key: Step = "" if is_object else 0
        self.awaits_name = is_object

    def next_value(self) -> None:
        """Go behind a comma."""
        self.awaits_name = self.is_object
        if isinstance(self.key, int):
            self.key += 1

    def step(self) -> list[_State]:
        """Return the paths that lead to the value at hand."""
        return [
            _State(state.path, state.steps[1:])
            for state in self.states
            if state.steps and state.steps[0] in ((ANY, self.key) if self.is_object else (None, self.key))
        ]


def find_values(line: bytes, paths: Sequence[Steps]) -> list[Slot]:
    """Find all values that paths lead to in valid JSON, those of the first path first, each once."""
    slots: dict[int, Slot] = {}
    for slot in sorted(_scan(line, paths), key=lambda slot: (slot.path, slot.start)):
        slots.setdefault(slot.start, slot)
    return list(slots.values())


def find_fields(line: bytes) -> dict[str, tuple[int, int]]:
    """Find the value of each field of a valid object: where it begins and ends; the last of several of one name."""
    slots = _scan(line, [(ANY,)])
    return {str(slot.steps[0]): (slot.start, slot.stop) for slot in slots}


def _scan(line: bytes, paths: Sequence[Steps]) -> Iterator[Slot]:
    frames: list[_Frame] = []
    states = [_State(number, steps) for number, steps in enumerate(paths)]
    for match in _TOKEN.finditer(line):
        token, start, stop = match[0], match.start(), match.end()
        sign, frame = token[:1], frames[-1] if frames else None
        if sign == _COMMA:
            if frame:
                frame.next_value()
        elif sign in b"}]":
            if frame:
                frames.pop()
                yield from _reached(frames, frames[-1].step() if frames else states, frame.start, stop)
        elif frame and frame.awaits_name:
            frame.awaits_name = False
            frame.key = decode_name(token) if frame.states else ""
        elif sign in b"{[":
            frames.append(_Frame(frame.step() if frame else states, start, is_object=sign == b"{"))
        elif frame and frame.states:
            yield from _reached(frames, frame.step(), start, stop)


def _reached(frames: Sequence[_Frame], states: Sequence[_State], start: int, stop: int) -> Iterator[Slot]:
    for state in states:
        if not state.steps:
            yield Slot(start, stop, tuple(frame.key for frame in frames), state.path)


def decode_name(token: bytes) -> str:
    """Decode the name of a field."""
    name = token[1:-1].decode("utf-8", "surrogatepass") if _ESCAPE not in token else json.loads(token)
    return str(name)
