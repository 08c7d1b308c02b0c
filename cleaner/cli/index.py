"""`cleaner index`: look into a stored index of documents, query it, take documents out."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import msgspec
import typer

from cleaner.cli.reading.options import (
    DamagedOption,
    EncodingOption,
    FieldFormatOption,
    FieldOption,
    IdOption,
    InputFormatOption,
    decode_options,
    reading_options,
)
from cleaner.corpus.reading import ReadRecord, read_source
from cleaner.errors import UsageError
from cleaner.formats import registry
from cleaner.formats.base import Reading
from cleaner.formats.storage.regular import open_regular
from cleaner.index import build
from cleaner.index import query as querying
from cleaner.index.guarded import explained
from cleaner.text.printable import make_encodable, make_printable

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
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="Files to look up, in any format; - for standard input.")
    ],
    field: FieldOption = None,
    id_field: IdOption = "id",
    field_format: FieldFormatOption = "auto",
    encoding: EncodingOption = None,
    input_format: InputFormatOption = "",
    damaged: DamagedOption = "replace",
) -> None:
    """Print what in an index is like a text or one of its passages, a JSON record a match, best first.

    Records are named by their ids, or FILE:LINE. Exit code 0: there are matches. 1: there are none.
    """
    reading = reading_options(field, id_field, field_format, decode_options(encoding, damaged), input_format)
    texts = dict(_read_texts(files, reading))
    with closing(build.open_store(index)) as store, explained(index):
        matches = querying.query(store, texts)
    for match in matches:
        typer.echo(msgspec.json.encode(match).decode())
    if not matches:
        raise typer.Exit(1)


def _read_texts(files: Iterable[Path], reading: Reading) -> Iterator[tuple[str, str]]:
    """Yield a name that no other has and the text of each record; what cannot be read is said.

    UsageError for a file of which nothing can be read.
    """
    names: set[str] = set()
    with TemporaryDirectory(prefix="cleaner-") as folder:
        for path in files:
            for read in read_source(registry.source_of(_content(path, folder), reading.format), reading):
                if isinstance(read, ReadRecord):
                    line = read.record.line
                    key = read.record.id if line else str(path)
                    name = f"{path}:{line}" if key in names else key
                    names.add(name)
                    yield name, make_encodable(read.document.text)
                elif not read.line:
                    raise UsageError(f"{path}: {read.reason}")
                else:
                    typer.echo(make_printable(f"{path}:{read.line}: {read.reason}"), err=True)


def _content(path: Path, folder: str) -> Path:
    """Return where the content of a file is: that of standard input in a folder. UsageError where it cannot be read."""
    if str(path) == "-":
        path = Path(folder, "stdin")
        path.write_bytes(sys.stdin.buffer.read())
    try:
        with open_regular(path):
            return path
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror})") from error


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
