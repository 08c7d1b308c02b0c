"""`cleaner dedup`: near-duplicate documents and passages, named, grouped and if wanted removed."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
from typer.core import TyperGroup

from cleaner.cli.spark import ConfOption, EngineName, EngineOption, MasterOption
from cleaner.options import DedupOptions, Unit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from rich.console import Console

    from cleaner.corpus.dedup.run import Summary
    from cleaner.corpus.dedup.sketching import Job
    from cleaner.formats.files import Input, SkippedFile
    from cleaner.formats.jsonl_rows import Fields


class _Default(TyperGroup):
    """A group that runs its command `run` when no other one is named."""

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
        Literal["flag", "drop"],
        typer.Option("--action", help="flag: write what was found. drop: also write the corpus without copies."),
    ] = "flag",
    keep: Annotated[
        str,
        typer.Option(
            "--keep",
            metavar="longest|first|earliest|cleanest|FIELD",
            help="Which one of a cluster stays. first: by id; earliest: by field `date`; FIELD: its largest number.",
        ),
    ] = DEFAULTS.keep,
    threshold: ThresholdOption = DEFAULTS.threshold,
    shingle: ShingleOption = DEFAULTS.shingle,
    permutations: PermutationsOption = DEFAULTS.permutations,
    chain: Annotated[
        bool,
        typer.Option(
            "--chain/--no-chain", help="Whether a chain of pairs makes one cluster; if not, stars around the keeper."
        ),
    ] = DEFAULTS.chain,
    index: Annotated[
        str | None,
        typer.Option("--index", metavar="FILE|redis://…", help="Compare with all documents of this index, then add."),
    ] = None,
    field: FieldOption = "text",
    id_field: IdOption = "id",
    workers: Annotated[int, typer.Option("--workers", "-j", help="Processes; 0: one a processor.", min=0)] = 0,
    engine: EngineOption = EngineName.embedded,
    master: MasterOption = None,
    conf: ConfOption = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite results that exist.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress bar and no summary.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON on standard output.")] = False,
) -> None:
    """Find near-duplicate documents and passages: DIR/duplicates.jsonl, DIR/clusters.jsonl.

    `cleaner dedup tune INPUT...` shows what a threshold would find. Exit code 0: done. 1: some inputs were skipped.
    2: the call was wrong.
    """
    import msgspec

    from cleaner.cli import spark
    from cleaner.corpus.dedup import terminal
    from cleaner.formats.jsonl_rows import Fields

    options = DedupOptions(
        unit=unit, threshold=threshold, shingle=shingle, permutations=permutations, keep=keep, chain=chain
    )
    fields = Fields(field, id_field)
    console = _console()
    if not quiet:
        terminal.scheme(console, options)
    if engine is EngineName.spark:
        spark.refuse({"--workers": workers, "--index": index})
        how = {"quiet": quiet, "force": force}
        done = spark.dedup(inputs, output, options, fields, action, master, conf or [], **how)
    else:
        spark.refuse({"--master": master, "--conf": conf})
        done = _here(inputs, Path(output), options, fields, action, index, workers, quiet=quiet, force=force)
    if as_json:
        typer.echo(msgspec.json.encode(done).decode())
    terminal.summary(console, done, options, quiet=quiet)
    if done.skipped:
        raise typer.Exit(1)


def _here(
    inputs: list[str],
    output: Path,
    options: DedupOptions,
    fields: Fields,
    action: Literal["flag", "drop"],
    index: str | None,
    workers: int,
    *,
    quiet: bool,
    force: bool,
) -> Summary:
    """In local processes."""
    from cleaner.corpus.dedup import run

    job, skipped = _job(inputs, output, options, fields)
    _refuse_overwriting(output, job.sources if action == "drop" else [], force=force)
    with _progress(_console(), job.characters * 3, quiet=quiet) as tick:
        if index:
            from cleaner.index import build

            done = build.run(job, output, index, action, workers or _processors(), tick)
        else:
            done = run.run(job, output, action, workers or _processors(), tick)
    done.skipped[:0] = skipped
    return done


def _job(
    inputs: list[str], output: Path | None, options: DedupOptions, fields: tuple[str, str]
) -> tuple[Job, list[SkippedFile]]:
    """The files to read. UsageError where there are none or an option is impossible."""
    from cleaner.corpus.dedup import inputs as sources
    from cleaner.corpus.dedup.sketching import Job
    from cleaner.errors import UsageError
    from cleaner.formats import files
    from cleaner.formats.jsonl_rows import Fields

    found, skipped = files.find_inputs(list(map(Path, inputs)), output, sources.INCLUDED)
    if not found:
        raise UsageError(f"no documents in {', '.join(inputs)}; folders are searched for {' '.join(sources.INCLUDED)}")
    return Job(found, options, Fields(*fields)), skipped


def _refuse_overwriting(output: Path, written: Sequence[Input], *, force: bool) -> None:
    from cleaner.corpus.dedup import run
    from cleaner.errors import UsageError

    names = [run.PAIRS, run.CLUSTERS, *(source.target for source in written)]
    for source in written:
        target = output / source.target
        if source.target in names[:2] or (target.exists() and target.samefile(source.path)):
            raise UsageError(f"{target} would replace an input or a result; choose another --output")
    taken = [output / name for name in names if (output / name).exists()]
    if taken and not force:
        raise UsageError(f"{taken[0]} exists; choose another --output or give --force to overwrite")


def _processors() -> int:
    import os

    return os.process_cpu_count() if hasattr(os, "process_cpu_count") else len(os.sched_getaffinity(0))


def _console() -> Console:
    from rich.console import Console

    return Console(stderr=True, highlight=False)


@contextmanager
def _progress(console: Console, total: int, *, quiet: bool) -> Iterator[Callable[[int], None]]:
    """A bar of bytes read on a terminal; silence elsewhere."""
    if quiet or not console.is_terminal:
        yield lambda _: None
        return
    from rich.progress import Progress

    with Progress(console=console, transient=True) as bar:
        task = bar.add_task("reading", total=total)
        yield lambda done: bar.advance(task, done)


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
    from cleaner.corpus.dedup import tuning, tuning_page
    from cleaner.formats.jsonl_rows import Fields

    options = DedupOptions(unit=unit, threshold=threshold, shingle=shingle, permutations=permutations)
    job, _ = _job(inputs, None, options, Fields(field, id_field))
    typer.echo(tuning_page.page(tuning.run(job, workers or _processors(), samples)))
