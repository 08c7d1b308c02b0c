"""`cleaner baseline`: findings that are known and accepted, so that only new ones fail."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import typer

from cleaner.check import baseline as baselines
from cleaner.check import run
from cleaner.check.baseline import Baseline
from cleaner.check.findings import Finding
from cleaner.cli.checking import options
from cleaner.cli.checking.settings import load_check_settings, settings_from, target_from, today
from cleaner.cli.options import ConfigOption, JudgeOption, PackOption, PunctuationOption, QuotesOption, ScriptOption
from cleaner.cli.reading.options import (
    CheckInputFormatOption,
    DamagedOption,
    EncodingOption,
    FieldFormatOption,
    FieldOption,
    decode_options,
    given,
    require_format,
)
from cleaner.errors import UsageError

FILE = Path("cleaner-baseline.json")
Action = Literal["create", "update", "prune", "audit"]

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command()
def baseline(
    action: Annotated[
        Action,
        typer.Argument(
            metavar="create|update|prune|audit",
            help="create: accept all findings. update: the same, but known ones keep reason and date. "
            "prune: remove entries without a finding. audit: list expired entries and those without finding or reason.",
        ),
    ],
    paths: options.PathsArgument,
    file: Annotated[
        Path | None,
        typer.Option("--baseline", metavar="FILE", help=f"The file of known findings. [default: {FILE}]"),
    ] = None,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why the new entries are accepted.")] = "",
    expires: Annotated[
        str, typer.Option("--expires", metavar="DATE", help="Day after which new entries fail again, as 2027-01-31.")
    ] = "",
    force: Annotated[bool, typer.Option("--force", help="create: overwrite a baseline that exists.")] = False,
    select: options.SelectOption = None,
    ignore: options.IgnoreOption = None,
    include: options.IncludeOption = None,
    exclude: options.ExcludeOption = None,
    pack: PackOption = None,
    script: ScriptOption = None,
    quotes: QuotesOption = None,
    punctuation: PunctuationOption = None,
    judge: JudgeOption = None,
    encoding: EncodingOption = None,
    input_format: CheckInputFormatOption = "",
    damaged: DamagedOption = "replace",
    field: FieldOption = None,
    field_format: FieldFormatOption = "auto",
    id_field: options.IdOption = None,
    config_file: ConfigOption = None,
) -> None:
    """Accept known findings, so that only new ones fail.

    Writes the file that `cleaner check --baseline FILE` reads. Give all paths that are checked: an entry without a
    finding in them counts as gone. Exit code 0: written, or nothing to audit. 1: entries need a decision. 2: the call
    was wrong.
    """
    config = load_check_settings(
        config_file,
        {
            "pack": given(pack),
            "script": script,
            "quotes": quotes,
            "punctuation": punctuation,
            "judge": judge,
            "include": given(include),
        },
        select=given(select),
        ignore=given(ignore),
        field=given(field),
        id_field=id_field,
    )
    path = file or (Path(config.check.baseline) if config.check.baseline else FILE)
    before = _read(action, path, force)
    target = target_from(config, paths, exclude, False)
    settings = settings_from(config, decode_options(encoding, damaged), require_format(input_format), field_format)
    findings = [item.finding for item in run.check_files(target, settings, Baseline(), today()).findings]
    if action == "audit":
        _audit(before, findings)
        return
    after = (
        baselines.prune(before, findings)
        if action == "prune"
        else baselines.update(before, findings, reason, _parse_date(expires))
    )
    baselines.write_baseline(path, after)
    removals = len({entry.key for entry in before.findings} - {entry.key for entry in after.findings})
    typer.echo(f"{path}: {len(after.findings)} known, {removals} gone", err=True)


def _read(action: Action, path: Path, force: bool) -> Baseline:
    """Read the baseline; an empty one where it is created."""
    if action != "create":
        return baselines.read_baseline(path)
    if path.exists() and not force:
        raise UsageError(f"{path} exists; 'cleaner baseline update' keeps its reasons, --force overwrites it")
    return Baseline()


def _parse_date(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat() if text else ""
    except ValueError:
        raise UsageError(f"--expires {text}: not a date; write it like 2027-01-31") from None


def _audit(before: Baseline, findings: Sequence[Finding]) -> None:
    problems = list(baselines.audit(before, findings, today()))
    for item in problems:
        entry = item.entry
        when = f" {entry.expires}" if item.problem == "expired" else ""
        typer.echo(f"{entry.path}: {entry.rule} {item.problem}{when}: {entry.excerpt}")
    if problems:
        raise typer.Exit(1)
