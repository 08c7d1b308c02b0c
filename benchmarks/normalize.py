"""The whole of normalizing: MB/s by step and together, and what the first call costs.

    python benchmarks/normalize.py [--rounds 7]

Prints the tables of benchmarks/normalize.md. CPU time of one process, whole documents, medians; MB are of UTF-8. The
comparisons with ftfy, opencc and the detectors of encodings have scripts of their own beside this one.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1]))

from conversion import documents

from cleaner.normalization.normalizer import Normalizer
from cleaner.normalization.steps import INSPECTIONS, NORMALIZER, STEPS
from cleaner.options import CleanOptions

SEEDS = Path(__file__).parents[1] / "seeds"
OPTIONS = CleanOptions()


def megabytes(texts: list[str]) -> float:
    return sum(len(text.encode()) for text in texts) / 1e6


def seconds(work: Callable[[Any], object], texts: Sequence[Any], rounds: int) -> float:
    """Median CPU seconds of all texts, after one round that is not counted."""
    measured = []
    for _ in range(rounds + 1):
        start = time.process_time()
        for text in texts:
            work(text)
        measured.append(time.process_time() - start)
    return statistics.median(measured[1:])


def blocks(texts: list[str]) -> list[list[str]]:
    """100 documents at once, as cleaning takes them."""
    return [texts[start : start + 100] for start in range(0, len(texts), 100)]


def first_call() -> float:
    """CPU seconds of the first call in a fresh process, with its imports but NumPy's."""
    program = (
        "import numpy, time; start = time.process_time(); import cleaner; "
        "cleaner.normalize('這是一個繁體的句子,用來建立所有的表。' * 20); print(time.process_time() - start)"
    )
    runs = [
        float(subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout)
        for _ in range(5)
    ]
    return statistics.median(runs)


def looking_for_mojibake(texts: list[list[str]], rounds: int) -> float:
    """CPU seconds that a scan takes longer for the characters of mojibake: all of repair that clean text knows."""
    others = [step for step in STEPS if step.rule != "normalize/mojibake"]
    scans = [Normalizer(steps, INSPECTIONS).scan for steps in (STEPS, others)]
    full, rest = (seconds(lambda batch, scan=scan: scan(batch, OPTIONS), texts, rounds) for scan in scans)
    return full - rest


def corpora() -> dict[str, list[str]]:
    texts = documents(400, seed=1)
    clean = [NORMALIZER.normalize(text, OPTIONS) for text in texts["Simplified"]]
    seeds = [path.read_text(encoding="utf-8") for path in sorted(SEEDS.glob("*.txt"))]
    return {"clean Simplified": clean, "Traditional": texts["Traditional"], "the seeds": seeds * 20}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds
    texts = corpora()
    print(f"{date.today()}, Python {sys.version.split()[0]}\n")
    print("| MB/s |", " | ".join(texts), "|\n|---|" + "---|" * len(texts))
    whole = {name: seconds(lambda t: NORMALIZER.normalize(t, OPTIONS), held, rounds) for name, held in texts.items()}
    print("| all |", " | ".join(f"{megabytes(held) / whole[name]:.0f}" for name, held in texts.items()), "|")
    together = {
        name: seconds(lambda block: NORMALIZER.normalize_batch(block, OPTIONS), blocks(held), rounds)
        for name, held in texts.items()
    }
    speeds = [megabytes(held) / together[name] for name, held in texts.items()]
    print("| all, in blocks |", " | ".join(f"{speed:.0f}" for speed in speeds), "|")
    for step in STEPS:
        spent = [seconds(lambda t, s=step: s.run(t, OPTIONS), held, rounds) for held in texts.values()]
        speeds = [megabytes(held) / max(t, 1e-9) for held, t in zip(texts.values(), spent, strict=True)]
        print(f"| {step.rule} |", " | ".join(f"{speed:.0f}" if speed < 50_000 else "-" for speed in speeds), "|")
    clean = texts["clean Simplified"]
    alone = looking_for_mojibake([[text] for text in clean], rounds) / whole["clean Simplified"]
    in_blocks = looking_for_mojibake(blocks(clean), rounds) / together["clean Simplified"]
    print(f"\nLooking for mojibake takes {alone:.1%} of normalizing clean text, in blocks {in_blocks:.1%}.")
    print(f"First call: {first_call():.2f} s.")


if __name__ == "__main__":
    main()
