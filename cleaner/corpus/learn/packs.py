"""The folder of learned packs: a TOML file a host, and what was last written, by which changes of a person are told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from cleaner.corpus.learn.job import PackSummary
from cleaner.errors import UsageError
from cleaner.formats.storage import files
from cleaner.learning.engines import settle_names
from cleaner.learning.pack_text import entries_of, write_pack
from cleaner.learning.revision import PackState, Revision, revise
from cleaner.learning.site_packs import SitePack
from cleaner.packs import loader
from cleaner.packs.testing import run_cases
from cleaner.rules.schema import Table

STATES = "learned.json"
"""The file beside packs that says what was last written."""

States = dict[str, PackState]


class PackFile(NamedTuple):
    """A pack to be written: its name without `.toml`, its text and state, and what is told of it."""

    name: str
    text: str
    state: PackState
    summary: PackSummary


def new_files(packs: Iterable[SitePack], extends: Sequence[str]) -> list[PackFile]:
    """Write packs as texts."""
    return [
        PackFile(pack.id, write_pack(pack, extends), PackState.of(pack), _summarize(pack.host, PackState.of(pack)))
        for pack in packs
    ]


def revised_files(packs: Iterable[SitePack], path: Path, extends: Sequence[str]) -> list[PackFile]:
    """Bring the packs in a folder, or the one in a file, up to date; a folder gets packs of new hosts, too.

    Raises:
        UsageError: there is nothing, or a host's pages are not among those that were read.
    """
    folder, targets = (path, sorted(path.glob("*.toml"))) if path.is_dir() else (path.parent, [path])
    if not targets or not all(target.is_file() for target in targets):
        raise UsageError(f"--update {path}: no pack there; learn one with --output DIR")
    by_id = {pack.id: pack for pack in settle_names(list(packs), list(_read_shared(folder)))}
    states = read_states(folder)
    pack_files = list(_revise_all(targets, states, by_id, folder))
    names = {file.name for file in pack_files}
    others = [pack for pack in by_id.values() if pack.id not in names] if path.is_dir() else []
    if not pack_files and not others:
        raise UsageError(f"--update {path}: nothing was learned of its host from these pages")
    return [*pack_files, *new_files(others, extends)]


def _read_shared(folder: Path) -> Iterator[SitePack]:
    """Read the packs of engines and of frames in a folder, their rules as they stand in the files."""
    for path in sorted([*folder.glob("engine-*.toml"), *folder.glob("frame-*.toml")]):
        pack, rules = (table := msgspec.toml.decode(path.read_bytes(), type=Table)).pack, table.rule
        yield SitePack(pack.id, pack.id, 0, rules, hosts=pack.hosts, frame=pack.frame)


def _revise_all(
    targets: Sequence[Path], states: States, packs: Mapping[str, SitePack], folder: Path
) -> Iterator[PackFile]:
    for target in targets:
        text = target.read_text(encoding="utf-8")
        name = loader.parse_pack(text, str(target)).id
        if name in packs:
            state = states.get(name) or PackState(packs[name].host, 0, {})
            revision = revise(text, state, packs[name])
            yield PackFile(target.stem, revision.text, revision.state, _summarize_revision(revision))


def _summarize(host: str, state: PackState) -> PackSummary:
    counts = {"drop": 0, "flag": 0}
    for rule in state.rules.values():
        counts["flag" if rule.action == "flag" else "drop"] += len(entries_of(rule))
    return PackSummary(host, state.pages, counts["drop"], counts["flag"])


def _summarize_revision(revision: Revision) -> PackSummary:
    summary = _summarize(revision.state.host, revision.state)
    return msgspec.structs.replace(summary, additions=len(revision.additions), removals=len(revision.removals))


def save(pack_files: Sequence[PackFile], folder: Path) -> None:
    """Write packs into a folder, each whole or not at all, after a trial of their cases.

    Raises:
        UsageError: a case of a pack fails, which would be a defect, or the folder cannot be written.
    """
    for file in pack_files:
        pack = loader.check_pack(loader.parse_pack(file.text, f"{file.name}.toml"))
        for failure in run_cases(pack):
            raise UsageError(f"{file.name}.toml: {failure.rule}: {failure.key}: {failure.message}: {failure.text!r}")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file in pack_files:
            files.write_bytes(folder / f"{file.name}.toml", file.text.encode())
        states = {**read_states(folder), **{file.name: file.state for file in pack_files}}
        files.write_bytes(folder / STATES, msgspec.json.format(msgspec.json.encode(states), indent=1))
    except OSError as error:
        raise UsageError(f"{folder}: cannot be written ({error.strerror}); choose another folder") from error


def read_states(folder: Path) -> States:
    """Read what was last written into a folder; nothing where that is not known."""
    try:
        return msgspec.json.decode((folder / STATES).read_bytes(), type=States)
    except OSError:
        return {}
    except msgspec.MsgspecError as error:
        raise UsageError(
            f"{folder / STATES}: damaged ({error}); remove it, and lines taken out may come back"
        ) from None
