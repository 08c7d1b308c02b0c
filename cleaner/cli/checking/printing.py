"""Findings and diffs printed, or written to a file."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from itertools import groupby
from pathlib import Path

import typer

from cleaner.check.cleaning import CheckSettings
from cleaner.check.fixes.fix import FixResult
from cleaner.check.inputs.files import display_path
from cleaner.check.locate import make_frame
from cleaner.check.report import Display, Report
from cleaner.check.run import CheckResult
from cleaner.errors import UsageError
from cleaner.formats.storage import files
from cleaner.text.printable import make_printable
from cleaner.version import __version__


def has_colour(output_format: str, output_file: Path | None) -> bool:
    """Whether standard output is a terminal that a reader wants colours on (https://no-color.org)."""
    is_plain = output_file or output_format != "text" or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return not is_plain and sys.stdout.isatty()


def make_report(result: CheckResult, settings: CheckSettings, fixes: FixResult, display: Display) -> Report:
    """Build the report of a check and of what was fixed."""
    return Report(
        findings=tuple(item.finding for item in result.findings),
        files=len(result.files),
        fix_counts={file.name: file.fix_count for file in fixes.files},
        rules=settings.rules,
        root=f"{Path.cwd().as_uri()}/",
        version=__version__,
        exempt=result.exempt,
        frames=tuple(map(make_frame, result.findings)) if display.has_colour else (),
        display=display,
    )


def render(report: Report, name: str, *, statistics: bool) -> str:
    """Write a report in a format of findings, or as counts of rules."""
    if statistics:
        from cleaner.check.output import statistics as counts

        return counts.render(report, name)
    text: str = import_module(f"cleaner.check.output.{name}").render(report)  # only this format's libraries
    return text


def print_text(text: str, path: Path | None) -> None:
    """Print a text, or write it to a file. UsageError where that cannot be."""
    if path is None and sys.stdout.isatty():
        typer.echo(text, nl=False)  # in the terminal's encoding
        return
    if path is None:
        _write(text)
        return
    try:
        files.write_bytes(path, text.encode("utf-8", "replace"))
    except OSError as error:
        raise UsageError(f"--output-file {path}: cannot be written ({error.strerror})") from error


def _write(text: str) -> None:
    sys.stdout.buffer.write(text.encode("utf-8", "replace"))
    sys.stdout.buffer.flush()


def print_notices(result: CheckResult, *, is_quiet: bool) -> None:
    """Print which files and records have no text, each file once."""
    for path, group in groupby([] if is_quiet else result.textless, key=lambda item: item.file):
        first, *others = group
        name = display_path(Path(path))
        reason = first.reason if not first.line else f"line {first.line}: {first.reason}"
        more = f"; {len(others):,} more like it" if others else ""
        typer.echo(make_printable(f"{name}: nothing to check: {reason}{more}"), err=True)


def print_diff(fixes: FixResult, *, is_quiet: bool) -> int:
    """Print the diff of all files that would change; how many findings would be fixed."""
    from cleaner.check.fixes import difference

    _write("".join(map(difference.render, fixes.files)))
    count = sum(file.fix_count for file in fixes.files)
    if not is_quiet:
        typer.echo(f"would fix {count} finding{'' if count == 1 else 's'}", err=True)
    return count


def print_contents(contents: dict[Path, Path]) -> None:
    """Print files as they are now."""
    for content in contents.values():
        sys.stdout.buffer.write(content.read_bytes())
    sys.stdout.buffer.flush()
