"""Excerpts: a change with a few characters of the text around it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from cleaner.ledger import LedgerChange
from cleaner.model import Edit, Pass, Span
from cleaner.report.alignment.visible import make_visible, shorten
from cleaner.report.sampling.survey import ChangePlace
from cleaner.report.sampling.texts import DocumentTexts
from cleaner.text import edits

AROUND = 40
"""Characters before and after a change."""
LONGEST = 200
"""Characters of what was removed."""
LONGEST_ID = 120
"""Characters of a document's id."""


class Excerpt(Struct, frozen=True):
    """A change of a document in its context; without a context where the output does not tell it."""

    document: str
    before: str
    old: str
    new: str
    after: str


def excerpts_of(texts: DocumentTexts, places: Sequence[ChangePlace]) -> Iterator[Excerpt]:
    """Yield the excerpts of some changes of one document."""
    passes = texts.entry.passes
    text = texts.before
    number = 0
    for place in sorted(places):
        while number < place.edit_pass:
            text = text if texts.problem else edits.apply(text, as_pass(passes[number]))
            number += 1
        yield _excerpt(texts, text, passes[place.edit_pass][place.number])


def _excerpt(texts: DocumentTexts, text: str, change: LedgerChange) -> Excerpt:
    stop = change.start + len(change.old)
    before = "" if texts.problem else text[max(change.start - AROUND, 0) : change.start]
    after = "" if texts.problem else text[stop : stop + AROUND]
    return Excerpt(
        shorten(texts.entry.document, LONGEST_ID),
        make_visible(before),
        _shorten_lines(change.old),
        _shorten_lines(change.new),
        make_visible(after),
    )


def _shorten_lines(text: str) -> str:
    return make_visible(f"{text[:LONGEST]}…" if len(text) > LONGEST else text)


def as_pass(changes: Sequence[LedgerChange]) -> Pass:
    """Return changes of a ledger as a pass of edits."""
    return tuple(Edit(Span(c.start, c.start + len(c.old)), c.new, c.rule) for c in changes)
