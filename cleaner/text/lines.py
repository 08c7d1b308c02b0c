"""Texts as lines. A block holds many documents joined, so that one array operation serves all their lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from cleaner.model import Line, Span

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def split(text: str) -> Iterator[Line]:
    """All lines of a text, blank ones too, without their breaks. Only `\\n` breaks lines."""
    at = 0
    for number, line in enumerate(text.split("\n"), 1):
        yield Line(number, Span(at, at + len(line)), line)
        at += len(line) + 1


class Carried(NamedTuple):
    """Lines of a block that stood, letter by letter, in an earlier one: what was found in them by themselves holds.

    `rows` (lines,) int64: the row of each line there, -1 for a line that is new. `starts`: where the lines began there.
    `found`: what was kept with that block under "found".
    """

    rows: NDArray[np.int64]
    starts: NDArray[np.int64]
    found: Any


@dataclass(frozen=True)
class Block:
    """Documents joined by a line break, with the ranges of their non-blank lines as arrays.

    `texts`: the documents. `text`: all of them joined by "\\n".
    `offsets` (documents + 1,) int64: where each document begins in `text`; the last is one past the end.
    `starts`, `stops` (lines,) int64: each non-blank line in `text`, without surrounding white space.
    `documents` (lines,) int64: the document each line belongs to.
    """

    texts: tuple[str, ...]
    text: str
    offsets: NDArray[np.int64]
    starts: NDArray[np.int64]
    stops: NDArray[np.int64]
    documents: NDArray[np.int64]

    @cached_property
    def codes(self) -> NDArray[np.uint32]:
        """The code points of `text`, shape (len(text),)."""
        import numpy as np

        return np.frombuffer(self.text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)

    def forget(self, *names: str) -> None:
        """Let go of what was kept with the block under these names; in a circle with it, it would stay for long."""
        for name in names:
            vars(self).pop(name, None)

    @property
    def carried(self) -> Carried | None:
        """Lines that are known from an earlier block."""
        return vars(self).get("carried")

    def carry(self, rows: NDArray[np.int64], earlier: Block) -> None:
        """Make known which of the lines stood in which `rows` of an earlier block; -1 for those that did not."""
        vars(self)["carried"] = Carried(rows, earlier.starts, vars(earlier).get("found"))


def block(texts: Sequence[str]) -> Block:
    """Join texts into one block and find their non-blank lines."""
    import numpy as np

    text = "\n".join(texts)
    lengths = np.fromiter((len(t) + 1 for t in texts), dtype=np.int64, count=len(texts))
    offsets = np.concatenate(([0], np.cumsum(lengths)))
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    starts, stops = _split(text, codes)
    made = Block(tuple(texts), text, offsets, starts, stops, np.searchsorted(offsets, starts, side="right") - 1)
    made.__dict__["codes"] = codes
    return made


def _split(text: str, codes: NDArray[np.uint32]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Starts and stops of the non-blank lines of a text, each (lines,)."""
    import numpy as np

    from cleaner import _kernels

    if _kernels.active:
        room = np.empty((2, text.count("\n") + 1), dtype=np.int64)
        starts, stops = room[:, : _kernels.active.split_lines(codes, _spaces(), *room)]
        return starts, stops
    # Han lies beyond: few characters of most texts are looked up
    low = np.flatnonzero(codes < len(_spaces()))
    blank = low[_spaces()[codes[low]]]
    breaks = blank[codes[blank] == 10]
    # lines begin where the first of their words begins, and end where the last one ends
    edges = np.concatenate(([-1], blank, [len(codes)]))
    gaps = np.flatnonzero(np.diff(edges) > 1)
    words, ends = edges[gaps] + 1, edges[gaps + 1]
    first = np.searchsorted(words, np.concatenate(([0], breaks)))
    last = np.searchsorted(ends, np.concatenate((breaks, [len(codes)])), side="right") - 1
    full = last >= first
    return words[first[full]], ends[last[full]]


@cache
def _spaces() -> NDArray[np.bool_]:
    """White space as `str.isspace` has it, by code point; none lies above U+3000."""
    import numpy as np

    return np.array([chr(code).isspace() for code in range(0x3001)])
