"""A whole run of `cleaner dedup`: sketch, find, write what was found and, if asked, the corpus without copies."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from msgspec import Struct

from cleaner.corpus.dedup import inputs, sketching
from cleaner.corpus.dedup.inputs import Read, Slice
from cleaner.corpus.dedup.sketching import Job
from cleaner.dedup import keeper as keep
from cleaner.dedup import pairs as results
from cleaner.dedup.find import find_pairs
from cleaner.dedup.pairs import Pair
from cleaner.dedup.sketches import Sketches
from cleaner.formats import files, jsonl_rows
from cleaner.formats.files import SkippedFile
from cleaner.text import edits

Action = Literal["flag", "drop"]
PAIRS, CLUSTERS = "duplicates.jsonl", "clusters.jsonl"


class Summary(Struct):
    """What a run found. `short`: documents without a single whole shingle."""

    documents: int
    passages: int
    copies: int
    copied_passages: int
    templates: int
    chained: int
    clusters: int
    short: int
    skipped: list[SkippedFile]


class ClusterLine(Struct, frozen=True):
    """One cluster as it is written. Members are documents, or passages as `document#number`."""

    cluster: str
    unit: str
    keeper: str
    copies: list[str]
    why: str


def run(
    job: Job,
    output: Path,
    action: Action = "flag",
    workers: int = 1,
    tick: Callable[[int], None] = lambda _: None,
) -> Summary:
    """Find the near-duplicates of all sources and write them, and for `drop` the corpus without its copies."""
    output.mkdir(parents=True, exist_ok=True)
    corpus = sketching.corpus(job, workers, output, tick)
    pairs = find_pairs(corpus.sketches, corpus.collection, job.options)
    report(pairs, output, job.options.keep)
    if action == "drop":
        drop(job, pairs, output)
    return summary(corpus.sketches, len(corpus.collection.ids), pairs, job.options.shingle, corpus.skipped)


def report(pairs: Sequence[Pair], output: Path, policy: str) -> None:
    """Write pairs and clusters."""
    jsonl_rows.write(output / PAIRS, pairs)
    jsonl_rows.write(output / CLUSTERS, clusters(pairs, policy))


def clusters(pairs: Iterable[Pair], policy: str) -> Iterator[ClusterLine]:
    """Clusters with the reason of their keeper, sorted by name."""
    members: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for pair in pairs:
        members[pair.cluster, pair.unit].append(results.item_name(pair.copy, pair.copy_passage))
    for (cluster, unit), copies in sorted(members.items()):
        yield ClusterLine(
            cluster, unit, cluster, sorted(copies), f"{keep.describe_policy(policy)}; ties to the smallest id"
        )


def summary(
    items: Sketches, documents: int, pairs: Sequence[Pair], shingle: int, skipped: list[SkippedFile]
) -> Summary:
    """Counts of a run."""
    kinds = Counter((pair.unit, pair.kind) for pair in pairs)
    return Summary(
        documents=documents,
        passages=int((items.numbers > 0).sum()),
        copies=kinds["document", "copy"],
        copied_passages=kinds["passage", "copy"],
        templates=kinds["passage", "template"],
        chained=sum(pair.linked == "chain" for pair in pairs),
        clusters=len({(pair.cluster, pair.unit) for pair in pairs}),
        short=int(((items.numbers == 0) & (items.stops < shingle)).sum()),
        skipped=skipped,
    )


def drop(job: Job, pairs: Iterable[Pair], output: Path) -> None:
    """Write every source without its copies: whole documents left out, copied passages cut, templates left."""
    copies: defaultdict[str, list[Pair]] = defaultdict(list)
    for pair in pairs:
        if pair.kind == "copy":
            copies[pair.copy].append(pair)
    for number, source in enumerate(job.sources):
        kept = _kept(inputs.read(job.sources, [Slice(number, 0, source.path.stat().st_size)], job.fields), copies)
        target = files.path_inside(output, source.target)
        if inputs.is_jsonl(source):
            jsonl_rows.write(target, ({**record, job.fields.text: text} for text, record in kept))
        else:
            for text, _ in kept:
                files.write_bytes(target, text.encode("utf-8", "surrogatepass"))


def _kept(
    read: Iterable[Read | SkippedFile], copies: Mapping[str, list[Pair]]
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The documents that stay, without their copied passages, with their records."""
    for row in read:
        if isinstance(row, Read):
            made = results.removal_edits(copies.get(row.id, []), row.text)
            if not any(edit.rule == results.TEXT_RULE for edit in made):
                yield edits.apply(row.text, made), row.record
