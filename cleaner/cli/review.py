"""`cleaner review`: lines in doubt are asked about, and answers become rules."""

from __future__ import annotations

import sys
import webbrowser
from pathlib import Path
from typing import Annotated

import typer

from cleaner.explain.language import Language
from cleaner.report.page import read_words
from cleaner.report.write import write_report
from cleaner.review.run import Review
from cleaner.review.server import ReviewServer
from cleaner.review.terminal import review_at_terminal
from cleaner.text.printable import make_printable

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command()
def review(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that 'cleaner clean --output' wrote.")],
    pack: Annotated[
        Path,
        typer.Option(
            "--pack", metavar="FILE.toml", help="The pack to write; answers lie beside it, and are gone on with."
        ),
    ] = Path("review.toml"),
    labels: Annotated[
        Path | None,
        typer.Option("--labels", metavar="DIR", help="Write labelled pages there too, for 'cleaner rules tune'."),
    ] = None,
    is_terminal: Annotated[
        bool, typer.Option("--terminal", help="Ask at the terminal instead of in the browser.")
    ] = False,
    port: Annotated[
        int, typer.Option("--port", metavar="N", min=0, max=65535, help="Port of the page; 0: any free one.")
    ] = 0,
    opens: Annotated[bool, typer.Option("--open/--no-open", help="Open the page in the browser.")] = True,
    language: Annotated[Language, typer.Option("--lang", help="Language of the page.")] = "en",
    seed: Annotated[
        int, typer.Option("--seed", metavar="N", min=0, help="Draws the sample; the same one draws the same.")
    ] = 1,
) -> None:
    """Ask about the lines in doubt; answers become rules.

    Shows lines that went or stayed, the most doubtful first: y it is junk, n keep it, s skip, e edit, u undo. A line to
    keep becomes a rule that keeps it, junk that stayed one that drops it, each with its case; every answer shows what
    else it changes in a sample. The page is served on 127.0.0.1 until Ctrl-C. A review that is broken off goes on with
    the same command. The corpus is not touched.
    """
    session = Review(folder, pack, label_folder=labels, seed=seed, language=language)
    if is_terminal:
        review_at_terminal(session, typer.echo, _ask, language)
    else:

        def report() -> str:
            return write_report(folder, language=language, seed=seed)

        with ReviewServer(session, folder.resolve().name, report, language, port) as server:
            typer.echo(f"{server.address}\nCtrl-C ends the review", err=True)
            if opens and sys.stderr.isatty():
                webbrowser.open(server.address)
            try:
                server.serve_forever()
            except KeyboardInterrupt:
                typer.echo("", err=True)
    typer.echo(make_printable(read_words(language)["review_next"].format(pack=pack)), err=True)


def _ask(prompt: str) -> str | None:
    try:
        return input(prompt)
    except (EOFError, KeyboardInterrupt):
        return None
