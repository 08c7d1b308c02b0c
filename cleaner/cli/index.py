"""`cleaner index`: look into a stored index of documents, ask it, take documents out."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    help="Look into an index that `cleaner dedup --index` built.", no_args_is_help=True, rich_markup_mode=None
)

Name = Annotated[str, typer.Argument(metavar="INDEX", help="An index file, or redis://host:port/number?name=…")]


@app.command()
def info(index: Name, as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """Show what an index holds and the scheme it was built with."""
    import msgspec

    from cleaner.index import build

    store = build.opened(index)
    found = store.info()
    store.close()
    if as_json:
        typer.echo(msgspec.json.encode(found).decode())
        return
    scheme = msgspec.structs.asdict(found.scheme)
    for key, value in {"documents": found.documents, "documents and passages": found.items, **scheme}.items():
        typer.echo(f"{key:24}{value:,}" if isinstance(value, int) else f"{key:24}{value}")


@app.command()
def query(
    index: Name,
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Texts to look up; - for standard input.")],
) -> None:
    """Print what in the index is like a text or one of its passages, a JSON record a match, best first.

    Exit code 0: something was found. 1: nothing.
    """
    import msgspec

    from cleaner import decode
    from cleaner.errors import UsageError
    from cleaner.index import build
    from cleaner.index import query as querying

    texts = {}
    for path in files:
        try:
            data = sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
        except OSError as error:
            raise UsageError(f"{path}: cannot be read ({error.strerror})") from error
        texts[str(path)] = decode.decode(data).text
    store = build.opened(index)
    found = querying.query(store, texts)
    store.close()
    for match in found:
        typer.echo(msgspec.json.encode(match).decode())
    if not found:
        raise typer.Exit(1)


@app.command()
def remove(
    index: Name, ids: Annotated[list[str], typer.Argument(metavar="ID...", help="Ids of the documents to take out.")]
) -> None:
    """Take documents out of an index.

    Exit code 0: all were there. 1: some were not.
    """
    from cleaner.index import build

    store = build.opened(index)
    with store:
        known = store.rows(ids)
        count = store.remove(ids)
    store.close()
    typer.echo(f"{count} of {len(ids)} documents removed")
    for name in ids:
        if name not in known:
            typer.echo(f"not in the index: {name}", err=True)
    if len(known) < len(set(ids)):
        raise typer.Exit(1)
