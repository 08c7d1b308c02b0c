"""Compare two versions of a pack: the lines whose verdict changes, by rule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from cleaner.features.markup import Hints
from cleaner.model import Document, Verdict
from cleaner.pipeline import Pack


class VerdictChange(Struct, frozen=True, order=True):
    """One text whose verdict changes.

    Attributes:
        rule: the one that decides under the new pack, or under the old one where none does under the new.
        document: id of the document.
        line: line of the text, from 1.
        text: the text itself.
        before: "keep", or action and rule, under the old pack.
        after: the same under the new pack.
    """

    rule: str
    document: str
    line: int
    text: str
    before: str
    after: str


def compare_packs(old: Pack, new: Pack, documents: Iterable[Document]) -> Iterator[VerdictChange]:
    """Yield the verdicts of two packs on the same documents that differ, in order of the documents."""
    return compare_on_pages(old, new, ((document, None) for document in documents))


def compare_on_pages(old: Pack, new: Pack, pages: Iterable[tuple[Document, Hints | None]]) -> Iterator[VerdictChange]:
    """Yield the verdicts that differ on documents, with what the markup of each says of its lines."""
    for document, hints in pages:
        old_verdicts, new_verdicts = _by_span(old, document, hints), _by_span(new, document, hints)
        for span in sorted(old_verdicts.keys() | new_verdicts.keys()):
            before, after = old_verdicts.get(span), new_verdicts.get(span)
            if before is None or after is None or (before.rule, before.action) != (after.rule, after.action):
                start, stop = span
                deciding = after or before
                yield VerdictChange(
                    deciding.rule if deciding else "",
                    document.id,
                    document.text.count("\n", 0, start) + 1,
                    document.text[start:stop],
                    _describe(before),
                    _describe(after),
                )


def _by_span(pack: Pack, document: Document, hints: Hints | None) -> dict[tuple[int, int], Verdict]:
    verdicts = pack.judge(document.text, host=document.host, hints=hints)
    return {(verdict.span.start, verdict.span.stop): verdict for verdict in verdicts}


def _describe(verdict: Verdict | None) -> str:
    return f"{verdict.action} ({verdict.rule}, {verdict.score:.2f})" if verdict else "keep"
