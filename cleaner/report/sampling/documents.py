"""A sampled document, described for a page."""

from __future__ import annotations

from cleaner.report.alignment.rows import list_rows
from cleaner.report.alignment.visible import shorten
from cleaner.report.facts import DocumentFacts
from cleaner.report.sampling.excerpts import LONGEST_ID, as_pass
from cleaner.report.sampling.survey import measure_loss
from cleaner.report.sampling.texts import DocumentTexts

MOST_RULES = 20
"""Rules that are named of one document."""
MOST_CHARACTERS = 1 << 20
"""Characters of a document from which on its changes are not shown: they would take seconds to align."""
TOO_LONG = "long"


def describe_document(texts: DocumentTexts, samples: tuple[str, ...], budget: int) -> DocumentFacts:
    """Describe a document.

    Args:
        texts: what is known of it.
        samples: why it is shown.
        budget: bytes of the page for its rows.
    """
    entry = texts.entry
    is_long = len(texts.before) > MOST_CHARACTERS
    passes = [as_pass(changes) for changes in entry.passes]
    rows = () if texts.problem or is_long else tuple(list_rows(texts.before, passes, budget))
    rules = list(dict.fromkeys(change.rule for changes in entry.passes for change in changes))
    flags = tuple(dict.fromkeys(flag.rule for flag in entry.flags))
    kinds = {row.kind for row in rows} & {"removed", "changed"} or ({"changed"} if entry.passes else {"same"})
    return DocumentFacts(
        number=0,
        id=shorten(entry.document, LONGEST_ID),
        source=shorten(entry.source if not entry.line else f"{entry.source}:{entry.line}", LONGEST_ID),
        host=shorten(texts.host, LONGEST_ID),
        encoding=entry.encoding,
        loss=measure_loss(entry),
        doubt=entry.doubt,
        characters=entry.characters,
        samples=samples,
        kinds=tuple(sorted({*kinds, *(["flagged"] if flags else [])})),
        rules=tuple(rules[:MOST_RULES]),
        flags=flags[:MOST_RULES],
        rows=rows,
        problem=texts.problem or (TOO_LONG if is_long else ""),
    )
