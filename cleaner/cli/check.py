"""`cleaner check`: findings in data files, as a linter gives them for code."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Annotated, Literal

import typer

from cleaner import decode
from cleaner.check import baseline as baselines
from cleaner.check import fix as fixing
from cleaner.check import run
from cleaner.check.baseline import Baseline
from cleaner.check.cleaning import CheckSettings
from cleaner.check.fix import FixResult
from cleaner.check.report import Report
from cleaner.check.run import CheckResult, CheckTarget
from cleaner.check.selection import Selection
from cleaner.cli.options import (
    DEFAULTS,
    ConfigOption,
    JudgeOption,
    PackOption,
    PunctuationOption,
    ScriptOption,
    load_packs,
    load_settings,
)
from cleaner.cli.reading_options import EncodingOption
from cleaner.config import Config
from cleaner.formats.base import Reading
from cleaner.formats.registry import GLOBS
from cleaner.version import __version__

FindingFormat = Literal["text", "json", "sarif", "github", "junit", "rdjson"]
"""How findings are printed; each has a module in `cleaner.check.output`."""

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
    bool, typer.Option("--force-exclude", help="Leave out excluded files even when they are named, as hooks do.")
]
BaselineOption = Annotated[
    Path | None, typer.Option("--baseline", metavar="FILE", help="File of known findings, which do not fail the check.")
]
FieldOption = Annotated[
    str | None,
    typer.Option(
        "--field", metavar="NAME", help=f"The field or column with the text. [default: {DEFAULTS.check.field}]"
    ),
]
IdOption = Annotated[
    str | None,
    typer.Option(
        "--id-field", metavar="NAME", help=f"The field or column with the id. [default: {DEFAULTS.check.id_field}]"
    ),
]


app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command()
def check(
    paths: PathsArgument,
    output_format: Annotated[FindingFormat, typer.Option("--format", help="How to print findings.")] = "text",
    fix: Annotated[bool, typer.Option("--fix", help="Write the clean text into the files.")] = False,
    baseline: BaselineOption = None,
    select: SelectOption = None,
    ignore: IgnoreOption = None,
    exclude: ExcludeOption = None,
    force_exclude: ForceOption = False,
    changed_since: Annotated[
        str, typer.Option("--changed-since", metavar="REF", help="Report only lines changed since a git revision.")
    ] = "",
    against_repo: Annotated[
        bool, typer.Option("--against-repo", help="Also report near-duplicates of any file of the git repository.")
    ] = False,
    index: Annotated[
        str,
        typer.Option(
            "--index", metavar="FILE|redis://…", help="Also report near-duplicates of the documents in an index."
        ),
    ] = "",
    duplicates: Annotated[
        bool | None,
        typer.Option(
            "--duplicates/--no-duplicates",
            help=f"Look for near-duplicates. [default: {'yes' if DEFAULTS.check.duplicates else 'no'}]",
        ),
    ] = None,
    pack: PackOption = None,
    script: ScriptOption = None,
    punctuation: PunctuationOption = None,
    judge: JudgeOption = None,
    encoding: EncodingOption = None,
    field: FieldOption = None,
    id_field: IdOption = None,
    config_file: ConfigOption = None,
) -> None:
    """Check data files as a linter checks code.

    Reports pollution, encoding, mojibake, script and near-duplicates. Nothing is written without --fix. Exit code 0:
    clean. 1: findings, or files were fixed. 2: the call was wrong.
    """
    config = load_settings(
        config_file,
        pack=tuple(pack) if pack else None,
        script=script,
        punctuation=punctuation,
        judge=judge or ("careful" if fix else None),
    )
    rules = rules_from(config, encoding, field, id_field, select, ignore)
    compares = config.check.duplicates if duplicates is None else duplicates
    target = target_from(config, paths, exclude, force_exclude, duplicates=compares)
    target = target._replace(since=changed_since, repository=against_repo, index_name=index)
    result = run.check_files(target, rules, _read_baseline(baseline_path(config, baseline)), today())
    fixes = _fix(result, rules) if fix else None
    report = _report(result, rules, fixes)
    _print(report, output_format)
    if not report.is_clean:
        raise typer.Exit(1)


def rules_from(
    config: Config,
    encoding: str | None,
    field: str | None,
    id_field: str | None,
    select: Sequence[str] | None,
    ignore: Sequence[str] | None,
) -> CheckSettings:
    """Build what decides the findings of a file, from settings and command line."""
    if encoding:
        decode.decode(b"", encoding=encoding)  # UsageError for an unknown one
    check = config.check
    selection = Selection(tuple(select or check.select), tuple(ignore or check.ignore), check.per_file_ignores)
    reading = Reading(text=field or check.field, id=id_field or check.id_field, encoding=encoding)
    return CheckSettings(load_packs(config), config.clean_options, reading, selection)


def target_from(
    config: Config, paths: Sequence[Path], exclude: Sequence[str] | None, force: bool, *, duplicates: bool
) -> CheckTarget:
    """Build what is checked, from settings and command line."""
    return CheckTarget(
        paths, config.include or GLOBS, (*config.check.exclude, *(exclude or ())), force, duplicates=duplicates
    )


def baseline_path(config: Config, path: Path | None) -> Path | None:
    """Choose the file of known findings: the command line's, or that of the settings."""
    return path or (Path(config.check.baseline) if config.check.baseline else None)


def _read_baseline(path: Path | None) -> Baseline:
    return baselines.read_baseline(path) if path else Baseline()


def today() -> str:
    """Return the date as ISO text."""
    return date.today().isoformat()


def _fix(result: CheckResult, rules: CheckSettings) -> FixResult:
    fixes = fixing.fix_files(result.samples, result.findings, rules.reading)
    for name, reason in fixes.refusals.items():
        typer.echo(f"{name}: not fixed: {reason}", err=True)
    return fixes


def _report(result: CheckResult, rules: CheckSettings, fixes: FixResult | None) -> Report:
    counts = fixes.counts if fixes else {}
    remaining = [
        item.finding
        for item in result.findings
        if item.finding.accepted_by or item.finding.path not in counts or not fixing.is_fixable(item)
    ]
    root = f"{Path.cwd().as_uri()}/"
    return Report(tuple(remaining), len(result.files), counts, rules.rules, root, __version__)


def _print(report: Report, name: FindingFormat) -> None:
    text: str = import_module(f"cleaner.check.output.{name}").render(report)  # only this format's libraries
    sys.stdout.buffer.write(text.encode("utf-8", "replace"))
    sys.stdout.buffer.flush()
