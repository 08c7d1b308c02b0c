"""How well and how fast HTML pages are cleaned, beside trafilatura and jusText, on labelled pages.

    python benchmarks/pages.py [--gold DIR] [--families | --as-shipped] [--out DIR] [--fit FILE] [--peers PYTHON]
                               [--speed N]

DIR holds `score.py` and `dev/` (docs, html, labels), see its README. Each page is judged by weights, of text and markup
alike, that were fitted without its site (`--families`: without all pages collected the same way, by the first part of
their ids). `--fit` writes the weights of the markup's columns as a pack; those of the text stay as the packs have them.
PYTHON: an interpreter with trafilatura and justext. Speeds are medians of N runs, all tools in turn, in CPU time.
"""

from __future__ import annotations

import argparse
import difflib
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from cleaner import pipeline
from cleaner.features import markup as hints
from cleaner.formats import html
from cleaner.judging import fitting, training
from cleaner.model import Document
from cleaner.options import CleanOptions
from cleaner.packs import registry

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from helpers.gold import load_scorer

GOLD = Path(__file__).parents[2] / "shared" / "gold"
OPTIONS = CleanOptions(script="keep", punctuation="keep")
RIDGE = 3.0
THRESHOLD = 0.3
"""Log-odds at which a line of a page falls; lower than for text alone, as more is known."""

AGAINST = frozenset(
    ("link", "link-most", "link-any", "link-around", "away", "in-nav", "in-footer", "in-share", "in-ad", "in-unseen")
)
"""Columns that may only speak against a line; what the pages at hand say otherwise is chance. So with those that may
only speak for it. Fitted freely, pages of other families are told worse (F1 97.4 instead of 98.2)."""
FOR = frozenset(("is-heading", "is-paragraph", "is-pre", "inside", "title", "title-part", "in-article", "by-content"))

PEER = """
import sys, time, pathlib
source, target, tool = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), sys.argv[3]
def decoded(data):  # jusText reads most of these pages in a wrong encoding
    for encoding in ("utf-8", "gb18030", "big5"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            pass
    return data.decode("utf-8", "replace")
if tool == "trafilatura":
    import trafilatura
    clean = lambda data: trafilatura.extract(data, favor_precision=True, include_comments=False) or ""
else:  # without stop words, as there are none for Chinese; lengths that suit it best of those tried
    import justext
    def clean(data):
        found = justext.justext(decoded(data), frozenset(), 20, 50, 0, 0)
        return "\\n".join(p.text for p in found if not p.is_boilerplate)
pages = [(path, path.read_bytes()) for path in sorted(source.glob("*.html"))]
clean(pages[0][1])
began = time.process_time()
for path, data in pages:
    (target / (path.stem + ".txt")).write_text(clean(data), "utf-8")
print(time.process_time() - began)
"""


def labelled(score: Any, gold: Any, text: str) -> str:
    """One letter for every non-blank line of `text`: what the labelled page says of most of its characters."""
    theirs, classes = [line for _, line, _ in gold.lines], [of for _, _, of in gold.lines]
    ours = [score.norm(line) for line in text.split("\n") if line.strip()]
    votes: list[Counter[str]] = [Counter() for _ in ours]
    for kind, i1, i2, j1, j2 in difflib.SequenceMatcher(None, theirs, ours, autojunk=False).get_opcodes():
        if kind == "equal":
            for i, j in zip(range(i1, i2), range(j1, j2), strict=True):
                votes[j].update(classes[i])
            continue
        of = [letter for i in range(i1, i2) for letter in classes[i]]
        owner = [j for j in range(j1, j2) for _ in ours[j]]
        match = difflib.SequenceMatcher(None, "".join(theirs[i1:i2]), "".join(ours[j1:j2]), autojunk=False)
        for x, y, n in match.get_matching_blocks():
            for k in range(n):
                votes[owner[y + k]][of[x + k]] += 1
    return "".join(max("KDM", key=lambda letter: vote[letter]) if vote else "D" for vote in votes)


class Taught:
    """Lines of the pages as text alone and as HTML, and weights fitted without a group of pages."""

    def __init__(self, score: Any, gold: Path, pack: Any, data: dict[str, bytes], families: bool) -> None:
        labels = [json.loads(path.read_text("utf-8")) for path in sorted((gold / "dev" / "labels").glob("*.json"))]
        docs = {doc.id: doc for doc in score.load(str(gold / "dev"), "all", "all")}
        self.group_of = {label["id"]: group(label, families) for label in labels}
        self.pages = {name: html.read_page(page) for name, page in data.items()}
        texts = [
            training.LabelledPage(
                x["id"], (gold / "dev/docs" / f"{x['id']}.txt").read_bytes().decode(), "".join(x["labels"])
            )
            for x in labels
        ]
        made = [
            training.LabelledPage(n, page.text, labelled(score, docs[n], page.text)) for n, page in self.pages.items()
        ]
        self.text, self.html = (
            training.build_training_set(texts, pack),
            training.build_training_set(made, pack, excerpts=False),
        )
        self.text_group = np.array([self.group_of[page.id] for page in texts])[self.text.page]
        self.html_group = np.array([self.group_of[page.id] for page in made])[self.html.page]
        values = np.concatenate([page.hints.values for page in self.pages.values()]).astype(np.float64)
        kept = np.array(list("".join(page.labels for page in made))) != "D"
        self.hints = np.concatenate((values, values[kept]))  # as the lesson: pages as they are, then without their junk
        self.whole = self._fit_text(np.ones(len(self.text.junk), dtype=np.bool_), None)
        self.beta = {g: self._fit_text(self.text_group != g, self.whole) for g in sorted(set(self.group_of.values()))}
        self.logits = np.zeros(len(self.html.junk))  # of the text, by weights that never saw the line's group
        late = np.array([training.EXTRA_WEIGHTS.get(name, 0.0) for name in self.html.scores.names])
        for name, beta in self.beta.items():
            own = self.html_group == name
            self.logits[own] = self.html.values[own] @ beta[:-1] + beta[-1] + self.html.rule_score[own]
            self.logits[own] += training.SCALE * (self.html.scores.values[own] @ late)

    def _fit_text(self, rows: Any, start: Any) -> Any:
        rows = rows & (self.text.weight > 0)
        x = self.text
        return fitting.fit(fitting.select_examples(x, rows), start=start)

    def hint_weights(self, without: str | None) -> dict[str, float]:
        """Weights of the markup's columns; the constant lies in that of `known`, which every line of a page has."""
        rows = (self.html.weight > 0) & (self.html_group != without)
        use = np.ones(len(hints.COLUMNS), dtype=np.bool_)
        beta, wrong = np.zeros(len(use) + 1), use
        while wrong.any():
            beta[:] = 0
            beta[np.append(use, True)] = fitting.fit(
                fitting.Examples(
                    self.hints[rows][:, use], self.html.junk[rows], self.html.weight[rows], self.logits[rows]
                ),
                RIDGE,
            )
            signed = zip(hints.COLUMNS, beta, strict=False)
            wrong = np.array([(name in AGAINST and b < 0) or (name in FOR and b > 0) for name, b in signed])
            use = use & ~wrong
        made = dict(zip(hints.COLUMNS, (beta[:-1] / training.SCALE).tolist(), strict=True))
        made["known"] += (float(beta[-1]) + fitting.THRESHOLD - THRESHOLD) / training.SCALE
        return {f"hint/{name}": round(weight, 4) for name, weight in made.items() if abs(weight) >= 5e-5}

    def weights(self, without: str) -> dict[str, float]:
        beta = self.beta[without]
        named = dict(zip(self.text.scores.names, (beta[:-1] / training.SCALE).tolist(), strict=True))
        bias = {"bias": 1.0 + (float(beta[-1]) - fitting.THRESHOLD) / training.SCALE}
        return bias | named | training.FIXED_WEIGHTS | training.EXTRA_WEIGHTS | self.hint_weights(without)


def group(label: dict[str, Any], families: bool) -> str:
    if not families:
        return str(label["site"])
    family = label["id"].split("-")[0]
    return family if family in ("lw", "mh", "tw") else "news"


def clean(pages: dict[str, html.Page], pack: pipeline.Pack) -> dict[str, str]:
    documents = [Document(name, page.text) for name, page in pages.items()]
    done = pipeline.clean(documents, pack, OPTIONS, hints=[page.hints for page in pages.values()])
    return {one.document.id: one.text for one in done}


def left_out(taught: Taught, pack: Any) -> dict[str, str]:
    done: dict[str, str] = {}
    for name in sorted(set(taught.html_group)):
        own = {n: page for n, page in taught.pages.items() if taught.group_of[n] == name}
        done |= clean(own, pipeline.Pack(fitting.replace_weights(pack, taught.weights(name))))
    return done


def row(score: Any, gold: dict[str, Any], name: str, texts: dict[str, str], speed: float) -> list[tuple[str, Any]]:
    scores = [(n, score.score_doc(gold[n], text)) for n, text in sorted(texts.items())]
    total: Counter[str] = sum((r for _, r in scores), Counter())
    p, r, f1 = (100 * x for x in score.prf(total))
    mean = 100 * statistics.mean(score.prf(r)[2] for _, r in scores if r["K"])
    junk, lost = 100 * total["Ddropped"] / total["Dlines"], 100 * total["Klost"] / total["Klines"]
    rate = f"{speed:.0f}" if speed else "–"
    print(f"| {name} | {p:.1f} | {r:.1f} | {f1:.1f} | {mean:.1f} | {junk:.1f} | {lost:.1f} | {rate} |")
    return scores


def peer(python: str, source: Path, tool: str) -> tuple[dict[str, str], float]:
    with tempfile.TemporaryDirectory() as folder:
        called = [python, "-W", "ignore", "-c", PEER, str(source), folder, tool]
        spent = float(subprocess.run(called, check=True, capture_output=True, text=True).stdout)
        return {path.stem: path.read_text("utf-8") for path in Path(folder).glob("*.txt")}, spent


def ours(data: dict[str, bytes], pack: pipeline.Pack) -> float:
    """CPU seconds from bytes to clean text."""
    began = time.process_time()
    clean({name: html.read_page(page) for name, page in data.items()}, pack)
    return time.process_time() - began


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--gold", type=Path, default=GOLD)
    asked.add_argument("--out", type=Path)
    asked.add_argument("--families", action="store_true")
    asked.add_argument("--as-shipped", action="store_true")
    asked.add_argument("--peers")
    asked.add_argument("--speed", type=int, default=3)
    asked.add_argument("--fit", type=Path)
    arguments = asked.parse_args()
    if not arguments.gold.exists():
        sys.exit(f"{arguments.gold}: no labelled pages there; name their folder with --gold")
    score, pack, markup = load_scorer(arguments.gold), registry.load_rules("zh-web"), registry.load_rules("html")
    pack = fitting.replace_weights(pack, {**pack.judge, **markup.judge})
    gold = {doc.id: doc for doc in score.load(str(arguments.gold / "dev"), "all", "all")}
    data = {path.stem: path.read_bytes() for path in sorted((arguments.gold / "dev" / "html").glob("*.html"))}
    if arguments.as_shipped:
        texts = clean({name: html.read_page(page) for name, page in data.items()}, pipeline.Pack(pack))
    else:
        taught = Taught(score, arguments.gold, pack, data, arguments.families)
        if arguments.fit:
            arguments.fit.write_text(as_pack(taught.hint_weights(None)), "utf-8")
        texts = left_out(taught, pack)
    report(arguments, score, gold, pipeline.Pack(pack), data, texts)


def report(
    args: Any, score: Any, gold: Any, pack: pipeline.Pack, data: dict[str, bytes], texts: dict[str, str]
) -> None:
    tools = ("trafilatura", "jusText") if args.peers else ()
    found: dict[str, dict[str, str]] = {}
    spent: dict[str, list[float]] = {}
    for _ in range(args.speed):
        spent.setdefault("cleaner", []).append(ours(data, pack))
        for tool in tools:
            found[tool], seconds = peer(args.peers, args.gold / "dev" / "html", tool)
            spent.setdefault(tool, []).append(seconds)
    speed = {tool: len(data) / statistics.median(seconds) for tool, seconds in spent.items()}
    print("| tool | P | R | F1 | mean F1 | junk removed % | content lost % | pages per CPU-second |")
    print("|---|---|---|---|---|---|---|---|")
    scores = row(score, gold, "cleaner", texts, speed.get("cleaner", 0))
    for tool in tools:
        row(score, gold, tool, found[tool], speed[tool])
    print("\n| worst | content | lost | junk left |\n|---|---|---|---|")
    for name, r in sorted(scores, key=lambda s: s[1]["tp"] - s[1]["K"] - s[1]["fp"])[:10]:
        print(f"| {name} | {r['K']} | {r['K'] - r['tp']} | {r['fp']} |")
    if args.out:
        args.out.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            (args.out / f"{name}.txt").write_text(text, "utf-8")


def as_pack(weights: dict[str, float]) -> str:
    head = (
        'schema = 1\n\n[pack]\nid = "html"\nversion = "0.1.0"\n'
        'title = "Weights of what a page\'s markup says, fitted on labelled pages by benchmarks/pages.py"\n\n[judge]\n'
    )
    return head + "".join(f'"{name}" = {weight}\n' for name, weight in weights.items())


if __name__ == "__main__":
    main()
