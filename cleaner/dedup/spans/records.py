"""Records of repeated spans: the place that stays, all that repeat it, and a guess at why they do."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from cleaner.model import Span

Origin = Literal["copy", "syndicated", "template", "licence", "quotation", "fragment"]
CUT_ORIGINS: tuple[Origin, ...] = ("copy", "syndicated")
"""Origins that dropping removes. Templates and licences are for rules, a quotation belongs to what quotes it, and a
fragment holds no whole sentence."""


class SpanPlace(Struct, frozen=True, order=True):
    """A span of a document, in code points."""

    document: str
    span: Span


class RepeatedSpan(Struct, frozen=True, order=True):
    """A text that stands in several places, letter for letter but for width, script, case, blanks and kinds of marks.

    `keeper`: the place that stays. `copies`: the places that repeat it, sorted; whole sentences unless `kind` is
    "fragment" or "quotation". `characters`: its length without blanks. `hosts`: how many hosts have it. `text_hash`:
    the same for the same text, wherever it stands. `kind`: a guess; see `origins.guess_origins`.
    """

    keeper: SpanPlace
    copies: tuple[SpanPlace, ...]
    kind: Origin
    characters: int
    hosts: int
    text_hash: str

    @property
    def cuts(self) -> tuple[SpanPlace, ...]:
        """The places that dropping removes."""
        return self.copies if self.kind in CUT_ORIGINS else ()
