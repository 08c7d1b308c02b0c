"""`cleaner clean`: polluted inputs in, clean ones out, every change in the ledger."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from cleaner.cli.options import (
    ConfigOption,
    DedupOption,
    DryRunOption,
    EncodingOption,
    FieldOption,
    ForceOption,
    FormatOption,
    IdOption,
    IncludeOption,
    InputsArgument,
    JsonOption,
    LogJsonOption,
    MaxDocumentOption,
    MaxLossOption,
    NoArticleOption,
    OutputOption,
    PackOption,
    PunctuationOption,
    QuarantineOption,
    QuietOption,
    RestartOption,
    ScriptOption,
    WorkersOption,
    packs,
    settings,
)
from cleaner.cli.spark import ConfOption, EngineName, EngineOption, MasterOption

if TYPE_CHECKING:
    from rich.console import Console

    from cleaner.config import Config
    from cleaner.corpus.report.progress import Style
    from cleaner.corpus.report.summary import RunSummary
    from cleaner.formats.base import Reading
    from cleaner.formats.convert import OutputFormat
    from cleaner.pipeline import Pack


def clean(
    inputs: InputsArgument,
    output: OutputOption = None,
    pack: PackOption = None,
    script: ScriptOption = None,
    punctuation: PunctuationOption = None,
    dedup: DedupOption = None,
    no_article: NoArticleOption = None,
    max_loss: MaxLossOption = None,
    quarantine: QuarantineOption = None,
    include: IncludeOption = None,
    field: FieldOption = "text",
    id_field: IdOption = "id",
    output_format: FormatOption = "same",
    max_document: MaxDocumentOption = "64MiB",
    encoding: EncodingOption = None,
    workers: WorkersOption = None,
    engine: EngineOption = EngineName.embedded,
    master: MasterOption = None,
    conf: ConfOption = None,
    config: ConfigOption = None,
    dry_run: DryRunOption = False,
    force: ForceOption = False,
    restart: RestartOption = False,
    quiet: QuietOption = False,
    log_json: LogJsonOption = False,
    as_json: JsonOption = False,
) -> None:
    """Clean documents: decode, normalize, remove what the rule packs find, flag near-duplicates, write the ledger.

    A run that was broken off, however it was, is taken up by the same call. Exit code 0: all documents done. 1: some
    were skipped; the summary names them, _cleaner/rejected.jsonl lists all. 2: the call was wrong.
    """
    from cleaner.cli import locations, spark
    from cleaner.errors import UsageError
    from cleaner.formats.base import Reading

    chosen = settings(
        config,
        pack=tuple(pack) if pack else None,
        script=script,
        punctuation=punctuation,
        dedup=dedup,
        no_article=no_article,
        max_loss=max_loss,
        include=tuple(include) if include else None,
    )
    reading = Reading(text=field, id=id_field, limit=_bytes(max_document), encoding=encoding)
    style = _style(quiet=quiet, log_json=log_json)
    how = {"force": force, "restart": restart}
    try:
        if engine is EngineName.spark:
            local = {"--workers": workers, "--dry-run": dry_run, "--log-json": log_json, "--quarantine": quarantine}
            spark.refuse({**local, "--include": chosen.include, "--output-format": output_format != "same"})
            found = spark.clean(inputs, output, packs(chosen), chosen, reading, master, conf or [], quiet=quiet, **how)
        elif inputs == ["-"] and output is None and not (dry_run or quarantine):
            _stream(packs(chosen), chosen, encoding)
            return
        else:
            spark.refuse({"--master": master, "--conf": conf})
            if output is None and not dry_run:
                raise UsageError("no --output DIR given; say where clean files go, or use --dry-run")
            locations.check_quarantine(quarantine, inputs, output)
            with locations.local(inputs, None if dry_run else output, chosen.include, force) as (names, folder):
                apart = None if not quarantine else folder / "quarantine" if dry_run else Path(quarantine)
                run = {"workers": workers, **how}
                found = _run(names, folder, chosen, reading, output_format, style, apart, **run)
    except KeyboardInterrupt:
        typer.echo("interrupted; what is done is kept: give the same command again to resume", err=True)
        raise typer.Exit(130) from None
    _report(found, quiet=quiet, as_json=as_json)
    if found.rejections:
        raise typer.Exit(1)


def _bytes(size: str) -> int:
    """A size like 64MiB or 500kB in bytes."""
    from cleaner.errors import UsageError

    match = re.fullmatch(r"(\d+)\s*([kmgt]?)(i?)b?", size.strip(), re.IGNORECASE)
    if not match or not int(match[1]):
        raise UsageError(f"--max-document {size}: not a size; write it like 64MiB or 500kB")
    step = 1024 if match[3] else 1000
    return int(match[1]) * int(step ** (" kmgt".index(match[2].lower() or " ")))


def _stream(pack: Pack, chosen: Config, encoding: str | None) -> None:
    """Standard input to standard output; nothing else is written."""
    from cleaner.corpus import records
    from cleaner.errors import DecodeError
    from cleaner.formats.base import Record, Rejection

    record = Record("stdin", "<stdin>", data=sys.stdin.buffer.read(), kind="text")
    ((done,),) = records.clean_records([records.read_record(record, encoding)], pack, chosen.clean_options)
    if isinstance(done, Rejection):
        raise DecodeError(f"standard input: {done.reason}")
    sys.stdout.buffer.write(done.cleaned.text.encode("utf-8", "surrogatepass"))


def _run(
    inputs: list[str],
    folder: Path,
    chosen: Config,
    reading: Reading,
    kind: OutputFormat,
    style: Style,
    quarantine: Path | None,
    **how: Any,
) -> RunSummary:
    import cleaner
    from cleaner.corpus.clean import clean_corpus
    from cleaner.corpus.job import CleanJob
    from cleaner.corpus.plan import INCLUDED, plan
    from cleaner.corpus.report import progress
    from cleaner.errors import UsageError

    sources, skipped = plan(inputs, folder, chosen.include, kind)
    if not sources:
        wanted = " ".join(chosen.include or INCLUDED)
        raise UsageError(f"no documents in {', '.join(inputs)}; folders are searched for {wanted}")
    job = CleanJob(sources, packs(chosen), chosen, reading, kind, cleaner.__version__, tuple(skipped), quarantine)
    with progress.show(style, job.size) as watch:
        return clean_corpus(job, folder, watch=watch, **how)


def _style(*, quiet: bool, log_json: bool) -> Style:
    """How progress is shown; lines come only to runs longer than ten seconds."""
    if log_json:
        return "json"
    if quiet:
        return "none"
    return "bar" if sys.stderr.isatty() else "lines"


def _console() -> Console:
    from rich.console import Console

    return Console(stderr=True, highlight=False)


def _report(found: RunSummary, *, quiet: bool, as_json: bool) -> None:
    if as_json:
        import msgspec

        typer.echo(msgspec.json.encode(found.as_dict()).decode())
    if not quiet:
        from cleaner.corpus.report import terminal

        terminal.print_summary(_console(), found)
    else:
        for skipped in found.skips:
            typer.echo(f"skipped {skipped.path}: {skipped.reason}", err=True)
