"""`cleaner clean`: polluted inputs in, clean ones out, every change in the ledger."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import typer

from cleaner.cli import spark
from cleaner.cli.clean_help import CleanCommand
from cleaner.cli.options import (
    ConfigOption,
    DedupOption,
    DryRunOption,
    ForceOption,
    FormatOption,
    JsonOption,
    JudgeOption,
    LearnOption,
    LinksOption,
    LogJsonOption,
    MaxLossOption,
    MetadataOption,
    NoArticleOption,
    OutputOption,
    PackOption,
    PunctuationOption,
    QuarantineDoubtOption,
    QuarantineOption,
    QuietOption,
    QuotesOption,
    ScriptOption,
    TextFormatOption,
    UpdateOption,
    WorkersOption,
    load_packs,
    load_settings,
)
from cleaner.cli.reading import before_cleaning, locations, stream
from cleaner.cli.reading.options import (
    CsvSafeOption,
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
    RestartOption,
    decode_options,
    reading_options,
)
from cleaner.cli.spark import ConfOption, EngineOption, MasterOption
from cleaner.cli.terminal.console import stderr_console
from cleaner.cli.terminal.signals import exit_code
from cleaner.corpus.clean import clean_corpus
from cleaner.corpus.job import CleanJob, refuse_metadata
from cleaner.corpus.plan import describe_others, name_as_markdown, plan
from cleaner.corpus.report import progress
from cleaner.errors import UsageError
from cleaner.formats.base import Reading
from cleaner.text.printable import make_printable
from cleaner.version import __version__

if TYPE_CHECKING:
    from cleaner.config import Config
    from cleaner.corpus.report.progress import Style
    from cleaner.corpus.report.summary import RunSummary
    from cleaner.formats.convert import OutputFormat
    from cleaner.pipeline import Pack

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(cls=CleanCommand)
def clean(
    inputs: InputsArgument,
    output: OutputOption = None,
    pack: PackOption = None,
    script: ScriptOption = None,
    quotes: QuotesOption = None,
    punctuation: PunctuationOption = None,
    judge: JudgeOption = None,
    dedup: DedupOption = None,
    no_article: NoArticleOption = None,
    max_loss: MaxLossOption = None,
    text_format: TextFormatOption = None,
    links: LinksOption = None,
    metadata: MetadataOption = None,
    quarantine: QuarantineOption = None,
    quarantine_doubt: QuarantineDoubtOption = None,
    include: IncludeOption = None,
    field: FieldOption = None,
    id_field: IdOption = "id",
    field_format: FieldFormatOption = "auto",
    host_from: HostFromOption = "",
    output_format: FormatOption = "same",
    max_document: MaxDocumentOption = "64MiB",
    encoding: EncodingOption = None,
    input_format: InputFormatOption = "",
    damaged: DamagedOption = "replace",
    csv_safe: CsvSafeOption = False,
    workers: WorkersOption = None,
    engine: EngineOption = "embedded",
    master: MasterOption = None,
    conf: ConfOption = None,
    config_file: ConfigOption = None,
    dry_run: DryRunOption = False,
    force: ForceOption = False,
    update: UpdateOption = False,
    restart: RestartOption = False,
    learn: LearnOption = False,
    quiet: QuietOption = False,
    log_json: LogJsonOption = False,
    as_json: JsonOption = False,
) -> None:
    """Clean documents and write the ledger of all changes.

    Decodes and normalizes, removes what the rule packs find, flags near-duplicates. Interrupted runs resume: give the
    same command again. Exit code 0: all documents were cleaned. 1: some were skipped; the summary names them, and
    _cleaner/rejected.jsonl lists all. 2: the call was wrong.
    """
    config = load_settings(
        config_file,
        pack=tuple(pack) if pack else None,
        script=script,
        quotes=quotes,
        punctuation=punctuation,
        judge=judge,
        dedup=dedup,
        no_article=no_article,
        max_loss=max_loss,
        text_format=text_format,
        links=links,
        metadata=metadata,
        include=tuple(include) if include else None,
    )
    if quarantine_doubt is not None and not quarantine:
        raise UsageError("--quarantine-doubt needs --quarantine DIR, the folder for such documents")
    decoding = decode_options(encoding, damaged)
    reading = reading_options(field, id_field, field_format, decoding, input_format, max_document)
    reading = msgspec.structs.replace(reading, csv_safe=csv_safe, host_from=host_from, metadata=config.metadata)
    try:
        if engine == "spark":
            local_options = {
                "--workers": workers,
                "--dry-run": dry_run,
                "--log-json": log_json,
                "--quarantine": quarantine,
                "--input-format": input_format,
                "--csv-safe": csv_safe,
                "--host-from": host_from,
                "--field": spark.is_refused_field(reading),
                "--update": update,
                "--metadata": config.metadata,
                "--learn": learn,
            }
            spark.refuse({**local_options, "--include": config.include, "--output-format": output_format != "same"})
            call = spark.Call(inputs, output, master, conf or [], quiet=quiet, force=force)
            summary = spark.clean(call, load_packs(config), config, reading, restart=restart)
        elif inputs == ["-"] and output is None and not (dry_run or quarantine or learn):
            if not stream.clean_stream(config, reading):
                raise typer.Exit(1)
            return
        else:
            spark.refuse({"--master": master, "--conf": conf})
            locations.check_output(output, update=update, dry_run=dry_run)
            locations.check_quarantine(quarantine, inputs, output)
            pack_ = load_packs(config)
            with locations.local(inputs, None if dry_run else output, config.include, force) as (names, folder):
                job = _job(names, folder, config, reading, output_format, pack_, quiet=quiet)
                if quarantine:
                    quarantine_folder = folder / "quarantine" if dry_run else Path(quarantine)
                    job = job._replace(quarantine=quarantine_folder, quarantine_doubt=quarantine_doubt)
                job = job._replace(updates=update)
                style = _progress_style(quiet=quiet, log_json=log_json)
                if learn:
                    job = before_cleaning.learn_first(job, folder, style, workers=workers, force=force)
                if update and not quiet:
                    before_cleaning.explain_whole_run(job, folder)
                summary = _clean_job(job, folder, style, workers=workers, force=force, restart=restart)
    except KeyboardInterrupt as interrupt:
        typer.echo("interrupted; all finished work is kept: give the same command again to resume", err=True)
        raise typer.Exit(exit_code(interrupt)) from None
    _print_summary(summary, "" if dry_run else output or "", quiet=quiet, as_json=as_json)
    if summary.rejections > summary.repeated_ids:  # records of one id are all in the output
        raise typer.Exit(1)


def _job(
    inputs: list[str],
    folder: Path,
    config: Config,
    reading: Reading,
    kind: OutputFormat,
    pack: Pack,
    *,
    quiet: bool,
) -> CleanJob:
    """Plan a job. UsageError where there is nothing to read."""
    sources, skipped_files, others = plan(inputs, folder, config.include, kind, reading.format)
    if others and not quiet:
        typer.echo(describe_others(others), err=True)
    if not sources:
        raise UsageError(locations.explain_no_documents(inputs, folder, config.include))
    refuse_metadata(sources, kind, config)
    if config.text_format == "markdown":
        sources = name_as_markdown(sources)
    return CleanJob(sources, pack, config, reading, kind, __version__, tuple(skipped_files))


def _clean_job(
    job: CleanJob, folder: Path, style: Style, *, workers: int | None, force: bool, restart: bool
) -> RunSummary:
    with progress.show(style, job.size) as watch:
        return clean_corpus(job, folder, watch=watch, workers=workers, force=force, restart=restart)


def _progress_style(*, quiet: bool, log_json: bool) -> Style:
    """Choose how progress is shown; lines come only to runs longer than ten seconds."""
    if log_json:
        return "json"
    if quiet:
        return "none"
    return "bar" if sys.stderr.isatty() else "lines"


def _print_summary(summary: RunSummary, output: str, *, quiet: bool, as_json: bool) -> None:
    if as_json:
        typer.echo(msgspec.json.encode(summary.as_dict()).decode())
    if not quiet:
        from cleaner.corpus.report import terminal  # it imports Rich, which quiet runs do without

        terminal.print_summary(stderr_console(), summary)
        terminal.print_next_steps(stderr_console(), summary, output)
    else:
        for skip in summary.skips:
            typer.echo(make_printable(f"skipped {skip.path}: {skip.reason}"), err=True)
