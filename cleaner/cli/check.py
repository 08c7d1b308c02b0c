"""`cleaner check`: findings in data files, as a linter gives them for code."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cleaner.cli.options import (
    ConfigOption,
    EncodingOption,
    PackOption,
    PunctuationOption,
    ScriptOption,
    packs,
    settings,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cleaner.check.baseline import Baseline
    from cleaner.check.collect import How
    from cleaner.check.fix import Fixed
    from cleaner.check.report import Report
    from cleaner.check.run import Asked, Result
    from cleaner.config import Config


class FormatName(StrEnum):
    """How findings are printed."""

    text = "text"
    json = "json"
    sarif = "sarif"
    github = "github"
    junit = "junit"
    rdjson = "rdjson"


PathsArgument = Annotated[
    list[Path], typer.Argument(metavar="PATH...", help="Files, or folders (searched recursively, all formats).")
]
SelectOption = Annotated[
    list[str] | None,
    typer.Option("--select", metavar="RULE", help="Report only these: an id, the beginning of one, or a glob; repeat."),
]
IgnoreOption = Annotated[
    list[str] | None, typer.Option("--ignore", metavar="RULE", help="Do not report these; repeat.")
]
ExcludeOption = Annotated[
    list[str] | None, typer.Option("--exclude", metavar="GLOB", help="Leave out files in folders; repeat.")
]
ForceOption = Annotated[
    bool, typer.Option("--force-exclude", help="Leave out excluded files even where they are named, as hooks do.")
]
BaselineOption = Annotated[
    Path | None, typer.Option("--baseline", metavar="FILE", help="Known findings, which do not fail the check.")
]
FieldOption = Annotated[
    str | None, typer.Option("--field", metavar="NAME", help="The field or column with the text. [default: text]")
]
IdOption = Annotated[
    str | None, typer.Option("--id-field", metavar="NAME", help="The field or column with the id. [default: id]")
]


def check(
    paths: PathsArgument,
    output_format: Annotated[FormatName, typer.Option("--format", help="How to print findings.")] = FormatName.text,
    fix: Annotated[bool, typer.Option("--fix", help="Write the clean text into the files.")] = False,
    baseline: BaselineOption = None,
    select: SelectOption = None,
    ignore: IgnoreOption = None,
    exclude: ExcludeOption = None,
    force_exclude: ForceOption = False,
    changed_since: Annotated[
        str, typer.Option("--changed-since", metavar="REF", help="Only lines that git says changed since a revision.")
    ] = "",
    against_repo: Annotated[
        bool, typer.Option("--against-repo", help="Near-duplicates of any file of the git repository, too.")
    ] = False,
    index: Annotated[
        str, typer.Option("--index", metavar="FILE|redis://…", help="Near-duplicates of a stored index, too.")
    ] = "",
    duplicates: Annotated[
        bool | None, typer.Option("--duplicates/--no-duplicates", help="Look for near-duplicates. [default: yes]")
    ] = None,
    pack: PackOption = None,
    script: ScriptOption = None,
    punctuation: PunctuationOption = None,
    encoding: EncodingOption = None,
    field: FieldOption = None,
    id_field: IdOption = None,
    config: ConfigOption = None,
) -> None:
    """Check data files: pollution, encoding, mojibake, script, near-duplicates. Nothing is written without --fix.

    Exit code 0: clean. 1: findings, or files were fixed. 2: the call was wrong.
    """
    from cleaner.check import run

    chosen = settings(config, pack=tuple(pack) if pack else None, script=script, punctuation=punctuation)
    how = asked_how(chosen, encoding, field, id_field, select, ignore)
    looked = chosen.check.duplicates if duplicates is None else duplicates
    asked = asked_for(chosen, paths, exclude, force_exclude, duplicates=looked)
    asked = asked._replace(since=changed_since, repository=against_repo, stored=index)
    done = run.check(asked, how, _accepted(baseline_of(chosen, baseline)), today())
    fixed = _fix(done, how) if fix else None
    report = _report(done, how, fixed)
    _print(report, output_format)
    if not report.is_clean:
        raise typer.Exit(1)


def asked_how(
    chosen: Config,
    encoding: str | None,
    field: str | None,
    id_field: str | None,
    select: Sequence[str] | None,
    ignore: Sequence[str] | None,
) -> How:
    """What decides the findings of a file, from settings and command line."""
    from cleaner import decode
    from cleaner.check.collect import How
    from cleaner.check.selection import Selection
    from cleaner.formats.base import Reading

    if encoding:
        decode.decode(b"", encoding=encoding)  # UsageError for one that is unknown
    own = chosen.check
    selection = Selection(tuple(select or own.select), tuple(ignore or own.ignore), own.per_file_ignores)
    reading = Reading(text=field or own.field, id=id_field or own.id_field, encoding=encoding)
    return How(packs(chosen), chosen.clean_options, reading, selection)


def asked_for(
    chosen: Config, paths: Sequence[Path], exclude: Sequence[str] | None, force: bool, *, duplicates: bool
) -> Asked:
    """What is checked, from settings and command line."""
    from cleaner.check.run import Asked
    from cleaner.corpus.plan import INCLUDED

    left_out = (*chosen.check.exclude, *(exclude or ()))
    return Asked(paths, chosen.include or INCLUDED, left_out, force, duplicates=duplicates)


def baseline_of(chosen: Config, given: Path | None) -> Path | None:
    """The file of known findings, as given or as the settings say."""
    return given or (Path(chosen.check.baseline) if chosen.check.baseline else None)


def _accepted(path: Path | None) -> Baseline:
    from cleaner.check import baseline
    from cleaner.check.baseline import Baseline

    return baseline.read(path) if path else Baseline()


def today() -> str:
    """The date, ISO."""
    from datetime import date

    return date.today().isoformat()


def _fix(done: Result, how: How) -> Fixed:
    from cleaner.check import fix as fixing

    fixed = fixing.fix(done.checked, done.findings, how.reading)
    for name, reason in fixed.refused.items():
        typer.echo(f"{name}: not fixed: {reason}", err=True)
    return fixed


def _report(done: Result, how: How, fixed: Fixed | None) -> Report:
    import cleaner
    from cleaner.check import fix as fixing
    from cleaner.check.report import Report

    counts = fixed.counts if fixed else {}
    left = [
        item.finding
        for item in done.findings
        if item.finding.known or item.finding.path not in counts or not fixing.is_fixable(item)
    ]
    root = f"{Path.cwd().as_uri()}/"
    return Report(tuple(left), len(done.files), counts, how.rules, root, cleaner.__version__)


def _print(report: Report, name: FormatName) -> None:
    from importlib import import_module

    said: str = import_module(f"cleaner.check.output.{name}").render(report)
    sys.stdout.buffer.write(said.encode("utf-8", "replace"))
    sys.stdout.buffer.flush()
