"""`cleaner why`: a file with every removed or changed line, the rule that did it, and the evidence."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cleaner.cli.options import (
    ConfigOption,
    EncodingOption,
    PackOption,
    PunctuationOption,
    ScriptOption,
    load_packs,
    load_settings,
)

if TYPE_CHECKING:
    from rich.console import Console

    from cleaner.config import Config
    from cleaner.explain.trace import Hunk
    from cleaner.model import Cleaned


app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command()
def why(
    place: Annotated[str, typer.Argument(metavar="FILE[:LINE]", help="A raw file, or one line of it.")],
    pack: PackOption = None,
    script: ScriptOption = None,
    punctuation: PunctuationOption = None,
    encoding: EncodingOption = None,
    config: ConfigOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the changes as JSON.")] = False,
) -> None:
    """Show what cleaning does to a file, with rules and evidence.

    Removed and changed lines are shown as a diff.
    """
    from cleaner.explain import trace

    path, line = _place(place)
    cleaned = _clean(
        path,
        load_settings(config, pack=tuple(pack) if pack else None, script=script, punctuation=punctuation),
        encoding,
    )
    found = [h for h in trace.trace_hunks(cleaned) if line is None or h.first <= line <= h.last]
    if as_json:
        _print_json(path, cleaned, found)
    else:
        _print_diff(cleaned, found, line)


def _place(place: str) -> tuple[Path, int | None]:
    match = re.fullmatch(r"(.+):(\d+)", place)
    if match and not Path(place).exists():
        return Path(match[1]), int(match[2])
    return Path(place), None


def _clean(path: Path, chosen: Config, encoding: str | None) -> Cleaned:
    from cleaner import pipeline
    from cleaner.corpus import clean
    from cleaner.errors import UsageError
    from cleaner.formats.files import SkippedFile

    if not path.is_file():
        raise UsageError(f"{path}: no such file")
    read = clean.read_file(path, encoding)
    if isinstance(read, SkippedFile):
        raise UsageError(f"{read.path}: {read.reason}")
    hints = [read.hints]
    return pipeline.clean([read.document], load_packs(chosen), chosen.clean_options, hints=hints, explain=True)[0]


def _print_json(path: Path, cleaned: Cleaned, found: list[Hunk]) -> None:
    import msgspec

    flags = [msgspec.to_builtins(flag) for flag in cleaned.flags]
    data = {"file": str(path), "changes": [msgspec.to_builtins(hunk) for hunk in found], "flags": flags}
    typer.echo(msgspec.json.encode(data).decode())


def _print_diff(cleaned: Cleaned, found: list[Hunk], only: int | None) -> None:
    from rich.console import Console

    console = Console(highlight=False, soft_wrap=True)
    lines = cleaned.document.text.split("\n")
    at = 1
    if only is not None and not found:
        if only > len(lines):
            from cleaner.errors import UsageError

            raise UsageError(f"line {only}: the file has {len(lines)} lines")
        console.print(f"{only:5}   {lines[only - 1]}", markup=False)
        console.print("        stays as it is", style="green")
    for hunk in found:
        if only is None:
            _print_lines(console, lines[at - 1 : hunk.first - 1], at)
        _print_hunk(console, hunk)
        at = hunk.last + 1
    if only is None:
        _print_lines(console, lines[at - 1 :], at)
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
