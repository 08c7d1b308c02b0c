"""Rules that are reported, by patterns of their ids and of paths."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache

from msgspec import Struct

from cleaner.errors import UsageError, did_you_mean
from cleaner.formats.storage.globs import compile_globs
from cleaner.packs import builtin
from cleaner.suppressions import comments
from cleaner.suppressions.comments import matches


class Selection(Struct, frozen=True):
    """Patterns of rules to report: ids, their beginnings up to a slash, or globs.

    `select`: only these; where it is empty, all but the built-in rules that are off by default. `ignore`: not these.
    `per_file`: globs of paths, each with what is ignored there.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    per_file: Mapping[str, tuple[str, ...]] = {}

    def selects(self, rule: str, path: str = "") -> bool:
        """Whether findings of a rule in a file are reported."""
        is_selected = any(matches(rule, pattern) for pattern in self.select) if self.select else _is_on(rule)
        patterns = [pattern for glob, rules in self.per_file.items() if path_fits(path, glob) for pattern in rules]
        return is_selected and not any(matches(rule, pattern) for pattern in (*self.ignore, *patterns))

    def refuse_unknown(self, rules: Collection[str]) -> None:
        """Check all patterns. UsageError where one names none of `rules`."""
        patterns = (*self.select, *self.ignore, *(pattern for ignore in self.per_file.values() for pattern in ignore))
        for pattern in patterns:
            if not any(matches(rule, pattern) for rule in rules):
                nearest = did_you_mean(pattern, _names(rules))
                raise UsageError(f"{pattern}: no such rule or category{nearest}; 'cleaner rules list' shows the ids")


def _is_on(rule: str) -> bool:
    """Whether a rule is reported without being selected."""
    return rule not in builtin.RULES or builtin.RULES[rule].default == "on"


def _names(rules: Iterable[str]) -> set[str]:
    """List all that a pattern may be: ids, their beginnings up to a slash, and categories of packs' rules."""
    names = set()
    for rule in rules:
        parts = rule.split("/")
        names |= {"/".join(parts[:count]) for count in range(1, len(parts) + 1)} | {comments.category(rule)}
    return names - {""}


def path_fits(path: str, *globs: str) -> bool:
    """Whether a path, its name, or a folder above it fits one of some globs."""
    return _fits(path, globs)


@lru_cache(maxsize=1 << 12)
def _fits(path: str, globs: tuple[str, ...]) -> bool:
    """Answer for a path, as it is asked for each finding in a file."""
    names = path.removeprefix("./").split("/")
    folders = ("/".join(names[:count]) for count in range(1, len(names) + 1))
    fits_folder = compile_globs(tuple(glob.rstrip("/") for glob in globs))
    return bool(compile_globs(globs)(names[-1])) or any(map(fits_folder, folders))
