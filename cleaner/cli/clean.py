"""`cleaner clean`: polluted inputs in, clean ones out, every change in the ledger."""

from __future__ import annotations

import re
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cleaner.cli.options import (
    ConfigOption,
    DedupName,
    EncodingOption,
    NoArticleName,
    PackOption,
    PunctuationOption,
    ScriptOption,
    packs,
    settings,
)
from cleaner.cli.spark import ConfOption, EngineName, EngineOption, MasterOption

if TYPE_CHECKING:
    from rich.console import Console

    from cleaner.cleaning import Pack
    from cleaner.config import Config
    from cleaner.formats.records import Reading
    from cleaner.formats.records.convert import Kind
    from cleaner.report.progress import Style
    from cleaner.report.summary import Summary


class FormatName(StrEnum):
    """What the output is written as."""

    same = "same"
    text = "text"
    jsonl = "jsonl"
    parquet = "parquet"
    csv = "csv"


def clean(
    inputs: Annotated[
        list[str],
        typer.Argument(
            metavar="INPUT...",
            help="Files, folders (searched recursively), globs, URLs, or - for stdin. By suffix: text, .html "
            ".jsonl .csv .tsv (also .gz .zst .bz2 .xz), .parquet, .arrow, .warc.gz, .wet.gz.",
        ),
    ],
    output: Annotated[
        str | None, typer.Option("--output", "-o", metavar="DIR", help="Where clean files and the ledger are written.")
    ] = None,
    pack: PackOption = None,
    script: ScriptOption = None,
    punctuation: PunctuationOption = None,
    dedup: Annotated[
        DedupName | None,
        typer.Option("--dedup", help="Near-duplicate passages within and across documents. [default: flag]"),
    ] = None,
    no_article: Annotated[
        NoArticleName | None,
        typer.Option(
            "--no-article",
            help="Documents flagged as holding no article: keep what rules leave, or empty them. [default: keep]",
        ),
    ] = None,
    max_loss: Annotated[
        float | None,
        typer.Option(
            "--max-loss",
            metavar="SHARE",
            min=0,
            max=1,
            help="Documents that lose a larger share of their characters are flagged. [default: 0.9]",
        ),
    ] = None,
    quarantine: Annotated[
        str | None,
        typer.Option(
            "--quarantine",
            metavar="DIR",
            help="Documents that would lose more than --max-loss are put here whole, not into the output.",
        ),
    ] = None,
    include: Annotated[
        list[str] | None,
        typer.Option("--include", metavar="GLOB", help="Names to take from folders; repeat. [default: all formats]"),
    ] = None,
    field: Annotated[str, typer.Option("--field", metavar="NAME", help="The field or column with the text.")] = "text",
    id_field: Annotated[
        str, typer.Option("--id-field", metavar="NAME", help="The field or column with the id.")
    ] = "id",
    output_format: Annotated[
        FormatName,
        typer.Option("--output-format", help="What to write; same: what was read, HTML as text, WARC as JSONL."),
    ] = FormatName.same,
    max_document: Annotated[
        str, typer.Option("--max-document", metavar="SIZE", help="Documents over this size are refused, never held.")
    ] = "64MiB",
    encoding: EncodingOption = None,
    workers: Annotated[
        int | None,
        typer.Option(
            "--workers", "-j", metavar="N", min=1, help="Processes; the result is the same for any. [default: cores]"
        ),
    ] = None,
    engine: EngineOption = EngineName.embedded,
    master: MasterOption = None,
    conf: ConfOption = None,
    config: ConfigOption = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Clean and report, but write nothing.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Overwrite outputs that exist.")] = False,
    restart: Annotated[
        bool, typer.Option("--restart", help="Forget an unfinished run instead of resuming it.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no summary.")] = False,
    log_json: Annotated[bool, typer.Option("--log-json", help="Progress as JSON lines on standard error.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON on standard output.")] = False,
) -> None:
    """Clean documents: decode, normalize, remove what the rule packs find, flag near-duplicates, write the ledger.

    A run that was broken off, however it was, is taken up by the same call. Exit code 0: all documents done. 1: some
    were skipped; the summary names them, _cleaner/rejected.jsonl lists all. 2: the call was wrong.
    """
    from cleaner.cli import places, spark
    from cleaner.errors import UsageError
    from cleaner.formats.records import Reading

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
            spark.refuse({**local, "--include": chosen.include, "--output-format": output_format.value != "same"})
            found = spark.clean(inputs, output, packs(chosen), chosen, reading, master, conf or [], quiet=quiet, **how)
        elif inputs == ["-"] and output is None and not (dry_run or quarantine):
            _stream(packs(chosen), chosen, encoding)
            return
        else:
            spark.refuse({"--master": master, "--conf": conf})
            if output is None and not dry_run:
                raise UsageError("no --output DIR given; say where clean files go, or use --dry-run")
            places.check_quarantine(quarantine, inputs, output)
            with places.local(inputs, None if dry_run else output, chosen.include, force) as (names, folder):
                apart = None if not quarantine else folder / "quarantine" if dry_run else Path(quarantine)
                run = {"workers": workers, **how}
                found = _run(names, folder, chosen, reading, output_format.value, style, apart, **run)
    except KeyboardInterrupt:
        typer.echo("interrupted; what is done is kept: give the same command again to resume", err=True)
        raise typer.Exit(130) from None
    _report(found, quiet=quiet, as_json=as_json)
    if found.rejected:
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
    from cleaner.engines import stage
    from cleaner.errors import DecodeError
    from cleaner.formats.records import Record, Rejected

    record = Record("stdin", "<stdin>", data=sys.stdin.buffer.read(), kind="text")
    ((done,),) = stage.clean([stage.read(record, encoding)], pack, chosen.normalizing())
    if isinstance(done, Rejected):
        raise DecodeError(f"standard input: {done.reason}")
    sys.stdout.buffer.write(done.cleaned.text.encode("utf-8", "surrogatepass"))


def _run(
    inputs: list[str],
    folder: Path,
    chosen: Config,
    reading: Reading,
    kind: Kind,
    style: Style,
    quarantine: Path | None,
    **how: Any,
) -> Summary:
    import cleaner
    from cleaner import corpus
    from cleaner.engines.job import INCLUDED, Job, plan
    from cleaner.errors import UsageError
    from cleaner.report import progress

    sources, skipped = plan(inputs, folder, chosen.include, kind)
    if not sources:
        wanted = " ".join(chosen.include or INCLUDED)
        raise UsageError(f"no documents in {', '.join(inputs)}; folders are searched for {wanted}")
    job = Job(sources, packs(chosen), chosen, reading, kind, cleaner.__version__, tuple(skipped), quarantine)
    with progress.shown(style, job.size) as watch:
        return corpus.run(job, folder, watch=watch, **how)


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


def _report(found: Summary, *, quiet: bool, as_json: bool) -> None:
    if as_json:
        import msgspec

        typer.echo(msgspec.json.encode(found.as_dict()).decode())
    if not quiet:
        from cleaner.report import terminal

        terminal.summary(_console(), found)
    else:
        for skipped in found.skipped:
            typer.echo(f"skipped {skipped.path}: {skipped.reason}", err=True)
