"""Time and memory of `cleaner report` over a run of some size.

    python benchmarks/report.py [--megabytes N] [--runs N]

Cleans the seeds and samples as rows of JSON Lines, then repeats rows, ledger and pairs until output and ledger together
with what was removed stand for a corpus of N MB (1,000 by default). Each report is a process of its own; median and
peak memory are printed.

Results: report.md.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[1]
RUN = "_cleaner"


def cleaner(*arguments: str | Path) -> None:
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-m", "cleaner", *map(str, arguments)], check=True, env=environment)


def write_run(folder: Path, size: int) -> Path:
    """Clean a small corpus and repeat its output and ledger until they stand for `size` bytes of input."""
    texts = [path.read_text("utf-8") for path in sorted([*ROOT.glob("samples/*/*.in.txt"), *ROOT.glob("seeds/*.txt")])]
    rows = [json.dumps({"text": text}, ensure_ascii=False) + "\n" for text in texts]
    (folder / "in.jsonl").write_text("".join(rows), encoding="utf-8")
    cleaner("clean", folder / "in.jsonl", "-o", folder / "out", "--quiet")
    output, ledger = folder / "out" / "in.jsonl", folder / "out" / RUN / "edits.jsonl"
    block, entries = output.read_bytes(), ledger.read_bytes()
    times = max(size // sum(len(row.encode()) for row in rows), 1)
    with output.open("wb") as file, ledger.open("wb") as lines:
        for number in range(times):
            file.write(block)
            lines.write(re.sub(rb'"document":"in', b'"document":"r%din' % number, entries))
    manifest = folder / "out" / RUN / "manifest.json"
    data = json.loads(manifest.read_bytes())
    multiply(data["counts"], times)
    manifest.write_text(json.dumps(data))
    return folder / "out"


def multiply(counts: dict[str, object], times: int) -> None:
    for key, value in counts.items():
        if isinstance(value, int):
            counts[key] = value * times
        elif isinstance(value, dict):
            multiply(value, times)


def measure(output: Path) -> tuple[float, int]:
    """Return seconds and megabytes of one report."""
    start = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "cleaner", "report", output, "--quiet"], env=os.environ | {"PYTHONPATH": str(ROOT)}
    )
    _, _, usage = os.wait4(process.pid, 0)
    return time.perf_counter() - start, usage.ru_maxrss // 1024


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--megabytes", type=int, default=1000)
    parser.add_argument("--runs", type=int, default=5)
    arguments = parser.parse_args()
    with TemporaryDirectory() as name:
        output = write_run(Path(name), arguments.megabytes * 1_000_000)
        files = [output / "in.jsonl", output / RUN / "edits.jsonl"]
        results = [measure(output) for _ in range(arguments.runs)]
        page = (output / RUN / "report.html").stat().st_size / 1e6
        print(", ".join(f"{path.name} {path.stat().st_size / 1e6:.0f} MB" for path in files))
        seconds, memory = statistics.median(time for time, _ in results), max(peak for _, peak in results)
        print(f"{seconds:.1f} s, {memory} MB, page {page:.2f} MB")


if __name__ == "__main__":
    main()
