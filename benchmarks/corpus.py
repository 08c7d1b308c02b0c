"""A corpus end to end: speed a core, two workers against one, where the time goes, memory, peers.

    python benchmarks/corpus.py [ROW...] [--quick] [--write]

ROWs: pairs, stages, memory, peers; all when none is named. The corpus is made by ../shared/bench/make_corpus.py on the
first run (below a cache folder, `CLEANER_BENCH` names another), or is `--corpus FILE`: JSON Lines with `id` and `text`.
Every run of `cleaner clean` is a process of its own, as a user starts it. Times are CPU seconds of the process and its
workers, and wall-clock seconds; the ratio of a pair is of neighbours in time, and says little on a busy machine. Peers
are installed into environments of their own. Prints Markdown; `--write` puts it into corpus.md beside this file.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from inspect import isgeneratorfunction
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import dedup

ROOT = Path(__file__).parents[1]
MAKER = ROOT.parent / "shared/bench/make_corpus.py"
NOTES = "## Notes"
"""What stands in corpus.md from here on is written by hand and stays."""
DOCUMENTS = 92_000
"""Of 5.3 kB each: 492 MB."""
MEGABYTES = 120
"""Of the corpus whose stages are timed."""
DATA_JUICER = ("fix_unicode_mapper", "chinese_convert_mapper", "clean_links_mapper", "punctuation_normalization_mapper")
DATA_JUICER += ("whitespace_normalization_mapper", "remove_repeat_sentences_mapper", "document_minhash_deduplicator")
SETTINGS = {
    "chinese_convert_mapper": {"mode": "t2s"},
    "document_minhash_deduplicator": {"tokenization": "character", "window_size": 5, "jaccard_threshold": 0.8},
}
dedup.PEERS["data-juicer"] = ["py-data-juicer", "aiohttp", "opencc"]  # two that 1.6.1 imports without requiring them


def corpus(documents: int) -> Path:
    """The generated corpus of so many documents."""
    path = dedup.CACHE / f"corpus/{documents}.jsonl"
    if not path.exists():
        if not MAKER.exists():
            sys.exit(f"{MAKER} is not there; name a corpus with --corpus FILE")
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(".part")
        subprocess.run([sys.executable, str(MAKER), str(documents), str(draft)], check=True)
        draft.replace(path)
    return path


def part(path: Path, megabytes: float, folder: Path) -> Path:
    """The first lines of a corpus."""
    output, size = folder / "part.jsonl", 0
    with path.open("rb") as file, output.open("wb") as out:
        while size < megabytes * 1e6 and (line := file.readline()):
            size += out.write(line)
    return output


class Run(NamedTuple):
    """`parent`, `workers`: CPU seconds. `private`, `resident`: greatest memory of any process in MB, without and with
    mapped files."""

    seconds: float
    parent: float
    workers: float
    private: float = 0.0
    resident: float = 0.0

    @property
    def cpu(self) -> float:
        return self.parent + self.workers


def clean(path: Path, workers: int, *options: str, watch: bool = False) -> Run:
    """One `cleaner clean` from start to end; memory is looked at ten times a second if asked for."""
    output = Path(tempfile.mkdtemp(prefix="corpus-"))
    arguments = [str(path), "-o", str(output / "out"), "-q", "--workers", str(workers), *options]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    start, peaks = time.monotonic(), [(0.0, 0.0)]
    command = [sys.executable, __file__, "--child", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, text=True) as process:
        while watch and process.poll() is None:
            peaks += [memory(number) for number in _tree(process.pid)]
            time.sleep(0.1)
        stdout, _ = process.communicate()
    seconds = time.monotonic() - start
    shutil.rmtree(output)
    if process.returncode:
        sys.exit(f"cleaner clean ended with {process.returncode}")
    private, resident = (max(column) for column in zip(*peaks, strict=True))
    return Run(seconds, *json.loads(stdout), private, resident)


def child(arguments: list[str]) -> None:
    """The command in this process; prints its own CPU seconds and those of its workers."""
    from cleaner.cli import main

    sys.argv = ["cleaner", "clean", *arguments]
    try:
        main()
    except SystemExit as end:
        if end.code:
            raise
    usages = [resource.getrusage(scope) for scope in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    print(json.dumps([one.ru_utime + one.ru_stime for one in usages]))


def _tree(number: int) -> Iterator[int]:
    """A process and all below it."""
    yield number
    try:
        children = [path.read_text() for path in Path(f"/proc/{number}/task").glob("*/children")]
    except OSError:
        return
    for other in " ".join(children).split():
        yield from _tree(int(other))


def memory(number: int) -> tuple[float, float]:
    """MB that a process holds for itself, and that are resident, mapped files among them."""
    try:
        lines = Path(f"/proc/{number}/smaps_rollup").read_text().splitlines()[1:]
        sizes = {name: int(rest.split()[0]) for name, rest in (line.split(":") for line in lines)}
        return sizes["Anonymous"] / 1024, sizes["Rss"] / 1024
    except (OSError, ValueError, KeyError, IndexError):
        return 0.0, 0.0


# --- rows of the report


def row_pairs(path: Path, count: int, peers: float) -> str:
    size, ratios, lines = path.stat().st_size / 1e6, [], []
    for number in range(count):
        runs = {workers: clean(path, workers) for workers in ((1, 2) if number % 2 == 0 else (2, 1))}
        ratios.append(runs[1].seconds / runs[2].seconds)
        for workers, run in sorted(runs.items()):
            lines.append(
                f"| {number + 1} | {workers} | {run.seconds:.1f} | {run.parent:.1f} | {run.workers:.1f} "
                f"| {size / run.cpu:.2f} | {size / run.seconds:.2f} |"
            )
    head = "pair | workers | s | CPU s, first process | CPU s, workers | MB per CPU s | MB/s"
    title = f"Two workers against one: {size:.0f} MB, everything on"
    spread = ", ".join(f"{ratio:.2f}" for ratio in ratios)
    return dedup.table(title, head, lines) + f"\nTwo workers take 1 / {median(ratios):.2f} of the time ({spread}).\n"


def row_memory(path: Path, count: int, peers: float) -> str:
    lines = []
    with tempfile.TemporaryDirectory(prefix="corpus-") as folder:
        megabytes = path.stat().st_size / 1e6
        for share in (0.05, 0.25, 1.0):
            run = clean(part(path, megabytes * share, Path(folder)), 2, watch=True)
            lines.append(f"| {megabytes * share:.0f} | {run.private:.0f} | {run.resident:.0f} |")
    return dedup.table("Memory, two workers", "MB of input | greatest MB held | with mapped files", lines)


class Clock:
    """CPU seconds by stage; what runs inside a stage of its own is not counted twice."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self._inner = [0.0]

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        start = time.process_time()
        self._inner.append(0.0)
        yield
        seconds = time.process_time() - start
        self.seconds[name] += seconds - self._inner.pop()
        self._inner[-1] += seconds

    def wrap(self, stage: str, owner: Any, *names: str) -> None:
        for name in names:
            function = getattr(owner, name)
            wrapper = self._steps(function, stage) if isgeneratorfunction(function) else self._call(function, stage)
            setattr(owner, name, wrapper)

    def _call(self, function: Callable[..., Any], stage: str) -> Callable[..., Any]:
        def timed_function(*arguments: Any, **options: Any) -> Any:
            with self.stage(stage):
                return function(*arguments, **options)

        return timed_function

    def _steps(self, function: Callable[..., Iterator[Any]], stage: str) -> Callable[..., Iterator[Any]]:
        def timed_steps(*arguments: Any, **options: Any) -> Iterator[Any]:
            steps, end = function(*arguments, **options), object()
            while True:
                with self.stage(stage):
                    step = next(steps, end)
                if step is end:
                    return
                yield step

        return timed_steps


def row_stages(path: Path, count: int, peers: float) -> str:
    """The same run in this process, its stages timed."""
    sys.path.insert(0, str(ROOT))
    import cleaner
    from cleaner import _kernels, ledger, pipeline
    from cleaner.config import Config
    from cleaner.corpus import assemble, row_store, sketch_store, worker, writing
    from cleaner.corpus import clean as whole
    from cleaner.corpus.job import CleanJob
    from cleaner.corpus.plan import plan
    from cleaner.corpus.report.summary import RunSummary
    from cleaner.dedup import bucket_groups
    from cleaner.formats import jsonl
    from cleaner.formats.base import Reading
    from cleaner.formats.storage import streams
    from cleaner.judging.judge import Judge
    from cleaner.packs import registry

    folder = Path(tempfile.mkdtemp(prefix="corpus-"))
    source = part(path, min(MEGABYTES, path.stat().st_size / 1e6), folder)
    pack = pipeline.Pack(registry.load_rules("zh-web"))
    pack.clean("一句话。")
    _kernels.load()
    sources, _ = plan([str(source)], folder / "out", (), "same")
    job = CleanJob(sources, pack, Config(), Reading(), "same", cleaner.__version__)
    whole.clean_corpus(job, folder / "warm", workers=1)
    clock = Clock()
    clock.wrap("read: lines", streams, "lines")
    clock.wrap("read: JSON, ids, documents", jsonl, "parse_line")
    clock.wrap("read: JSON, ids, documents", worker, "read_record")
    clock.wrap("normalize", pipeline, "normalize")
    clock.wrap("judge", Judge, "judge")
    clock.wrap("apply", pipeline.Draft, "apply")
    clock.wrap("between the rounds of a text", pipeline, "clean")
    clock.wrap("ledger", ledger, "record_document", "encode_entry")
    clock.wrap("checksums", ledger, "sha256")
    clock.wrap("checksums", assemble, "sha256")
    clock.wrap("counts", RunSummary, "add")
    clock.wrap("counts", writing.detect, "judge_scripts")
    clock.wrap("write: JSON", jsonl, "replace_in_line")
    clock.wrap("records, one by one", writing, "write_records")
    clock.wrap("sketch passages", writing, "sketch_texts")
    clock.wrap("sketch passages", worker.sketches, "concatenate_sketches")
    clock.wrap("write parts", sketch_store, "write_sketches")
    clock.wrap("write parts", row_store.RowWriter, "add")
    clock.wrap("write parts", worker.ShardDraft, "write")
    clock.wrap("write parts", os, "fsync")
    clock.wrap("find near-duplicates", bucket_groups, "candidate_groups")
    clock.wrap("find near-duplicates", whole, "find_near_duplicates")
    clock.wrap("join and manifest", whole, "assemble")
    with clock.stage("all else"):
        whole.clean_corpus(job, folder / "out", workers=1)
    total, size = sum(clock.seconds.values()), source.stat().st_size / 1e6
    lines = [
        f"| {name} | {seconds:.2f} | {seconds / total:.0%} | {size / seconds:.0f} |"
        for name, seconds in sorted(clock.seconds.items(), key=lambda item: -item[1])
    ]
    shutil.rmtree(folder)
    lines.append(f"| together | {total:.2f} | | {size / total:.2f} |")
    return dedup.table(f"Where the time goes: {size:.0f} MB, one process", "stage | CPU s | share | MB/s", lines)


def row_peers(path: Path, count: int, megabytes: float) -> str:
    lines = []
    with tempfile.TemporaryDirectory(prefix="corpus-") as name:
        folder = Path(name)
        source = part(path, megabytes, folder)
        size = source.stat().st_size / 1e6
        base = clean(source, 1).cpu
        lines.append(f"| cleaner clean, everything on | {base:.1f} | {size / base:.2f} | 1 |")
        for peer, work in (("data-juicer", data_juicer), ("datatrove", datatrove)):
            python = dedup.environment(peer)
            results = {peer: python} if isinstance(python, str) else work(python, source, folder)
            for step, seconds in results.items():
                if isinstance(seconds, str):
                    lines.append(f"| {step} | not measured: {seconds} | | |")
                else:
                    lines.append(f"| {step} | {seconds:.1f} | {size / seconds:.2f} | {seconds / base:.1f} |")
    head = "way | CPU s | MB per CPU s | × cleaner"
    return dedup.table(f"The same work by others: {size:.0f} MB, one process each, start-up in", head, lines)


def cpu_seconds(command: list[str], **variables: str) -> float | str:
    """CPU seconds of a command, or why it failed."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    process = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **variables}, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if process.returncode:
        messages = [line for line in process.stderr.splitlines() if line.strip()] or ["no word"]
        return messages[-1][:160].replace("|", "/")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def data_juicer(python: Path, path: Path, folder: Path) -> dict[str, float | str]:
    """`dj-process` with all operators; where that fails, with those that run alone."""
    name = "data-juicer, dj-process"
    result = _data_juicer(python, path, folder, DATA_JUICER)
    if not isinstance(result, str):
        return {name: result}
    tiny = part(path, 0.05, folder / "tiny") if (folder / "tiny").mkdir() is None else path
    alone = {operator: _data_juicer(python, tiny, folder, (operator,)) for operator in DATA_JUICER}
    failures = {f"data-juicer, {operator}": message for operator, message in alone.items() if isinstance(message, str)}
    others = tuple(operator for operator in DATA_JUICER if not isinstance(alone[operator], str))
    return {**failures, f"{name}, the others": _data_juicer(python, path, folder, others)}


def _data_juicer(python: Path, path: Path, folder: Path, operators: tuple[str, ...]) -> float | str:
    output = Path(tempfile.mkdtemp(dir=folder))
    settings = {
        "project_name": "bench",
        "dataset_path": str(path),
        "export_path": str(output / "done.jsonl"),
        "work_dir": str(output),
        "np": 1,
        "use_cache": False,
        "process": [{operator: SETTINGS.get(operator)} for operator in operators],
    }
    config = output / "config.yaml"
    config.write_text(json.dumps(settings), encoding="utf-8")  # JSON is YAML
    seconds = cpu_seconds(
        [str(python.parent / "dj-process"), "--config", str(config)], HF_DATASETS_CACHE=str(output / "cache")
    )
    output_file = output / "done.jsonl"
    return seconds if isinstance(seconds, str) or output_file.exists() else "it wrote nothing"


def datatrove(python: Path, path: Path, folder: Path) -> dict[str, float | str]:
    """The C4 quality filter for Mandarin, then MinHash in its four stages."""
    lines = cpu_seconds([str(python), __file__, "--child-filter", str(path), str(folder / "filtered")])
    hashes = cpu_seconds(
        [str(python), str(ROOT / "benchmarks/dedup.py"), "--child", "datatrove", str(path), str(folder)]
    )
    results: dict[str, float | str] = {"datatrove, C4QualityFilter": lines, "datatrove, MinHash": hashes}
    if not isinstance(lines, str) and not isinstance(hashes, str):
        results["datatrove, both"] = lines + hashes
    return results


def child_filter(path: str, output: str) -> None:
    from datatrove.executor import LocalPipelineExecutor
    from datatrove.pipeline.filters import C4QualityFilter
    from datatrove.pipeline.readers import JsonlReader
    from datatrove.pipeline.writers import JsonlWriter
    from datatrove.utils.typeshelper import Languages

    source = JsonlReader(str(Path(path).parent), glob_pattern=Path(path).name)
    quality_filter = C4QualityFilter(filter_no_terminal_punct=False, min_num_sentences=1, language=Languages.chinese)
    LocalPipelineExecutor([source, quality_filter, JsonlWriter(output)], tasks=1, logging_dir=f"{output}-log").run()


# --- the command

ROWS: dict[str, Callable[[Path, int, float], str]] = {
    "pairs": row_pairs,
    "stages": row_stages,
    "memory": row_memory,
    "peers": row_peers,
}


def heading(path: Path) -> str:
    machine = f"{platform.machine()}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} at the start"
    return (
        f"# A corpus end to end, {datetime.now(UTC).date().isoformat()}\n\n"
        f"{path.stat().st_size / 1e6:.0f} MB of JSON Lines, zh-web, `--dedup flag`: read, normalize, judge, sketch and "
        f"compare passages, ledger, write. Python {platform.python_version()}, {machine}. "
        "Made by `python benchmarks/corpus.py --write`.\n"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", nargs="*", help=f"any of {', '.join(ROWS)}; all when none is named")
    parser.add_argument("--corpus", type=Path, metavar="FILE", help="instead of the generated one")
    parser.add_argument("--pairs", type=int, default=3, metavar="N")
    parser.add_argument("--peers", type=float, default=10.0, metavar="MB", help="how much the peers get")
    parser.add_argument("--quick", action="store_true", help="a small corpus, to see that it runs")
    parser.add_argument("--write", action="store_true", help="write corpus.md")
    arguments = parser.parse_args()
    path = arguments.corpus or corpus(2_000 if arguments.quick else DOCUMENTS)
    pages = [heading(path)]
    for name in arguments.rows or ROWS:
        pages.append(
            ROWS[name](path, 1 if arguments.quick else arguments.pairs, 1.0 if arguments.quick else arguments.peers)
        )
        print(pages[-1], flush=True)
    if arguments.write:
        report = ROOT / "benchmarks/corpus.md"
        _, mark, notes = report.read_text(encoding="utf-8").partition(NOTES)
        report.write_text("\n".join([*pages, mark + notes]), encoding="utf-8")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        child(sys.argv[2:])
    elif sys.argv[1:2] == ["--child-filter"]:
        child_filter(*sys.argv[2:])
    else:
        main()
