"""`cleaner why`: a summary of what cleaning does to a file, then its changes, each with the reasons in words."""

from __future__ import annotations

import re
from collections.abc import Mapping
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
    QuotesOption,
    ScriptOption,
    load_packs,
    load_settings,
)
from cleaner.cli.reading.options import DamagedOption, EncodingOption, decode_options
from cleaner.config import Config
from cleaner.corpus import clean
from cleaner.decode import DecodeOptions
from cleaner.errors import UsageError
from cleaner.explain import trace, wording
from cleaner.explain.trace import Hunk
from cleaner.formats.storage.folders import SkippedFile
from cleaner.model import Cleaned
from cleaner.pipeline import Pack
from cleaner.text.printable import make_printable

app = typer.Typer(rich_markup_mode=None, add_completion=False)


CONTEXT = 1
"""Lines shown before and after each change."""


@app.command()
def why(
    place: Annotated[str, typer.Argument(metavar="FILE[:LINE]", help="An uncleaned file, or one line of it.")],
    pack: PackOption = None,
    script: ScriptOption = None,
    quotes: QuotesOption = None,
    punctuation: PunctuationOption = None,
    judge: JudgeOption = None,
    encoding: EncodingOption = None,
    damaged: DamagedOption = "replace",
    config: ConfigOption = None,
    all_lines: Annotated[bool, typer.Option("--all", help="Show every line, not only changed ones.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the changes as JSON.")] = False,
) -> None:
    """Show what cleaning does to a file, and say why.

    A summary by rule comes first, then removed and changed lines as a diff, each with its reasons.
    """
    path, line = _place(place)
    settings = load_settings(
        config, pack=tuple(pack) if pack else None, script=script, quotes=quotes, punctuation=punctuation, judge=judge
    )
    rules = load_packs(settings)
    cleaned = _clean(path, rules, settings, decode_options(encoding, damaged))
    hunks = [h for h in trace.trace_hunks(cleaned) if line is None or h.first <= line <= h.last]
    if as_json:
        _print_json(path, cleaned, hunks)
        return
    show = Console(highlight=False, soft_wrap=True, markup=False)
    rationales = wording.list_rationales(rules)
    if line is None:
        for sentence in wording.summarize(cleaned, hunks):
            show.print(sentence)
        _print_changes(show, cleaned, hunks, rationales, all_lines=all_lines)
    else:
        _print_line(show, cleaned, hunks, rationales, line)
    for flag in cleaned.flags:
        show.print(make_printable(f"flag {flag.rule}: {flag.note}"), style="yellow")


def _place(place: str) -> tuple[Path, int | None]:
    match = re.fullmatch(r"(.+):(\d+)", place)
    if match and not Path(place).exists():
        return Path(match[1]), int(match[2])
    return Path(place), None


def _clean(path: Path, rules: Pack, settings: Config, decoding: DecodeOptions) -> Cleaned:
    if not path.is_file():
        raise UsageError(f"{path}: no such file")
    read = clean.read_file(path, decoding)
    if isinstance(read, SkippedFile):
        raise UsageError(f"{read.path}: {read.reason}")
    return pipeline.clean([read.document], rules, settings.clean_options, hints=[read.hints], explain=True)[0]


def _print_json(path: Path, cleaned: Cleaned, hunks: list[Hunk]) -> None:
    flags = [msgspec.to_builtins(flag) for flag in cleaned.flags]
    changes = [msgspec.to_builtins(hunk) for hunk in hunks]
    typer.echo(
        msgspec.json.encode({"file": str(path), "changes": changes, "flags": flags, "doubt": cleaned.doubt}).decode()
    )


def _print_line(
    console: Console, cleaned: Cleaned, hunks: list[Hunk], rationales: Mapping[str, str], number: int
) -> None:
    lines = cleaned.document.text.split("\n")
    if number > len(lines):
        raise UsageError(f"line {number}: the file has {len(lines)} lines")
    for hunk in hunks:
        _print_hunk(console, hunk, rationales)
    if not hunks:
        _print_lines(console, lines[number - 1 : number], number)
        console.print("        stays as it is", style="green")


def _print_changes(
    console: Console, cleaned: Cleaned, hunks: list[Hunk], rationales: Mapping[str, str], *, all_lines: bool
) -> None:
    """Print changes with the lines around them, or all lines; dots stand for lines that are left out."""
    lines = cleaned.document.text.removesuffix("\n").split("\n")
    context = len(lines) if all_lines else CONTEXT
    next_line = 1
    for index, hunk in enumerate(hunks):
        _print_gap(console, lines, range(next_line, hunk.first), (context if index else 0, context))
        _print_hunk(console, hunk, rationales)
        next_line = hunk.last + 1
    _print_gap(console, lines, range(next_line, len(lines) + 1), (context if hunks else 0, context if all_lines else 0))


def _print_gap(console: Console, lines: list[str], gap: range, context: tuple[int, int]) -> None:
    """Print the first and last lines of those between two changes, as many as `context`."""
    first, last = context
    if len(gap) <= first + last:
        _print_lines(console, lines[gap.start - 1 : gap.stop - 1], gap.start)
        return
    _print_lines(console, lines[gap.start - 1 : gap.start - 1 + first], gap.start)
    console.print("    …", style="dim")
    _print_lines(console, lines[gap.stop - 1 - last : gap.stop - 1], gap.stop - last)


def _print_lines(console: Console, lines: list[str], first: int) -> None:
    for number, line in enumerate(lines, first):
        console.print(f"{number:5}   {make_printable(line)}")


def _print_hunk(console: Console, hunk: Hunk, rationales: Mapping[str, str]) -> None:
    for number, line in enumerate(hunk.old.split("\n"), hunk.first):
        console.print(f"{number:5} - {make_printable(line)}", style="red")
    for line in hunk.new.split("\n") if hunk.new is not None else ():
        console.print(f"      + {make_printable(line)}", style="green")
    for reason in hunk.reasons:
        for sentence in wording.describe_reason(reason, rationales):
            console.print(f"        {make_printable(sentence)}", style="cyan")
