"""What another version of a pack decides otherwise: the lines whose verdict changed, by rule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from cleaner.model import Document, Verdict
from cleaner.pipeline import Pack


class Changed(Struct, frozen=True, order=True):
    """One text whose verdict changed.

    `rule`: the one that decides now, or decided before where none does now. `was`, `now`: "keep", or action and rule.
    `line` counts from 1 in the document.
    """

    rule: str
    document: str
    line: int
    text: str
    was: str
    now: str


def between(old: Pack, new: Pack, documents: Iterable[Document]) -> Iterator[Changed]:
    """Verdicts of two packs on the same documents that differ, in order of the documents."""
    for document in documents:
        before, after = _spans(old, document.text), _spans(new, document.text)
        for span in sorted(before.keys() | after.keys()):
            was, now = before.get(span), after.get(span)
            if was is None or now is None or (was.rule, was.action) != (now.rule, now.action):
                start, stop = span
                line = document.text.count("\n", 0, start) + 1
                rule = (now or was).rule if (now or was) else ""  # type: ignore[union-attr]
                yield Changed(rule, document.id, line, document.text[start:stop], _said(was), _said(now))


def _spans(pack: Pack, text: str) -> dict[tuple[int, int], Verdict]:
    return {(verdict.span.start, verdict.span.stop): verdict for verdict in pack.judge(text)}


def _said(verdict: Verdict | None) -> str:
    return f"{verdict.action} ({verdict.rule}, {verdict.score:.2f})" if verdict else "keep"
