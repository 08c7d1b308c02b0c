"""Texts that would lose too much by their fixes, and are left alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec

from cleaner.check.findings import count_visible
from cleaner.check.locate import LocatedFinding
from cleaner.model import Fix

_ORDER: tuple[Fix, ...] = ("safe", "unsafe")


class Refusal(NamedTuple):
    """Fixes of a kind that would take too large a share of a text. `line`: of its record, 0 for a whole file."""

    path: str
    line: int
    fix: Fix
    share: float


def limit_loss(
    findings: Sequence[LocatedFinding], max_loss: float, spent: Mapping[int, int] = {}
) -> tuple[list[LocatedFinding], list[Refusal]]:
    """Take the fixes from findings whose text would lose too much by them.

    Unsafe ones are counted on top of safe ones, and go first.

    Args:
        findings: of any samples.
        max_loss: the share of a text's characters, white space aside, up to which it is fixed.
        spent: characters that earlier fixes took from a sample, by its identity.
    """
    groups: dict[int, list[LocatedFinding]] = {}
    for item in findings:
        if item.sample and not item.finding.accepted_by:
            groups.setdefault(id(item.sample), []).append(item)
    refusals = {
        key: refusal for key, group in groups.items() if (refusal := _refuse(group, max_loss, spent.get(key, 0)))
    }
    limited_findings = [
        _without_fix(item, refusals[id(item.sample)]) if id(item.sample) in refusals else item for item in findings
    ]
    return limited_findings, list(refusals.values())


def _refuse(group: Sequence[LocatedFinding], max_loss: float, spent: int) -> Refusal | None:
    sample = group[0].sample
    if sample is None or not any(item.loss for item in group):
        return None
    loss, size = spent, spent + count_visible(sample.sample.text)
    for fix in _ORDER:
        loss += sum(item.loss for item in group if item.finding.fix == fix)
        if loss > max_loss * size:
            return Refusal(group[0].finding.path, sample.sample.read.record.line, fix, loss / size)
    return None


def _without_fix(item: LocatedFinding, refusal: Refusal) -> LocatedFinding:
    if item.finding.fix not in _ORDER[_ORDER.index(refusal.fix) :]:
        return item
    return item._replace(finding=msgspec.structs.replace(item.finding, fix="none"))
