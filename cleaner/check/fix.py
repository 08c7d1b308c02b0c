"""Findings fixed in their files: each file is written whole or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from cleaner import decode
from cleaner.check import findings
from cleaner.check.collect import Checked, Placed
from cleaner.check.files import shown
from cleaner.check.positions import SpanMap
from cleaner.check.samples import Sample
from cleaner.errors import CleanerError, UsageError
from cleaner.formats import files, registry
from cleaner.formats.base import Reading
from cleaner.model import Edit, Pass, Span
from cleaner.text import edits


class Fixed(NamedTuple):
    """Findings that were fixed by file, and why a file was not, by file."""

    counts: dict[str, int]
    refused: dict[str, str]


def fix(checked: Sequence[Checked], settled: Sequence[Placed], reading: Reading) -> Fixed:
    """Fix every finding that fails the check where something can be written for it.

    A file of records in which one cannot be read stays as it is, and so do pages, whose clean text is no page.
    """
    done = Fixed({}, {})
    active = [item for item in settled if not item.finding.known]
    unreadable = {item.finding.path for item in settled if item.checked is None}
    for path, group in groupby(checked, key=lambda item: item.sample.path):
        name = shown(path)
        own = [item for item in active if item.finding.path == name and is_fixable(item)]
        if not own:
            continue
        if name in unreadable:
            done.refused[name] = "it holds records that cannot be read; mend or remove them first"
            continue
        try:
            _write(path, list(group), own, reading)
            done.counts[name] = len(own)
        except (OSError, CleanerError, UnicodeEncodeError) as error:
            done.refused[name] = str(error)
    return done


def is_fixable(item: Placed) -> bool:
    """Whether something can be written for a finding."""
    sample = item.checked and item.checked.sample
    if not sample or not registry.format_of(sample.path).editable:
        return False
    return item.finding.new is not None or item.finding.rule.startswith("encoding/")


def _write(path: Path, group: Sequence[Checked], own: Sequence[Placed], reading: Reading) -> None:
    active: dict[int, set[tuple[str, Span]]] = {}
    for item in own:
        active.setdefault(id(item.checked), set()).add((item.finding.rule, item.span))
    texts = [(item.sample, _text(item, active[id(item)])) for item in group if id(item) in active]
    real = path.resolve()
    mode = real.stat().st_mode
    if group[0].sample.is_record:
        new = {sample.read.record.line: (sample.read.record, text) for sample, text in texts}
        registry.format_of(path).rewrite(real, new, reading)
    else:
        (sample, text), rules = texts[0], {item.finding.rule for item in own}
        if sample.text.strip() and not text.strip():
            raise UsageError("nothing would be left; remove the file if that is right")
        files.write_bytes(real, _bytes(sample, text, rules))
    real.chmod(mode)


def _text(item: Checked, active: set[tuple[str, Span]]) -> str:
    """A sample's text with those findings fixed whose rules and spans are `active`."""
    sample = item.sample
    nothing: Pass = ()
    merged = reduce(edits.compose, item.cleaned.passes, nothing)
    way = SpanMap((sample.stripped,))
    mapped = tuple(Edit(way.back(edit.span), edit.new, edit.rule) for edit in merged)
    held = [found.span for found in item.found if found.new is not None and (found.rule, found.span) not in active]
    held += [edit.span for edit in sample.stripped]
    return edits.apply(sample.text, findings.fixed(sample.text, mapped, held))


def _bytes(sample: Sample, text: str, rules: set[str]) -> bytes:
    decoded = sample.read.decoded
    if "encoding/not-utf8" in rules:
        return decode.encode(text, "utf-8", newline=decoded.newline)
    bom = decoded.bom and "encoding/bom" not in rules
    return decode.encode(text, decoded.encoding, bom, decoded.newline)
