"""Files that are no texts of a corpus: licences, build files and the like, told by name and content, left alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from msgspec import Struct

from cleaner.check.selection import path_fits
from cleaner.config import ExemptName
from cleaner.errors import UsageError, did_you_mean
from cleaner.formats.storage.globs import compile_globs
from cleaner.lazy_patterns import lazy_pattern
from cleaner.normalization.punctuation import source_code

HEAD = 4000
"""Characters in which a licence names itself."""
MIN_LINES = 5
"""Lines below which a text's content does not tell a list."""
DISTINCT_SHARE = 0.9
"""Share of the entries of a list of words that occur once."""
MIN_WORDS = 40
"""Entries that a list of words has at least; a page's menus are shorter."""
CODE_SHARE = 0.5
"""Share of statements from which a text without a Chinese sentence is source code; tutorials have sentences."""
HAN_SHARE = 0.1
"""Share of Han characters from which a text only quotes a licence in English."""

_LICENCE = lazy_pattern(
    r"Permission is hereby granted, free of charge|Redistribution and use in source and binary forms"
    r"|GNU (?:\w+ )?GENERAL PUBLIC LICENSE|Apache License\s+Version 2|Mozilla Public License|Eclipse Public License"
    r"|Boost Software License|Creative Commons Legal Code|CC0 1\.0 Universal|SIL OPEN FONT LICENSE"
    r"|This is free and unencumbered software|Licensed under the Apache License"
)
_HAN = lazy_pattern("[\u3400-\u9fff]")
_REQUIREMENT = lazy_pattern(
    r"#.*|-[a-z-]+[ =].*|[A-Za-z0-9._-]+(?:\[[\w, -]+\])?\s*(?:[=<>!~]=?=?\s*[\w.*+!-]+.*|@ .+)?"
)
_PINNED = lazy_pattern("[=<>~!]=")
_ENTRY = lazy_pattern(r"[^\s。！？；，、：|]{1,24}(?:[ \t]+[A-Za-z0-9.+-]{1,12}){0,3}")
_SENTENCE_END = re.compile("[。！？]")
_SCRIPT = lazy_pattern(r"#! ?/|<\?php|%PDF|\\documentclass")


class ExemptKind(Struct, frozen=True):
    """A kind of files that are no texts.

    `names`: globs of names, in lower case. `is_content`: whether a text is of the kind, whatever its name.
    """

    name: ExemptName
    about: str
    names: tuple[str, ...]
    is_content: Callable[[str], bool]


def _is_licence(text: str) -> bool:
    if not _LICENCE.search(text, 0, HEAD):
        return False
    return len(_HAN.findall(text, 0, HEAD)) < HAN_SHARE * len(text[:HEAD])


def _is_requirements(text: str) -> bool:
    if not all(_REQUIREMENT.fullmatch(line) for line in _iterate_lines(text)):
        return False
    lines = list(_iterate_lines(text))
    return len(lines) >= MIN_LINES and sum(map(bool, map(_PINNED.search, lines))) > len(lines) // 2


def _is_words(text: str) -> bool:
    if not all(_ENTRY.fullmatch(line) for line in _iterate_lines(text)):
        return False
    lines = list(_iterate_lines(text))
    return len(lines) >= MIN_WORDS and len(set(lines)) >= DISTINCT_SHARE * len(lines)


def _is_code(text: str) -> bool:
    if _SCRIPT.match(text):
        return True
    if _SENTENCE_END.search(text):
        return False
    lines = list(_iterate_lines(text))
    return len(lines) >= MIN_LINES and sum(map(source_code.is_statement, lines)) >= CODE_SHARE * len(lines)


def _iterate_lines(text: str) -> Iterator[str]:
    """Yield the lines that are not blank, without the white space around them."""
    return filter(None, map(str.strip, text.split("\n")))


_NAMES: dict[ExemptName, str] = {
    "licence": """
        licen[cs]e* *[-_.]licen[cs]e* copying* unlicense* copyright* notice* patents* eula* third[-_]party*
        *thirdparty*notice*
    """,
    "build": """
        cmakelists.txt cmakecache.txt meson*.txt conanfile.txt makefile* dockerfile* jenkinsfile* manifest*.txt
        sources.txt top_level.txt entry_points.txt dependency_links.txt robots.txt *.cmake *.gradle *.mk
    """,
    "requirements": "*requirements*.txt *requirements*.in constraints*.txt packages.txt runtime.txt apt.txt",
    "lock": "*.lock *lock.json *lock.yaml *lock.txt *.sum *sums.txt",
    "words": """
        *stop[-_]words* *stopword* *dict.txt *dict[-_.]*.txt *words.txt *wordlist* vocab*.txt *[-_]vocab.txt
        *lexicon*.txt *.dic *停用词* *词典* *词表* *词库*
    """,
    "code": """
        *.bat *.c *.cc *.cfg *.cpp *.cs *.css *.go *.h *.hpp *.ini *.java *.js *.jsx *.kt *.less *.lua *.m *.php
        *.pl *.proto *.ps1 *.py *.r *.rb *.rs *.scala *.scss *.sh *.sql *.swift *.toml *.ts *.tsx *.vue *.xml *.yaml
        *.yml
    """,
}
"""Globs of file names, in lower case."""


def _kind(name: ExemptName, about: str, is_content: Callable[[str], bool] = lambda text: False) -> ExemptKind:
    return ExemptKind(name, about, tuple(_NAMES[name].split()), is_content)


KINDS = (
    _kind("licence", "licences, notices, patents, terms", _is_licence),
    _kind("build", "what builds, packs or deploys a program"),
    _kind("requirements", "dependencies of a program", _is_requirements),
    _kind("lock", "lock files and checksums"),
    _kind("words", "lists of words: dictionaries, stop words, vocabularies", _is_words),
    _kind("code", "source code and settings of programs, JSON without texts too", _is_code),
)
"""All kinds, the first that fits counts. The table in docs/check.md is made of it."""

SETTINGS: ExemptName = "code"
"""The kind of JSON without texts, beside what its names tell."""
_ANY_NAME = tuple(glob for kind in KINDS for glob in kind.names)
_NONE = "none"
"""What a user writes to exempt no kind."""


class Exemption(Struct, frozen=True):
    """The kinds of files that are left alone. `always`: globs of paths that are checked though they are of a kind."""

    kinds: tuple[str, ...]
    always: tuple[str, ...] = ()

    def refuse_unknown(self) -> None:
        """Check the kinds. UsageError for one that does not exist."""
        names = [*(kind.name for kind in KINDS), _NONE]
        for name in self.kinds:
            if name not in names:
                known = did_you_mean(name, names) or f"; there are {', '.join(names)}"
                raise UsageError(f"exempt {name}: no such kind of files{known}")

    def kind_by_name(self, path: str) -> str:
        """Return the kind that a path, as it is reported, tells; "" for none."""
        name = path.rpartition("/")[2].lower()
        if not compile_globs(_ANY_NAME)(name):
            return ""
        return self._first(path, lambda kind: bool(compile_globs(kind.names)(name)))

    def settings_kind(self, path: str) -> str:
        """Return the kind of a file that holds settings of programs; "" where it is checked all the same."""
        return self._first(path, lambda kind: kind.name == SETTINGS)

    def kind_by_content(self, path: str, text: str) -> str:
        """Return the kind that a file's text tells; "" for none."""
        return self._first(path, lambda kind: kind.is_content(text))

    def _first(self, path: str, fits: Callable[[ExemptKind], bool]) -> str:
        kind = next((kind.name for kind in KINDS if kind.name in self.kinds and fits(kind)), "")
        return "" if kind and path_fits(path, *self.always) else kind
