"""`cleaner why`: a summary of what cleaning does to a file, then its changes, each with the reasons in words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import msgspec
import typer
from rich.console import Console

from cleaner import pipeline, python_json
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
from cleaner.cli.reading.options import (
    DamagedOption,
    EncodingOption,
    FieldFormatOption,
    FieldOption,
    HostFromOption,
    IdOption,
    InputFormatOption,
    decode_options,
    reading_options,
)
from cleaner.config import Config
from cleaner.corpus.reading import find_record, location
from cleaner.errors import UsageError
from cleaner.explain import trace, wording
from cleaner.explain.language import Language, read_wording
from cleaner.explain.trace import Hunk
from cleaner.formats import registry
from cleaner.formats.base import Reading, Rejection
from cleaner.model import Cleaned
from cleaner.options import CleanOptions
from cleaner.pipeline import Pack
from cleaner.text import seams
from cleaner.text.host import find_host
from cleaner.text.printable import make_printable

app = typer.Typer(rich_markup_mode=None, add_completion=False)


CONTEXT = 1
"""Lines shown before and after each change."""


class _Place(NamedTuple):
    """What is asked for: a file, a record of it by number or id, a line of its text; 0 and "" for none."""

    path: Path
    record: int = 0
    key: str = ""
    line: int = 0


class _CleanedText(NamedTuple):
    """A text of a record, cleaned. `field`: the path to it, where there are several."""

    field: str
    cleaned: Cleaned
    options: CleanOptions


class _Explanation(NamedTuple):
    """What rules are for, by id, in a language."""

    rationales: Mapping[str, str]
    language: Language


@app.command()
def why(
    place: Annotated[
        str,
        typer.Argument(
            metavar="FILE[:RECORD][:LINE]",
            help="An uncleaned file; of many records one, by line or row; one line of it.",
        ),
    ],
    record: Annotated[str, typer.Option("--record", metavar="ID", help="The record with this id.")] = "",
    pack: PackOption = None,
    script: ScriptOption = None,
    quotes: QuotesOption = None,
    punctuation: PunctuationOption = None,
    judge: JudgeOption = None,
    field: FieldOption = None,
    id_field: IdOption = "id",
    field_format: FieldFormatOption = "auto",
    host_from: HostFromOption = "",
    encoding: EncodingOption = None,
    input_format: InputFormatOption = "",
    damaged: DamagedOption = "replace",
    config: ConfigOption = None,
    all_lines: Annotated[bool, typer.Option("--all", help="Show every line, not only changed ones.")] = False,
    language: Annotated[Language, typer.Option("--lang", help="Language of the reasons.")] = "en",
    as_json: Annotated[bool, typer.Option("--json", help="Print the changes as JSON.")] = False,
) -> None:
    """Show what cleaning does to a file or a record, and say why.

    A summary by rule comes first, then removed and changed lines as a diff, each with its reasons.
    """
    settings = load_settings(
        config, pack=tuple(pack) if pack else None, script=script, quotes=quotes, punctuation=punctuation, judge=judge
    )
    reading = reading_options(field, id_field, field_format, decode_options(encoding, damaged), input_format)
    reading = msgspec.structs.replace(reading, host_from=host_from)
    rules = load_packs(settings)
    target = _parse_place(place, reading, record)
    texts = _clean(target, rules, settings, reading)
    if as_json:
        _print_json(target, texts)
        return
    show = Console(highlight=False, soft_wrap=True, markup=False)
    explanation = _Explanation(wording.list_rationales(rules, language), language)
    for text in texts:
        if text.field:
            show.print(make_printable(f"{text.field}:"), style="bold")
        _print_text(show, text, explanation, target.line, all_lines=all_lines)


def _parse_place(place: str, reading: Reading, key: str) -> _Place:
    """Tell file, record and line apart. UsageError where there is no such file."""
    path = Path(place)
    numbers: list[int] = []
    while not path.is_file() and (match := re.fullmatch(r"(.+):(\d+)", str(path))):
        path, numbers = Path(match[1]), [int(match[2]), *numbers]
    if not path.is_file():
        raise UsageError(f"{Path(place)}: no such file")
    if registry.format_of(path, reading.format).is_per_file:
        if key:
            raise UsageError(f"--record {key}: {path} is one text; leave it out")
        return _Place(path, line=numbers[0] if numbers else 0)
    record, line, *_ = (0, *numbers, 0) if key else (*numbers, 0, 0)
    return _Place(path, record, key, line)


def _clean(target: _Place, rules: Pack, settings: Config, reading: Reading) -> list[_CleanedText]:
    """Clean the texts of a record, each by itself. UsageError where there is none, or it cannot be read."""
    read = find_record(registry.source_of(target.path, reading.format), reading, target.record, target.key)
    if read is None:
        which = f"with the id {target.key!r}" if target.key else f"at {target.record}" if target.record else ""
        raise UsageError(f"{target.path}: no record {which}".rstrip())
    if isinstance(read, Rejection):
        raise UsageError(f"{location(read)}: {read.reason}")
    document = read.document
    if not document.host:  # a folder above it may be called like one
        document = msgspec.structs.replace(document, host=find_host(str(target.path), {}))
    documents = seams.split(document) if document.seam else [document]
    hints: Any = (read.hints or [None] * len(documents)) if read.document.seam else [read.hints]
    results = pipeline.clean(documents, rules, settings.clean_options, hints=hints, explain=True)
    fields = read.record.paths or [""] * len(results)
    return [_CleanedText(*pair, settings.clean_options) for pair in zip(fields, results, strict=False)]


def _list_hunks(text: _CleanedText, line: int) -> list[Hunk]:
    hunks = trace.trace_hunks(text.cleaned, text.options)
    return [hunk for hunk in hunks if not line or hunk.first <= line <= hunk.last]


def _print_text(show: Console, text: _CleanedText, explanation: _Explanation, line: int, *, all_lines: bool) -> None:
    """Print a summary and all changes of a text, or one line of it."""
    cleaned, hunks = text.cleaned, _list_hunks(text, line)
    if line:
        _print_line(show, cleaned, hunks, explanation, line)
    else:
        for sentence in wording.summarize(cleaned, hunks, explanation.language):
            show.print(sentence)
        _print_changes(show, cleaned, hunks, explanation, all_lines=all_lines)
    for flag in cleaned.flags:
        show.print(make_printable(f"flag {flag.rule}: {flag.note}"), style="yellow")


def _print_json(target: _Place, texts: list[_CleanedText]) -> None:
    described_texts = [_describe(text, target.line) for text in texts]
    is_single = len(texts) == 1 and not texts[0].field
    details = described_texts[0] if is_single else {"texts": described_texts}
    typer.echo(python_json.encode({"file": str(target.path), **details}).decode())


def _describe(text: _CleanedText, line: int) -> dict[str, Any]:
    changes = [msgspec.to_builtins(hunk) for hunk in _list_hunks(text, line)]
    flags = [msgspec.to_builtins(flag) for flag in text.cleaned.flags]
    field = {"field": text.field} if text.field else {}
    kind = msgspec.to_builtins(text.cleaned.kind)
    return {**field, "changes": changes, "flags": flags, "doubt": text.cleaned.doubt, "kind": kind}


def _print_line(console: Console, cleaned: Cleaned, hunks: list[Hunk], explanation: _Explanation, number: int) -> None:
    lines = cleaned.document.text.split("\n")
    if number > len(lines):
        raise UsageError(f"line {number}: the file has {len(lines)} lines")
    for hunk in hunks:
        _print_hunk(console, hunk, explanation)
    if not hunks:
        _print_lines(console, lines[number - 1 : number], number)
        sentence = read_wording(explanation.language).sentences["same_line"]
        console.print(f"        {sentence}", style="green")


def _print_changes(
    console: Console, cleaned: Cleaned, hunks: list[Hunk], explanation: _Explanation, *, all_lines: bool
) -> None:
    """Print changes with the lines around them, or all lines; dots stand for lines that are left out."""
    lines = cleaned.document.text.removesuffix("\n").split("\n")
    context = len(lines) if all_lines else CONTEXT
    next_line = 1
    for index, hunk in enumerate(hunks):
        _print_gap(console, lines, range(next_line, hunk.first), (context if index else 0, context))
        _print_hunk(console, hunk, explanation)
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


def _print_hunk(console: Console, hunk: Hunk, explanation: _Explanation) -> None:
    for number, line in enumerate(hunk.old.split("\n"), hunk.first):
        console.print(f"{number:5} - {make_printable(line)}", style="red")
    for line in hunk.new.split("\n") if hunk.new is not None else ():
        console.print(f"      + {make_printable(line)}", style="green")
    for reason in hunk.reasons:
        for sentence in wording.describe_reason(reason, *explanation):
            console.print(f"        {make_printable(sentence)}", style="cyan")
