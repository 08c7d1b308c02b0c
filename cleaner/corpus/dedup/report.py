"""What a run of `cleaner dedup` writes: pairs, clusters, repeated spans, and a summary."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from cleaner.corpus.dedup.job import CLUSTERS, CONTAMINATION, PAIRS, SPANS, DedupJob
from cleaner.corpus.run import Run
from cleaner.dedup import keeper
from cleaner.dedup.pairs import Pair, item_name
from cleaner.dedup.references.search import ReferenceMatch
from cleaner.dedup.sketches import Sketches
from cleaner.dedup.spans.records import RepeatedSpan
from cleaner.dedup.spans.table import SpanTable
from cleaner.formats.storage import files
from cleaner.formats.storage.folders import SkippedFile


class DedupSummary(Struct):
    """The counts of a run. `short`: documents without a single whole shingle.

    `spans`: texts that are repeated; `repeated_places`: the places that repeat them.
    """

    documents: int
    passages: int
    copies: int
    copied_passages: int
    templates: int
    chained: int
    clusters: int
    short: int
    skipped: list[SkippedFile]
    spans: int = 0
    repeated_places: int = 0


class ClusterLine(Struct, frozen=True):
    """One cluster as it is written. Members are documents, or passages as `document#number`."""

    cluster: str
    unit: str
    keeper: str
    copies: list[str]
    why: str


def write_report(pairs: Sequence[Pair], output: Path, policy: str) -> None:
    """Write pairs and clusters."""
    write_lines(output / PAIRS, pairs)
    write_lines(output / CLUSTERS, list_clusters(pairs, policy))


def write_spans(spans: SpanTable, output: Path) -> None:
    """Write repeated spans, a record each."""
    with files.atomic_writer(output / SPANS) as file:
        file.writelines(spans.encode())


def write_lines(path: Path, values: Iterable[Any]) -> None:
    """Write values as JSON, a line each."""
    encoder = msgspec.json.Encoder()
    with files.atomic_writer(path) as file:
        for value in values:
            file.write(encoder.encode(value) + b"\n")


_KINDS: Mapping[str, type[Struct]] = {
    PAIRS: Pair,
    CLUSTERS: ClusterLine,
    SPANS: RepeatedSpan,
    CONTAMINATION: ReferenceMatch,
}
"""What a line of each report is."""


def remove_other_reports(run: Run[DedupJob]) -> None:
    """Remove the reports that an earlier run left in the output and this one does not write.

    Files of these names that are read, or hold something else, stay.
    """
    inputs = run.identify_inputs()
    for name in _KINDS.keys() - set(run.job.reports):
        path = run.output / name
        if path.is_file() and inputs.isdisjoint(files.identify([path])) and _is_report(path, _KINDS[name]):
            path.unlink()


def _is_report(path: Path, kind: type[Struct]) -> bool:
    """Whether a file is empty, or begins with a line of a report."""
    with path.open("rb") as file:
        line = file.readline()
    try:
        msgspec.json.decode(line or b"null", type=kind | None)
    except msgspec.DecodeError:
        return False
    return True


def list_clusters(pairs: Iterable[Pair], policy: str) -> Iterator[ClusterLine]:
    """Yield clusters with the reason of their keeper, sorted by name."""
    members: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for pair in pairs:
        members[pair.cluster, pair.unit].append(item_name(pair.copy, pair.copy_passage))
    why = f"{keeper.describe_policy(policy)}; ties to the smallest id"
    for (cluster, unit), copies in sorted(members.items()):
        yield ClusterLine(cluster, unit, cluster, sorted(copies), why)


def summarize(
    items: Sketches, documents: int, pairs: Sequence[Pair], shingle: int, skips: list[SkippedFile]
) -> DedupSummary:
    """Count what a run found.

    Args:
        items: the sketches of all documents and passages.
        documents: how many there are.
        pairs: of near-duplicates.
        shingle: the length of a shingle.
        skips: what was left out.
    """
    kinds = Counter((pair.unit, pair.kind) for pair in pairs)
    return DedupSummary(
        documents=documents,
        passages=int((items.numbers > 0).sum()),
        copies=kinds["document", "copy"],
        copied_passages=kinds["passage", "copy"],
        templates=kinds["passage", "template"],
        chained=sum(pair.linked == "chain" for pair in pairs),
        clusters=len({(pair.cluster, pair.unit) for pair in pairs}),
        short=int(((items.numbers == 0) & (items.stops < shingle)).sum()),
        skipped=skips,
    )
