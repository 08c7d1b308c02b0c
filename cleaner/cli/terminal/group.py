"""A group of commands that imports a command's module when the command is called, or its own help is shown."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from importlib import import_module
from typing import Any, ClassVar, NamedTuple

import typer
from typer.core import TyperGroup


class LazyCommand(NamedTuple):
    """Tell where a command is, and its line in the list of commands."""

    module: str
    help: str


class _Commands(MutableMapping[str, Any]):
    """Commands by name, each imported when it is asked for; `app` in its module is the command."""

    def __init__(self, table: dict[str, LazyCommand]) -> None:
        self._table = table
        self._cache: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._cache:
            self._cache[name] = typer.main.get_command(import_module(self._table[name].module).app)
            self._cache[name].name = name
        return self._cache[name]

    def __setitem__(self, name: str, command: Any) -> None:
        self._cache[name] = command

    def __delitem__(self, name: str) -> None:
        del self._cache[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._table)

    def __len__(self) -> int:
        return len(self._table)


class LazyGroup(TyperGroup):
    """List commands from the table of a subclass, without importing any."""

    table: ClassVar[dict[str, LazyCommand]]

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands = _Commands(self.table)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the list of commands for `--help`."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, command.help) for name, command in self.table.items()])
