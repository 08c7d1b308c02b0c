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
from collections.abc import Callable
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1]))

from conversion import documents

from cleaner.normalize import repair, steps
from cleaner.normalize.steps import Options

SEEDS = Path(__file__).parents[1] / "seeds"


def megabytes(texts: list[str]) -> float:
    return sum(len(text.encode()) for text in texts) / 1e6


def seconds(work: Callable[[str], object], texts: list[str], rounds: int) -> float:
    """Median CPU seconds of all texts, after one round that is not counted."""
    measured = []
    for _ in range(rounds + 1):
        start = time.process_time()
        for text in texts:
            work(text)
        measured.append(time.process_time() - start)
    return statistics.median(measured[1:])


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


def corpora() -> dict[str, list[str]]:
    texts = documents(400, seed=1)
    clean = [steps.normalize(text, Options()) for text in texts["Simplified"]]
    seeds = [path.read_text(encoding="utf-8") for path in sorted(SEEDS.glob("*.txt"))]
    return {"clean Simplified": clean, "Traditional": texts["Traditional"], "the seeds": seeds * 20}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds
    texts = corpora()
    print(f"{date.today()}, Python {sys.version.split()[0]}\n")
    print("| MB/s |", " | ".join(texts), "|\n|---|" + "---|" * len(texts))
    whole = {name: seconds(lambda t: steps.normalize(t, Options()), held, rounds) for name, held in texts.items()}
    print("| all |", " | ".join(f"{megabytes(held) / whole[name]:.0f}" for name, held in texts.items()), "|")
    for step in steps.STEPS:
        taken = [seconds(lambda t, s=step: s.run(t, Options()), held, rounds) for held in texts.values()]
        speeds = [megabytes(held) / max(t, 1e-9) for held, t in zip(texts.values(), taken, strict=True)]
        print(f"| {step.rule} |", " | ".join(f"{speed:.0f}" if speed < 50_000 else "-" for speed in speeds), "|")
    share = seconds(repair.repair, texts["clean Simplified"], rounds) / whole["clean Simplified"]
    print(f"\nRepair takes {share:.1%} of normalizing clean text. First call: {first_call():.2f} s.")


if __name__ == "__main__":
    main()
