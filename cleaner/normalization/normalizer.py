"""Run normalizing steps over texts until none changes them; what one changed becomes edits under its rule."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING

from cleaner.normalization.prefilter import NEVER, Prefilter, Scan
from cleaner.text import edits

if TYPE_CHECKING:
    from cleaner.model import Flag, Pass
    from cleaner.normalization.step import Inspection, Step
    from cleaner.options import NormalizeOptions

ROUNDS = 4
"""Rounds of all steps after which a text is at rest; more than two are rarely seen."""


class Normalizer:
    """Steps in their order, and inspections of the text that they leave.

    A scan of a text has a bit for each step and each inspection that may have something to do in it; those without
    are not called. `every`: all bits, the scan of a text that was not looked at. `by_line`: the bits of the steps that
    look at each line by itself.
    """

    def __init__(self, steps: Sequence[Step], inspections: Sequence[Inspection] = ()) -> None:
        self.steps, self.inspections = tuple(steps), tuple(inspections)
        bits = [1 << index for index in range(len(steps) + len(inspections))]
        self._steps = list(zip(bits, steps, strict=False))
        self._inspections = list(zip(bits[len(steps) :], inspections, strict=True))
        self.every = sum(bits)
        self.by_line = sum(bit for bit, step in self._steps if step.by_line)
        self._prefilter = lru_cache(maxsize=32)(self._build_prefilter)

    def _build_prefilter(self, options: NormalizeOptions) -> Prefilter:
        triggers = (step.reads(options) if step.is_on(options) else NEVER for step in self.steps)
        return Prefilter([*triggers, *(inspection.reads for inspection in self.inspections)])

    def bit(self, rule: str) -> int:
        """Return the bit of a step by its rule, or of an inspection by one of its rules."""
        for bit, step in self._steps:
            if step.rule == rule:
                return bit
        return next(bit for bit, each in self._inspections if rule in {flag_rule.id for flag_rule in each.rules})

    def scan(self, texts: Sequence[str], options: NormalizeOptions) -> list[Scan]:
        """Scan texts for characters that steps and inspections ask for; a text without some lines has no more."""
        return self._prefilter(options).scan(texts)

    def run(self, text: str, options: NormalizeOptions, bits: int | None = None) -> list[tuple[str, Pass]]:
        """Run all steps once over a text; see `run_batch`."""
        return self.run_batch([text], options, [self.every if bits is None else bits])[0]

    def run_batch(
        self, texts: Sequence[str], options: NormalizeOptions, bits: Sequence[int]
    ) -> list[list[tuple[str, Pass]]]:
        """Run all steps once over many texts.

        Args:
            bits: the bits of each text's scan; steps without one are passed over, until another has changed the text.

        Returns:
            For each text its state after each step that changed it, with the edits that lead there.
        """
        passes: list[list[tuple[str, Pass]]] = [[] for _ in texts]
        for rule, changes in self._changes(texts, options, bits):
            edits_of_texts = edits.diff_batch(list(changes.values()), rule)
            for (index, (_before, after)), edits_of_text in zip(changes.items(), edits_of_texts, strict=True):
                passes[index].append((after, edits_of_text))
        return passes

    def _changes(
        self, texts: Sequence[str], options: NormalizeOptions, bits: Sequence[int]
    ) -> Iterator[tuple[str, dict[int, tuple[str, str]]]]:
        """Yield the rules of steps that change texts, with those by index, as they were before and after."""
        texts, bits = list(texts), list(bits)
        for bit, step in self._steps if any(bits) else ():
            if indices := [index for index, mask in enumerate(bits) if mask & bit]:
                results = step.apply([texts[index] for index in indices], options)
                pairs = zip(indices, results, strict=True)
                changes = {index: (texts[index], after) for index, after in pairs if after != texts[index]}
                if changes:
                    yield step.rule, changes
                for index, (_before, after) in changes.items():
                    texts[index], bits[index] = after, self.every

    def normalize(self, text: str, options: NormalizeOptions) -> str:
        """Apply all steps to a text until none changes it, without edits."""
        return self.normalize_batch([text], options)[0]

    def normalize_batch(self, texts: Sequence[str], options: NormalizeOptions) -> list[str]:
        """Apply all steps to each of many texts until none changes it, without edits."""
        results, pending = list(texts), list(range(len(texts)))
        for _ in range(ROUNDS):
            batch = [results[index] for index in pending]
            latest: dict[int, str] = {}
            for _rule, changes in self._changes(batch, options, [scan.bits for scan in self.scan(batch, options)]):
                latest |= {pending[row]: after for row, (_before, after) in changes.items()}
            for index, text in latest.items():
                results[index] = text
            if not (pending := sorted(latest)):
                break
        return results

    def flags(self, text: str, bits: int | None = None) -> list[Flag]:
        """Flag what normalizing leaves alone; inspections without a bit, when given, are passed over."""
        mask = self.every if bits is None else bits
        return list(chain.from_iterable(each.find(text) for bit, each in self._inspections if mask & bit))
