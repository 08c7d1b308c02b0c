"""The schema of rule packs: these types read the TOML, and the JSON Schema for editors comes from them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from inspect import cleandoc
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from cleaner.model import Fix, Level

SCHEMA = 1

DROP_SCORE = 1.0
"""The score at which a line is dropped; a rule of this weight decides alone."""

Scope = Literal["line", "span", "block", "document"]
Zone = Literal["anywhere", "head", "body", "tail"]
Action = Literal["drop", "cut", "replace", "join", "flag", "keep"]
Category = Literal[
    "ad",  # advertising, promotion, app and account recruiting
    "artefact",  # left over by markup, players, counters, broken extraction
    "breadcrumb",  # the path to the page
    "byline",  # date, source, author, editor
    "comment-form",  # fields and buttons to write a comment
    "content",  # what a text's author wrote, though it looks like furniture: for rules that keep
    "contact",  # telephone, address, accounts of a company
    "cookie",  # consent
    "docmill",  # the frame of a document-sharing site
    "footer",  # what closes every page of a site
    "forum",  # furniture around posts
    "gambling",  # gambling and adult spam
    "legal",  # copyright, disclaimers, licences, report lines
    "login",  # accounts
    "meta",  # counters, tags, reading time
    "mill",  # sign-offs and announcements of content mills
    "nav",  # menus and site sections
    "pager",  # previous and next, page numbers
    "related",  # heads and entries of link lists
    "seo",  # keyword stuffing
    "share",  # sharing and printing buttons
    "shop",  # carts, prices, orders
    "widget",  # players, calendars, weather, font size
]

PATTERNS = ("match", "unless")
"""Keys of a rule that hold patterns."""


def join_lines(pattern: str) -> str:
    """Join a pattern that is written over several lines: line breaks and the blanks after them do not count."""
    return re.sub(r"(?:^|\n)[ \t]*", "", pattern) if "\n" in pattern else pattern


ELEMENT_PATH = r"^[a-z][\w-]*(#[\w-]+)?(\.[\w-]+)*( > [a-z][\w-]*(#[\w-]+)?(\.[\w-]+)*){0,3}( a)?$"
"""Up to four steps, tag, id and classes of each, the classes sorted; ` a` behind them: only lines that are links."""

Fraction = Annotated[float, Meta(ge=-2.0, le=2.0)]
Host = Annotated[str, Meta(pattern=r"^(\*\.)?[^\s/:*A-Z]+$")]
"""A host in small letters; `*.example.com` stands for all below it."""


class Change(Struct, frozen=True, forbid_unknown_fields=True):
    """A case of a rule that changes part of a text: `before` it and `after` it."""

    before: str
    after: str


def text_of(case: str | Change) -> str:
    """Return the text of a case."""
    return case.before if isinstance(case, Change) else case


class Rule(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """One kind of thing a page holds that its author did not write.

    In a file `id` is `category/name`; a loaded rule has `pack/category/name`. `literals` and `match` are as written
    in the file; the matcher folds script, width and case of both. Without `match`, a rule of scope
    "line" hits a line that consists of its literals, digits, marks and spaces; one of scope "span" hits its literals
    wherever they stand. In `match`, `\\L<literals>` stands for any of the literals. A pattern is tried on lines of at
    most `longest` characters (scope "line") that hold at least `least` literals, the first of them after at most
    `within` characters (None: anywhere; 6 for a rule without `match`). `linear` says that no line makes the pattern
    slow, which is tried when the pack is loaded. Shipped packs run without a time limit, which is a third faster.
    `elements`: in the place of literals, paths of elements of a page of HTML; the rule looks at the lines inside, on
    pages with prose outside them. `hosts`: the rule acts only on documents of these; without any, it has those of its
    pack, or acts on all. `frame`: so it does only on documents that have more than half of these lines.
    """

    id: Annotated[str, Meta(pattern="^[a-z0-9-]+(/[a-z0-9-]+){1,2}$")]
    why: Annotated[str, Meta(min_length=1)]
    category: Category | Literal[""] = ""
    scope: Scope = "line"
    literals: tuple[str, ...] = ()
    elements: tuple[Annotated[str, Meta(pattern=ELEMENT_PATH)], ...] = ()
    match: str = ""
    unless: tuple[str, ...] = ()
    where: Zone = "anywhere"
    action: Action = "drop"
    new: str = ""
    weight: Fraction = 1.0
    least: Annotated[int, Meta(ge=1, le=99)] = 1
    within: Annotated[int, Meta(ge=0, le=2000)] | None = None
    longest: Annotated[int, Meta(ge=1, le=2000)] = 200
    linear: bool = False
    hosts: tuple[Host, ...] = ()
    frame: tuple[str, ...] = ()
    detector: str = ""
    params: Mapping[str, Any] = {}
    drops: tuple[str | Change, ...] = ()
    keeps: tuple[str, ...] = ()

    @property
    def level(self) -> Level:
        """The level of the rule's findings."""
        return "warning" if self.removes else "note"

    @property
    def is_bound(self) -> bool:
        """Whether it acts on some documents alone, told by their host or by their frame."""
        return bool(self.hosts or self.frame)

    @property
    def removes(self) -> bool:
        """Whether it takes something from a text."""
        return self.action not in ("flag", "keep")

    @property
    def matching_cases(self) -> tuple[str | Change, ...]:
        """The cases that the rule hits: its `keeps`, if it keeps lines."""
        return self.keeps if self.action == "keep" else self.drops

    @property
    def other_cases(self) -> tuple[str, ...]:
        """The cases that the rule leaves alone: its `drops`, if it keeps lines."""
        return tuple(map(text_of, self.drops)) if self.action == "keep" else self.keeps

    @property
    def fix(self) -> Fix:
        """Whether a change is safe: the rule decides alone, and by a line's own words.

        What a detector finds hangs on other lines, what the judge weighs on the whole page: those may be mistaken.
        """
        if not self.removes:
            return "none"
        return "safe" if self.weight >= DROP_SCORE and not self.detector else "unsafe"


class Head(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The `[pack]` table. `hosts`, `frame`: those of all its rules that name none themselves."""

    id: Annotated[str, Meta(pattern="^[a-z0-9][a-z0-9-]*$")]
    version: Annotated[str, Meta(pattern=r"^\d+(\.\d+)*([a-z0-9.+-]*)$")]
    title: str
    languages: tuple[str, ...] = ()
    extends: tuple[str, ...] = ()
    requires: str = ""
    hosts: tuple[Host, ...] = ()
    frame: tuple[str, ...] = ()


class JudgeTable(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The `[judge]` table: what the judge has learned.

    `model` is the name of a shipped model or, with a slash, the path of a folder, relative to the pack.
    """

    model: Annotated[str, Meta(min_length=1)]


class JudgeModel(Struct, frozen=True, kw_only=True):
    """What was fitted on labelled pages, as it stands in its files.

    `hash`: sha256 (hex) of both. `phrases` and `trees`: their texts, read by `judging.models`.
    """

    name: str
    hash: str = ""
    phrases: str = ""
    trees: str = ""


class Table(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A whole pack file."""

    schema: Literal[1]
    pack: Head
    rule: tuple[Rule, ...] = ()
    judge: JudgeTable | None = None


class RulePack(Struct, frozen=True, kw_only=True):
    """A loaded pack: its own rules after those of the packs it extends.

    `judge`: what the judge has learned; without it only rules decide. `off`: ids of built-in rules that are switched
    off. `hash`: sha256 (hex) of the canonical content, file layout and comments left out. `source`: the file it came
    from, or "".
    """

    id: str
    version: str
    title: str
    languages: tuple[str, ...] = ()
    extends: tuple[str, ...] = ()
    requires: str = ""
    hosts: tuple[str, ...] = ()
    frame: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()
    judge: JudgeModel | None = None
    off: frozenset[str] = frozenset()
    hash: str = ""
    source: str = ""


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a pack file, for editors that check TOML."""
    return schema_of(Table)


def schema_of(kind: type[Struct]) -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a type, the same from any version of msgspec."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **_normalize_schema(msgspec.json.schema(kind))}


def _normalize_schema(part: Any) -> Any:
    """Set what versions of msgspec differ in: the indent of descriptions, the order of alternatives."""
    if isinstance(part, list):
        return [_normalize_schema(item) for item in part]
    if not isinstance(part, dict):
        return part
    schema = {key: _normalize_schema(value) for key, value in part.items()}
    if isinstance(description := schema.get("description"), str):
        schema["description"] = cleandoc(description)
    if isinstance(options := schema.get("anyOf"), list):
        schema["anyOf"] = sorted(options, key=repr)
    return schema
