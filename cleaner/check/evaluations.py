"""Questions of an evaluation in checked texts, as findings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cleaner.check.cleaning import CleanedSample
from cleaner.check.findings import SpanFinding
from cleaner.corpus.dedup.evaluation import read_catalogue
from cleaner.dedup.pairs import EVALUATION_RULE
from cleaner.dedup.references.search import find_references

if TYPE_CHECKING:
    from cleaner.dedup.references.evaluation import Evaluation


def add_questions(samples: Sequence[CleanedSample], evaluation: Evaluation) -> None:
    """Add the questions of an evaluation to the findings of samples.

    Raises:
        UsageError: the file has no questions.
    """
    catalogue = read_catalogue(evaluation)
    texts = [(f"{number:09}", item.sample.text) for number, item in enumerate(samples)]
    for match in find_references(texts, catalogue, evaluation.threshold):
        note = f"{match.containment:.0%} of {match.reference} in {evaluation.path}: {match.question}"
        samples[int(match.document)].findings.append(SpanFinding(EVALUATION_RULE, match.span, note))
