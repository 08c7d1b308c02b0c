"""The command line: one file a command, imported when the command is called."""

from __future__ import annotations

import atexit
import gc
import io
import os
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Annotated, Any

import typer

from cleaner.cli.terminal import signals
from cleaner.cli.terminal.group import LazyCommand, LazyGroup
from cleaner.errors import CleanerError
from cleaner.text.printable import make_lines_printable

TRACEBACK = "CLEANER_TRACEBACK"
"""The environment variable that adds the traceback to the message on a defect."""

COMMANDS = {
    "clean": LazyCommand("cleaner.cli.clean", "Clean documents and write the ledger of all changes."),
    "why": LazyCommand("cleaner.cli.why", "Show what cleaning does to a file or a record, and say why."),
    "check": LazyCommand("cleaner.cli.check", "Check data files as a linter checks code."),
    "init": LazyCommand("cleaner.cli.init", "Write cleaner.toml and .pre-commit-config.yaml for this repository."),
    "baseline": LazyCommand("cleaner.cli.baseline", "Accept known findings, so that only new ones fail."),
    "restore": LazyCommand("cleaner.cli.restore", "Bring back the original files from a cleaned folder."),
    "stats": LazyCommand("cleaner.cli.stats", "Show what a run removed, by rule, category and host."),
    "report": LazyCommand(
        "cleaner.cli.report", "Show what a run did: a page for the browser, with texts before and after."
    ),
    "review": LazyCommand("cleaner.cli.review", "Ask about the lines in doubt; answers become rules."),
    "dedup": LazyCommand("cleaner.cli.dedup", "Find near-duplicate documents and passages."),
    "index": LazyCommand("cleaner.cli.index", "Look into an index that 'cleaner dedup --index' built."),
    "learn": LazyCommand(
        "cleaner.cli.learn",
        "Learn what sites print on all their pages: a pack a host.",
    ),
    "rules": LazyCommand("cleaner.cli.rules", "List, show, test, write and compare rules."),
}
"""All commands with the first line of their help; a test compares the two."""


@contextmanager
def _interrupts_named() -> Iterator[None]:
    """Say that the block was interrupted, which typer would not."""
    try:
        yield
    except KeyboardInterrupt as interrupt:
        typer.echo("interrupted; nothing was left half-written", err=True)
        raise typer.Exit(signals.exit_code(interrupt)) from None


class _Group(LazyGroup):
    """The commands of `cleaner`."""

    table = COMMANDS

    def make_context(self, *arguments: Any, **options: Any) -> Any:
        """Read the arguments of a call."""
        with _interrupts_named():
            return super().make_context(*arguments, **options)

    def invoke(self, ctx: Any) -> Any:
        """Run a command."""
        with _interrupts_named():
            return super().invoke(ctx)


app = typer.Typer(
    cls=_Group,
    name="cleaner",
    help="Clean scraped Chinese web text. Every change names its rule and can be taken back.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(is_given: bool) -> None:
    if is_given:
        from cleaner import __version__

        typer.echo(f"cleaner {__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Clean scraped Chinese web text. Every change names its rule and can be taken back."""


def main() -> None:
    """Run the command line.

    Exit 0 when all went well, 1 with findings or skipped documents, 2 for a wrong call and where a command broke off.
    """
    signals.occupy_standard_streams()
    _require_names_in_utf8()
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # numpy starts a thread a core, which nothing here uses
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # what a terminal's encoding lacks is escaped
            stream.reconfigure(errors="backslashreplace")
    atexit.register(gc.freeze)  # or the interpreter looks for garbage in all modules before it ends: 45 ms
    try:
        with signals.as_interrupts(), _flushed_output():
            app(prog_name="cleaner")
    except CleanerError as error:
        typer.echo(f"error: {make_lines_printable(str(error))}", err=True)
        sys.exit(2)
    except BrokenPipeError:  # whoever reads has enough
        _drop_output()
        sys.exit(1)
    except OSError as error:
        typer.echo(f"error: {make_lines_printable(_describe_failure(error))}", err=True)
        _drop_output()
        sys.exit(2)
    except Exception as error:
        typer.echo(f"error: {make_lines_printable(_defect(error))}", err=True)
        sys.exit(2)


@contextmanager
def _flushed_output() -> Iterator[None]:
    """Write what is left of standard output at the end of the block; the interpreter would, with no error to catch."""
    try:
        yield
    finally:
        sys.stdout.flush()


def _describe_failure(error: OSError) -> str:
    """Say which file the system refused, why, and what to do next."""
    place = str(error.filename) if error.filename else "a file or the output"
    return f"{place}: {error.strerror or error}; mend that and give the same command again"


def _drop_output() -> None:
    """Forget what could not be written to standard output, which would else be tried again at the end."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _require_names_in_utf8() -> None:
    """Begin anew with file names in UTF-8, where the locale would have them in ASCII; texts are printed as it says."""
    if sys.getfilesystemencoding() != "ascii" or sys.platform == "win32":
        return
    sys.stdout.flush()
    environment = {"PYTHONIOENCODING": f"{sys.stdout.encoding}:backslashreplace"} | os.environ | {"PYTHONUTF8": "1"}
    os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], environment)


def _defect(error: Exception) -> str:
    """Describe an unforeseen error in one sentence: what it is, where, and what to do next."""
    if os.environ.get(TRACEBACK):
        traceback.print_exc()
    frames = traceback.extract_tb(error.__traceback__)
    frame = next((f for f in reversed(frames) if f"{os.sep}cleaner{os.sep}" in f.filename), frames[-1])
    place = f"{Path(frame.filename).name}:{frame.lineno}, in {frame.name}"
    return (
        f"a defect of cleaner, not of the call: {type(error).__name__}: {error} ({place}); "
        f"report it with the command, its input and what {TRACEBACK}=1 adds"
    )
