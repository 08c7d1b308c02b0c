"""`cleaner rules tune`: refit the judge's weights on labelled pages."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from cleaner.errors import UsageError
from cleaner.judging import fitting, training
from cleaner.judging.fitting import Trial
from cleaner.judging.training import LabelledPage
from cleaner.packs import registry

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command()
def tune(
    gold: Annotated[Path, typer.Option("--gold", metavar="DIR", help="Labelled pages: DIR/docs and DIR/labels.")],
    pack: Annotated[str, typer.Option("--pack", metavar="NAME|PATH", help="The rules to judge with.")] = "zh-web",
    weights: Annotated[
        Path | None, typer.Option("--weights", metavar="FILE", help="The pack file to compare with. [default: judge]")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write the diff there. [default: print it]")
    ] = None,
) -> None:
    """Refit the judge's weights on labelled pages and print a diff of them.

    DIR/docs/ID.txt are pages, DIR/labels/ID.json say of each non-blank line: K keep, D drop, M either, X keep in part,
    under `labels`, and the page's `site`. Each site is tried with weights fitted without it; a table shows how they do.
    """
    pages = list(_pages(gold))
    if not pages:
        raise UsageError(f"{gold}: no labelled pages; expected docs/ID.txt and labels/ID.json in it")
    path = weights or Path(registry.load_rules("judge").source)
    try:
        training_set = training.build_training_set(pages, registry.load_rules(pack))
    except ValueError as error:
        raise UsageError(f"{gold}: {error}; label every non-blank line") from None
    trials = list(fitting.run_trials(training_set, [page.site for page in pages]))
    typer.echo("\n".join(_table(trials)))
    old = path.read_text("utf-8")
    new = fitting.write_weights(old, fitting.fit_weights(training_set))
    diff = "".join(difflib.unified_diff(old.splitlines(True), new.splitlines(True), str(path), str(path)))
    if output:
        output.write_text(diff, "utf-8")
    else:
        typer.echo(diff or "no weight changes", nl=False)


def _pages(gold: Path) -> Iterator[LabelledPage]:
    for path in sorted((gold / "labels").glob("*.json")):
        text = gold / "docs" / f"{path.stem}.txt"
        try:
            label_file = json.loads(path.read_text("utf-8"))
            yield LabelledPage(
                path.stem,
                text.read_bytes().decode("utf-8"),
                "".join(label_file["labels"]),
                label_file.get("site", path.stem),
            )
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise UsageError(
                f"{path}: not a labelled page ({error}); it needs `labels`, and {text} beside it"
            ) from None


def _table(trials: list[Trial]) -> Iterator[str]:
    """Write a table of the trials, the worst first, with their total."""
    columns = ("content", "lost_content", "junk", "remaining_junk")
    total = Trial("all", *(sum(getattr(trial, column) for trial in trials) for column in columns))
    yield f"{'site':<32} {'content':>8} {'lost':>7} {'junk':>8} {'left':>7} {'F1':>6}"
    for trial in (*sorted(trials, key=lambda trial: -trial.lost_content - trial.remaining_junk), total):
        content, loss, junk, left = (getattr(trial, column) for column in columns)
        yield f"{trial.group[:32]:<32} {content:>8} {loss:>7} {junk:>8} {left:>7} {100 * trial.f1:>6.1f}"
