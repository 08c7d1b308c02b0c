"""`cleaner baseline`: findings that are known and accepted, so that only new ones fail."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cleaner.cli.check import (
    ExcludeOption,
    FieldOption,
    IdOption,
    IgnoreOption,
    PathsArgument,
    SelectOption,
    asked_for,
    asked_how,
    baseline_of,
    today,
)
from cleaner.cli.options import ConfigOption, EncodingOption, PackOption, PunctuationOption, ScriptOption, settings

if TYPE_CHECKING:
    from cleaner.check.baseline import Baseline
    from cleaner.check.findings import Finding

FILE = Path("cleaner-baseline.json")


class ActionName(StrEnum):
    """What to do with the file."""

    create = "create"
    update = "update"
    prune = "prune"
    audit = "audit"


def baseline(
    action: Annotated[
        ActionName,
        typer.Argument(
            metavar="create|update|prune|audit",
            help="create: accept all that is found. update: that, but what was known keeps reason and date. "
            "prune: forget what is gone. audit: list what is gone, expired or has no reason.",
        ),
    ],
    paths: PathsArgument,
    file: Annotated[
        Path | None,
        typer.Option("--baseline", metavar="FILE", help=f"The file of known findings. [default: {FILE}]"),
    ] = None,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why the new entries are accepted.")] = "",
    expires: Annotated[
        str, typer.Option("--expires", metavar="DATE", help="Day after which new entries fail again, as 2027-01-31.")
    ] = "",
    force: Annotated[bool, typer.Option("--force", help="create: overwrite a baseline that exists.")] = False,
    select: SelectOption = None,
    ignore: IgnoreOption = None,
    exclude: ExcludeOption = None,
    pack: PackOption = None,
    script: ScriptOption = None,
    punctuation: PunctuationOption = None,
    encoding: EncodingOption = None,
    field: FieldOption = None,
    id_field: IdOption = None,
    config: ConfigOption = None,
) -> None:
    """Keep the file of known findings: `cleaner check --baseline FILE` fails on new ones only.

    Give all paths that are checked: what is not found counts as gone. Exit code 0: done, or nothing to audit.
    1: entries ask for a decision. 2: the call was wrong.
    """
    from cleaner.check import baseline as known
    from cleaner.check import run
    from cleaner.check.baseline import Baseline

    chosen = settings(config, pack=tuple(pack) if pack else None, script=script, punctuation=punctuation)
    path = baseline_of(chosen, file) or FILE
    before = _before(action, path, force)
    how = asked_how(chosen, encoding, field, id_field, select, ignore)
    asked = asked_for(chosen, paths, exclude, False, duplicates=chosen.check.duplicates)
    found = [item.finding for item in run.check(asked, how, Baseline(), today()).findings]
    if action is ActionName.audit:
        _audit(before, found)
        return
    now = (
        known.pruned(before, found)
        if action is ActionName.prune
        else known.updated(before, found, reason, _date(expires))
    )
    known.write(path, now)
    gone = len({entry.key for entry in before.findings} - {entry.key for entry in now.findings})
    typer.echo(f"{path}: {len(now.findings)} known, {gone} gone", err=True)


def _before(action: ActionName, path: Path, force: bool) -> Baseline:
    """What was known; nothing where the baseline is made anew."""
    from cleaner.check import baseline as known
    from cleaner.check.baseline import Baseline
    from cleaner.errors import UsageError

    if action is not ActionName.create:
        return known.read(path)
    if path.exists() and not force:
        raise UsageError(f"{path} exists; 'cleaner baseline update' keeps its reasons, --force begins anew")
    return Baseline()


def _date(given: str) -> str:
    from datetime import date

    from cleaner.errors import UsageError

    try:
        return date.fromisoformat(given).isoformat() if given else ""
    except ValueError:
        raise UsageError(f"--expires {given}: not a date; write it like 2027-01-31") from None


def _audit(before: Baseline, found: list[Finding]) -> None:
    from cleaner.check import baseline as known

    asking = list(known.audit(before, found, today()))
    for item in asking:
        entry = item.entry
        when = f" {entry.expires}" if item.problem == "expired" else ""
        typer.echo(f"{entry.path}: {entry.rule} {item.problem}{when}: {entry.excerpt}")
    if asking:
        raise typer.Exit(1)
