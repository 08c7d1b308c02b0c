"""Start-up: nothing heavy is imported before a command needs it."""

from __future__ import annotations

import subprocess
import sys

import pytest
import typer

from cleaner.cli import COMMANDS, app, rules
from cleaner.cli.terminal.group import LazyCommand

HEAVY = {"numpy", "ftfy", "opencc", "datasketch", "scipy", "regex", "rich"}


@pytest.mark.parametrize("code", ["import cleaner", "import cleaner.cli"])
def test_importing_brings_nothing_heavy(code: str) -> None:
    program = f"import sys; {code}; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert not HEAVY & set(loaded)


@pytest.mark.slow
@pytest.mark.parametrize("arguments", [["--help"], ["clean", "--help"], ["why", "--help"], ["restore", "--help"]])
def test_help_explains_every_option(arguments: list[str]) -> None:
    command = [sys.executable, "-m", "cleaner", *arguments]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "cleaner" in said
    assert "--help" in said


def test_version_is_printed() -> None:
    command = [sys.executable, "-m", "cleaner", "--version"]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.startswith("cleaner 0.")


def test_help_imports_no_command_and_lists_all() -> None:
    program = "import sys; from cleaner import cli; sys.argv = ['cleaner', '--help']; cli.main()"
    code = f"""
import atexit
atexit.register(lambda: print(*[name for name in sys.modules if name.startswith("cleaner.cli.")]))
{program}
"""
    said = subprocess.run([sys.executable, "-c", f"import sys\n{code}"], capture_output=True, text=True).stdout
    terminal = ["cleaner.cli.terminal", "cleaner.cli.terminal.signals", "cleaner.cli.terminal.group"]
    assert said.splitlines()[-1].split() == terminal
    for name, command in COMMANDS.items():
        assert f"  {name}" in said
        assert command.help in " ".join(said.split())


@pytest.mark.parametrize(
    ("group", "table", "name"),
    [*((app, COMMANDS, name) for name in COMMANDS), *((rules.app, rules.COMMANDS, name) for name in rules.COMMANDS)],
)
def test_the_list_of_commands_agrees_with_their_help(
    group: typer.Typer, table: dict[str, LazyCommand], name: str
) -> None:
    command = typer.main.get_command(group).commands[name]  # type: ignore[attr-defined]
    assert " ".join((command.help or "").split("\n\n")[0].split()) == table[name].help


def test_a_misspelt_command_gets_the_nearest_one() -> None:
    process = subprocess.run([sys.executable, "-m", "cleaner", "claen"], capture_output=True, text=True, check=False)
    assert process.returncode == 2
    assert "'clean'" in process.stderr
