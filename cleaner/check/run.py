"""One call of the check, from paths to findings."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from cleaner.check import collect, git
from cleaner.check import files as inputs
from cleaner.check.baseline import Baseline
from cleaner.check.collect import Checked, How, Placed
from cleaner.check.files import shown
from cleaner.dedup.pairs import PASSAGE_RULE, TEXT_RULE
from cleaner.errors import UsageError
from cleaner.formats.registry import format_of
from cleaner.formats.streams import COMPRESSIONS


class Asked(NamedTuple):
    """What is checked, and against what.

    `paths`: files and folders; `include`, `exclude`: globs; `force`: leave out what is excluded though it is named.
    `since`: a revision, only lines changed since count. `duplicates`: look for near-duplicates; `repository`: in all
    files of the repository too; `stored`: in that index too.
    """

    paths: Sequence[Path]
    include: Sequence[str]
    exclude: Sequence[str] = ()
    force: bool = False
    since: str = ""
    duplicates: bool = True
    repository: bool = False
    stored: str = ""


class Result(NamedTuple):
    """`files`: the files that were checked. `findings`: in order of file and line."""

    files: list[Path]
    checked: list[Checked]
    findings: list[Placed]


def check(asked: Asked, how: How, accepted: Baseline, today: str) -> Result:
    """Check files. `today` is an ISO date, for what expires. UsageError where the call makes no sense."""
    if strange := how.selection.strangers(how.rules):
        raise UsageError(f"{', '.join(strange)}: no such rule; 'cleaner rules list' shows the ids")
    files = inputs.find(asked.paths, asked.include, asked.exclude, force=asked.force)
    changes = git.changed(asked.since, Path.cwd()) if asked.since else None
    if changes is not None:
        files = [path for path in files if path.resolve() in changes]
    all_kept = _compares(asked, how)
    checked: list[Checked] = []
    found: list[Placed] = []
    for item in collect.check(files, how):
        if isinstance(item, Placed):
            found.append(item)
        elif all_kept or item.found or item.sample.suppressions:
            checked.append(item)
    if all_kept and checked:
        _compare(asked, how, checked)
    rules = how.rules
    for item in checked:
        found += collect.placed(item, rules)
    lines = None if changes is None else {shown(path): _ranges(path, changes) for path in files}
    return Result(files, checked, collect.settled(found, how, lines, accepted, today))


def _ranges(path: Path, changes: git.Changes) -> Sequence[range] | None:
    """The changed lines of a file; None for all, also where its places are no lines of it."""
    has_lines = format_of(path).has_lines and path.suffix not in COMPRESSIONS
    return changes[path.resolve()] if has_lines else None


def _compares(asked: Asked, how: How) -> bool:
    """Whether near-duplicates are looked for; then all texts are held."""
    wanted = any(how.selection.wants(rule) for rule in (TEXT_RULE, PASSAGE_RULE))
    return wanted and bool(asked.duplicates or asked.repository or asked.stored)


def _compare(asked: Asked, how: How, checked: list[Checked]) -> None:
    from cleaner.check import duplicates

    others: list[Checked] = []
    if asked.repository:
        own = {item.sample.path.resolve() for item in checked}
        named = inputs.matching(git.files(Path.cwd()), asked.include, asked.exclude)
        rest = collect.check((path for path in named if path.resolve() not in own), how)
        others = [item for item in rest if isinstance(item, Checked)]
    duplicates.among(checked, others)
    if asked.stored:
        duplicates.with_index(checked, asked.stored)
