"""`cleaner report`: a run to look at, in a browser, in a dataset card, or as JSON."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cleaner.errors import UsageError
from cleaner.explain.language import Language
from cleaner.formats.storage import files
from cleaner.formats.storage.folders import RUN_FOLDER
from cleaner.report.write import ReportFormat, write_report
from cleaner.text.printable import make_printable

app = typer.Typer(rich_markup_mode=None, add_completion=False)

PAGE = "report.html"


@app.command()
def report(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that 'cleaner clean --output' wrote.")],
    output: Annotated[
        str,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="Where to write; - for standard output. [default: html: DIR/_cleaner/report.html, others: -]",
        ),
    ] = "",
    kind: Annotated[
        ReportFormat,
        typer.Option(
            "--format",
            help="html: one page that opens from disk; markdown: the block of a dataset card; json: everything.",
        ),
    ] = "html",
    language: Annotated[Language, typer.Option("--lang", help="Language of the report.")] = "en",
    seed: Annotated[
        int, typer.Option("--seed", metavar="N", min=0, help="Draws the samples; the same one draws the same.")
    ] = 1,
    force: Annotated[bool, typer.Option("--force", help="Overwrite a file that exists.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")] = False,
) -> None:
    """Show what a run did: a page for the browser, with texts before and after.

    What was done by rule and host, documents by loss and doubt, ten changes of each rule, near-duplicates aligned,
    and sampled documents side by side, with the reason of every change. The page needs no server and sends nothing.
    """
    text = write_report(folder, kind, language, seed=seed)
    if output == "-" or (not output and kind != "html"):
        typer.echo(text, nl=False)
        return
    path = Path(output) if output else folder / RUN_FOLDER / PAGE
    if output and path.exists() and not force:
        raise UsageError(f"{path} exists; choose another --output or give --force")
    try:
        files.write_bytes(path, text.encode())
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}; choose another --output") from None
    if not quiet:
        typer.echo(make_printable(f"written to {path}; open it in a browser"), err=True)
