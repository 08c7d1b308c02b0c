"""The options of cleaning and of finding duplicates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from msgspec import Struct

if TYPE_CHECKING:
    pass


Script = Literal["simplified", "keep", "traditional", "tw", "hk"]


Punctuation = Literal["auto", "keep", "cjk", "ascii"]


NoArticle = Literal["keep", "drop"]


class CleanOptions(Struct, frozen=True):
    """What cleaning may do. The defaults are safe for Chinese web text; what is off can destroy meaning.

    `no_article`: whether a document flagged as holding no article keeps what the rules leave of it, or is emptied.
    `max_loss`: the share of a document's characters, blanks aside, whose removal is flagged as a heavy loss.
    """

    script: Script = "simplified"
    punctuation: Punctuation = "auto"
    overlay: bool = True
    cross: bool = False
    unicode_escapes: bool = False
    percent: bool = False
    pinyin: bool = False
    no_article: NoArticle = "keep"
    max_loss: float = 0.9
