"""A check as the command runs it: over files or standard input, with progress, and again over what was fixed."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import NamedTuple

import typer

from cleaner.check import run
from cleaner.check.baseline import Baseline
from cleaner.check.cleaning import CheckSettings
from cleaner.check.fixes import fix as fixing
from cleaner.check.fixes.fix import FixedFile, FixResult
from cleaner.check.run import CheckResult, CheckTarget
from cleaner.cli.checking.settings import today
from cleaner.cli.terminal.console import progress_bar
from cleaner.config import Config
from cleaner.errors import CleanerError, UsageError
from cleaner.formats.storage import files
from cleaner.model import Fix

STDIN = Path("-")
STDIN_NAME = "stdin.txt"
LONG = 4 << 20
"""Bytes from which a check shows its progress."""


@contextmanager
def read_stdin(paths: Sequence[Path], name: str | None) -> Iterator[dict[Path, Path]]:
    """Keep standard input in a file while the block runs: its path by the name; {} where it is not asked for."""
    if STDIN not in paths:
        if name:
            raise UsageError(f"--stdin-filename {name}: it names standard input; give - as the path")
        yield {}
        return
    name = name or STDIN_NAME
    if len(paths) > 1:
        raise UsageError("-: standard input is checked by itself; leave out the other paths")
    with tempfile.TemporaryDirectory() as folder:
        content = Path(folder) / Path(name).name
        content.write_bytes(sys.stdin.buffer.read())
        yield {Path(name): content}


class CheckJob(NamedTuple):
    """A check that may run again over what it fixed."""

    target: CheckTarget
    settings: CheckSettings
    baseline: Baseline
    is_quiet: bool

    def run(self, paths: Sequence[Path] | None = None) -> CheckResult:
        """Check the target, or only some paths; long checks show their progress."""
        target = self.target if paths is None else self.target._replace(paths=paths)
        return run.check_files(target, self.settings, self.baseline, today(), self._show_progress)

    def _show_progress(self, total: int) -> AbstractContextManager[Callable[[int], None]]:
        if self.is_quiet or total < LONG:
            return nullcontext(_ignore)
        return progress_bar(total, quiet=False)

    def fix(self, result: CheckResult, config: Config) -> FixResult:
        """Mend texts in memory, and say which ones not."""
        kinds: tuple[Fix, ...] = ("safe", "unsafe") if config.check.unsafe_fixes else ("safe",)
        rounds = 1 if self.target.since else fixing.MAX_ROUNDS  # as later ones do not know which lines changed
        fixes = fixing.fix_files(result, self.settings, kinds, rounds)
        if not self.is_quiet:
            for name, reason in fixes.refusals.items():
                typer.echo(f"{name}: not fixed: {reason}", err=True)
        return fixes

    def write(self, fixes: FixResult, result: CheckResult) -> CheckResult:
        """Write mended files, and check them again."""
        files.remove_drafts(result.files)
        written: list[FixedFile] = []
        for file in fixes.files:
            try:
                fixing.write(file, self.settings)
                written.append(file)
            except (OSError, CleanerError) as error:
                typer.echo(f"{file.name}: not fixed: {error}", err=True)
        fixes.files[:] = written
        if not written or self.target.compares:
            return self.run() if written else result
        names = {file.name for file in written}
        again = self.run([file.path for file in written])
        findings = [*(item for item in result.findings if item.finding.path not in names), *again.findings]
        return result._replace(findings=sorted(findings, key=lambda item: item.finding.sort_key))


def _ignore(advance: int) -> None:
    """Show nothing."""
