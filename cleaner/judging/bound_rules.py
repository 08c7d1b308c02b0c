"""Rules that are bound to hosts: matched in the documents of these hosts alone, one matcher a set of rules.

A word like `首页` may stand in the packs of a thousand sites; a page is tried on those of its own.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from cleaner.features.line_view import view_lines
from cleaner.rules.matcher import Matcher
from cleaner.rules.matches import Matches, merge
from cleaner.text import lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cleaner.rules.schema import Rule
    from cleaner.text.lines import Batch

_CACHED_HOSTS = 512
"""Hosts whose rules stay compiled."""


class BoundRules:
    """Those of `rules` that are bound to hosts, by host."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.rules = tuple(rules)
        self._compile = lru_cache(_CACHED_HOSTS)(self._compile_rules)

    @cached_property
    def _by_host(self) -> dict[str, list[int]]:
        """The indices of rules by host, or by `*.` and the end of hosts."""
        indices: defaultdict[str, list[int]] = defaultdict(list)
        for index, rule in enumerate(self.rules):
            for host in rule.hosts:
                indices[host].append(index)
        return dict(indices)

    @property
    def unbound(self) -> list[Rule]:
        """The rules at their places, those bound to hosts without what would let them match."""
        return [msgspec.structs.replace(rule, literals=(), scope="line") if rule.hosts else rule for rule in self.rules]

    def of_host(self, host: str) -> tuple[int, ...]:
        """List the indices of the rules that are bound to a host, in order."""
        if not host or not self._by_host:
            return ()
        labels = host.split(".")
        names = (host, *(f"*.{'.'.join(labels[cut:])}" for cut in range(1, len(labels))))
        return tuple(sorted({index for name in names for index in self._by_host.get(name, ())}))

    def documents_of(self, rule: int, hosts: Sequence[str]) -> NDArray[np.bool_]:
        """Mark the documents (documents,) that a rule acts on; `hosts` has that of each."""
        return np.array([rule in self.of_host(host) for host in hosts], dtype=np.bool_)

    def find(self, batch: Batch, hosts: Sequence[str]) -> Matches | None:
        """Find the matches of bound rules in the documents of their hosts; None where no rule is bound to any."""
        documents: defaultdict[tuple[int, ...], list[int]] = defaultdict(list)
        for document, host in enumerate(hosts):
            if indices := self.of_host(host):
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
