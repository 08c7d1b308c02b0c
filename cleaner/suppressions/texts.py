"""The suppressions of a record, and its cleaning around what they suppress."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from typing import NamedTuple

import msgspec

from cleaner.decode import DecodedText
from cleaner.formats import registry
from cleaner.formats.base import Record
from cleaner.formats.text import TextFiles
from cleaner.model import Cleaned, Document, Edit, Pass, Span
from cleaner.suppressions import comments
from cleaner.suppressions.comments import FIELD, Suppression
from cleaner.text import edits
from cleaner.text.positions import SpanMap
from cleaner.text.protection import edits_around

_NO_EDITS: Pass = ()


class SuppressedText(NamedTuple):
    """A text with suppressions, and the edits that take their comments out, so that they are not judged."""

    document: Document
    suppressions: tuple[Suppression, ...] = ()
    removals: Pass = ()

    @property
    def input(self) -> Document:
        """The document that is cleaned."""
        if not self.removals:
            return self.document
        return msgspec.structs.replace(self.document, text=edits.apply(self.document.text, self.removals))


def read(record: Record, decoded: DecodedText, document: Document) -> SuppressedText:
    """Read the suppressions of a record; most have none."""
    if not record.kind:
        value = registry.record_format(record).value(record, FIELD)
        return SuppressedText(document, tuple(comments.parse_field(value)))
    format_ = registry.BY_NAME[record.kind]
    if not format_.is_verbatim:
        is_there = b"cleaner:" in record.data
        suppressions = comments.find_comments(format_.source_text(record, decoded)) if is_there else []
        return SuppressedText(document, tuple(suppressions))
    suppressions = comments.find_comments(document.text)
    if suppressions and isinstance(format_, TextFiles):
        suppressions = comments.outside(suppressions, format_.code(document.text))
    removals = () if document.islands else comments.remove_comments(document.text, suppressions)
    return SuppressedText(document, tuple(suppressions), removals)


def honour(text: SuppressedText, cleaned: Cleaned, record: Record, decoded: DecodedText) -> Cleaned:
    """Return a text cleaned but for what its suppressions suppress.

    Args:
        text: the text.
        cleaned: what cleaning made of `text.input`.
        record, decoded: where the text stands, to find the lines of its changes.
    """
    removals = SpanMap((text.removals,))
    changes = [(rule, removals.to_original(span)) for rule, span in _list_changes(cleaned)]
    places = registry.record_format(record).locate(record, decoded, [span for _, span in changes]) if changes else []
    protected_spans = [
        span
        for (rule, span), place in zip(changes, places, strict=True)
        if comments.find_suppression(text.suppressions, rule, place)
    ]
    protected_spans += [edit.span for edit in text.removals]
    view_edits = reduce(edits.compose, cleaned.passes, _NO_EDITS)
    text_edits = tuple(Edit(removals.to_original(edit.span), edit.new, edit.rule) for edit in view_edits)
    allowed_edits = edits_around(text.document.text, text_edits, protected_spans)
    return msgspec.structs.replace(
        cleaned,
        document=text.document,
        text=edits.apply(text.document.text, allowed_edits),
        passes=(allowed_edits,) if allowed_edits else (),
    )


def _list_changes(cleaned: Cleaned) -> Iterator[tuple[str, Span]]:
    """Yield rule and span, in the text before all passes, of every edit."""
    span_map = SpanMap(cleaned.passes)
    for number, edit_pass in enumerate(cleaned.passes):
        for edit in edit_pass:
            yield edit.rule, span_map.to_original(edit.span, number)
