"""How well the packs clean labelled pages, each judged by weights that never saw its site.

    python benchmarks/gold.py [--gold DIR] [--out DIR] [--kinds] [--as-shipped]

DIR holds `score.py` and `dev/` (docs, labels), see its README. Every page goes the whole way of `cleaner.pipeline`
(script and punctuation kept) with weights fitted on the pages of all other sites (`--kinds`: of all other kinds;
`--as-shipped`: with the weights of the pack, which did see the pages). Scored by the set's own `score.py`.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import sys
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from cleaner import pipeline
from cleaner.judging import fitting, training
from cleaner.model import Cleaned, Document
from cleaner.options import CleanOptions
from cleaner.packs import registry
from cleaner.packs.builtin import LIST, NO_ARTICLE

GOLD = Path(__file__).parents[2] / "shared" / "gold"


def scorer(gold: Path) -> Any:
    spec = importlib.util.spec_from_file_location("score", gold / "score.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def read(gold: Path) -> tuple[list[training.LabelledPage], list[dict[str, Any]]]:
    labels = [json.loads(path.read_text("utf-8")) for path in sorted((gold / "dev" / "labels").glob("*.json"))]
    pages = []
    for label in labels:
        text = (gold / "dev" / "docs" / f"{label['id']}.txt").read_bytes().decode("utf-8")
        pages.append(training.LabelledPage(label["id"], text, "".join(label["labels"]), label["site"]))
    return pages, labels


def kinds(labels: list[dict[str, Any]]) -> list[str]:
    """Pages of one kind share what sets them apart from news."""
    telling = {
        "code",
        "traditional",
        "forum",
        "poem",
        "table",
        "qa",
        "product",
        "recipe",
        "medical",
        "gov",
        "blog",
        "list",
        "lyrics",
    }
    return [" ".join([label["kind"], *sorted(telling & set(label["tags"]))]) for label in labels]


def run(pages: list[training.LabelledPage], groups: list[str], shipped: bool) -> list[Cleaned]:
    """Each page cleaned by weights of the other groups."""
    pack = registry.load_rules("zh-web")
    lesson = training.build_training_set(pages, pack)
    options = CleanOptions(script="keep", punctuation="keep")
    done: dict[str, Cleaned] = {}
    for group, weights in (
        ((name, pack.judge) for name in set(groups)) if shipped else fitting.fit_without_groups(lesson, groups)
    ):
        documents = [Document(page.id, page.text) for page, own in zip(pages, groups, strict=True) if own == group]
        for cleaned in pipeline.clean(documents, pipeline.Pack(fitting.replace_weights(pack, weights)), options):
            done[cleaned.document.id] = cleaned
    return [done[page.id] for page in pages]


def percent(part: float, whole: float) -> float:
    return 100 * part / whole if whole else float("nan")


def row(score: Any, name: str, rows: list[Counter[str]]) -> str:
    total: Counter[str] = sum(rows, Counter())
    precision, recall, f1 = score.prf(total)
    own = sorted(score.prf(r)[2] for r in rows if r["K"])
    median = own[len(own) // 2] if own else float("nan")
    return (
        f"| {name} | {len(rows)} | {100 * precision:.1f} | {100 * recall:.1f} | {100 * f1:.1f} | {100 * median:.1f} "
        f"| {percent(total['Ddropped'], total['Dlines']):.1f} | {percent(total['Klost'], total['Klines']):.1f} "
        f"| {100 - percent(total['Xspanleft'], total['Xspan']):.0f} |"
    )


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--gold", type=Path, default=GOLD)
    asked.add_argument("--out", type=Path)
    asked.add_argument("--kinds", action="store_true")
    asked.add_argument("--as-shipped", action="store_true")
    arguments = asked.parse_args()
    if not arguments.gold.exists():
        sys.exit(f"{arguments.gold}: no labelled pages there; name their folder with --gold")
    began = time.process_time()
    score = scorer(arguments.gold)
    pages, labels = read(arguments.gold)
    groups = kinds(labels) if arguments.kinds else [page.site for page in pages]
    cleaned = run(pages, groups, arguments.as_shipped)
    gold = {doc.id: doc for doc in score.load(str(arguments.gold / "dev"), "all", "all")}
    scores = [score.score_doc(gold[one.document.id], one.text) for one in cleaned]
    if arguments.out:
        arguments.out.mkdir(parents=True, exist_ok=True)
        for one in cleaned:
            (arguments.out / f"{one.document.id}.txt").write_text(one.text, "utf-8")
    report(score, labels, cleaned, scores)
    print(f"\n{time.process_time() - began:.0f} s of CPU; {len(pages)} pages, {len(set(groups))} groups")


HEAD = "| pages | n | P | R | F1 | median F1 | junk removed % | content lost % | span % |\n" + "|---" * 9 + "|"


def report(
    score: Any, labels: list[dict[str, Any]], cleaned: list[Cleaned], scores: list[Counter[str]], shown: int = 14
) -> None:
    by: defaultdict[str, list[Counter[str]]] = defaultdict(list)
    for label, r in zip(labels, scores, strict=True):
        tags = [tag for tag in label["tags"] if not tag.startswith("part")]
        for name in (f"part {label['part']}", f"kind {label['kind']}", *tags):
            by[name].append(r)
    print(HEAD)
    for name in sorted(by, key=lambda n: (not n.startswith("part "), not n.startswith("kind "), -len(by[n]), n)):
        if len(by[name]) > 2 or name.startswith(("part ", "kind ")):
            print(row(score, name, by[name]))
    flags(labels, cleaned)
    print("\n| worst | part | kind | content | lost | junk left | passes |\n|---|---|---|---|---|---|---|")
    for at in sorted(range(len(scores)), key=lambda i: scores[i]["tp"] - scores[i]["K"] - scores[i]["fp"])[:shown]:
        r, label = scores[at], labels[at]
        cells = [label["id"], label["part"], label["kind"], r["K"], r["K"] - r["tp"], r["fp"], len(cleaned[at].passes)]
        print("|", " | ".join(map(str, cells)), "|")


def flags(labels: list[dict[str, Any]], cleaned: list[Cleaned]) -> None:
    none = {label["id"] for label in labels if label["kind"] == "no-article"}
    lists = {label["id"] for label in labels if "list" in label["tags"]}
    for rule, known in ((NO_ARTICLE, none), (LIST, lists)):
        flagged = {c.document.id for c in cleaned if any(f.rule == rule for f in c.flags)}
        precision, recall = (percent(len(flagged & known), len(one)) for one in (flagged, known))
        print(f"\n{rule}: {len(flagged)} flagged, precision {precision:.0f} %, recall {recall:.0f} %")
        print("  wrongly:", *sorted(flagged - known), "\n  missed:", *sorted(known - flagged))
    controls = [c for label, c in zip(labels, cleaned, strict=True) if "control" in label["tags"]]
    touched = [c.document.id for c in controls if any(e.rule[:10] != "normalize/" for made in c.passes for e in made)]
    print("control pages touched by rules:", *(touched or ["none"]), f"of {len(controls)}")


if __name__ == "__main__":
    main()
