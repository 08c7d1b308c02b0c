"""Pages as learning sees them: texts with their hosts, and what the rules at hand say of a sample of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cleaner.learning.line_keys import hash_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cleaner.features.markup import Hints

    Mask = NDArray[np.bool_]

SAMPLE_PAGES = 24
"""Pages of a host that are judged, about."""


class RuleSigns(NamedTuple):
    """What the packs at hand do to the lines of a batch, each (lines,) bool; all false where a page was not judged.

    Attributes:
        pages: (documents,) bool, the pages that were judged.
        evidence: a rule speaks against it.
        decisions: a rule alone drops it.
        heads: a rule calls it the head of a list of other texts.
    """

    pages: Mask
    evidence: Mask
    decisions: Mask
    heads: Mask


class Pages(NamedTuple):
    """A batch of pages: id, host and text of each, what the packs at hand do to their lines (None: not known), and what
    the markup of each says of them."""

    ids: Sequence[str]
    hosts: Sequence[str]
    texts: Sequence[str]
    signs: RuleSigns | None = None
    hints: Sequence[Hints | None] = ()


def is_sampled(document: str, host: str, pages: int) -> bool:
    """Tell whether a page is one of those of its host that are judged: by its id alone, so on any worker."""
    if pages <= SAMPLE_PAGES:
        return True
    return hash_name(f"{host}\n{document}") < SAMPLE_PAGES / pages * 2**64


def least_pages(pages: int, least: int, share: float) -> int:
    """Return the pages of a host that a line must stand on to recur there."""
    return max(least, int(np.ceil(share * pages)))
