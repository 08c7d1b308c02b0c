"""What a detector is: a function over the lines of a batch, with a name and checked parameters."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.text.lines import Batch


@dataclass(frozen=True, slots=True)
class Detections:
    """What one detector finds in one batch, sorted by `start`, one entry a detection.

    Attributes:
        line: (n,) int64, index into `batch.starts`; -1 where the verdict is on a whole document.
        start, stop: (n,) int64, the range in `batch.text`: the stripped line for a drop, the part to remove for a
            cut, the part to replace for a join (it may begin at the end of an earlier line).
        score: (n,) float64, how sure the detector is, in (0, 1]; a rule's weight is multiplied by it. None: 1.
        new: what stands in the place of each range after a join or replace; None: nothing.
    """

    line: NDArray[np.int64]
    start: NDArray[np.int64]
    stop: NDArray[np.int64]
    score: NDArray[np.float64] | None = None
    new: list[str] | None = None

    def __len__(self) -> int:
        return len(self.line)

    def select(self, mask: NDArray[np.bool_]) -> Detections:
        """Select the detections in `mask` (n,)."""
        score = None if self.score is None else self.score[mask]
        new = None if self.new is None else [self.new[index] for index in mask.nonzero()[0].tolist()]
        return Detections(self.line[mask], self.start[mask], self.stop[mask], score, new)


class Parameter(NamedTuple):
    """A parameter of a detector: its default, and what it says."""

    default: int | float
    about: str = ""

    @property
    def kind(self) -> str:
        """What values it takes, in words."""
        return "a whole number" if isinstance(self.default, int) else "a number"

    def takes(self, value: Any) -> bool:
        """Tell whether a value is of the parameter's type: whole numbers where the default is one, else any."""
        types = int if isinstance(self.default, int) else (int, float)
        return isinstance(value, types) and not isinstance(value, bool)


@dataclass(frozen=True, slots=True)
class Detector:
    """A detector as packs name it.

    Attributes:
        name: what packs write in `detector`.
        find: finds in the lines of a batch; parameters by keyword.
        parameters: by name.
        about: what it finds, in one line.
        decisive: whether a rule may let it decide alone; the others are evidence beside more of it.
    """

    name: str
    find: Callable[..., Detections]
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    about: str = ""
    decisive: bool = True


def detector(*, decisive: bool) -> Callable[[Callable[..., Detections]], Detector]:
    """Turn a function into a detector of its name.

    Its keyword parameters with their defaults are the detector's; the first line of its docstring tells what it finds,
    the lines under "Args" what the parameters say.
    """

    def build(find: Callable[..., Detections]) -> Detector:
        about, _, arguments = (find.__doc__ or "").partition("\n")
        meanings = dict(re.findall(r"^ +(\w+): (.+)\.$", arguments, re.MULTILINE))
        defaults = (find.__kwdefaults__ or {}).items()
        parameters = {name: Parameter(default, meanings.get(name, "")) for name, default in defaults}
        return Detector(find.__name__.replace("_", "-"), find, parameters, about, decisive)

    return build


def whole_lines(
    batch: Batch, rows: NDArray[np.int64] | Sequence[int], score: NDArray[np.float64] | None = None
) -> Detections:
    """Detect whole lines; `rows` are sorted, distinct indices into `batch.starts`."""
    rows = np.asarray(rows, dtype=np.int64)
    return Detections(rows, batch.starts[rows], batch.stops[rows], score)


def ranges(spans: Iterable[tuple[int, int, int]]) -> Detections:
    """Detect ranges given as (line, start, stop), in any order; of overlapping ones the first and longest counts."""
    disjoint: list[tuple[int, int, int]] = []
    for span in sorted(set(spans), key=lambda span: (span[1], -span[2])):
        if not disjoint or span[1] >= disjoint[-1][2]:
            disjoint.append(span)
    table = np.array(disjoint, dtype=np.int64).reshape(-1, 3)
    return Detections(table[:, 0].copy(), table[:, 1].copy(), table[:, 2].copy())


def whole_documents(batch: Batch, documents: Sequence[int], score: Sequence[float] | None = None) -> Detections:
    """Detect whole documents, given as sorted indices of `batch.texts`."""
    numbers = np.asarray(documents, dtype=np.int64)
    scores = None if score is None else np.asarray(score, dtype=np.float64)
    starts = batch.offsets[numbers]
    return Detections(
        np.full(len(numbers), -1, dtype=np.int64), starts, np.maximum(batch.offsets[numbers + 1] - 1, starts), scores
    )
