"""Find packs: shipped ones by name, a user's by path, other distributions' through the entry-point group."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from cleaner.errors import PackError
from cleaner.packs import loader, requirements
from cleaner.packs.models import read_model
from cleaner.rules.schema import RulePack

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from cleaner.packs.loader import Override

GROUP = "cleaner.packs"
"""Entry-point group: each name is a pack's id, each object a path to its TOML file, or a function that returns one."""

MOST_LEVELS = 50
"""Levels over which packs may extend each other."""


def load_rules(pack: str | Path, *, overrides: Mapping[str, Override] | None = None) -> RulePack:
    """Load a pack with the rules of the packs it extends.

    Args:
        pack: a name, looked up among the shipped packs, then among installed distributions; a path, which ends in
            `.toml` or has a folder part; or a folder: all its packs as one.
        overrides: see `cleaner.packs.loader.override`.

    Raises:
        PackError: there is no such pack, it is wrong, or it needs another version of cleaner.
    """
    rules = combine([_read_again(name) for name in _expand(str(pack))])
    return loader.override(rules, overrides) if overrides else rules


def _read_again(name: str) -> RulePack:
    """Load a pack with those it extends; shipped ones, whose files are known, are looked at only for their state."""
    known = _known_packs.get(name)
    if known and all(_stamp(source.file) == (source.mtime, source.size) for source in known.sources):
        return known.rules
    sources: dict[str, _Source] = {}
    _sources(name, (), sources)
    rules = _merge_sources(tuple(sources.values()))
    if sources.keys() <= _shipped_packs().keys():
        _known_packs[name] = _KnownPack(tuple(sources.values()), rules)
    return rules


def _expand(name: str) -> list[str]:
    """List the files of a folder of packs; the name itself for anything else, and for a known pack."""
    if not Path(name).is_dir() or name in pack_names():
        return [name]
    if not (files := sorted(Path(name).glob("*.toml"))):
        raise PackError(f"{name}: no pack in this folder; a pack is a file that ends in .toml")
    return [str(file) for file in files]


def pack_names() -> tuple[str, ...]:
    """List the names of all shipped and installed packs, sorted."""
    return tuple(sorted({*_shipped_packs(), *(point.name for point in metadata.entry_points(group=GROUP))}))


def combine(packs: Sequence[RulePack]) -> RulePack:
    """Combine several packs into one, later weights winning; a single pack stays itself."""
    if len(packs) == 1:
        return packs[0]
    return loader.merge(packs, RulePack(id="+".join(pack.id for pack in packs), version="0", title=""))


def load_family(names: Iterable[str]) -> list[RulePack]:
    """Load packs and all that they extend, each once and by itself, in order of their ids."""
    packs: dict[str, RulePack] = {}
    pending = [file for name in names for file in _expand(name)]
    while pending:
        pack, bases = _load_single(pending.pop())
        if pack.id not in packs:
            packs[pack.id] = pack
            pending += bases
    return [packs[key] for key in sorted(packs)]


def shipped_folder() -> Path:
    """Find the folder of the shipped packs: inside the package in a wheel, beside it in a checkout."""
    package = Path(__file__).parents[1]
    if package.parent.is_file():
        return _unpack(package.parent)
    in_package = package / "data" / "packs"
    return in_package if any(in_package.glob("*.toml")) else package.parent / "rules"


@cache
def _unpack(archive: Path) -> Path:
    """Unpack the packs of a package that is imported from a zip, as Spark does."""
    import atexit
    import shutil
    from tempfile import mkdtemp
    from zipfile import ZipFile

    folder = Path(mkdtemp(prefix="cleaner-packs-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    with ZipFile(archive) as file:
        for name in file.namelist():
            if name.startswith("cleaner/data/packs/") and name.endswith(".toml"):
                (folder / name.rpartition("/")[2]).write_bytes(file.read(name))
    return folder


class _Source(NamedTuple):
    """A file of a pack in the state it has now, and those of the packs it extends."""

    file: Path
    mtime: int
    size: int
    bases: tuple[Path, ...]


class _KnownPack(NamedTuple):
    """A shipped pack and the files it is made of, as they were when it was read."""

    sources: tuple[_Source, ...]
    rules: RulePack


_known_packs: dict[str, _KnownPack] = {}


def _sources(name: str, path: tuple[str, ...], sources: dict[str, _Source]) -> _Source:
    """Look at the files of a pack and those it extends, and add each once to `sources`, extended ones first."""
    if name in path:
        raise PackError(f"packs extend each other in a circle: {' → '.join((*path, name))}")
    if len(path) > MOST_LEVELS:
        raise PackError(f"pack {path[0]}: packs extend each other over more than {MOST_LEVELS} levels; merge some")
    if name not in sources:
        file = _find(name)
        stamp = _stamp(file)
        bases = _bases(file, _parse_file(file, *stamp))
        sources[name] = _Source(file, *stamp, tuple(_sources(base, (*path, name), sources).file for base in bases))
    return sources[name]


@lru_cache(maxsize=64)
def _merge_sources(sources: tuple[_Source, ...]) -> RulePack:
    """Merge the last of some packs with those it extends, once for each state of their files."""
    packs: dict[Path, RulePack] = {}
    for source in sources:
        pack = _parse_file(source.file, source.mtime, source.size)
        packs[source.file] = loader.merge([packs[base] for base in source.bases], pack)
    return packs[sources[-1].file]


def _load_single(name: str) -> tuple[RulePack, list[str]]:
    """Read a pack without the packs it extends; return the names of these, or paths of files beside it."""
    source = _find(name)
    pack = _parse_file(source, *_stamp(source))
    return pack, _bases(source, pack)


def _bases(source: Path, pack: RulePack) -> list[str]:
    return [name for base in pack.extends for name in resolve_base(source, base)]


def resolve_base(source: Path, base: str) -> list[str]:
    """List the packs that the file of a pack means by a name in `extends`: names, or paths of files.

    It is that of a shipped pack, of a file or a folder beside it, or else what `load_rules` takes.
    """
    file, folder = source.parent / f"{base}.toml", source.parent / base
    if base in _shipped_packs():
        return [base]
    if file.is_file():
        return [str(file)]
    return _expand(str(folder) if folder.is_dir() and base not in pack_names() else base)


@lru_cache(maxsize=64)
def _parse_file(source: Path, mtime: int, size: int) -> RulePack:
    """Parse the pack in a file, once for each state of the file; tests check the patterns of shipped packs."""
    pack = loader.parse_pack(_read(source), str(source))
    requirements.check_version(pack)
    if pack.judge:
        pack = loader.rehash(msgspec.structs.replace(pack, judge=read_model(pack.judge.name, source.parent)))
    return loader.mark_linear(pack) if source.parent == shipped_folder() else loader.check_pack(pack)


def _stamp(source: Path) -> tuple[int, int]:
    try:
        state = source.stat()
    except OSError as error:
        raise PackError(f"pack {source} cannot be read: {error.strerror}") from None
    return state.st_mtime_ns, state.st_size


def _find(name: str) -> Path:
    if name.endswith(".toml") or "/" in name or "\\" in name:
        return Path(name)
    if name in _shipped_packs():
        return _shipped_packs()[name]
    for point in metadata.entry_points(group=GROUP, name=name):
        try:
            target = point.load()
            return Path(str(target() if callable(target) else target))
        except Exception as error:
            origin = f"entry point {point.value!r} of {point.dist.name if point.dist else 'a distribution'}"
            raise PackError(f"pack {name!r}: {origin} cannot be loaded ({type(error).__name__}: {error})") from error
    raise PackError(f"no pack {name!r}; known: {', '.join(pack_names())}. A file is named with its .toml")


def _read(source: Path) -> str:
    try:
        return source.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PackError(f"pack {source} cannot be read: {error}") from None


_KIND = re.compile(r"^kind\s*=", re.MULTILINE)


@lru_cache(maxsize=1)
def _shipped_packs() -> dict[str, Path]:
    return dict(_packs_in(shipped_folder()))


def _packs_in(folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield names and files of packs; TOML of another `kind` lies in the same folder."""
    for file in sorted(folder.glob("*.toml")):
        if not _KIND.search(file.read_text(encoding="utf-8").split("\n[", 1)[0]):
            yield file.stem, file
