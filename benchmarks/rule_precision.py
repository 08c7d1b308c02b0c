"""What each rule hits on the labelled pages: lines to drop, to keep, of either kind, and lines with junk inside.

    python benchmarks/rule_precision.py [PACK] [--gold DIR] [--rule GLOB] [--all]

Prints rules that hit content first, then the sums, then rules that never fire. `--rule` shows the lines themselves.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from fnmatch import fnmatchcase
from pathlib import Path

from cleaner.features.line_view import view_lines
from cleaner.packs import loader, registry
from cleaner.rules.matcher import Matcher
from cleaner.text import lines

GOLD = Path(__file__).parents[2] / "shared" / "gold" / "dev"


def pages(gold: Path) -> list[tuple[str, str, list[str], str]]:
    """Id, text, one label a non-blank line, and the site, of every page."""
    read = [json.loads(file.read_text(encoding="utf-8")) for file in sorted((gold / "labels").glob("*.json"))]
    folder = gold / "docs"
    return [(p["id"], (folder / f"{p['id']}.txt").read_text("utf-8"), p["labels"], p.get("site", "")) for p in read]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pack", nargs="?", default="zh-web")
    parser.add_argument("--gold", type=Path, default=GOLD)
    parser.add_argument("--rule", default="", help="show the lines that rules of this glob hit")
    parser.add_argument("--labels", default="KX", help="of which labels, with --rule")
    arguments = parser.parse_args()
    matcher = Matcher(loader.check_pack(registry.load_rules(arguments.pack)).rules)
    gold = pages(arguments.gold)
    block = lines.join([text.replace("\r\n", "\n").replace("\r", "\n") for _, text, _, _ in gold])
    labels = "".join(label for _, _, page, _ in gold for label in page)
    assert len(labels) == len(block.starts), (len(labels), len(block.starts))
    found = matcher.find(view_lines(block))
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    sites: dict[int, set[str]] = defaultdict(set)
    for line, rule in sorted({(a, b) for a, b in zip(found.line.tolist(), found.rule.tolist(), strict=True)}):
        counts[rule][labels[line]] += 1
        sites[rule].add(gold[int(block.documents[line])][3])
        if arguments.rule and labels[line] in arguments.labels and fnmatchcase(matcher.rules[rule].id, arguments.rule):
            text = block.text[block.starts[line] : block.stops[line]]
            print(labels[line], matcher.rules[rule].id, gold[int(block.documents[line])][0], text[:120], sep=" | ")
    if arguments.rule:
        return
    print("| rule | weight | D | M | X | K | sites | precision |\n|---|---|---|---|---|---|---|---|")
    for rule in sorted(counts, key=lambda r: (-counts[r]["K"] * (matcher.rules[r].weight >= 1), -counts[r]["D"])):
        c, w = counts[rule], matcher.rules[rule]
        share = (c["D"] + c["M"]) / max(1, sum(c.values()) - c["X"])
        kind = w.action if w.action != "drop" else ""
        row = (w.id, f"{w.weight:g} {kind}", c["D"], c["M"], c["X"], c["K"], len(sites[rule]), f"{share:.3f}")
        print("|", " | ".join(map(str, row)), "|")
    decisive = {r for r, w in enumerate(matcher.rules) if w.weight >= 1 and w.action == "drop"}
    for name, group in (("decisive", decisive), ("evidence", set(range(len(matcher.rules))) - decisive)):
        hit = {line for line, rule in zip(found.line.tolist(), found.rule.tolist(), strict=True) if rule in group}
        total = Counter(labels[line] for line in hit)
        of = Counter(labels)
        print(f"\n{name}: lines hit", {key: f"{total[key]} of {of[key]}" for key in "DMXK"})
    never = [rule.id for index, rule in enumerate(matcher.rules) if index not in counts and not rule.detector]
    print(f"\nnever fired on these pages ({len(never)}):", ", ".join(never))


if __name__ == "__main__":
    main()
