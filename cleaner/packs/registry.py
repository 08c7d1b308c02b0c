"""Find packs: shipped ones by name, a user's by path, other distributions' through the entry-point group."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from cleaner.errors import PackError
from cleaner.packs import loader
from cleaner.rules.schema import RulePack
from cleaner.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from cleaner.packs.loader import Override

GROUP = "cleaner.packs"
"""Entry-point group: each name is a pack's id, each object a path to its TOML file, or a function that returns one."""


def load_rules(pack: str | Path, *, overrides: Mapping[str, Override] | None = None) -> RulePack:
    """The pack of this name or path, with the rules of the packs it extends.

    A name is looked up among the shipped packs, then among installed distributions. What ends in `.toml` or names a
    folder part is a path. `overrides`: see `cleaner.packs.loader.override`.
    PackError when there is no such pack, when it is wrong, or when it needs another version of cleaner.
    """
    found = _merge_sources(_sources(str(pack), (), {}))
    return loader.override(found, overrides) if overrides else found


def pack_names() -> tuple[str, ...]:
    """Names of all shipped and installed packs, sorted."""
    return tuple(sorted({*_shipped_packs(), *(point.name for point in metadata.entry_points(group=GROUP))}))


def combine(loaded: Sequence[RulePack]) -> RulePack:
    """Several packs as one, later weights winning; a single pack stays itself."""
    if len(loaded) == 1:
        return loaded[0]
    return loader.merge(loaded, RulePack(id="+".join(pack.id for pack in loaded), version="0", title=""))


def load_family(chosen: Iterable[str]) -> list[RulePack]:
    """Packs and all that they extend, each once and by itself, in order of their ids."""
    found: dict[str, RulePack] = {}
    due = list(chosen)
    while due:
        pack, bases = _load_single(due.pop())
        if pack.id not in found:
            found[pack.id] = pack
            due += bases
    return [found[key] for key in sorted(found)]


def shipped_folder() -> Path:
    """Where the shipped packs are: inside the package in a wheel, beside it in a checkout."""
    package = Path(__file__).parents[1]
    if package.parent.is_file():
        return _unpack(package.parent)
    inside = package / "data" / "packs"
    return inside if any(inside.glob("*.toml")) else package.parent / "rules"


@cache
def _unpack(archive: Path) -> Path:
    """The packs of a package that is imported from a zip, as Spark does, as files."""
    import atexit
    import shutil
    from tempfile import mkdtemp
    from zipfile import ZipFile

    made = Path(mkdtemp(prefix="cleaner-packs-"))
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    with ZipFile(archive) as file:
        for name in file.namelist():
            if name.startswith("cleaner/data/packs/") and name.endswith(".toml"):
                (made / name.rpartition("/")[2]).write_bytes(file.read(name))
    return made


class _Sources(NamedTuple):
    """Files that make one pack: its own in the state it has now, and those of the packs it extends."""

    file: Path
    changed: int
    size: int
    bases: tuple[_Sources, ...]


def _sources(name: str, path: tuple[str, ...], seen: dict[str, _Sources]) -> _Sources:
    """Look at the files of a pack and those it extends; `seen` holds the ones looked at in this call."""
    if name in path:
        raise PackError(f"packs extend each other in a circle: {' → '.join((*path, name))}")
    if name not in seen:
        file = _find(name)
        stamp = _stamp(file)
        bases = _bases(file, _parse_file(file, *stamp))
        seen[name] = _Sources(file, *stamp, tuple(_sources(base, (*path, name), seen) for base in bases))
    return seen[name]


@lru_cache(maxsize=64)
def _merge_sources(sources: _Sources) -> RulePack:
    """Merge a pack with those it extends, once for each state of their files."""
    bases = [_merge_sources(base) for base in sources.bases]
    return loader.merge(bases, _parse_file(sources.file, sources.changed, sources.size))


def _load_single(name: str) -> tuple[RulePack, list[str]]:
    """Read a pack without the packs it extends; return the names of these, or paths of files beside it."""
    source = _find(name)
    pack = _parse_file(source, *_stamp(source))
    return pack, _bases(source, pack)


def _bases(source: Path, pack: RulePack) -> list[str]:
    """Names of the packs that a pack extends, or paths of files beside it."""
    return [base if base in _shipped_packs() else _sibling(source, base) for base in pack.extends]


def _sibling(source: Path, base: str) -> str:
    file = source.parent / f"{base}.toml"
    return str(file) if file.is_file() else base


@lru_cache(maxsize=64)
def _parse_file(source: Path, changed: int, size: int) -> RulePack:
    """A file's own pack, read once for each state of the file. Patterns of shipped packs are tried by the tests."""
    pack = loader.parse_pack(_read(source), str(source))
    _check_version(pack)
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
            made = point.load()
            return Path(str(made() if callable(made) else made))
        except Exception as error:
            where = f"entry point {point.value!r} of {point.dist.name if point.dist else 'a distribution'}"
            raise PackError(f"pack {name!r}: {where} cannot be loaded ({type(error).__name__}: {error})") from error
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


def _packs_in(where: Path) -> Iterator[tuple[str, Path]]:
    """Names and files of packs; TOML of another `kind` lies in the same folder."""
    for file in sorted(where.glob("*.toml")):
        if not _KIND.search(file.read_text(encoding="utf-8").split("\n[", 1)[0]):
            yield file.stem, file


def _check_version(pack: RulePack) -> None:
    for condition in filter(None, (part.strip() for part in pack.requires.split(","))):
        sign, wanted = _condition(condition, pack)
        left, right = _numbers(__version__), _numbers(wanted)
        order = (left > right) - (left < right)
        if not {">=": order >= 0, "<=": order <= 0, ">": order > 0, "<": order < 0, "==": order == 0}[sign]:
            raise PackError(f"{pack.source}: pack: requires: needs cleaner {pack.requires}, this is {__version__}")


def _condition(condition: str, pack: RulePack) -> tuple[str, str]:
    found = re.fullmatch(r"(>=|<=|==|>|<)\s*(\d+(?:\.\d+)*)", condition)
    if not found:
        raise PackError(f"{pack.source}: pack: requires: {condition!r} is not like '>=0.1'")
    return found[1], found[2]


def _numbers(version: str) -> tuple[int, ...]:
    parts = [int(part) for part in re.findall(r"\d+", version.split("+")[0])[:3]]
    return (*parts, *[0] * (3 - len(parts)))
