"""Inputs and output of a command as local paths: URLs through copies, standard input through a file."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from hashlib import sha256
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory, gettempdir

SPOOL = "inputs"
"""The folder in `_cleaner` that holds inputs fetched for a run, until it is finished."""


@contextmanager
def local(
    inputs: list[str], output: str | None, include: tuple[str, ...], force: bool
) -> Iterator[tuple[list[str], Path]]:
    """Local names of inputs and output while the block runs; without an output, a folder that is thrown away.

    UsageError where nothing is at a URL, or an output is there already.
    """
    from cleaner.errors import UsageError
    from cleaner.formats import remote
    from cleaner.formats.files import RUN_FOLDER

    away = output if output and remote.is_url(output) else None
    if away and not force and remote.exists(f"{away.rstrip('/')}/{RUN_FOLDER}/manifest.json"):
        raise UsageError(f"{away} holds an output; choose another --output or give --force to overwrite")
    with ExitStack() as stack:
        if away:
            folder = Path(gettempdir()) / f"cleaner-{sha256(away.encode()).hexdigest()[:16]}"
        else:
            folder = Path(output or stack.enter_context(TemporaryDirectory(prefix="cleaner-")))
        spool = folder / RUN_FOLDER / SPOOL
        yield [_fetched(name, spool, include) for name in inputs], folder
        if away:
            remote.send(folder, away, SPOOL)
            rmtree(folder)
        elif spool.exists():
            rmtree(spool)


def check_quarantine(folder: str | None, inputs: list[str], output: str | None) -> None:
    """UsageError for a folder that is a URL, the output itself, or would be among the inputs of another run."""
    from cleaner.errors import UsageError
    from cleaner.formats import remote

    if not folder:
        return
    if remote.is_url(folder):
        raise UsageError(f"--quarantine {folder}: give a local folder")
    here = Path(folder).resolve()
    if output and here == Path(output).resolve():
        raise UsageError(f"--quarantine {folder}: that is the output; give another folder")
    inside = output and here.is_relative_to(Path(output).resolve())
    taken = next((name for name in inputs if Path(name).is_dir() and here.is_relative_to(Path(name).resolve())), None)
    if taken and not inside:
        raise UsageError(f"--quarantine {folder}: inside {taken}, which is read; give a folder elsewhere")


def _fetched(name: str, spool: Path, include: tuple[str, ...]) -> str:
    from cleaner.corpus import plan
    from cleaner.formats import remote

    if name == "-":
        return str(_stdin(spool))
    return str(remote.fetch(name, spool, include or plan.INCLUDED)) if remote.is_url(name) else name


def _stdin(spool: Path) -> Path:
    """Standard input as a file, under a name made of its content, so that a run can be resumed with the same one."""
    from cleaner.formats import files

    data = sys.stdin.buffer.read()
    path = spool / sha256(data).hexdigest()[:16] / "stdin.txt"
    if not path.exists():
        files.write_bytes(path, data)
    return path
