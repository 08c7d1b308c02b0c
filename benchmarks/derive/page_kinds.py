"""Fit what tells kinds of pages, cleaner/data/judge/page-kinds.json, on labelled pages; or try it on sites left out.

    python benchmarks/derive/page_kinds.py [--gold DIR] [--try]

DIR of --gold holds dev/ (docs, html, labels), see its README. Pages are taken as text and as HTML, each kind by the
label `kind`. With --try each eighth of the sites is told by weights that never saw them, the shares that were right
are printed by the chance that was named, and nothing is written. Needs the extras `tune` and `html`.
"""

from __future__ import annotations

import argparse
import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from judge_model import GOLD, read_pages
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

import cleaner
from cleaner.features import markup
from cleaner.judging.flags import mark_articles
from cleaner.judging.model.trees import UNIT
from cleaner.judging.page.kinds import KINDS, PLACE, measure
from cleaner.text import lines

OUTPUT = Path(__file__).parents[2] / "cleaner" / "data" / PLACE
NAMES = {"article": "article", "no-article": "list", "product": "product", "qa": "question", "forum": "thread"}
"""The names of the labels, and ours."""
PENALTY = 0.03
"""The inverse of the weight of squares: of .01, .03, .1 and .3 it had the least log-loss on sites left out."""
PARTS, BATCH, DIGITS = 8, 40, 4
BOUNDS = (0.0, 0.5, 0.7, 0.9, 1.01)


def measure_pages(gold: Path) -> tuple[list[str], np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return names of columns, their values (pages, columns), kinds and sites (pages,), and which pages are HTML."""
    pages, docs = read_pages(gold)
    judge, rows = cleaner.load_pack("zh-web").judging, []
    names: list[str] = []
    for start in range(0, len(pages), BATCH):
        part = pages[start : start + BATCH]
        analysis = judge.analyze(lines.join([page.text for page in part]))
        scores = judge.score(analysis, markup.combine([p.hints for p in part], [len(p.labels) for p in part]))
        columns = measure(scores, mark_articles(scores))
        names = list(columns.names)
        rows.append(columns.values.T / UNIT)
    kinds = [NAMES[docs[page.id.removeprefix("html/")].j["kind"]] for page in pages]
    is_html = np.array([page.id.startswith("html/") for page in pages])
    return names, np.concatenate(rows), np.array(kinds), np.array([page.site for page in pages]), is_html


def fit(values: np.ndarray, kinds: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Fit weights (kinds, columns) and biases (kinds,) for values as they are."""
    mean, scale = values.mean(axis=0), np.maximum(values.std(axis=0), 1e-3)
    model = LogisticRegression(C=PENALTY, max_iter=3000).fit((values - mean) / scale, kinds)
    assert tuple(model.classes_) == KINDS
    weights = model.coef_ / scale
    return weights, model.intercept_ - weights @ mean


def predict(weights: np.ndarray, bias: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Return the chances of kinds, (pages, kinds)."""
    powers = np.exp(values @ weights.T + bias)
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def try_parts(values: np.ndarray, kinds: np.ndarray, sites: np.ndarray) -> np.ndarray:
    """Tell each page by weights fitted on other sites, (pages, kinds)."""
    chances = np.zeros((len(kinds), len(KINDS)))
    for train, test in GroupKFold(PARTS).split(values, kinds, sites):
        chances[test] = predict(*fit(values[train], kinds[train]), values[test])
    return chances


def print_figures(title: str, chances: np.ndarray, kinds: np.ndarray) -> None:
    """Print how many are right, by kind and by chance."""
    told, chance = np.array(KINDS)[chances.argmax(axis=1)], chances.max(axis=1)
    right = told == kinds
    rows = [list(KINDS).index(kind) for kind in kinds]
    loss = -np.log(chances[range(len(kinds)), rows]).mean()
    print(f"{title}: {len(kinds)} pages, {right.mean():.1%} right, log-loss {loss:.3f}")
    for kind in KINDS:
        print(f"  {kind}: {_share(right[kinds == kind])} told; {_share(right[told == kind])} so called are right")
    for low, high in pairwise(BOUNDS):
        print(f"  chance from {low}: {_share(right[(chance >= low) & (chance < high)])} right")


def _share(is_right: np.ndarray) -> str:
    return f"{is_right.sum()} of {len(is_right)}"


def to_table(names: list[str], weights: np.ndarray, bias: np.ndarray) -> dict[str, Any]:
    """Return the weights as they are shipped: whole numbers, in parts of one."""
    whole = np.rint(weights * UNIT).astype(int).tolist()
    return {"columns": names, "weights": whole, "bias": np.rint(bias * UNIT).astype(int).tolist()}


def _main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gold", type=Path, default=GOLD, help="the folder of the labelled pages")
    parser.add_argument("--try", action="store_true", dest="tries", help="print figures for sites left out")
    arguments = parser.parse_args()
    names, values, kinds, sites, is_html = measure_pages(arguments.gold)
    if arguments.tries:
        chances = try_parts(values, kinds, sites)
        print_figures("text", chances[~is_html], kinds[~is_html])
        print_figures("HTML", chances[is_html], kinds[is_html])
        return
    table = json.dumps(to_table(names, *fit(values, kinds))).replace("], [", "],\n[")
    OUTPUT.write_text(table + "\n", encoding="ascii")


if __name__ == "__main__":
    _main()
