"""Which rules are reported where."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase

from msgspec import Struct

from cleaner.check.suppressions import matches
from cleaner.formats.text import MARKDOWN
from cleaner.packs import builtin


class Selection(Struct, frozen=True):
    """Patterns of rules: ids, their beginnings up to a slash, or globs.

    `select`: only these; where it is empty, all but the built-in rules that are off by default. `ignore`: not these.
    `per_file`: globs of paths, each with what is ignored there.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    per_file: Mapping[str, tuple[str, ...]] = {}

    def wants(self, rule: str, path: str = "") -> bool:
        """Whether findings of a rule in a file are reported."""
        ignored = [
            *self.ignore,
            *(rule for glob, rules in self.per_file.items() if is_at(path, glob) for rule in rules),
        ]
        chosen = any(matches(rule, pattern) for pattern in self.select) if self.select else _is_on(rule, path)
        return chosen and not any(matches(rule, pattern) for pattern in ignored)

    def strangers(self, rules: Iterable[str]) -> list[str]:
        """The patterns that name none of `rules`."""
        known = list(rules)
        said = (*self.select, *self.ignore, *(pattern for patterns in self.per_file.values() for pattern in patterns))
        return [pattern for pattern in said if not any(matches(rule, pattern) for rule in known)]


def _is_on(rule: str, path: str) -> bool:
    """Whether a rule is reported in a file without being selected.

    To the judge of places, which knows scraped pages, headings, lists and tables in Markdown look like menus.
    """
    default = builtin.RULES[rule].default if rule in builtin.RULES else "on"
    return default == "on" or (default == "off in Markdown" and not path.endswith(MARKDOWN))


def is_at(path: str, glob: str) -> bool:
    """Whether a path, its name, or a folder above it fits a glob."""
    path = path.removeprefix("./")
    whole = path.split("/")
    folders = ("/".join(whole[:count]) for count in range(1, len(whole) + 1))
    return fnmatchcase(whole[-1], glob) or any(fnmatchcase(folder, glob.rstrip("/")) for folder in folders)
