"""`cleaner clean`: polluted files in, clean files out, every change in the ledger."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cleaner.cli.options import (
    ConfigOption,
    DedupName,
    EncodingOption,
    PackOption,
    PunctuationOption,
    ScriptOption,
    packs,
    settings,
)

if TYPE_CHECKING:
    from rich.console import Console

    from cleaner.cleaning import Pack
    from cleaner.config import Config
    from cleaner.corpus import Read
    from cleaner.formats.files import Skipped
    from cleaner.report.summary import Summary


def clean(
    inputs: Annotated[
        list[str], typer.Argument(metavar="INPUT...", help="Files, folders (searched recursively), or - for stdin.")
    ],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="DIR", help="Where clean files and the ledger are written.")
    ] = None,
    pack: PackOption = None,
    script: ScriptOption = None,
    punctuation: PunctuationOption = None,
    dedup: Annotated[
        DedupName | None,
        typer.Option("--dedup", help="Near-duplicate passages within and across documents. [default: flag]"),
    ] = None,
    include: Annotated[
        list[str] | None,
        typer.Option(
            "--include", metavar="GLOB", help="Names to take from folders; repeat. [default: *.txt *.text *.md]"
        ),
    ] = None,
    encoding: EncodingOption = None,
    config: ConfigOption = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Clean and report, but write nothing.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Overwrite outputs that exist.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress bar and no summary.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON on standard output.")] = False,
) -> None:
    """Clean documents: decode, normalize, remove what the rule packs find, flag near-duplicates, write the ledger.

    Exit code 0: all documents done. 1: some were skipped; the summary names them. 2: the call was wrong.
    """
    from cleaner.errors import UsageError

    chosen = settings(
        config,
        pack=tuple(pack) if pack else None,
        script=script,
        punctuation=punctuation,
        dedup=dedup,
        include=tuple(include) if include else None,
    )
    if inputs == ["-"] and output is None and not dry_run:
        _stream(packs(chosen), chosen, encoding)
        return
    if output is None and not dry_run:
        raise UsageError("no --output DIR given; say where clean files go, or use --dry-run")
    found = _files(inputs, output, packs(chosen), chosen, encoding, dry_run=dry_run, force=force, quiet=quiet)
    _report(found, quiet=quiet, as_json=as_json)
    if found.skipped:
        raise typer.Exit(1)


def _stream(pack: Pack, chosen: Config, encoding: str | None) -> None:
    """Standard input to standard output; nothing else is written."""
    from cleaner import corpus
    from cleaner.errors import DecodeError
    from cleaner.formats.files import Skipped

    read = corpus.of_bytes("stdin", "<stdin>", sys.stdin.buffer.read(), encoding)
    (done,) = corpus.clean([read], pack, chosen.normalizing())
    if isinstance(done, Skipped):
        raise DecodeError(f"standard input: {done.reason}")
    sys.stdout.buffer.write(done.cleaned.text.encode("utf-8", "surrogatepass"))


def _files(
    inputs: list[str],
    output: Path | None,
    pack: Pack,
    chosen: Config,
    encoding: str | None,
    *,
    dry_run: bool,
    force: bool,
    quiet: bool,
) -> Summary:
    import cleaner
    from cleaner import corpus
    from cleaner.errors import UsageError
    from cleaner.formats import files

    paths = [Path(name) for name in inputs if name != "-"]
    found, skipped = files.find(paths, output, chosen.include or files.TEXT)
    if not found and "-" not in inputs:
        raise UsageError(
            f"no documents in {', '.join(inputs)}; folders are searched for {' '.join(chosen.include or files.TEXT)}"
        )
    if output and not dry_run:
        _prepare(output, [item.target for item in found], force=force)
    items: Iterator[Read | Skipped] = (corpus.read(item, encoding) for item in found)
    if "-" in inputs:
        items = _and_stdin(items, encoding)

    def write(name: str, data: bytes) -> None:
        if output and not dry_run:
            files.write(files.inside(output, name), data)

    with _progress(len(found) + ("-" in inputs), quiet=quiet) as tick:
        done = corpus.run(items, pack, chosen, write, cleaner.__version__, tick)
    done.skipped[:0] = skipped
    return done


def _and_stdin(items: Iterator[Read | Skipped], encoding: str | None) -> Iterator[Read | Skipped]:
    from cleaner import corpus

    yield from items
    yield corpus.of_bytes("stdin.txt", "<stdin>", sys.stdin.buffer.read(), encoding)


def _prepare(output: Path, targets: list[str], *, force: bool) -> None:
    """UsageError unless the output can be written and nothing is in the way."""
    from cleaner.errors import UsageError
    from cleaner.formats import files

    taken = [path for path in (output / name for name in (*targets, f"{files.OWN}/edits.jsonl")) if path.exists()]
    if taken and not force:
        raise UsageError(f"{taken[0]} exists; choose another --output or give --force to overwrite")
    try:
        files.write(output / files.OWN / ".probe", b"")
        (output / files.OWN / ".probe").unlink()
    except OSError as error:
        raise UsageError(f"{output}: cannot be written ({error.strerror})") from error


@contextmanager
def _progress(total: int, *, quiet: bool) -> Iterator[Callable[[], None]]:
    """A bar on a terminal; silence elsewhere."""
    console = _console()
    if quiet or not console.is_terminal:
        yield lambda: None
        return
    from rich.progress import Progress

    with Progress(console=console, transient=True) as bar:
        task = bar.add_task("cleaning", total=total)
        yield lambda: bar.advance(task)


def _console() -> Console:
    from rich.console import Console

    return Console(stderr=True, highlight=False)


def _report(found: Summary, *, quiet: bool, as_json: bool) -> None:
    if as_json:
        import msgspec

        typer.echo(msgspec.json.encode(found.as_dict()).decode())
    if not quiet:
        from cleaner.report import terminal

        terminal.summary(_console(), found)
    elif found.skipped:
        for skipped in found.skipped:
            typer.echo(f"skipped {skipped.path}: {skipped.reason}", err=True)
