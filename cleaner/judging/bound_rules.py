"""Rules that are bound to hosts or frames: matched in their documents alone, one matcher a set of rules.

A word like `首页` may stand in the packs of a thousand sites; a page is tried on those of its own.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from cleaner.features.line_view import view_lines
from cleaner.rules.frames import Frame, FrameIndex
from cleaner.rules.matcher import Matcher
from cleaner.rules.matches import Matches, merge
from cleaner.text import lines

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cleaner.features.line_view import LineView
    from cleaner.rules.schema import Rule
    from cleaner.text.lines import Batch

BoundIndices = list[tuple[int, ...]]
"""The indices of the bound rules that act on each document, in order."""

_CACHED_SETS = 512
"""Sets of rules, one a host, that stay compiled."""


class BoundRules:
    """Those of `rules` that are bound to hosts or frames."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.rules = tuple(rules)
        self._compile = lru_cache(_CACHED_SETS)(self._compile_rules)

    @cached_property
    def _by_host(self) -> dict[str, list[int]]:
        """The indices of rules by host, or by `*.` and the end of hosts."""
        indices: defaultdict[str, list[int]] = defaultdict(list)
        for index, rule in enumerate(self.rules):
            for host in rule.hosts:
                indices[host].append(index)
        return dict(indices)

    @cached_property
    def _by_frame(self) -> dict[Frame, list[int]]:
        """The indices of rules by frame."""
        indices: defaultdict[Frame, list[int]] = defaultdict(list)
        for index, rule in enumerate(self.rules):
            if rule.frame:
                indices[rule.frame].append(index)
        return dict(indices)

    @cached_property
    def _frames(self) -> FrameIndex:
        return FrameIndex(list(self._by_frame))

    @property
    def unbound(self) -> list[Rule]:
        """The rules at their places, bound ones without what would let them match."""
        return [
            msgspec.structs.replace(rule, literals=(), scope="line") if rule.is_bound else rule for rule in self.rules
        ]

    def select(self, view: LineView, hosts: Sequence[str]) -> BoundIndices:
        """Select the rules that act on each document of a batch: its host and its frame are among theirs.

        `hosts` has that of each, or is empty where none is known.
        """
        documents = len(view.batch.texts)
        if not (self._by_host or self._by_frame):
            return [()] * documents
        frames = self._frames.find(view) if self._by_frame else [{}] * documents
        return [self._acting(host, shown) for host, shown in zip(hosts or [""] * documents, frames, strict=True)]

    def _acting(self, host: str, frames: Mapping[Frame, float]) -> tuple[int, ...]:
        of_host = set(self._of_host(host))
        of_frame = {index for frame in frames for index in self._by_frame[frame]}
        rules = self.rules
        return (
            *sorted(
                {index for index in of_host if not rules[index].frame or index in of_frame}
                | {index for index in of_frame if not rules[index].hosts}
            ),
        )

    def _of_host(self, host: str) -> list[int]:
        """List the indices of the rules that name a host."""
        if not host:
            return []
        labels = host.split(".")
        names = (host, *(f"*.{'.'.join(labels[cut:])}" for cut in range(1, len(labels))))
        return [index for name in names for index in self._by_host.get(name, ())]

    def find(self, batch: Batch, acting: BoundIndices) -> Matches | None:
        """Find the matches of the bound rules that act on each document; None where none acts on any."""
        documents: defaultdict[tuple[int, ...], list[int]] = defaultdict(list)
        for document, indices in enumerate(acting):
            if indices:
                documents[indices].append(document)
        several = [self._find(batch, indices, members) for indices, members in documents.items()]
        return merge(several) if several else None

    def _find(self, batch: Batch, indices: tuple[int, ...], documents: Sequence[int]) -> Matches:
        """Match some rules in some documents; the matches have the places of the batch and of all rules."""
        inner = lines.join([batch.texts[document] for document in documents])
        matches = self._compile(indices).find(view_lines(inner))
        shift = batch.offsets[documents] - inner.offsets[:-1]
        line_shift = batch.first_lines[documents] - inner.first_lines[:-1]
        owner = inner.documents[matches.line]
        return Matches(
            matches.line + line_shift[owner],
            np.array(indices, dtype=np.int64)[matches.rule],
            matches.start + shift[owner],
            matches.stop + shift[owner],
            matches.overruns,
        )

    def _compile_rules(self, indices: tuple[int, ...]) -> Matcher:
        return Matcher([self.rules[index] for index in indices])
