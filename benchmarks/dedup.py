"""How fast near-duplicates are found, how much memory that takes, and what the S-curve looks like.

    python benchmarks/dedup.py [--quick] [ROW...]

Every row runs in processes of its own, in an environment with the peers (made below a cache folder on the first
run, `CLEANER_BENCH` names another). Figures are CPU seconds, user and system, children included; ratios are within
one run. The texts are made up here from a fixed seed, with 4 in 10 documents an edited copy of another. Prints
Markdown; `--write` puts it in the place of those rows in dedup.md beside this file, and the picture of the S-curve into
docs/s-curve.svg. The row `slow` takes half an hour and runs only when it is named.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
CACHE = Path(os.environ.get("CLEANER_BENCH", Path.home() / ".cache/cleaner-benchmarks"))
PEERS = {
    "core": ["rensa==0.5.0", "datasketch==2.0.0", "numba", "-e", str(ROOT)],
    "text-dedup": ["text-dedup"],
    "datatrove": ["datatrove[io,processing]", "orjson", "spacy", "jieba"],
}
TIMES = 5


# --- texts


def corpus(documents: int, characters: int, seed: int = 0, copy_share: float = 0.4) -> Iterator[str]:
    """Paragraphs of made-up words; a share of the documents are copies of an earlier one with 1 % of it replaced."""
    import numpy as np

    dice = np.random.default_rng(seed)
    words = dice.zipf(1.3, 1 << 20) % 3000 + 0x4E00
    pool = words.astype(np.uint32)
    earlier: list[Any] = []
    for _ in range(documents):
        if earlier and dice.random() < copy_share:
            codes = earlier[int(dice.integers(len(earlier)))].copy()
            positions = dice.integers(0, len(codes), max(len(codes) // 100, 1))
            codes[positions] = dice.integers(0x4E00, 0x4E00 + 3000, len(positions))
        else:
            # a slice of the pool, every character moved by the same random step: no two slices share a shingle
            start = int(dice.integers(0, len(pool) - characters))
            codes = (pool[start : start + characters] + dice.integers(0, 3000)) % 3000 + 0x4E00
            codes = np.where(dice.random(characters) < 0.2, dice.integers(0x4E00, 0x5E00, characters), codes)
            codes = codes.astype(np.uint32)
            codes[29::30] = 0x3002
            codes[149::150] = 10
            if len(earlier) < documents // 20 + 1:
                earlier.append(codes)
        yield codes.tobytes().decode("utf-32-le")


def corpus_file(folder: Path, documents: int, characters: int) -> Path:
    path = folder / f"{documents}x{characters}.jsonl"
    if not path.exists():
        with path.open("w", encoding="utf-8") as file:
            for number, text in enumerate(corpus(documents, characters)):
                file.write(json.dumps({"id": f"{number:08}", "text": text}, ensure_ascii=False) + "\n")
    return path


# --- running and measuring


def environment(name: str) -> Path | str:
    """The Python of a peer's environment, or why there is none."""
    folder = CACHE / name
    python = folder / "bin/python"
    if not (folder / "ready").exists():
        venv.create(folder, with_pip=True)
        command = [str(python), "-m", "pip", "install", "--quiet", *PEERS[name]]
        process = subprocess.run(command, capture_output=True, text=True, timeout=1800, check=False)
        if process.returncode:
            return f"pip could not install {' '.join(PEERS[name])}: {process.stderr.strip().splitlines()[-1]}"
        (folder / "ready").touch()
    return python


class Run(dict[str, Any]):
    """What a child process printed, with its CPU seconds, wall seconds and peak memory in MB."""


def child(python: Path, name: str, *arguments: object, **variables: str) -> Run:
    """Run one measuring function of this file in another interpreter."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    command = [str(python), __file__, "--child", name, *map(str, arguments)]
    process = subprocess.run(
        command, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(ROOT), **variables}, check=False
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if process.returncode:
        raise RuntimeError(process.stderr.strip().splitlines()[-1] if process.stderr.strip() else f"{name} failed")
    run = Run(json.loads(process.stdout.strip().splitlines()[-1]))
    run["cpu"] = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    run["wall"] = time.perf_counter() - began
    return run


def grams(text: str) -> list[str]:
    return [text[i : i + 5] for i in range(len(text) - 4)]


def peak() -> float:
    process_peak, children_peak = (
        resource.getrusage(scope).ru_maxrss for scope in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return max(process_peak, children_peak) / 1024


def median_cpu(work: Callable[[], object], times: int = TIMES) -> float:
    work()
    seconds = []
    for _ in range(times):
        began = time.process_time()
        work()
        seconds.append(time.process_time() - began)
    return statistics.median(seconds)


# --- measuring functions, run in children; each prints one JSON object


def child_signatures(count: str) -> dict[str, float]:
    """Microseconds of CPU for a document of 1,800 characters, from text to 128 slots."""
    import numpy as np
    from datasketch import MinHash
    from rensa import RMinHash

    from cleaner import _kernels
    from cleaner.dedup import minhash, shingles, sketches

    texts = list(corpus(int(count), 1800, copy_share=0))

    def ours() -> None:
        for block in sketches.in_batches(texts):
            minhash.signatures(shingles.shingle_texts(block))

    def rensa() -> None:
        for text in texts:
            signature = RMinHash(128, 42)
            signature.update(grams(text))
            signature.digest()

    def rensa_flat() -> None:
        for block in sketches.in_batches(texts):
            ranges = shingles.shingle_texts(block)
            flat = np.concatenate([ranges.hashes[a:b] for a, b in zip(ranges.starts, ranges.stops, strict=True)])
            offsets = np.concatenate(([0], np.cumsum(ranges.stops - ranges.starts))).astype(np.uint64)
            RMinHash.digest_matrix_from_flat_token_hashes(flat, offsets, 128, 42)

    def datasketch() -> None:
        MinHash.bulk(([gram.encode() for gram in grams(text)] for text in texts[:40]), num_perm=128)

    ways = {"rensa, strings": rensa, "datasketch, bulk": datasketch, "cleaner, numpy": ours}
    microseconds = {name: median_cpu(work) * 1e6 for name, work in ways.items()}
    if _kernels.load():
        microseconds["cleaner, numba"] = median_cpu(ours) * 1e6
        microseconds["rensa, flat API on our hashes (numba)"] = median_cpu(rensa_flat) * 1e6
    documents = {"datasketch, bulk": 40}
    return {name: value / documents.get(name, len(texts)) for name, value in microseconds.items()}


def child_cleaner(path: str, output: str, unit: str, numba: str) -> dict[str, float]:
    """The whole command; seconds of the exact check beside it."""
    from cleaner import _kernels
    from cleaner.corpus.dedup.job import DedupJob
    from cleaner.corpus.dedup.run import deduplicate_corpus
    from cleaner.corpus.plan import plan_reading
    from cleaner.dedup import jaccard
    from cleaner.formats.base import Reading
    from cleaner.options import DedupOptions

    if numba != "numba":
        _kernels.MIN_CHARACTERS = 1 << 60
        _kernels.load.__defaults__ = (0,)
    check_seconds, compare = [0.0], jaccard.compare_items

    def timed_compare(*arguments: Any) -> jaccard.Similarities:
        began = time.process_time()
        similarities = compare(*arguments)
        check_seconds[0] += time.process_time() - began
        return similarities

    jaccard.compare_items = timed_compare
    sources, _, _ = plan_reading([path], None, ())
    job = DedupJob(sources, DedupOptions(unit=unit), Reading(), "flag", "0")
    summary = deduplicate_corpus(job, Path(output), workers=1, force=True)
    return {"check": check_seconds[0], "memory": peak(), "clusters": summary.clusters, "copies": summary.copies}


def child_rensa(path: str) -> dict[str, float]:
    """rensa as its page shows: shingles as strings, its deduplicator with as many bands as ours."""
    from rensa import RMinHash, RMinHashDeduplicator

    deduplicator, copies = RMinHashDeduplicator(0.8, 128, True, 16), 0
    with Path(path).open(encoding="utf-8") as file:
        for line in file:
            record = json.loads(line)
            signature, text = RMinHash(128, 42), record["text"]
            signature.update(grams(text))
            copies += not deduplicator.add(record["id"], signature)
    return {"memory": peak(), "copies": copies}


def child_query(index: str, path: str) -> dict[str, float]:
    """Passages of new texts against a stored index."""
    from cleaner.index import build, query

    with Path(path).open(encoding="utf-8") as file:
        texts = {record["id"] + "q": record["text"] for record in map(json.loads, file)}
    store = build.open_store(index)
    stored_count = store.info().items
    began = time.process_time()
    query.query(store, dict(list(texts.items())[:1]))
    opening = time.process_time() - began
    began = time.process_time()
    matches = query.query(store, texts)
    took = time.process_time() - began
    return {"stored": stored_count, "opening": opening, "took": took, "matches": len(matches), "memory": peak()}


def child_build(path: str, output: str, index: str) -> dict[str, float]:
    from cleaner.corpus.dedup.job import DedupJob
    from cleaner.corpus.plan import plan_reading
    from cleaner.formats.base import Reading
    from cleaner.index import build
    from cleaner.options import DedupOptions

    sources, _, _ = plan_reading([path], None, ())
    job = DedupJob(sources, DedupOptions(unit="passage"), Reading(), "flag", "0", index)
    build.add_corpus(job, Path(output), workers=1, force=True)
    return {"memory": peak()}


def child_lsh(path: str, query_path: str) -> dict[str, float]:
    """datasketch's own index in memory, given our signatures of the same passages."""
    from datasketch import LeanMinHash, MinHashLSH

    from cleaner.dedup import sketches
    from cleaner.dedup.lsh import choose_scheme

    index = MinHashLSH(num_perm=128, params=(16, 8))
    stored_count = 0
    with Path(path).open(encoding="utf-8") as file:
        for block in sketches.in_batches(json.loads(line)["text"] for line in file):
            for row in sketches.sketch_with_signatures(block, choose_scheme(0.8), "passage")[1]:
                signature = LeanMinHash(seed=1, hashvalues=row, scheme="affine32")
                index.insert(stored_count, signature, check_duplication=False)
                stored_count += 1
    with Path(query_path).open(encoding="utf-8") as file:
        blocks = list(sketches.in_batches(json.loads(line)["text"] for line in file))
    began, count = time.process_time(), 0
    for block in blocks:
        for row in sketches.sketch_with_signatures(block, choose_scheme(0.8), "passage")[1]:
            index.query(LeanMinHash(seed=1, hashvalues=row, scheme="affine32"))
            count += 1
    return {"stored": stored_count, "asked": count, "took": time.process_time() - began, "memory": peak()}


def child_textdedup(path: str, output: str) -> dict[str, float]:
    """text-dedup's MinHash command on characters set apart by spaces: unspaced text it would drop."""
    spaced_path = Path(output) / "spaced.jsonl"
    with Path(path).open(encoding="utf-8") as file, spaced_path.open("w", encoding="utf-8") as out:
        for record in map(json.loads, file):
            out.write(json.dumps({"id": record["id"], "text": " ".join(record["text"])}, ensure_ascii=False) + "\n")
    command = [sys.executable, "-m", "text_dedup.minhash", "--path", "json", "--data_files", str(spaced_path)]
    command += ["--split", "train", "--cache_dir", f"{output}/cache", "--output", f"{output}/done", "--column", "text"]
    command += ["--num_perm", "128", "--ngram", "5", "--threshold", "0.8", "--b", "16", "--r", "8", "--num_proc", "1"]
    subprocess.run(command, check=True, capture_output=True)
    return {"memory": peak()}


def child_datatrove(path: str, output: str) -> dict[str, float]:
    """datatrove's four stages, one worker, 16 buckets of 8 hashes over 5-grams of its Chinese words."""
    from datatrove.executor import LocalPipelineExecutor
    from datatrove.pipeline.dedup import (
        MinhashDedupBuckets,
        MinhashDedupCluster,
        MinhashDedupFilter,
        MinhashDedupSignature,
    )
    from datatrove.pipeline.dedup.minhash import MinhashConfig
    from datatrove.pipeline.readers import JsonlReader
    from datatrove.pipeline.writers import JsonlWriter
    from datatrove.utils.typeshelper import Languages

    config = MinhashConfig(n_grams=5, num_buckets=16, hashes_per_bucket=8)
    source = [JsonlReader(str(Path(path).parent), glob_pattern=Path(path).name)]
    stages: list[tuple[list[Any], int]] = [
        ([*source, MinhashDedupSignature(f"{output}/s", config=config, language=Languages.chinese)], 1),
        ([MinhashDedupBuckets(f"{output}/s", f"{output}/b", config=config)], 16),
        ([MinhashDedupCluster(f"{output}/b", f"{output}/r", config=config)], 1),
        ([*source, MinhashDedupFilter(f"{output}/r"), JsonlWriter(f"{output}/done")], 1),
    ]
    for number, (stage, tasks) in enumerate(stages):
        LocalPipelineExecutor(stage, tasks=tasks, workers=1, logging_dir=f"{output}/log{number}").run()
    return {"memory": peak()}


# --- rows of the report


def row_signatures(_: Path, python: Path, quick: bool) -> str:
    run = child(python, "signatures", 100 if quick else 400)
    base = run["rensa, strings"]
    values = {name: value for name, value in run.items() if name not in ("cpu", "wall")}
    lines = [f"| {name} | {value:,.1f} | {base / value:.1f} |" for name, value in values.items()]
    return table(
        "Signatures: 1,800 characters, 128 slots, text to slots", "way | µs CPU a document | × rensa strings", lines
    )


def row_pipeline(folder: Path, python: Path, quick: bool) -> str:
    """The whole way on the same file; slow peers on a smaller one, next to ours on that."""
    large, small = (10_000, 500) if quick else (100_000, 10_000)
    path = corpus_file(folder, large, 1800)
    runs: dict[str, Run | str] = dict(_ours(path, folder))
    runs["cleaner, numba, documents and passages"] = child(python, "cleaner", path, folder / "out", "near", "numba")
    runs["rensa, RMinHashDeduplicator"] = child(python, "rensa", path)
    return _whole_way("JSONL to clusters", [*_lines(large, runs), *_lines(small, _against_slow(folder, small))])


def row_slow(folder: Path, python: Path, quick: bool) -> str:
    """The slow peers on the large file."""
    documents = 10_000 if quick else 100_000
    return _whole_way("Slow peers, JSONL to clusters", list(_lines(documents, _against_slow(folder, documents))))


def _ours(path: Path, folder: Path) -> Iterator[tuple[str, Run]]:
    python = environment("core")
    assert isinstance(python, Path)
    for kind in ("numpy", "numba"):
        yield f"cleaner, {kind}", child(python, "cleaner", path, folder / "out", "document", kind)


def _against_slow(folder: Path, documents: int) -> dict[str, Run | str]:
    path = corpus_file(folder, documents, 1800)
    return dict(_ours(path, folder)) | {name: _peer(name, measure, path, folder) for name, measure in _SLOW.items()}


def _lines(documents: int, runs: dict[str, Run | str]) -> Iterator[str]:
    base = runs["cleaner, numba"]
    assert isinstance(base, Run)
    for name, run in runs.items():
        if isinstance(run, str):
            yield f"| {documents:,} | {name} | not measured: {run} | | | | |"
            continue
        share = f"{run['check'] / run['cpu']:.0%}" if "check" in run else ""
        yield (
            f"| {documents:,} | {name} | {run['cpu']:.1f} | {run['wall']:.1f} | {run['memory']:,.0f} "
            f"| {run['cpu'] / base['cpu']:.1f} | {share} |"
        )


def _whole_way(title: str, lines: list[str]) -> str:
    head = "documents | way | CPU s | wall s | peak MB | × cleaner, numba | exact check"
    return table(f"{title}: 1,800 characters a document, one process", head, lines)


_SLOW = {"text-dedup": "textdedup", "datatrove": "datatrove"}


def _peer(name: str, measure: str, path: Path, folder: Path) -> Run | str:
    python = environment(name)
    if isinstance(python, str):
        return python
    try:
        output = folder / name
        output.mkdir(exist_ok=True)
        return child(python, measure, path, output)
    except RuntimeError as error:
        return str(error)[:200].replace("|", "/")


def row_growth(folder: Path, python: Path, quick: bool) -> str:
    lines = []
    for documents in (3_000, 10_000, 30_000) if quick else (100_000, 300_000, 1_000_000):
        path = corpus_file(folder, documents, 300)
        for kind in ("numpy", "numba"):
            run = child(python, "cleaner", path, folder / "out", "document", kind)
            lines.append(
                f"| {documents:,} | {kind} | {run['cpu']:.1f} | {run['cpu'] / documents * 1e6:.0f} | {run['wall']:.1f} "
                f"| {run['memory']:,.0f} | {run['copies']:,} |"
            )
    head = "documents | way | CPU s | µs a document | wall s | peak MB | copies"
    return table("Growth: 300 characters a document, documents only, JSONL to clusters", head, lines)


def row_index(folder: Path, python: Path, quick: bool) -> str:
    documents = 1_000 if quick else 88_000
    path, index = corpus_file(folder, documents, 1800), folder / f"{documents}.db"
    query_path = folder / "asked.jsonl"
    with query_path.open("w", encoding="utf-8") as file:
        for number, text in enumerate(corpus(2_000 if not quick else 200, 1800, seed=7, copy_share=0.1)):
            file.write(json.dumps({"id": str(number), "text": text}) + "\n")
    if not index.exists():
        child(python, "build", path, folder / "out", index)
    ours = child(python, "query", index, query_path)
    smaller = corpus_file(folder, 300 if quick else 10_000, 1800)
    theirs = child(python, "lsh", smaller, query_path)
    count = theirs["asked"]
    size = index.stat().st_size >> 20
    lines = []
    for name, run in (
        (f"cleaner, one SQLite file of {size:,} MB", ours),
        ("datasketch MinHashLSH, our signatures", theirs),
    ):
        first = f"{run['opening']:.2f}" if "opening" in run else ""
        lines.append(f"| {name} | {run['stored']:,} | {count / run['took']:,.0f} | {first} | {run['memory']:,.0f} |")
    head = "way | passages stored | passages asked a CPU second | first question s | peak MB"
    return table("Index: passages of new texts against stored ones, from text to confirmed matches", head, lines)


ROWS = {
    "signatures": row_signatures,
    "pipeline": row_pipeline,
    "slow": row_slow,
    "growth": row_growth,
    "index": row_index,
}


def table(title: str, head: str, lines: list[str]) -> str:
    rule = "|".join(["---"] * (head.count("|") + 1))
    return "\n".join([f"## {title}", "", f"| {head} |", f"|{rule}|", *lines, ""])


# --- the picture


def picture() -> str:
    """The S-curve of the default scheme and of two others, as an SVG of text and lines."""
    from cleaner.dedup.lsh import choose_scheme, collision_probability

    margin, top, wide, high = 56, 20, 520, 300
    marks = []
    for i in range(0, 11, 2):
        x, y = margin + wide * i / 10, top + high - high * i / 10
        marks.append(f'<line x1="{x:.0f}" y1="{top}" x2="{x:.0f}" y2="{top + high}" class="grid"/>')
        marks.append(f'<line x1="{margin}" y1="{y:.0f}" x2="{margin + wide}" y2="{y:.0f}" class="grid"/>')
        marks.append(f'<text x="{x:.0f}" y="{top + high + 18}" text-anchor="middle">{i / 10:.1f}</text>')
        marks.append(f'<text x="{margin - 8}" y="{y + 4:.0f}" text-anchor="end">{i * 10} %</text>')
    for threshold, colour in ((0.5, "#0a7d55"), (0.8, "#1f5fbf"), (0.9, "#b3471d")):
        scheme = choose_scheme(threshold)
        points = [(i / 100, collision_probability(i / 100, scheme.bands, scheme.rows)) for i in range(101)]
        path = " ".join(f"{margin + wide * s:.1f},{top + high - high * p:.1f}" for s, p in points)
        label = f"{scheme.bands} × {scheme.rows} (threshold {threshold})"
        marks.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        x = margin + wide * threshold
        y = top + high - high * collision_probability(threshold, scheme.bands, scheme.rows)
        marks.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colour}"/>')
        row = {0.5: 0, 0.8: 1, 0.9: 2}[threshold]
        marks.append(f'<text x="{margin + 12}" y="{top + 22 + 18 * row}" style="fill:{colour}">{label}</text>')
    middle = f"{margin + wide / 2:.0f}"
    marks.append(
        f'<text x="{middle}" y="{top + high + 40}" text-anchor="middle">Jaccard similarity of two texts</text>'
    )
    style = "text{font:13px sans-serif;fill:#333} .grid{stroke:#ddd}"
    body = "\n".join(marks)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 370" width="600" height="370">\n'
        f"<title>The chance that two texts are compared, by their similarity: bands × rows</title>\n"
        f'<style>{style}</style>\n<rect width="600" height="370" fill="#fff"/>\n{body}\n</svg>\n'
    )


# --- the command


def merge_rows(report: str, heading: str, *pages: str) -> str:
    """A report with some tables and its first paragraph new, and what is written around them kept."""
    parts = re.split(r"(?m)^(?=## )", report)
    notes = parts[0].split("\n\n", 2)[2]
    fresh = {page.splitlines()[0]: page for page in pages}
    for index, part in enumerate(parts[1:], 1):
        if page := fresh.pop(part.splitlines()[0], None):
            rest = part[part.rindex("|\n") + 2 :].lstrip("\n")
            parts[index] = f"{page}\n{rest}"
    return "".join([f"{heading}\n{notes}", *parts[1:], *(f"{page}\n" for page in fresh.values())])


def heading(python: Path) -> str:
    names = "import importlib.metadata as m; print(*(f'{n} {m.version(n)}' for n in %r), sep=', ')"
    packages = ["numpy", "numba", "datasketch", "rensa"]
    versions = subprocess.run([str(python), "-c", names % packages], capture_output=True, text=True, check=True)
    day, machine = datetime.now(UTC).date().isoformat(), f"{platform.machine()}, {os.cpu_count()} processors"
    return (
        f"# Near-duplicates, {day}\n\n"
        f"Python {platform.python_version()}, {versions.stdout.strip()}; {machine}. "
        "CPU time of user and system, children included; ratios are within one run. "
        "Made by `python benchmarks/dedup.py --write`.\n"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", nargs="*", help=f"any of {', '.join(ROWS)}; all when none is named")
    parser.add_argument("--quick", action="store_true", help="small inputs, to see that it runs")
    parser.add_argument("--write", action="store_true", help="write dedup.md and the picture")
    parser.add_argument("--picture", action="store_true", help="write the picture only")
    parser.add_argument("--keep", type=Path, help="a folder for the inputs, kept for the next run")
    parser.add_argument("--child", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child:
        name, *values = arguments.child
        print(json.dumps(globals()[f"child_{name}"](*values)))
        return
    if arguments.write or arguments.picture:
        (ROOT / "docs/s-curve.svg").write_text(picture(), encoding="utf-8")
    if arguments.picture:
        return
    python = environment("core")
    if isinstance(python, str):
        sys.exit(python)
    with tempfile.TemporaryDirectory(prefix="cleaner-bench-") as temporary:
        folder = arguments.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        pages = [heading(python)]
        for name in arguments.rows or [name for name in ROWS if name != "slow"]:
            pages.append(ROWS[name](folder, python, arguments.quick))
            print(pages[-1], flush=True)
    if arguments.write:
        report = ROOT / "benchmarks/dedup.md"
        report.write_text(merge_rows(report.read_text(encoding="utf-8"), *pages), encoding="utf-8")


if __name__ == "__main__":
    main()
