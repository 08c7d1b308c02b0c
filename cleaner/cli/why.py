"""`cleaner why`: a file with every removed or changed line, the rule that did it, and the evidence."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.console import Console

from cleaner import pipeline
from cleaner.cli.options import (
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
from cleaner.corpus import clean
from cleaner.errors import UsageError
from cleaner.explain import trace
from cleaner.explain.trace import Hunk
from cleaner.formats.storage.files import SkippedFile
from cleaner.model import Cleaned

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command()
def why(
    place: Annotated[str, typer.Argument(metavar="FILE[:LINE]", help="An uncleaned file, or one line of it.")],
    pack: PackOption = None,
    script: ScriptOption = None,
    punctuation: PunctuationOption = None,
    judge: JudgeOption = None,
    encoding: EncodingOption = None,
    config: ConfigOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the changes as JSON.")] = False,
) -> None:
    """Show what cleaning does to a file, with rules and evidence.

    Removed and changed lines are shown as a diff.
    """
    path, line = _place(place)
    cleaned = _clean(
        path,
        load_settings(config, pack=tuple(pack) if pack else None, script=script, punctuation=punctuation, judge=judge),
        encoding,
    )
    hunks = [h for h in trace.trace_hunks(cleaned) if line is None or h.first <= line <= h.last]
    if as_json:
        _print_json(path, cleaned, hunks)
    else:
        _print_diff(cleaned, hunks, line)


def _place(place: str) -> tuple[Path, int | None]:
    match = re.fullmatch(r"(.+):(\d+)", place)
    if match and not Path(place).exists():
        return Path(match[1]), int(match[2])
    return Path(place), None


def _clean(path: Path, config: Config, encoding: str | None) -> Cleaned:
    if not path.is_file():
        raise UsageError(f"{path}: no such file")
    read = clean.read_file(path, encoding)
    if isinstance(read, SkippedFile):
        raise UsageError(f"{read.path}: {read.reason}")
    hints = [read.hints]
    return pipeline.clean([read.document], load_packs(config), config.clean_options, hints=hints, explain=True)[0]


def _print_json(path: Path, cleaned: Cleaned, hunks: list[Hunk]) -> None:
    flags = [msgspec.to_builtins(flag) for flag in cleaned.flags]
    data = {"file": str(path), "changes": [msgspec.to_builtins(hunk) for hunk in hunks], "flags": flags}
    typer.echo(msgspec.json.encode(data).decode())


def _print_diff(cleaned: Cleaned, hunks: list[Hunk], wanted_line: int | None) -> None:
    console = Console(highlight=False, soft_wrap=True)
    lines = cleaned.document.text.split("\n")
    next_line = 1
    if wanted_line is not None and not hunks:
        if wanted_line > len(lines):
            raise UsageError(f"line {wanted_line}: the file has {len(lines)} lines")
        console.print(f"{wanted_line:5}   {lines[wanted_line - 1]}", markup=False)
        console.print("        stays as it is", style="green")
    for hunk in hunks:
        if wanted_line is None:
            _print_lines(console, lines[next_line - 1 : hunk.first - 1], next_line)
        _print_hunk(console, hunk)
        next_line = hunk.last + 1
    if wanted_line is None:
        _print_lines(console, lines[next_line - 1 :], next_line)
    for flag in cleaned.flags:
        console.print(f"flag {flag.rule}: {flag.note}", style="yellow", markup=False)


def _print_lines(console: Console, lines: list[str], first: int) -> None:
    for number, line in enumerate(lines, first):
        console.print(f"{number:5}   {line}", markup=False)


def _print_hunk(console: Console, hunk: Hunk) -> None:
    for number, line in enumerate(hunk.old.split("\n"), hunk.first):
        console.print(f"{number:5} - {line}", style="red", markup=False)
    for line in hunk.new.split("\n") if hunk.new is not None else ():
        console.print(f"      + {line}", style="green", markup=False)
    for reason in hunk.reasons:
        score = "" if reason.score is None else f"  score {reason.score:.2f}"
        console.print(f"        {reason.rule}{score}", style="cyan", markup=False)
        for evidence in reason.evidence:
            console.print(
                f"          {evidence.weight:+.2f} {evidence.rule} {evidence.note}", style="dim", markup=False
            )
