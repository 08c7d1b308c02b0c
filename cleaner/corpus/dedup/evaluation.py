"""Evaluations: files of questions that no corpus should hold."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from cleaner.corpus.dedup.sketching import name_record
from cleaner.corpus.plan import own_format, plan_reading, require_libraries
from cleaner.corpus.reading import ReadRecord, read_source
from cleaner.dedup.references.catalogue import SHORTEST, Catalogue
from cleaner.dedup.references.evaluation import Evaluation
from cleaner.errors import UsageError
from cleaner.formats.base import Reading

FIELDS = ("text", "question", "prompt", "problem", "instruction", "query", "input")
"""Fields that are looked for in this order, where none is named."""


def read_catalogue(evaluation: Evaluation) -> Catalogue:
    """Read the questions of an evaluation: records, or the lines of a text.

    Raises:
        UsageError: there are none in the file.
    """
    fields = (evaluation.field,) if evaluation.field else FIELDS
    for field in fields:
        if pairs := list(_read_pairs(evaluation.path, field)):
            catalogue = Catalogue(*zip(*pairs, strict=True))
            if catalogue.references:
                return catalogue
            raise UsageError(
                f"--against {evaluation.path}: each of its {len(pairs)} questions has fewer than {SHORTEST} characters"
            )
    raise UsageError(
        f"--against {evaluation.path}: no questions in {' or '.join(fields)}; name their field with --against-field"
    )


def _read_pairs(path: Path, field: str) -> Iterator[tuple[str, str]]:
    """Yield ids and texts of one field."""
    reading = Reading(texts=(field,))
    sources, skips, _ = plan_reading([str(path)], None, (), "")
    if skips or not sources:
        raise UsageError(f"--against {path}: {skips[0].reason if skips else 'there is no such file'}")
    require_libraries(sources)
    for source in sources:
        for item in read_source(source, reading):
            if isinstance(item, ReadRecord):
                record, text = name_record(item.record, source), item.document.text
                if own_format(source).is_per_file:
                    lines = enumerate(text.split("\n"), 1)
                    yield from ((f"{record.id}:{number}", line) for number, line in lines if line.strip())
                else:
                    yield record.id, text
