"""The matcher against the same patterns one by one, in one process, by CPU time.

    python benchmarks/matching.py [--pack zh-web] [--chars 1000000] [--runs 5]

Three texts: paragraphs of documents made by the corpus generator beside the checkout, those documents whole, and the
labelled pages (else the seeds). Prints MB of UTF-8 a CPU-second, medians; one by one is measured on a part of the
text, where the hits must be equal.
"""

from __future__ import annotations

import argparse
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from cleaner.features.line_view import view_lines
from cleaner.normalization.script.folding import fold
from cleaner.packs import registry
from cleaner.rules.candidates import EDGE
from cleaner.rules.matcher import Matcher
from cleaner.rules.pattern import compile_match, compile_unless, is_whole_line, literals_of
from cleaner.text import lines
from cleaner.text.lines import Batch

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"


def clean_text(chars: int) -> list[str]:
    """Documents of about 1,500 characters, `chars` in all."""
    import json

    maker = SHARED / "bench" / "make_corpus.py"
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "corpus.jsonl"
        subprocess.run([sys.executable, maker, str(chars // 1500), out, "--dup", "0"], check=True, capture_output=True)
        return [json.loads(line)["text"] for line in out.read_text("utf-8").splitlines()]


def dirty_text() -> list[str]:
    gold = sorted((SHARED / "gold" / "dev" / "docs").glob("*.txt")) or sorted((ROOT / "seeds").glob("*.txt"))
    return [path.read_text("utf-8", errors="replace").replace("\r\n", "\n").replace("\r", "\n") for path in gold]


def cpu(run: Callable[[], object], runs: int, forget: Callable[[], None]) -> float:
    """Median CPU seconds; `forget` is called before each run."""
    times = []
    for _ in range(runs):
        forget()
        begin = time.process_time()
        run()
        times.append(time.process_time() - begin)
    return statistics.median(times)


def one_by_one(matcher: Matcher, block: Batch, folded: str) -> set[tuple[int, int]]:
    """(line, rule) of every line rule tried on every line it is long enough for, whatever its literals."""
    texts = [folded[a:b] for a, b in zip(block.starts.tolist(), block.stops.tolist(), strict=True)]
    found = set()
    for index, rule in enumerate(matcher.rules):
        if rule.detector or rule.scope != "line":
            continue
        pattern, unless, words = compile_match(rule), compile_unless(rule), literals_of(rule)
        for line, text in enumerate(texts):
            if len(text) <= rule.longest and pattern.search(text) and not any(u.search(text) for u in unless):
                places = sorted(m.start() for word in words for m in re.finditer(re.escape(word), text))
                limit = EDGE if is_whole_line(rule) and rule.within is None else rule.within
                if len(places) >= rule.least and (limit is None or places[0] <= limit):
                    found.add((line, index))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pack", default="zh-web")
    parser.add_argument("--chars", type=int, default=1_500_000)
    parser.add_argument("--runs", type=int, default=5)
    arguments = parser.parse_args()
    matcher = Matcher(registry.load_rules(arguments.pack).rules)
    documents = clean_text(arguments.chars)
    prose = ["\n".join(line for line in text.split("\n") if len(line) > 60) for text in documents]
    for name, texts in (("prose", prose), ("corpus", documents), ("pages", dirty_text())):
        block = lines.join(texts)
        size = len(block.text.encode()) / 1e6
        view = view_lines(block)
        hits = matcher.find(view)
        whole = cpu(lambda v=view: matcher.find(v), arguments.runs, matcher._cache.clear)
        codes = view.codes
        literals = cpu(lambda c=codes: matcher.candidates.literals.find(c), arguments.runs, matcher._cache.clear)
        raw = len(matcher.candidates.literals.find(codes)[0])
        tried = len(matcher.candidates.find(view)[0])
        print(
            f"{name}: {size:.1f} MB, {len(block.starts)} lines, {raw} literals,"
            f" {tried} patterns tried, {len(hits.line)} hits"
        )
        print(f"  matcher {size / whole:.0f} MB/s; its literals alone {size / literals:.0f} MB/s")
        part = lines.join(texts[:: max(1, len(texts) // 20)])
        part_folded = fold(part.text)
        slow = cpu(lambda b=part, f=part_folded: one_by_one(matcher, b, f), 1, matcher._cache.clear)
        part_view = view_lines(part)
        fast = cpu(lambda v=part_view: matcher.find(v), arguments.runs, matcher._cache.clear)
        size_of_part = len(part.text.encode()) / 1e6
        print(f"  on {size_of_part:.2f} MB: one by one {size_of_part / slow:.2f} MB/s, ratio {slow / fast:.0f}")
        table = matcher.find(view_lines(part))
        ours = {(a, b) for a, b in zip(table.line.tolist(), table.rule.tolist(), strict=True)}
        ours = {(a, b) for a, b in ours if matcher.rules[b].scope == "line"}
        other = one_by_one(matcher, part, part_folded)
        for line, rule in sorted(ours ^ other)[:10]:
            text = part.text[part.starts[line] : part.stops[line]]
            kind = "whole line" if is_whole_line(matcher.rules[rule]) else "pattern"
            print(f"  DIFFERS {matcher.rules[rule].id} ({kind}): {text[:60]!r}")


if __name__ == "__main__":
    main()
