"""Build a report of an output: the manifest, the ledger read once, then the texts of some documents."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

import msgspec

from cleaner.corpus.near_duplicates import DUPLICATES
from cleaner.corpus.report import stats, summary
from cleaner.corpus.report.manifest import RunManifest, read_manifest
from cleaner.corpus.report.summary import RunSummary
from cleaner.explain.language import Language
from cleaner.formats.storage.folders import LEDGER, RUN_FOLDER
from cleaner.report import runs
from cleaner.report.facts import DocumentFacts, RuleFacts, RunReport, SilentRule
from cleaner.report.sampling.documents import describe_document
from cleaner.report.sampling.excerpts import Excerpt, excerpts_of
from cleaner.report.sampling.near_duplicates import ClusterFacts, ClusterPairs, describe_cluster, sample_clusters
from cleaner.report.sampling.survey import ChangePlace, EntryPlace, LedgerSurvey, survey_ledger
from cleaner.report.sampling.texts import DocumentTexts, convert_reading, read_texts

MOST_RULES, MOST_SILENT, MOST_HOSTS = 1000, 2000, 50
"""Rows of each table."""
EXCERPT_COST = 900
"""Bytes that an excerpt takes, about."""


class Budget(NamedTuple):
    """Bytes of the page for all excerpts, all documents, all clusters, as they are estimated: at most half is used."""

    excerpts: int = 1_600_000
    documents: int = 5_000_000
    clusters: int = 800_000

    def halve(self) -> Budget:
        """Return half of all."""
        return Budget(*(part // 2 for part in self))


class _Samples(NamedTuple):
    """What was made of the texts that were read. `whys`: what rules are for."""

    excerpts: dict[str, list[Excerpt]]
    documents: list[DocumentFacts]
    text_of: dict[str, str]
    whys: dict[str, str]


class RunSurvey(NamedTuple):
    """A run that was read once: what its page is made from, but for the texts."""

    folder: Path
    manifest: RunManifest
    counts: RunSummary
    clusters: list[ClusterPairs]
    ledger: LedgerSurvey


def survey_run(folder: Path, seed: int = 1) -> RunSurvey:
    """Read manifest, pairs and ledger of an output.

    Args:
        folder: what `cleaner clean --output` wrote.
        seed: of the samples.

    Raises:
        UsageError: the folder holds no finished run, or its ledger was altered.
    """
    manifest = read_manifest(folder)
    counts = stats.read(folder).summary
    clusters = sample_clusters(folder / RUN_FOLDER / DUPLICATES, seed)
    names = {name for cluster in clusters for pair in cluster.pairs for name in (pair.copy, pair.keeper)}
    return RunSurvey(folder, manifest, counts, clusters, survey_ledger(folder / RUN_FOLDER / LEDGER, seed, names))


def build_report(survey: RunSurvey, budget: Budget | None = None, language: Language = "en") -> RunReport:
    """Build the report of a run, for as many bytes of a page as `budget` says.

    `language`: of what rules are for.
    """
    budget = budget or Budget()
    samples = _take_samples(survey, budget, runs.list_whys(survey.manifest, language))
    report = _assemble(survey.manifest, survey.counts, survey.ledger, samples)
    clusters = _describe_clusters(survey.clusters, samples, budget)
    return msgspec.structs.replace(report, name=survey.folder.resolve().name, clusters=clusters)


def _describe_clusters(clusters: list[ClusterPairs], samples: _Samples, budget: Budget) -> tuple[ClusterFacts, ...]:
    each = budget.clusters // max(sum(len(cluster.pairs) for cluster in clusters), 1)
    return tuple(describe_cluster(cluster, samples.text_of, each) for cluster in clusters)


def _take_samples(run: RunSurvey, budget: Budget, whys: dict[str, str]) -> _Samples:
    """Read the texts of all samples, one at a time, and keep what is shown of each."""
    folder, survey = run.folder, run.ledger
    changes: dict[EntryPlace, list[tuple[str, ChangePlace]]] = defaultdict(list)
    for rule, reservoir in survey.removals.items():
        for place in reservoir.values:
            changes[place.entry].append((rule, place))
    documents = survey.samples()
    room = budget.documents // max(len(documents), 1)
    excerpt_limit = budget.excerpts // EXCERPT_COST // max(len(survey.removals), 1)
    samples = _Samples(defaultdict(list), [], {}, whys)
    names = {place: name for name, place in survey.place_of.items()}
    places = {*changes, *documents, *names}
    for texts in read_texts(folder, folder / RUN_FOLDER / LEDGER, places, convert_reading(run.manifest.reading)):
        _add_excerpts(samples, texts, changes.get(texts.place, []), excerpt_limit)
        if texts.place in documents:
            samples.documents.append(describe_document(texts, documents[texts.place], room))
        if texts.place in names and not texts.problem:
            samples.text_of[names[texts.place]] = runs.text_before_dropping(texts)
    return samples


def _add_excerpts(samples: _Samples, texts: DocumentTexts, changes: list[tuple[str, ChangePlace]], limit: int) -> None:
    by_rule: dict[str, list[ChangePlace]] = defaultdict(list)
    for rule, place in changes:
        by_rule[rule].append(place)
    for rule, places in by_rule.items():
        room = limit - len(samples.excerpts[rule])
        if room > 0:
            samples.excerpts[rule] += excerpts_of(texts, places[:room])


def _assemble(manifest: RunManifest, counts: RunSummary, survey: LedgerSurvey, samples: _Samples) -> RunReport:
    whys = samples.whys
    rules = _list_rules(counts, samples)
    hosts = runs.list_hosts(counts, MOST_HOSTS)
    return RunReport(
        seed=survey.seed,
        run=runs.describe_run(manifest, counts),
        losses=runs.bars_of_losses(survey, counts),
        doubts=runs.bars_of_tenths(counts.doubts),
        kinds=runs.bars(counts.kinds),
        lengths=runs.bars_of_lengths(counts.lengths),
        encodings=runs.bars(survey.encodings),
        scripts=runs.bars(counts.scripts),
        flags=runs.bars(counts.flags),
        rules=tuple(rules[:MOST_RULES]),
        silent=tuple(SilentRule(rule, whys.get(rule, "")) for rule in manifest.silent[:MOST_SILENT]),
        hosts=hosts,
        documents=runs.number_documents(samples.documents),
        others={
            "rules": max(len(rules) - MOST_RULES, 0),
            "silent": max(len(manifest.silent) - MOST_SILENT, 0),
            "hosts": max(len(counts.hosts) - len(hosts), 0),
        },
        whys=whys,
    )


def _list_rules(counts: RunSummary, samples: _Samples) -> list[RuleFacts]:
    """List rules that changed something, those first that removed most characters."""
    rules = [
        RuleFacts(
            rule,
            summary.category_of(rule),
            samples.whys.get(rule, ""),
            edits,
            counts.characters_removed[rule],
            counts.characters_removed[rule] / max(counts.characters_in, 1),
            tuple(samples.excerpts.get(rule, ())),
        )
        for rule, edits in counts.edits.items()
    ]
    return sorted(rules, key=lambda rule: (-rule.characters, -rule.edits, rule.id))
