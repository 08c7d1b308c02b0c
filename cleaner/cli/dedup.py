"""`cleaner dedup`: near-duplicate documents and passages, listed, grouped and, if wanted, removed."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer
from typer.core import TyperGroup

from cleaner.cli import spark
from cleaner.cli.console import progress_bar, stderr_console
from cleaner.cli.spark import ConfOption, EngineOption, MasterOption
from cleaner.corpus.dedup import inputs as sources
from cleaner.corpus.dedup import run, terminal, tuning, tuning_page
from cleaner.corpus.dedup.run import Action, Summary
from cleaner.corpus.dedup.sketching import Job
from cleaner.errors import UsageError
from cleaner.formats import files
from cleaner.formats.files import Input, SkippedFile
from cleaner.formats.jsonl_rows import Fields
from cleaner.index import build
from cleaner.options import DedupOptions, Unit


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

Inputs = Annotated[
    list[str],
    typer.Argument(metavar="INPUT...", help="Text files, JSON Lines files (.jsonl), or folders of them."),
]
UnitOption = Annotated[Unit, typer.Option("--unit", help="Compare whole documents, their passages, or both.")]
ThresholdOption = Annotated[
    float, typer.Option("--threshold", help="Least Jaccard similarity of a pair's character n-grams, in (0, 1].")
]
ShingleOption = Annotated[int, typer.Option("--shingle", help="Length of the n-grams, in characters.")]
PermutationsOption = Annotated[
    int, typer.Option("--permutations", help="Slots of a signature; bands and rows follow from it and the threshold.")
]
FieldOption = Annotated[str, typer.Option("--field", help="JSON Lines: the key that holds the text.")]
IdOption = Annotated[str, typer.Option("--id-field", help="JSON Lines: the key that holds the id.")]


@app.command("run", hidden=True)
def dedup(
    inputs: Inputs,
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
    index: Annotated[
        str | None,
        typer.Option("--index", metavar="FILE|redis://…", help="Compare with all documents of this index, then add."),
    ] = None,
    field: FieldOption = "text",
    id_field: IdOption = "id",
    workers: Annotated[int, typer.Option("--workers", "-j", help="Processes; 0: one a processor.", min=0)] = 0,
    engine: EngineOption = "embedded",
    master: MasterOption = None,
    conf: ConfOption = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite results that exist.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress bar and no summary.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON on standard output.")] = False,
) -> None:
    """Find near-duplicate documents and passages.

    Writes DIR/duplicates.jsonl and DIR/clusters.jsonl. `cleaner dedup tune INPUT...` shows what a threshold finds.
    Exit code 0: all documents were compared. 1: some inputs were skipped. 2: the call was wrong.
    """
    options = DedupOptions(
        unit=unit, threshold=threshold, shingle=shingle, permutations=permutations, keep=keep, chain=chain
    )
    fields = Fields(field, id_field)
    console = stderr_console()
    if not quiet:
        terminal.scheme(console, options)
    if engine == "spark":
        spark.refuse({"--workers": workers, "--index": index})
        call = spark.Call(inputs, output, master, conf or [], quiet=quiet, force=force)
        summary = spark.dedup(call, options, fields, action)
    else:
        spark.refuse({"--master": master, "--conf": conf})
        job, skipped_files = _job(inputs, Path(output), options, fields)
        _refuse_overwriting(Path(output), job.sources if action == "drop" else [], force=force)
        summary = _run(job, Path(output), action, index, workers or _processors(), quiet=quiet)
        summary.skipped[:0] = skipped_files
    if as_json:
        typer.echo(msgspec.json.encode(summary).decode())
    terminal.summary(console, summary, options, quiet=quiet)
    if summary.skipped:
        raise typer.Exit(1)


def _run(job: Job, output: Path, action: Action, index: str | None, workers: int, *, quiet: bool) -> Summary:
    """Compare in local processes, with the documents of an index where there is one."""
    with progress_bar(job.characters * 3, quiet=quiet) as advance:
        if index:
            return build.run(job, output, index, action, workers, advance)
        return run.run(job, output, action, workers, advance)


def _job(
    inputs: Sequence[str], output: Path | None, options: DedupOptions, fields: Fields
) -> tuple[Job, list[SkippedFile]]:
    """Find the files to read. UsageError where there are none."""
    inputs_found, skipped_files = files.find_inputs(list(map(Path, inputs)), output, sources.INCLUDED)
    if not inputs_found:
        raise UsageError(f"no documents in {', '.join(inputs)}; folders are searched for {' '.join(sources.INCLUDED)}")
    return Job(inputs_found, options, fields), skipped_files


def _refuse_overwriting(output: Path, targets: Sequence[Input], *, force: bool) -> None:
    names = [run.PAIRS, run.CLUSTERS, *(source.target for source in targets)]
    for source in targets:
        target = output / source.target
        if source.target in names[:2] or (target.exists() and target.samefile(source.path)):
            raise UsageError(f"{target} would replace an input or a result; choose another --output")
    existing = [output / name for name in names if (output / name).exists()]
    if existing and not force:
        raise UsageError(f"{existing[0]} exists; choose another --output or give --force to overwrite")


def _processors() -> int:
    return os.process_cpu_count() if hasattr(os, "process_cpu_count") else len(os.sched_getaffinity(0))


@app.command("tune")
def tune(
    inputs: Inputs,
    unit: UnitOption = "document",
    threshold: ThresholdOption = DEFAULTS.threshold,
    shingle: ShingleOption = DEFAULTS.shingle,
    permutations: PermutationsOption = DEFAULTS.permutations,
    samples: Annotated[int, typer.Option("--samples", help="Pairs to show on each side of the threshold.")] = 3,
    field: FieldOption = "text",
    id_field: IdOption = "id",
    workers: Annotated[int, typer.Option("--workers", "-j", help="Processes; 0: one a processor.", min=0)] = 0,
) -> None:
    """Show what a threshold would find: the S-curve, the similarities of candidates, pairs just above and below it."""
    options = DedupOptions(unit=unit, threshold=threshold, shingle=shingle, permutations=permutations)
    job, _ = _job(inputs, None, options, Fields(field, id_field))
    typer.echo(tuning_page.page(tuning.run(job, workers or _processors(), samples)))
