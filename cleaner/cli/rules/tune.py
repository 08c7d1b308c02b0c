"""`cleaner rules tune`: refit what the judge has learned, on labelled pages."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from cleaner.errors import UsageError
from cleaner.formats.storage import files
from cleaner.judging import judge
from cleaner.judging.tuning import fitting, training, trials
from cleaner.judging.tuning.training import LabelledPage
from cleaner.judging.tuning.trials import Trial
from cleaner.packs import registry

app = typer.Typer(rich_markup_mode=None, add_completion=False)

FEW_PAGES, FEW_SITES = 100, 30
"""Pages and sites below which a model learns them by heart."""


@app.command()
def tune(
    gold: Annotated[Path, typer.Option("--gold", metavar="DIR", help="Labelled pages: DIR/docs and DIR/labels.")],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="DIR", help="The folder to write the model into.")],
    pack: Annotated[str, typer.Option("--pack", metavar="NAME|PATH", help="The rules to judge with.")] = "zh-web",
) -> None:
    """Refit the judge on labelled pages and write a model that a pack can name.

    New trees are added to the shipped model's.

    DIR/docs/ID.txt are pages, DIR/labels/ID.json say of each non-blank line: K keep, D drop, M either, X keep in part,
    under `labels`, and the page's `site`. A table shows how models do on sites they were fitted without. A pack uses
    the new model by `[judge] model = "./DIR"`. Needs the extra `tune`.
    """

    pages = list(_pages(gold))
    if not pages:
        raise UsageError(f"{gold}: no labelled pages; expected docs/ID.txt and labels/ID.json in it")
    sites = len({page.site for page in pages})
    if len(pages) < FEW_PAGES or sites < FEW_SITES:
        typer.echo(
            f"warning: {len(pages)} pages of {sites} sites are few: a model learns them by heart; "
            f"label {FEW_PAGES} of {FEW_SITES} or more",
            err=True,
        )
    rules = registry.load_rules(pack)
    prior = judge.parse_model(rules.judge) if rules.judge else None
    try:
        clean = [training.without_junk(page) for page in pages]
        training_set = training.build_training_set([*pages, *clean], rules)
    except ValueError as error:
        raise UsageError(f"{gold}: {error}; label every non-blank line") from None
    typer.echo("\n".join(_table(list(trials.run_trials(training_set, prior)))))
    for name, text in judge.write_model(fitting.fit_model(training_set, prior=prior)).items():
        files.write_bytes(output / name, text.encode())
    typer.echo(f'written to {output}; a pack uses it by [judge] model = "./{output.name}"', err=True)


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
