"""`cleaner index`: look into a stored index of documents, query it, take documents out."""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from cleaner import decode
from cleaner.errors import UsageError
from cleaner.index import build
from cleaner.index import query as querying
from cleaner.index.guarded import explained

app = typer.Typer(
    help="Look into an index that 'cleaner dedup --index' built.", no_args_is_help=True, rich_markup_mode=None
)

IndexArgument = Annotated[
    str, typer.Argument(metavar="INDEX", help="An index file, or redis://host:port/number?name=…")
]


@app.command()
def info(index: IndexArgument, as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """Show what an index holds and the scheme it was built with."""
    with closing(build.open_store(index)) as store:
        description = store.info()
    if as_json:
        typer.echo(msgspec.json.encode(description).decode())
        return
    counts = {"documents": description.documents, "documents and passages": description.items}
    for key, value in {**counts, **msgspec.structs.asdict(description.scheme)}.items():
        typer.echo(f"{key:24}{value:,}" if isinstance(value, int) else f"{key:24}{value}")


@app.command()
def query(
    index: IndexArgument,
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Texts to look up; - for standard input.")],
) -> None:
    """Print what in an index is like a text or one of its passages, a JSON record a match, best first.

    Exit code 0: there are matches. 1: there are none.
    """
    texts = {str(path): _read_text(path) for path in files}
    with closing(build.open_store(index)) as store, explained(index):
        matches = querying.query(store, texts)
    for match in matches:
        typer.echo(msgspec.json.encode(match).decode())
    if not matches:
        raise typer.Exit(1)


def _read_text(path: Path) -> str:
    try:
        data = sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror})") from error
    return decode.decode(data).text


@app.command()
def remove(
    index: IndexArgument,
    ids: Annotated[list[str], typer.Argument(metavar="ID...", help="Ids of the documents to take out.")],
) -> None:
    """Take documents out of an index.

    Exit code 0: all were there. 1: some were not.
    """
    with closing(build.open_store(index)) as store, store:
        rows = store.rows(ids)
        count = store.remove(ids)
    typer.echo(f"{count} of {len(ids)} documents removed")
    for name in ids:
        if name not in rows:
            typer.echo(f"not in the index: {name}", err=True)
    if len(rows) < len(set(ids)):
        raise typer.Exit(1)
