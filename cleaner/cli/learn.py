"""`cleaner learn`: what a site prints on all its pages becomes a pack."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from cleaner.cli import spark
from cleaner.cli.options import ConfigOption, JsonOption, PackOption, WorkersOption, load_packs, load_settings
from cleaner.cli.reading import locations
from cleaner.cli.reading.options import (
    DamagedOption,
    EncodingOption,
    FieldFormatOption,
    FieldOption,
    HostFromOption,
    IdOption,
    IncludeOption,
    InputFormatOption,
    InputsArgument,
    MaxDocumentOption,
    decode_options,
    reading_options,
)
from cleaner.cli.spark import ConfOption, EngineOption, MasterOption
from cleaner.cli.terminal.signals import exit_code
from cleaner.corpus.learn import packs
from cleaner.corpus.learn.job import MIN_PAGES, LearnJob, LearnSummary
from cleaner.corpus.learn.lesson import refuse_no_hosts
from cleaner.corpus.learn.run import learn_corpus
from cleaner.corpus.plan import describe_others, plan_reading
from cleaner.corpus.report import progress
from cleaner.errors import UsageError
from cleaner.text.printable import make_printable
from cleaner.version import __version__

if TYPE_CHECKING:
    from cleaner.corpus.learn.lesson import Lesson
    from cleaner.corpus.learn.packs import PackFile
    from cleaner.corpus.report.progress import Style

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command()
def learn(
    inputs: InputsArgument,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="DIR", help="Folder for the packs, a file a host.")
    ] = None,
    update: Annotated[
        Path | None,
        typer.Option(
            "--update",
            metavar="PACK|DIR",
            help="Bring this learned pack, or all in a folder, up to date instead; what you changed in it stays.",
        ),
    ] = None,
    min_pages: Annotated[
        int, typer.Option("--min-pages", metavar="N", min=3, help="Pages of a host from which on a pack is made.")
    ] = MIN_PAGES,
    pack: PackOption = None,
    host_from: HostFromOption = "",
    include: IncludeOption = None,
    field: FieldOption = None,
    id_field: IdOption = "id",
    field_format: FieldFormatOption = "auto",
    max_document: MaxDocumentOption = "64MiB",
    encoding: EncodingOption = None,
    input_format: InputFormatOption = "",
    damaged: DamagedOption = "replace",
    workers: WorkersOption = None,
    engine: EngineOption = "embedded",
    master: MasterOption = None,
    conf: ConfOption = None,
    config_file: ConfigOption = None,
    force: Annotated[bool, typer.Option("--force", help="Write over learned packs; what you changed is lost.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no summary.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Learn what sites print on all their pages: a pack a host.

    Lines that recur on a host's pages become rules that are bound to it, with counts and cases from the pages; what may
    be an author's is only flagged. Then: cleaner clean INPUT... --pack zh-web --pack DIR. Exit code 0: all pages were
    read. 1: some were skipped. 2: the call was wrong.
    """
    if (output is None) == (update is None):
        raise UsageError("say where packs go: --output DIR, or --update PACK to bring one up to date")
    settings = load_settings(config_file, pack=tuple(pack) if pack else None)
    reading = reading_options(
        field, id_field, field_format, decode_options(encoding, damaged), input_format, max_document
    )
    reading = msgspec.structs.replace(reading, host_from=host_from, texts_only=not host_from)
    target = output or update
    assert target
    try:
        if engine == "spark":
            spark.refuse({"--workers": workers, "--include": include, "--input-format": input_format})
            call = spark.Call(inputs, str(target), master, conf or [], quiet=quiet, force=force)
            lesson = spark.learn(call, load_packs(settings), reading, min_pages)
        else:
            spark.refuse({"--master": master, "--conf": conf})
            with locations.local(inputs, None, tuple(include or ()), force=False) as (names, _):
                job = LearnJob((), reading, load_packs(settings), min_pages, __version__)
                lesson = _learn(_plan(names, target, include, job), workers, quiet=quiet)
    except KeyboardInterrupt as interrupt:
        typer.echo("interrupted; nothing was written", err=True)
        raise typer.Exit(exit_code(interrupt)) from None
    refuse_no_hosts(lesson)
    pack_files = _write(lesson, target, settings.pack, is_update=update is not None, force=force)
    summary = _summarize(lesson, pack_files, min_pages)
    if as_json:
        typer.echo(msgspec.json.encode(summary).decode())
    _print_summary(summary, target, quiet=quiet)
    if summary.skips:
        raise typer.Exit(1)


def _learn(job: LearnJob, workers: int | None, *, quiet: bool) -> Lesson:
    style: Style = "none" if quiet else "bar" if sys.stderr.isatty() else "lines"
    with progress.show(style, job.size) as watch:
        return learn_corpus(job, workers, watch)


def _plan(inputs: list[str], output: Path, include: Sequence[str] | None, job: LearnJob) -> LearnJob:
    """Plan the sources of a job. UsageError where there is nothing to read."""
    sources, skipped_files, other_suffixes = plan_reading(inputs, output, tuple(include or ()), job.reading.format)
    if not sources:
        raise UsageError(locations.explain_no_documents(inputs, output, tuple(include or ())))
    if other_suffixes:
        typer.echo(f"{describe_others(other_suffixes)}; name such files, or take them with --include", err=True)
    return job._replace(sources=sources, skips=tuple(skipped_files))


def _write(lesson: Lesson, target: Path, extends: Sequence[str], *, is_update: bool, force: bool) -> list[PackFile]:
    """Write the packs. UsageError where one is there already and neither --update nor --force was given."""
    if is_update:
        pack_files = packs.revised_files(lesson.packs, target, extends)
        packs.save(pack_files, target if target.is_dir() else target.parent)
        return pack_files
    pack_files = packs.new_files(lesson.packs, extends)
    existing = next((path for file in pack_files if (path := target / f"{file.name}.toml").exists()), None)
    if existing and not force:
        raise UsageError(f"{existing} exists; give --update {target} to keep what you changed, or --force")
    packs.save(pack_files, target)
    return pack_files


def _summarize(lesson: Lesson, pack_files: Sequence[PackFile], min_pages: int) -> LearnSummary:
    hosts = {host: pages for host, pages in lesson.hosts.items() if host}
    return LearnSummary(
        pages=lesson.hosts.total(),
        hosts=len(hosts),
        small_hosts=sum(pages < min_pages for pages in hosts.values()),
        pages_without_host=lesson.hosts.get("", 0),
        framed_pages=sum(lesson.framed_pages.values()),
        packs={file.name: file.summary for file in pack_files},
        skips=lesson.skips,
    )


def _print_summary(summary: LearnSummary, folder: Path, *, quiet: bool) -> None:
    for skip in summary.skips:
        typer.echo(make_printable(f"skipped {skip.path}: {skip.reason}"), err=True)
    if quiet:
        return
    for name, pack in summary.packs.items():
        changes = f", {pack.additions} new, {pack.removals} gone" if pack.additions or pack.removals else ""
        counts = f"{pack.pages:,} pages: {pack.drops} lines to drop, {pack.flags} doubtful{changes}"
        typer.echo(make_printable(f"{name}.toml  {counts}"), err=True)
    frames = f", {summary.framed_pages:,} of them a frame that others share" if summary.framed_pages else ""
    typer.echo(
        f"{len(summary.packs):,} packs of {summary.hosts:,} hosts from {summary.pages:,} pages in {folder}; "
        f"{summary.small_hosts:,} hosts have too few pages, {summary.pages_without_host:,} pages no host{frames}",
        err=True,
    )
