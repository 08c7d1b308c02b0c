"""Seams: what stands between the texts of several fields that are one document, each of which is cleaned by itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate

import msgspec

from cleaner.model import Cleaned, Document, Edit, Flag, Pass, Span, Verdict

SIGN = "\x1e"
"""The record separator of ASCII, which no text is written with."""
SEAM = f"\n\n{SIGN}\n\n"
"""What stands between texts: signs between blank lines, so that no paragraph or list reaches from one into the next."""
_SIGNS = re.compile(f"{SIGN}+")


def choose(texts: Iterable[str]) -> str:
    """Return the seam that none of some texts holds: one sign more than any of them has in a row."""
    longest = max((len(match[0]) for text in texts if SIGN in text for match in _SIGNS.finditer(text)), default=0)
    return SEAM.replace(SIGN, SIGN * (longest + 1))


def split(document: Document) -> list[Document]:
    """Return each text of a document as one by itself; remarks on the whole stay with the first."""
    texts = document.text.split(document.seam)
    first = msgspec.structs.replace(document, text=texts[0], seam="")
    return [first, *(msgspec.structs.replace(first, text=text, flags=()) for text in texts[1:])]


def merge(document: Document, results: Sequence[Cleaned]) -> Cleaned:
    """Return what was done to each text of a document as done to the document; one that got a seam stays as it came."""
    sign = document.seam.strip("\n")
    results = [_as_it_came(cleaned) if sign in cleaned.text else cleaned for cleaned in results]
    sizes, gap = [len(cleaned.document.text) for cleaned in results], len(document.seam)
    passes: list[Pass] = []
    verdicts: list[tuple[Verdict, ...]] = []
    for number in range(max(len(cleaned.passes) for cleaned in results)):
        edits: list[Edit] = []
        reasons: list[Verdict] = []
        shift = 0
        for index, cleaned in enumerate(results):
            changes = cleaned.passes[number] if number < len(cleaned.passes) else ()
            edits += [Edit(_shift(edit.span, shift), edit.new, edit.rule) for edit in changes]
            if number < len(cleaned.verdicts):
                reasons += [_move(verdict, shift) for verdict in cleaned.verdicts[number]]
            shift += sizes[index] + gap
            sizes[index] += sum(len(edit.new) - (edit.span.stop - edit.span.start) for edit in changes)
        passes.append(tuple(edits))
        verdicts.append(tuple(reasons))
    return Cleaned(
        document,
        document.seam.join(cleaned.text for cleaned in results),
        tuple(passes),
        tuple(_merge_flags(results, gap)),
        tuple(verdicts) if any(cleaned.verdicts for cleaned in results) else (),
        max(cleaned.doubt for cleaned in results),
        max(results, key=lambda cleaned: len(cleaned.text)).kind,
    )


def starts(text: str, seam: str) -> list[int]:
    """Return where each text begins in the one that joins them."""
    sizes = (len(item) + len(seam) for item in text.split(seam)[:-1])
    return list(accumulate(sizes, initial=0))


def spare(removals: Iterable[Edit], text: str, seam: str) -> Pass:
    """Return removals as they go around the seams of a text."""
    return tuple(
        Edit(span, "", edit.rule)
        for edit in removals
        for span in _between(edit.span, text, seam)
        if span.stop > span.start
    )


def _between(span: Span, text: str, seam: str) -> Iterator[Span]:
    start = span.start
    # a span may begin or end within a seam
    position = text.find(seam, max(start - len(seam) + 1, 0))
    while 0 <= position < span.stop:
        yield Span(start, position)
        start = position + len(seam)
        position = text.find(seam, start)
    yield Span(start, span.stop)


def _as_it_came(cleaned: Cleaned) -> Cleaned:
    return Cleaned(cleaned.document, cleaned.document.text, flags=cleaned.document.flags)


def _shift(span: Span, shift: int) -> Span:
    return Span(span.start + shift, span.stop + shift)


def _move(verdict: Verdict, shift: int) -> Verdict:
    return msgspec.structs.replace(verdict, span=_shift(verdict.span, shift))


def _merge_flags(results: Sequence[Cleaned], gap: int) -> Iterable[Flag]:
    shift = 0
    for cleaned in results:
        yield from (msgspec.structs.replace(flag, span=_shift(flag.span, shift)) for flag in cleaned.flags)
        shift += len(cleaned.text) + gap
