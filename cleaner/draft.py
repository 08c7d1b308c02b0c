"""A document being cleaned: its text so far, the passes that led there, and what is known of it.

A draft is in one of three states. It needs a scan (`scan` is None): nobody knows which normalizing steps its text asks
for. It needs judging (`needs_judging`): its text changed since it was judged. Else it is at rest.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from cleaner.judging import removal
from cleaner.judging.flags import UNSURE_DOUBT, carry_list_flag, flag_heavy_loss, flag_restless, flag_unsure
from cleaner.model import Cleaned, Document, Edit, Flag, PageKind, Pass, Span, Verdict
from cleaner.normalization.steps import NORMALIZER
from cleaner.packs.builtin import NO_ARTICLE
from cleaner.text import edits, lines

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.features.markup import Hints
    from cleaner.judging.verdicts import Judgment
    from cleaner.normalization.prefilter import Scan
    from cleaner.options import CleanOptions
    from cleaner.text.lines import Batch

_OF_WHOLE_LINES = ("drop", "flag")
"""Actions that leave every line whole or nothing of it."""


class Draft:
    """One document between the rounds of cleaning.

    Attributes:
        text: the text as it is now.
        passes, verdicts: the edits that led there, and the verdicts behind each pass.
        flags: those of the last judgment.
        original_size, size: characters of the document as it came and of what remains, white space aside.
        doubt, kind: those of the first judgment, as what a page is, is read once.
        scan: bits of the normalizing steps that the text may ask for, None where nobody has looked.
        needs_judging: whether the text changed since it was judged.
        was_judged: whether it was judged at all; what a page is, is read once, as it came.
        previous_rows: (lines,) int64, where each line stood in the last batch, -1 where a part of it changed;
            None where that is not known.
    """

    def __init__(self, document: Document, hints: Hints | None = None) -> None:
        self.document, self.text, self._hints = document, document.text, hints
        self.passes: list[Pass] = []
        self.verdicts: list[tuple[Verdict, ...]] = []
        self.flags: tuple[Flag, ...] = ()
        self.original_size = self.size = 0
        self.doubt = 0.0
        self.kind: PageKind | None = None
        self.scan: int | None = None
        self.needs_judging = True
        self.was_judged = False
        self.previous_rows: NDArray[np.int64] | None = None
        self._passes_before_verdicts: int | None = None

    def note_scan(self, scan: Scan) -> None:
        """Note what a look at the text showed."""
        self.scan = scan.bits
        self.original_size = self.original_size if self.passes else scan.size

    def normalize(self, changes: Sequence[tuple[str, Pass]]) -> None:
        """Take over what the normalizing steps made of the text: its states, and the edits that led to each."""
        for text, edits_made in changes:
            self._add_pass(edits_made, text)
        if changes:
            self.scan = self.previous_rows = None
            self.needs_judging = True

    def apply(self, judgment: Judgment) -> None:
        """Carry out verdicts: drop lines, cut and replace spans."""
        removals = removal.plan_edits(self.text, judgment.verdicts)
        self.flags, self.size = carry_list_flag(self.flags, judgment.flags), judgment.size
        if not self.was_judged:
            self.doubt, self.kind = judgment.doubt, judgment.kind
        if not all(verdict.action in _OF_WHOLE_LINES for verdict in judgment.verdicts):
            self.scan = None
        elif self.scan:
            self.scan &= ~NORMALIZER.by_line
        if removals:
            if self._passes_before_verdicts is None:
                self._passes_before_verdicts = len(self.passes)
            self._add_pass(removals, edits.apply(self.text, removals), judgment.verdicts)
        self.needs_judging, self.was_judged = bool(removals), True

    def take_back_verdicts(self, rounds: int) -> None:
        """Bring back the text before the first verdict, flagged as one that still changes after these rounds."""
        count = self._passes_before_verdicts
        self.take_back(len(self.passes) if count is None else count)
        self.flags = (flag_restless(len(self.text), rounds),)

    def take_back(self, count: int) -> None:
        """Bring back the text as it was after `count` passes."""
        text = self.document.text
        del self.passes[count:], self.verdicts[count:]
        for edit_pass in self.passes:
            text = edits.apply(text, edit_pass)
        self.text, self.size = text, self.original_size
        self.scan = self.previous_rows = None
        self.needs_judging = False

    def hints(self, starts: NDArray[np.int64]) -> Hints | None:
        """Take what the markup says of the lines of the text as it is now, which begin at `starts`."""
        return self._hints and self._hints.follow(self._original_starts, self.passes, starts)

    def empty_if_no_article(self) -> None:
        """Leave nothing of a document that holds no article."""
        if self.text and any(flag.rule == NO_ARTICLE for flag in self.flags):
            self._add_pass((Edit(Span(0, len(self.text)), "", NO_ARTICLE),), "")
            self.size = 0

    def result(self, options: CleanOptions, off: Set[str], *, explain: bool) -> Cleaned:
        """Build the result; flags of the rules in `off` are left out."""
        flags = (
            *self.document.flags,
            *self.flags,
            *self._flag_result(options.max_loss),
            *NORMALIZER.flags(self.text, self.scan or 0),
        )
        flags = tuple(flag for flag in flags if flag.rule not in off)
        verdicts = tuple(self.verdicts) if explain else ()
        return Cleaned(self.document, self.text, tuple(self.passes), flags, verdicts, self.doubt, self.kind)

    @cached_property
    def _original_starts(self) -> NDArray[np.int64]:
        return lines.join([self.document.text]).starts

    def _add_pass(self, edits_made: Pass, text: str, verdicts: tuple[Verdict, ...] = ()) -> None:
        self.text = text
        self.passes.append(edits_made)
        self.verdicts.append(verdicts)

    def _flag_result(self, max_loss: float) -> Iterator[Flag]:
        if self.doubt >= UNSURE_DOUBT:
            yield flag_unsure(len(self.text), self.doubt)
        if self.original_size - self.size > max_loss * self.original_size:
            yield flag_heavy_loss(len(self.text), self.original_size, self.size)


def record_unchanged_lines(drafts: Sequence[Draft], batch: Batch, judgments: Sequence[Judgment]) -> None:
    """Note which lines of the batch survive unchanged, so the next round can reuse their matches.

    Sets `draft.previous_rows`; None where a verdict writes new lines. Lines that a cut leaves empty or joins to another
    are not noticed here: the next round finds another number of lines.
    """
    rows = np.arange(len(batch.starts))
    is_dropped = _lines_with_verdicts(batch, judgments, dropping=True)
    rows[_lines_with_verdicts(batch, judgments, dropping=False)] = -1
    bounds = batch.first_lines.tolist()
    for draft, judgment, start, stop in zip(drafts, judgments, bounds, bounds[1:], strict=False):
        has_new_lines = any("\n" in verdict.new for verdict in judgment.verdicts)
        draft.previous_rows = None if has_new_lines else rows[start:stop][~is_dropped[start:stop]]


def _lines_with_verdicts(batch: Batch, judgments: Sequence[Judgment], *, dropping: bool) -> NDArray[np.bool_]:
    """Mark lines with verdicts that drop them, or with those that do not."""
    starts = [
        offset + verdict.span.start
        for judgment, offset in zip(judgments, batch.offsets.tolist(), strict=False)
        for verdict in judgment.verdicts
        if (verdict.action == "drop") is dropping
    ]
    mask = np.zeros(len(batch.starts), dtype=np.bool_)
    if starts:
        mask[np.searchsorted(batch.starts, starts, side="right") - 1] = True
    return mask


def known_rows(drafts: Sequence[Draft], batch: Batch) -> NDArray[np.int64]:
    """Find where each line of a batch of drafts stood in the last batch, (lines,), -1 where it is new."""
    counts = np.diff(batch.first_lines).tolist()
    return np.concatenate(
        [
            draft.previous_rows
            if draft.previous_rows is not None and len(draft.previous_rows) == count
            else np.full(count, -1)
            for draft, count in zip(drafts, counts, strict=True)
        ]
    )
