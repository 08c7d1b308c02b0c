"""Inputs and output of a command as local paths: URLs through copies, standard input through a file."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory, gettempdir

from cleaner.errors import UsageError
from cleaner.formats.registry import GLOBS
from cleaner.formats.storage import files, remote
from cleaner.formats.storage.folders import MANIFEST, RUN_FOLDER

SPOOL = "inputs"
"""The folder in `_cleaner` that holds inputs fetched for a run, until it is finished."""


@contextmanager
def local(
    inputs: list[str],
    output: str | None,
    include: tuple[str, ...],
    force: bool,
    marker: str = f"{RUN_FOLDER}/{MANIFEST}",
) -> Iterator[tuple[list[str], Path]]:
    """Give inputs and output local paths while the block runs; without an output, a temporary folder.

    Args:
        inputs: paths, URLs and `-`.
        output: a path or URL.
        include: names that folders are searched for.
        force: write over an output at a URL.
        marker: a file that an output at a URL has.

    Raises:
        UsageError: nothing is at a URL, or an output is there already.
    """
    url = output if output and remote.is_url(output) else None
    if url and not force and remote.exists(f"{url.rstrip('/')}/{marker}"):
        raise UsageError(f"{url} holds an output; choose another --output or give --force to overwrite")
    with ExitStack() as stack:
        if url:
            folder = Path(gettempdir()) / f"cleaner-{sha256(url.encode()).hexdigest()[:16]}"
        else:
            folder = Path(output or stack.enter_context(TemporaryDirectory(prefix="cleaner-")))
        spool = folder / RUN_FOLDER / SPOOL
        yield [_fetch(name, spool, include) for name in inputs], folder
        if url:
            remote.send(folder, url, SPOOL)
            rmtree(folder)
        elif spool.exists():
            rmtree(spool)
            with suppress(OSError):  # others write there too
                spool.parent.rmdir()


def check_quarantine(folder: str | None, inputs: list[str], output: str | None) -> None:
    """Raise UsageError for a folder that is a URL, the output itself, or would be among the inputs of another run."""
    if not folder:
        return
    if remote.is_url(folder):
        raise UsageError(f"--quarantine {folder}: give a local folder")
    require_folder("--quarantine", Path(folder))
    path = Path(folder).resolve()
    if output and path == Path(output).resolve():
        raise UsageError(f"--quarantine {folder}: that is the output; give another folder")
    if output and path.is_relative_to(Path(output).resolve()):
        return
    for name in inputs:
        if Path(name).is_dir() and path.is_relative_to(Path(name).resolve()):
            raise UsageError(f"--quarantine {folder}: inside {name}, which is read; give a folder elsewhere")


def require_folder(option: str, path: Path) -> None:
    """Raise UsageError for a folder that cannot be made, or not be written to."""
    parent = path.absolute()
    while not os.path.lexists(parent):
        parent = parent.parent
    if not parent.is_dir():
        raise UsageError(f"{option} {path}: {parent} is a file; give a folder")
    if not os.access(parent, os.W_OK | os.X_OK):
        raise UsageError(f"{option} {path}: {parent} cannot be written; give another folder")


def check_output(output: str | None, *, update: bool, dry_run: bool) -> None:
    """Raise UsageError where there is no output, it cannot be written, or it cannot be brought up to date."""
    if output is None and not dry_run:
        raise UsageError("no --output DIR given; say where clean files go, or use --dry-run")
    if output and not remote.is_url(output):
        require_folder("--output", Path(output))
    if update and (dry_run or not output or remote.is_url(output)):
        raise UsageError("--update needs --output DIR, a local folder, and no --dry-run")


def _fetch(name: str, spool: Path, include: tuple[str, ...]) -> str:
    if name == "-":
        return str(_save_stdin(spool))
    if not remote.is_url(name) and RUN_FOLDER in Path(name).parts:
        raise UsageError(f"{name}: {RUN_FOLDER} is a run's own folder and never read; name the output folder")
    return str(remote.fetch(name, spool, include or GLOBS)) if remote.is_url(name) else name


def _save_stdin(spool: Path) -> Path:
    """Save standard input under a name made of its content, so that a run can be resumed with the same content."""
    data = sys.stdin.buffer.read()
    path = spool / sha256(data).hexdigest()[:16] / "stdin.txt"
    if not path.exists():
        files.write_bytes(path, data)
    return path


def explain_no_documents(inputs: Sequence[str], output: Path | None, include: Sequence[str]) -> str:
    """Say why there is nothing to read: the folder that is written to is not searched, and others by patterns alone."""
    if output and any(Path(name).resolve() == output.resolve() for name in inputs):
        return (
            f"{output} is the output too, which is not searched: name another, or the files that are to be overwritten"
        )
    return f"no documents in {', '.join(inputs)}; folders are searched for {' '.join(include or GLOBS)}"
