"""The nouns of the project: frozen values, compared by content.

Those there are millions of can hold no circle, and the garbage collector leaves them out (`gc=False`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Literal

from msgspec import Struct

Level = Literal["error", "warning", "note"]
"""The severity of a finding, in the words of SARIF."""

Fix = Literal["safe", "unsafe", "none"]
"""How `check` mends what a rule finds: safely, only where it is asked to, or not at all."""


class BuiltinRule(Struct, frozen=True):
    """A rule that the code itself applies; no pack may use its id.

    `level`: that of its findings. `default`: where `check` reports it unless `--select` names it. `refusal`: why
    `[rules]` cannot switch it off and what to do instead; "" where it can. `fix`: whether its fix keeps the meaning.
    """

    id: str
    why: str
    level: Level = "warning"
    default: Literal["on", "off"] = "on"
    refusal: str = ""
    fix: Fix = "none"

    @property
    def category(self) -> str:
        """The id up to its last slash."""
        return self.id.rpartition("/")[0]


class Span(Struct, frozen=True, order=True, gc=False):
    """A half-open range of code points in one text."""

    start: int
    stop: int


IslandKind = Literal["lines", "heading", "word", "mark"]


class Island(Struct, frozen=True, order=True, gc=False):
    """A part of a text that cleaning leaves as it is.

    `lines`: whole lines, which are not seen; `heading`: whole lines, which are; `word`: its line stays; `mark`: goes
    with its line.
    """

    span: Span
    kind: IslandKind


class Flag(Struct, frozen=True):
    """A remark on a span that changed nothing. `span` lies in the text that was flagged."""

    rule: str
    span: Span
    note: str = ""


class Document(Struct, frozen=True):
    """One text with where it came from.

    `encoding` is the one its bytes were decoded with. `islands`: what cleaning leaves as it is, sorted, none within
    another. `flags`: remarks of reading on the whole of it. `seam`: what stands between the texts of several fields,
    each of which is cleaned by itself; "" where it is one text. `host`: the site it is from, "" where none is known.
    """

    id: str
    text: str
    source: str = ""
    encoding: str = "utf-8"
    meta: Mapping[str, Any] = {}
    islands: tuple[Island, ...] = ()
    flags: tuple[Flag, ...] = ()
    seam: str = ""
    host: str = ""


class Line(Struct, frozen=True, gc=False):
    """One line without its line break. `number` counts from 1, blank lines included."""

    number: int
    span: Span
    text: str


class Evidence(Struct, frozen=True, gc=False):
    """One reason for or against a line: a rule or a feature of its place, with the weight it adds."""

    rule: str
    weight: float
    note: str = ""


class Verdict(Struct, frozen=True, gc=False):
    """The judge's decision on a span. `score` is the sum of its evidence; a line falls at 1.0."""

    rule: str
    span: Span
    action: str
    score: float
    evidence: tuple[Evidence, ...] = ()
    new: str = ""


class Edit(Struct, frozen=True, order=True, gc=False):
    """Replace `span` of a text by `new`, because of `rule`. An empty `new` removes."""

    span: Span
    new: str
    rule: str


Pass = tuple[Edit, ...]


LIKELY_KIND, UNSURE_KIND = 0.7, "unsure"
"""The chance from which a kind is counted as one; what others are counted as."""


class PageKind(Struct, frozen=True):
    """What kind of page a document is likely to be, as `judging.page.kinds` names it; `chance`, 0..1, that it is."""

    name: str
    chance: float

    @property
    def label(self) -> str:
        """The name of a kind that is likely enough to be counted as one; UNSURE_KIND for others."""
        return self.name if self.chance >= LIKELY_KIND else UNSURE_KIND


class Cleaned(Struct, frozen=True):
    """The result for one document. Each pass holds edits against the text that the pass before it left.

    `verdicts`, one tuple a pass, is filled only where an explanation was asked for. `doubt` is 0..1: one minus the F1
    that the judge expects of its own decisions, 0 where only rules acted. `kind`: None where nothing was learned,
    and for a few lines. Notebooks show it by `_repr_html_`, which the package sets: a page needs what is built on this
    module.
    """

    document: Document
    text: str
    passes: tuple[Pass, ...] = ()
    flags: tuple[Flag, ...] = ()
    verdicts: tuple[tuple[Verdict, ...], ...] = ()
    doubt: float = 0.0
    kind: PageKind | None = None
    _repr_html_: ClassVar[Callable[[Cleaned], str] | None] = None

    @property
    def edits(self) -> tuple[Edit, ...]:
        """All edits, in the order they were made; spans refer to the text before their own pass."""
        return tuple(edit for edit_pass in self.passes for edit in edit_pass)


class Passage(Struct, frozen=True):
    """A paragraph-sized unit of a document, compared as one. `number` counts from 1 in its document."""

    document: str
    number: int
    span: Span
    text: str


class Scheme(Struct, frozen=True):
    """The parameters of signatures: only those of equal schemes can be compared."""

    shingle: int = 5
    permutations: int = 128
    bands: int = 16
    rows: int = 8
    seed: int = 1


class Cluster(Struct, frozen=True):
    """Near-duplicates by id: the one that stays, and its copies in order of id."""

    keeper: str
    copies: tuple[str, ...]
