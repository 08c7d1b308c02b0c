"""Tell what kind of page a document is, with the chance of it, by the form of its lines and what rules call them.

A multinomial logistic regression over means of columns that are measured anyway, of all lines and of those that no rule
speaks of. It was fitted on labelled pages; how far its chances hold on sites left out stands in docs/rules.md. Nothing
is decided by it.
"""

from __future__ import annotations

from functools import cache, lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
import numpy as np

from cleaner.judging.bars import FEW_LINES
from cleaner.judging.model.trees import UNIT
from cleaner.model import PageKind

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.judging.flags import ArticleMarks
    from cleaner.judging.scores import ScoredLines

    Indices = NDArray[np.int64]
    Numbers = NDArray[np.float64]

KINDS = ("article", "list", "product", "question", "thread")
"""Kinds with weights: a text, titles of others, something for sale, a question with answers, posts."""
FEED, TEASERS = "feed", 3
"""A list with so many runs of prose that stay: the beginnings of several texts."""
NEIGHBORHOOD = ("near/", "echo/")
"""Groups of the judge's columns that are averaged, too."""
DOCUMENT = ("lines", "own-lines", "own-share", "flag/no-article", "flag/list")
"""Names of the columns that are no means; own lines are those that no rule speaks of."""
PLACE = "judge/page-kinds.json"
"""The file of the weights, in the package's data."""


class KindModel(NamedTuple):
    """The weights, in parts of one: `columns` are their names, `weights` (kinds, columns), `bias` (kinds, 1)."""

    columns: tuple[str, ...]
    weights: Indices
    bias: Indices


class DocumentColumns(NamedTuple):
    """What is known of documents: `values` (columns, documents) int64 in parts of one, as their sums are exact."""

    names: tuple[str, ...]
    values: Indices


def tell_kinds(scores: ScoredLines, marks: ArticleMarks) -> list[PageKind | None]:
    """Tell the likeliest kind of each document of a batch; None for a few lines, and where nothing was measured."""
    counts = np.diff(scores.batch.first_lines).tolist()
    if scores.values is None:
        return [None] * len(counts)
    columns = measure(scores, marks)
    log_odds = (_weights_of(columns.names) @ columns.values + load_model().bias * UNIT) / UNIT**2
    chances = np.exp(log_odds - log_odds.max(axis=0))
    best, chance = chances.argmax(axis=0).tolist(), np.round(1 / chances.sum(axis=0), 2).tolist()
    is_feed = (scores.sum_all(_starts_prose(scores)) >= TEASERS).tolist()
    names = [FEED if KINDS[kind] == "list" and feed else KINDS[kind] for kind, feed in zip(best, is_feed, strict=True)]
    return [PageKind(*pair) if count >= FEW_LINES else None for *pair, count in zip(names, chance, counts, strict=True)]


def measure(scores: ScoredLines, marks: ArticleMarks) -> DocumentColumns:
    """Measure the columns of each document of a batch; `marks`: which hold no article."""
    features = {**scores.layout.features, "prose": scores.layout.prose} | _judged_columns(scores)
    categories = scores.evidence.categories
    lines = np.stack([np.ones(len(scores.layout.prose)), *features.values()])
    count, *sums = _sum_up(lines, scores)
    own_count, *own_sums = _sum_up(lines * (scores.evidence.total <= 0), scores)
    values = (
        np.stack(sums) / np.maximum(count, 1),
        np.stack(own_sums) / np.maximum(own_count, 1),
        np.log2(1 + _sum_up(np.stack(list(categories.values())), scores)) / 3,
        np.log2(1 + np.stack((count, own_count))) / 5,
        np.stack([own_count / np.maximum(count, 1), *marks]),
    )
    names = (*(f"line/{name}" for name in features), *(f"own/{name}" for name in features))
    names += (*(f"rule/{name}" for name in categories), *DOCUMENT)
    return DocumentColumns(names, np.rint(np.concatenate(values) * UNIT).astype(np.int64))


def _judged_columns(scores: ScoredLines) -> dict[str, NDArray[np.float32]]:
    """List the columns (lines,) of the judge that say how a line stands to others."""
    assert scores.trees
    assert scores.values is not None
    rows = zip(scores.trees.names, scores.values, strict=True)
    return {name: values for name, values in rows if name.startswith(NEIGHBORHOOD)}


def _sum_up(columns: NDArray[Any], scores: ScoredLines) -> Numbers:
    """Sum up columns (columns, lines) over the lines of each document, (columns, documents), by whole parts of one."""
    first_lines = scores.batch.first_lines
    units = np.zeros((len(columns), first_lines[-1] + 1), dtype=np.int64)
    units[:, :-1] = np.rint(columns * UNIT)
    sums = np.add.reduceat(units, first_lines[:-1], axis=1) * (np.diff(first_lines) > 0)
    return np.asarray(sums / UNIT)


def _starts_prose(scores: ScoredLines) -> NDArray[np.bool_]:
    """Mark lines (lines,) of prose that stay behind a line that is none, or at the beginning."""
    is_prose = scores.layout.prose & ~scores.is_dropped
    return np.asarray(is_prose & (scores.layout.segments.neighbor(is_prose, -1) == 0))


@lru_cache(maxsize=4)
def _weights_of(names: tuple[str, ...]) -> Indices:
    """Look up the weights of columns, (kinds, columns); 0 for one that nothing was learned of."""
    model = load_model()
    weights = dict(zip(model.columns, model.weights.T, strict=True))
    blank = np.zeros(len(KINDS), dtype=np.int64)
    return np.stack([weights.get(name, blank) for name in names], axis=1)


@cache
def load_model() -> KindModel:
    """Load the shipped weights."""
    table = msgspec.json.decode((resources.files("cleaner") / "data" / PLACE).read_bytes())
    return KindModel(tuple(table["columns"]), np.array(table["weights"]), np.array(table["bias"])[:, None])
