"""Fit phrases and trees on labelled pages; scikit-learn and CatBoost (the extra `tune`) do the arithmetic.

Phrase scores that trees are fitted on come from phrases that never saw the line's site: fitted on the same lines, the
trees would trust them more than they hold elsewhere. Pages are always divided by site.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from cleaner.errors import UsageError
from cleaner.features import markup
from cleaner.judging.judge import Model
from cleaner.judging.model.phrases import LONGEST as LONGEST_GRAM
from cleaner.judging.model.phrases import Phrases
from cleaner.judging.model.trees import UNIT, Trees

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.judging.tuning.training import TrainingSet

    Mask = NDArray[np.bool_]
    Numbers = NDArray[np.float64]

PHRASES, RARE, SITES = 16_000, 4, 3
"""N-grams of a model at most; lines and sites that an n-gram stands in at least."""
RIDGE = 0.25
"""C of the logistic regression of phrases."""
TREES, DEPTH, RATE, LEAF_RIDGE, BORDERS = 300, 4, 0.06, 15.0, 64
"""Number and depth of the trees, learning rate, L2 of the leaves, borders a column."""
FOLDS = 4
"""Parts of the sites that phrases are fitted without in turn."""


def fit_phrases(training_set: TrainingSet, rows: Mask) -> Phrases:
    """Fit weights of n-grams on the lines that `rows` (lines,) marks, and keep those that matter most."""
    from sklearn.feature_extraction.text import CountVectorizer

    is_found = ~np.array([page.is_invented for page in training_set.pages])[training_set.page]
    index = np.flatnonzero(rows & (training_set.weight > 0) & stands_alone(training_set) & is_found)
    texts = [training_set.excerpts[row] for row in index.tolist()]
    junk, weight = training_set.is_junk[index], training_set.weight[index]
    vectorizer = CountVectorizer(
        analyzer="char", ngram_range=(1, LONGEST_GRAM), binary=True, min_df=RARE, lowercase=False
    )
    counts = vectorizer.fit_transform(texts).astype(np.float64)
    grams = vectorizer.get_feature_names_out()
    usable = np.flatnonzero(_count_sites(counts, training_set.sites[index]) >= SITES)
    coefficients, _ = _regress(counts[:, usable], junk, weight)
    frequency = np.asarray(counts[:, usable].sum(axis=0)).ravel()
    order = np.argsort(-np.abs(coefficients) * np.sqrt(frequency), kind="stable")[:PHRASES]
    chosen = usable[np.sort(order)]
    coefficients, bias = _regress(counts[:, chosen], junk, weight)
    return Phrases(tuple(grams[chosen].tolist()), np.round(coefficients, 3), round(bias, 3))


def _regress(counts: Any, junk: Mask, weight: Numbers) -> tuple[Numbers, float]:
    """Fit a logistic regression on n-grams (lines, grams), each line's divided by the root of their number."""
    from scipy import sparse
    from sklearn.linear_model import LogisticRegression

    total = np.asarray(counts.sum(axis=1)).ravel()
    normalized = sparse.diags(1 / np.sqrt(np.maximum(total, 1))) @ counts
    fitted = LogisticRegression(C=RIDGE, solver="liblinear").fit(normalized, junk, sample_weight=weight)
    return fitted.coef_[0], float(fitted.intercept_[0])


def _count_sites(counts: Any, sites: NDArray[np.str_]) -> NDArray[np.int64]:
    """Count the sites that each n-gram stands in, (grams,)."""
    from scipy import sparse

    number = np.unique(sites, return_inverse=True)[1]
    by_site = sparse.csr_matrix((np.ones(len(number)), (number, np.arange(len(number)))))
    return np.asarray(((by_site @ (counts > 0)) > 0).sum(axis=0)).ravel()


def stands_alone(training_set: TrainingSet) -> Mask:
    """Mark lines (lines,) of pages as they are: those of composed pages stand there already."""
    return np.array([not page.origins for page in training_set.pages])[training_set.page]


def score_phrases(phrases: Phrases, excerpts: Sequence[str]) -> Numbers:
    """Score excerpts, as `training.excerpt` writes them, (lines,)."""
    codes = np.array(["".join(excerpts)]).view(np.uint32)
    lengths = np.fromiter(map(len, excerpts), dtype=np.int64, count=len(excerpts))
    return phrases.score_excerpts(codes, np.repeat(np.arange(len(excerpts)), lengths), len(excerpts))


def cross_score(training_set: TrainingSet, rows: Mask, seed: int = 1) -> Numbers:
    """Score every line by phrases that were fitted on `rows` (lines,) without the line's site, (lines,)."""
    scores = np.zeros(len(rows))
    fold = divide_sites(training_set.sites, FOLDS, seed)
    own = stands_alone(training_set)
    for number in range(FOLDS):
        index = np.flatnonzero((fold == number) & own)
        phrases = fit_phrases(training_set, rows & (fold != number))
        scores[index] = score_phrases(phrases, [training_set.excerpts[row] for row in index.tolist()])
    return _follow_origins(training_set, scores)


def _follow_origins(training_set: TrainingSet, scores: Numbers) -> Numbers:
    """Give lines of composed pages the scores they have on the pages they were taken from."""
    first = np.searchsorted(training_set.page, np.arange(len(training_set.pages)))
    own = {page.id: int(row) for page, row in zip(training_set.pages, first, strict=True) if not page.origins}
    for page, row in zip(training_set.pages, first.tolist(), strict=True):
        for offset, (origin, line) in enumerate(page.origins):
            scores[row + offset] = scores[own[origin] + line]
    return scores


def divide_sites(sites: NDArray[np.str_], parts: int, seed: int) -> NDArray[np.int64]:
    """Divide lines (lines,) into parts by site, at random."""
    names = np.unique(sites)
    part = np.random.default_rng(seed).permutation(len(names)) % parts
    return np.asarray(part[np.searchsorted(names, sites)])


def fit_trees(
    names: Sequence[str],
    values: NDArray[np.float32],
    junk: Mask,
    weight: Numbers,
    baseline: Numbers | None = None,
) -> Trees:
    """Fit symmetric trees on columns (lines, columns); `baseline` (lines,) are log-odds that they add to."""
    from catboost import CatBoostClassifier

    booster = CatBoostClassifier(
        iterations=TREES,
        depth=DEPTH,
        learning_rate=RATE,
        l2_leaf_reg=LEAF_RIDGE,
        rsm=0.5,
        border_count=BORDERS,
        random_seed=0,
        verbose=0,
        allow_writing_files=False,
    ).fit(values, junk.astype(np.int64), sample_weight=weight, baseline=baseline)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "trees.json"
        booster.save_model(str(path), format="json")
        return _convert(names, json.loads(path.read_text(encoding="utf-8")))


def _convert(names: Sequence[str], plain: dict[str, Any]) -> Trees:
    """Take trees over from CatBoost's JSON, with those columns alone that a question is about."""
    trees = [tree for tree in plain["oblivious_trees"] if tree["splits"]]
    scale, bias = plain["scale_and_bias"]
    used = sorted({split["float_feature_index"] for tree in trees for split in tree["splits"]})
    position = {column: row for row, column in enumerate(used)}
    depth = max(len(tree["splits"]) for tree in trees)

    def deepen(values: Sequence[float]) -> list[float]:
        return [values[leaf % len(values)] for leaf in range(1 << depth)]

    def questions(tree: dict[str, Any], key: str) -> list[Any]:
        asked = [split[key] for split in tree["splits"]]
        return asked + [asked[-1]] * (depth - len(asked))

    return Trees(
        tuple(names[column] for column in used),
        np.array([[position[column] for column in questions(tree, "float_feature_index")] for tree in trees]),
        np.array([questions(tree, "border") for tree in trees], dtype=np.float32),
        np.rint(np.array([deepen(tree["leaf_values"]) for tree in trees]) * scale * UNIT).astype(np.int64),
        np.array([deepen(tree["leaf_weights"]) for tree in trees]),
        round(float(bias[0]) * UNIT),
    )


def fit_model(training_set: TrainingSet, rows: Mask | None = None, *, prior: Model | None = None) -> Model:
    """Fit phrases and trees on the lines that `rows` (lines,) marks, or on all.

    With a `prior`, its phrases stay and new trees are added to its own.

    Raises:
        UsageError: the libraries for fitting are not installed.
    """
    try:
        import catboost  # noqa: F401 - asked for before minutes of work
        import sklearn  # noqa: F401
    except ImportError:
        raise UsageError("fitting needs scikit-learn and CatBoost: pip install 'webtext-cleaner[tune]'") from None
    rows = np.ones(len(training_set.page), dtype=np.bool_) if rows is None else rows
    names = column_names(training_set)
    used = np.flatnonzero(rows & (training_set.weight > 0))
    junk, weight = training_set.is_junk[used], training_set.weight[used]
    if prior:
        values = training_set.matrix(names, score_phrases(prior.phrases, training_set.excerpts))
        trees = fit_trees(names, values[used], junk, weight, predict(prior.trees, names, values)[used])
        return Model(prior.phrases, add_trees(prior.trees, trees))
    values = training_set.matrix(names, cross_score(training_set, rows))
    return Model(fit_phrases(training_set, rows), fit_trees(names, values[used], junk, weight))


def predict(trees: Trees, names: Sequence[str], values: NDArray[np.float32]) -> Numbers:
    """Score lines by columns (lines, columns) of these names, (lines,)."""
    position = {name: column for column, name in enumerate(names)}
    blank = np.zeros(len(values), dtype=np.float32)
    return trees.scores(np.stack([values[:, position[name]] if name in position else blank for name in trees.names]))


def add_trees(first: Trees, second: Trees) -> Trees:
    """Put two ensembles together: their scores add up."""
    names = tuple(sorted({*first.names, *second.names}))
    column = [np.array([names.index(name) for name in trees.names])[trees.column] for trees in (first, second)]
    return Trees(
        names,
        np.concatenate(column),
        np.concatenate((first.border, second.border)),
        np.concatenate((first.leaf, second.leaf)),
        np.concatenate((first.weight, second.weight)),
        first.bias + second.bias,
    )


def column_names(training_set: TrainingSet) -> list[str]:
    """List the columns that trees may ask about, in order; those of markup too, where no page has any."""
    return sorted({*training_set.values, *(f"hint/{name}" for name in markup.COLUMNS)})
