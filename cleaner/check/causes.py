"""One finding a cause: what happens inside a text that another finding removes is none of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cleaner.check.locate import LocatedFinding


def merge_causes(findings: Iterable[LocatedFinding]) -> list[LocatedFinding]:
    """Leave out the changes in what another finding removes, unless a comment lets that stay."""
    findings = list(findings)
    changes: dict[int, list[int]] = {}
    for number, item in enumerate(findings):
        if item.finding.new is not None:
            changes.setdefault(id(item.sample), []).append(number)
    inner = {number for numbers in changes.values() for number in _find_inner(findings, numbers)}
    return [item for number, item in enumerate(findings) if number not in inner]


def _find_inner(findings: list[LocatedFinding], numbers: list[int]) -> Iterator[int]:
    """Yield the numbers of a sample's changes that lie in a removal; of equal ones the first stays."""
    end = -1
    for number in sorted(numbers, key=lambda number: _outermost_first(findings[number])):
        span = findings[number].span
        if span.start < end and span.stop <= end:
            yield number
        elif is_removal(findings[number]) and findings[number].finding.accepted_by != "comment":
            end = max(end, span.stop)


def _outermost_first(item: LocatedFinding) -> tuple[int, int, bool]:
    return item.span.start, -item.span.stop, not is_removal(item)


def is_removal(item: LocatedFinding) -> bool:
    """Whether the fix of a finding removes text."""
    return item.finding.new == "" and item.span.stop > item.span.start
