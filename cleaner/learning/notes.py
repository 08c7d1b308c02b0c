"""What a pack says of the lines that it lists: on how many pages they stand, in which element, and why in doubt.

Lines of which the same is said share a remark, so that a pack stays short enough to be read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from msgspec import Struct

from cleaner.features.elements import JOINT, LINKS
from cleaner.learning.places import STEADY

MOST_ELEMENTS = 3
"""Elements that are named for the lines of a rule that most pages have, and for the others, at most."""
LEAST_LINES = 3
"""Lines from which an element is named."""
LONGEST_ABOVE = 12
"""Characters of the line above another, where it is told."""


class Note(Struct, frozen=True):
    """What is known of a line: pages (or hosts) that have it, the path to its element, what else is to be said, and
    what stands above it."""

    pages: int
    path: str = ""
    remark: str = ""
    unit: str = "pages"
    above: str = ""

    def __str__(self) -> str:
        """Say of one line what a pack has room for: the path only where nothing else is to be said."""
        above = f", below {self.above[:LONGEST_ABOVE]!r}" if self.above else ""
        said = f"{self.remark}{above}" if self.remark else self.path and f"in {self.path}"
        return f"{self.pages} {self.unit}{f', {said}' if said else ''}"


class NoteGroup(NamedTuple):
    """Entries of which the same is said."""

    head: str
    entries: tuple[str, ...]


def group_notes(notes: Mapping[str, Note]) -> Iterator[NoteGroup]:
    """Yield lines by what is said of them: doubts, whether most pages have them, and elements that hold several.

    Args:
        notes: by line.
    """
    most = max((note.pages for note in notes.values()), default=0)
    kinds = sorted({_kind(note, most) for note in notes.values()})
    for kind in kinds:
        lines = {line: note for line, note in notes.items() if _kind(note, most) == kind}
        for step, members in _split_elements({line: "" if kind[1] else note.path for line, note in lines.items()}):
            yield NoteGroup(_head([lines[line] for line in members], step), tuple(sorted(members)))


def _kind(note: Note, most: int) -> tuple[bool, str]:
    """Sort lines: those of fewer pages behind those that most have, apart from each other by what is said of them."""
    return (not note.remark and note.pages < STEADY * most), note.remark


def _split_elements(paths: Mapping[str, str]) -> Iterator[tuple[str, Sequence[str]]]:
    """Yield the elements that hold most lines, each with these, and at last the other lines with ""."""
    left = dict(paths)
    for _ in range(MOST_ELEMENTS):
        steps = Counter(step for path in left.values() for step in set(_named_steps(path)))
        step = min(steps, key=lambda step: (-steps[step], step), default="")
        if steps[step] < LEAST_LINES:
            break
        yield step, [line for line, path in left.items() if step in _named_steps(path)]
        left = {line: path for line, path in left.items() if step not in _named_steps(path)}
    if left:
        yield "", list(left)


def _named_steps(path: str) -> Iterable[str]:
    """Return the steps of a path that a class or an id tells from others."""
    return [step for step in path.removesuffix(LINKS).split(JOINT) if "." in step or "#" in step]


def _head(notes: Sequence[Note], step: str) -> str:
    """Say what is known of all lines of a group."""
    pages = sorted(note.pages for note in notes)
    count = f"{pages[0]}" if pages[0] == pages[-1] else f"{pages[0]} to {pages[-1]}"
    said = notes[0].remark or (f"in {step}" if step else "")
    return f"{count} {notes[0].unit}{f', {said}' if said else ''}"
