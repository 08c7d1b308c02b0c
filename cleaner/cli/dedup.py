"""`cleaner dedup`: near-duplicate documents and passages, listed, grouped and, if wanted, removed."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer
from typer.core import TyperGroup

from cleaner.cli import contamination, spark
from cleaner.cli.contamination import AgainstFieldOption, AgainstOption, ContainmentOption
from cleaner.cli.reading import locations
from cleaner.cli.reading.options import (
    CsvSafeOption,
    DamagedOption,
    EncodingOption,
    FieldFormatOption,
    FieldOption,
    IdOption,
    IncludeOption,
    InputFormatOption,
    InputsArgument,
    MaxDocumentOption,
    RestartOption,
    decode_options,
    reading_options,
)
from cleaner.cli.spark import ConfOption, EngineOption, MasterOption
from cleaner.cli.terminal.console import stderr_console
from cleaner.cli.terminal.signals import exit_code
from cleaner.corpus.dedup import terminal
from cleaner.corpus.dedup.job import CONTAMINATION, PAIRS, Action, DedupJob
from cleaner.corpus.plan import describe_others, plan_reading
from cleaner.corpus.report import progress
from cleaner.errors import UsageError
from cleaner.options import DedupOptions, Unit
from cleaner.version import __version__


class _Default(TyperGroup):
    """Run the command `run` when no other one is named."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if not args or args[0] not in self.commands:
            args = ["run", *args]
        return super().parse_args(ctx, args)

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        name, command, rest = super().resolve_command(ctx, args)
        return ("" if name == "run" else name), command, rest


app = typer.Typer(cls=_Default, help="Find near-duplicate documents and passages.", rich_markup_mode=None)

DEFAULTS = DedupOptions()
UnitOption = Annotated[
    Unit,
    typer.Option(
        "--unit",
        help="document, passage: near-duplicates. near: both of these. span: text repeated character for character. "
        "both: near and span, each copied text once. all: near and span, also where one lies in another.",
    ),
]
ThresholdOption = Annotated[
    float, typer.Option("--threshold", help="Least Jaccard similarity of a pair's character n-grams, in (0, 1].")
]
ShingleOption = Annotated[int, typer.Option("--shingle", help="Length of the n-grams, in characters.")]
PermutationsOption = Annotated[
    int, typer.Option("--permutations", help="Slots of a signature; bands and rows follow from it and the threshold.")
]
WorkersOption = Annotated[
    int, typer.Option("--workers", "-j", help="Processes; 0: one a processor, or none for a small input.", min=0)
]


@app.command("run", hidden=True)
def dedup(
    inputs: InputsArgument,
    output: Annotated[str, typer.Option("--output", "-o", metavar="DIR", help="Where the results are written.")],
    unit: UnitOption = DEFAULTS.unit,
    action: Annotated[
        Action,
        typer.Option("--action", help="flag: list copies. drop: also write the corpus without them."),
    ] = "flag",
    keep: Annotated[
        str,
        typer.Option(
            "--keep",
            metavar="longest|first|earliest|cleanest|FIELD",
            help="Which of a cluster stays. first: by id; earliest: by field `date`; FIELD: its largest number.",
        ),
    ] = DEFAULTS.keep,
    threshold: ThresholdOption = DEFAULTS.threshold,
    shingle: ShingleOption = DEFAULTS.shingle,
    permutations: PermutationsOption = DEFAULTS.permutations,
    chain: Annotated[
        bool,
        typer.Option("--chain/--no-chain", help="One cluster for a chain of pairs, or only pairs with the keeper."),
    ] = DEFAULTS.chain,
    min_span: Annotated[
        int, typer.Option("--min-span", help="Least length of a repeated span, in characters without blanks.")
    ] = DEFAULTS.min_span,
    index: Annotated[
        str | None,
        typer.Option("--index", metavar="FILE|redis://…", help="Compare with all documents of this index, then add."),
    ] = None,
    against: AgainstOption = "",
    against_field: AgainstFieldOption = "",
    min_containment: ContainmentOption = contamination.DEFAULTS.threshold,
    include: IncludeOption = None,
    field: FieldOption = None,
    id_field: IdOption = "id",
    field_format: FieldFormatOption = "auto",
    max_document: MaxDocumentOption = "64MiB",
    encoding: EncodingOption = None,
    input_format: InputFormatOption = "",
    damaged: DamagedOption = "replace",
    csv_safe: CsvSafeOption = False,
    workers: WorkersOption = 0,
    engine: EngineOption = "embedded",
    master: MasterOption = None,
    conf: ConfOption = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the results of an earlier run.")] = False,
    restart: RestartOption = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress bar and no summary.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON on standard output.")] = False,
) -> None:
    """Find near-duplicate documents and passages.

    Writes DIR/duplicates.jsonl and DIR/clusters.jsonl, and DIR/spans.jsonl where spans are asked for. `cleaner dedup
    tune INPUT...` shows what a threshold finds. With --against only DIR/contamination.jsonl. Interrupted runs resume:
    give the same command again. Exit code 0: all documents were compared. 1: some inputs were skipped, or questions of
    an evaluation were found. 2: the call was wrong.
    """
    options = DedupOptions(
        unit=unit,
        threshold=threshold,
        shingle=shingle,
        permutations=permutations,
        keep=keep,
        chain=chain,
        min_span=min_span,
    )
    evaluation = contamination.evaluation_from(against, against_field, min_containment)
    if index:
        options.refuse_spans("--index")
    decoding = decode_options(encoding, damaged)
    reading = reading_options(field, id_field, field_format, decoding, input_format, max_document)
    reading = msgspec.structs.replace(reading, csv_safe=csv_safe)
    console = stderr_console()
    if not quiet and options.sketch_unit and not evaluation:
        terminal.print_scheme(console, options)
    try:
        if engine == "spark":
            local_options = {"--workers": workers, "--index": index, "--include": include, "--encoding": encoding}
            local_options |= {"--input-format": input_format, "--csv-safe": csv_safe, "--against": against}
            spark.refuse({**local_options, "--field": spark.is_refused_field(reading)})
            call = spark.Call(inputs, output, master, conf or [], quiet=quiet, force=force)
            summary: Any = spark.dedup(call, options, reading, action, restart=restart)
        else:
            spark.refuse({"--master": master, "--conf": conf})
            report = CONTAMINATION if evaluation else PAIRS
            with locations.local(inputs, output, tuple(include or ()), force, report) as (names, folder):
                job = DedupJob((), options, reading, action, __version__, index, evaluation=evaluation)
                job = _job(names, folder, include, job)
                summary = _run(job, folder, workers, quiet=quiet, force=force, restart=restart)
    except KeyboardInterrupt as interrupt:
        typer.echo("interrupted; all finished work is kept: give the same command again to resume", err=True)
        raise typer.Exit(exit_code(interrupt)) from None
    if as_json:
        typer.echo(msgspec.json.encode(summary).decode())
    if evaluation:
        contamination.end(summary, quiet=quiet)
    terminal.print_summary(console, summary, options, quiet=quiet)
    if summary.skipped:
        raise typer.Exit(1)


def _run(job: DedupJob, output: Path, workers: int, *, quiet: bool, force: bool, restart: bool) -> Any:
    """Compare in local processes: with an evaluation, with the documents of an index, or with one another."""
    style: progress.Style = "bar" if sys.stderr.isatty() and not quiet else "none"
    if job.evaluation:
        contamination.require_flagging(job)
        module, name = "cleaner.corpus.dedup.contamination", "find_contamination"
    elif job.index_name:
        module, name = "cleaner.index.build", "add_corpus"
    else:
        module, name = "cleaner.corpus.dedup.run", "deduplicate_corpus"
    run = getattr(import_module(module), name)
    with progress.show(style, job.size) as watch:
        return run(job, output, workers=workers or None, force=force, restart=restart, watch=watch)


def _job(inputs: list[str], output: Path | None, include: Sequence[str] | None, job: DedupJob) -> DedupJob:
    """Plan the sources of a job. UsageError where there is nothing to read."""
    sources, skipped_files, other_suffixes = plan_reading(inputs, output, tuple(include or ()), job.reading.format)
    if not sources:
        raise UsageError(locations.explain_no_documents(inputs, output, tuple(include or ())))
    if other_suffixes:
        typer.echo(f"{describe_others(other_suffixes)}; name such files, or take them with --include", err=True)
    return job._replace(sources=sources, skipped=tuple(skipped_files))


@app.command("tune")
def tune(
    inputs: InputsArgument,
    unit: UnitOption = "document",
    threshold: ThresholdOption = DEFAULTS.threshold,
    shingle: ShingleOption = DEFAULTS.shingle,
    permutations: PermutationsOption = DEFAULTS.permutations,
    samples: Annotated[int, typer.Option("--samples", help="Pairs to show on each side of the threshold.")] = 3,
    against: AgainstOption = "",
    against_field: AgainstFieldOption = "",
    min_containment: ContainmentOption = contamination.DEFAULTS.threshold,
    include: IncludeOption = None,
    field: FieldOption = None,
    id_field: IdOption = "id",
    field_format: FieldFormatOption = "auto",
    max_document: MaxDocumentOption = "64MiB",
    encoding: EncodingOption = None,
    input_format: InputFormatOption = "",
    damaged: DamagedOption = "replace",
    workers: WorkersOption = 0,
) -> None:
    """Show what a threshold would find: the S-curve, the similarities of candidates, pairs just above and below it.

    With --against what --min-containment would find: the containments of questions, and those just above and below it.
    """
    from cleaner.corpus.dedup import tuning, tuning_page

    evaluation = contamination.evaluation_from(against, against_field, min_containment)
    options = DedupOptions(unit=unit, threshold=threshold, shingle=shingle, permutations=permutations)
    options.refuse_spans("tune")
    decoding = decode_options(encoding, damaged)
    reading = reading_options(field, id_field, field_format, decoding, input_format, max_document)
    with locations.local(inputs, None, tuple(include or ()), force=False) as (names, _):
        job = DedupJob((), options, reading, "flag", __version__, evaluation=evaluation)
        job = _job(names, None, include, job)
        if evaluation:
            from cleaner.corpus.dedup.contamination import tune_threshold

            typer.echo(tuning_page.containment_page(tune_threshold(job, samples, workers or None)))
            return
        typer.echo(tuning_page.page(tuning.tune(job, samples, workers or None)))
