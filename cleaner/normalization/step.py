"""Types of a normalizing step and of an inspection: all that the rest of the package knows of either."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from cleaner.model import BuiltinRule, Flag
    from cleaner.normalization.prefilter import Trigger
    from cleaner.options import NormalizeOptions


class Step(NamedTuple):
    """A normalizing step.

    Attributes:
        rule: id that its edits carry.
        why: what is wrong with a text that it changes.
        run: the function; it changes nothing when called again on its result.
        reads: the characters of which a text that it changes under these options holds one.
        by_line: whether it looks at each line by itself.
        batch: the same function for many texts at once, where that costs less.
        switches: names of the options of which one must be set; a step without is always on.
        keeps_meaning: whether it writes the same text in other characters, never a guess: `check --fix` applies it.
        off: the setting under which a step without switches changes nothing, as a user writes it; "" for none.
    """

    rule: str
    why: str
    run: Callable[[str, NormalizeOptions], str]
    reads: Callable[[NormalizeOptions], Trigger]
    by_line: bool = False
    batch: Callable[[Sequence[str], NormalizeOptions], list[str]] | None = None
    switches: tuple[str, ...] = ()
    keeps_meaning: bool = True
    off: str = ""

    def is_on(self, options: NormalizeOptions) -> bool:
        """Whether the options let the step run."""
        return not self.switches or any(getattr(options, name) for name in self.switches)

    def apply(self, texts: Sequence[str], options: NormalizeOptions) -> list[str]:
        """Apply the step to each of many texts."""
        if not self.is_on(options):
            return list(texts)
        return self.batch(texts, options) if self.batch else [self.run(text, options) for text in texts]


class Inspection(NamedTuple):
    """A search for damage that no step can mend: each flag that `find` returns carries the id of one of `rules`."""

    rules: tuple[BuiltinRule, ...]
    find: Callable[[str], list[Flag]]
    reads: Trigger
