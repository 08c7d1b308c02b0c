"""`cleaner rules`: one file a command, imported when the command is called."""

from __future__ import annotations

import typer

from cleaner.cli.terminal.group import LazyCommand, LazyGroup

COMMANDS = {
    "list": LazyCommand("cleaner.cli.rules.list", "List packs and their rules: weight, action, fix, id, and why."),
    "show": LazyCommand("cleaner.cli.rules.show", "Show one rule: why it is there, what it matches, its cases."),
    "test": LazyCommand("cleaner.cli.rules.test", "Run the cases of all rules."),
    "new": LazyCommand("cleaner.cli.rules.new", "Begin a rule in a pack file, with cases to edit and test."),
    "format": LazyCommand("cleaner.cli.rules.format", "Lay out packs for readable diffs."),
    "diff": LazyCommand(
        "cleaner.cli.rules.diff", "Show the lines whose verdict differs between two versions of a pack, by rule."
    ),
    "export": LazyCommand(
        "cleaner.cli.rules.export", "Print a pack for pipelines that aren't Python, or as a page to read."
    ),
    "schema": LazyCommand(
        "cleaner.cli.rules.schema", "Print the JSON Schema of pack files, for editors that check TOML."
    ),
    "tune": LazyCommand(
        "cleaner.cli.rules.tune", "Refit the judge on labelled pages and write a model that a pack can name."
    ),
}
"""All commands with the first line of their help; a test compares the two."""


class _Group(LazyGroup):
    """The commands of `cleaner rules`."""

    table = COMMANDS


app = typer.Typer(
    cls=_Group,
    help="List, show, test, write and compare rules.",
    no_args_is_help=True,
    rich_markup_mode=None,
    add_completion=False,
)


@app.callback()
def rules() -> None:
    """List, show, test, write and compare rules."""
