"""The options of cleaning and of finding near-duplicates: each is written here once, and checked here."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import cache
from typing import Annotated, Any, Literal, Self, TypedDict, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Meta, Struct

from cleaner.errors import UsageError, did_you_mean

Script = Literal["simplified", "keep", "traditional", "tw", "hk", "tw-phrases", "hk-phrases", "simplified-phrases"]
Quotes = Literal["auto", "keep", "corner", "curly"]
Punctuation = Literal["auto", "keep", "cjk", "ascii"]
NoArticle = Literal["keep", "drop"]
JudgeSetting = Literal["off", "careful", "normal"]
TextFormat = Literal["plain", "markdown"]
Links = Literal["off", "inline"]
Unit = Literal["document", "passage", "near", "span", "both", "all"]
Share = Annotated[float, Meta(ge=0, le=1, description="a share from 0 to 1")]
Similarity = Annotated[float, Meta(gt=0, le=1, description="a Jaccard similarity above 0 and up to 1, such as 0.8")]
ShingleLength = Annotated[int, Meta(ge=1, description="a whole number of characters, 1 or more")]
SpanLength = Annotated[int, Meta(ge=20, description="a whole number of characters, 20 or more")]
"""Shorter texts are repeated by chance."""
Permutations = Annotated[int, Meta(ge=2, le=1 << 14, description="a whole number from 2 to 16,384")]
"""At least two: a signature is cut into bands, of which each has a row. At most what an item can have 64 kB of."""


class Options(Struct, frozen=True, kw_only=True, rename="kebab"):
    """Base of all options: values are checked whenever an object is made.

    The encoded names are those of configuration files.
    """

    def __post_init__(self) -> None:
        """Raise UsageError for the first value that its option cannot have."""
        for name in self.__struct_fields__:
            convert_value(type(self), name, getattr(self, name))

    @classmethod
    def of(cls, **keywords: Any) -> Self:
        """Build options from keyword arguments.

        Raises:
            UsageError: an option does not exist or cannot have its value; names the option and the nearest one.
        """
        check_names(keywords, cls.__struct_fields__)
        return cls(**{name: convert_value(cls, name, value) for name, value in keywords.items()})

    @classmethod
    def part_of(cls, options: Struct) -> Self:
        """Take these options from a Struct that has them all."""
        return cls(**{name: getattr(options, name) for name in cls.__struct_fields__})


class NormalizeOptions(Options, frozen=True, kw_only=True):
    """Choose what normalizing changes. The defaults are safe for Chinese web text; what is off can destroy meaning.

    Attributes:
        script: the script that texts in the other one are converted to, for "-phrases" with the words of the region;
            "keep" converts none.
        quotes: "auto" gives text that is converted the quotation marks of its new script; "corner" (「」) and "curly"
            (“”) convert all.
        punctuation: "auto" widens punctuation where a text's was flattened to ASCII; "cjk" and "ascii" convert all.
        overlay: whether the package's own corrections are used on top of OpenCC's tables.
        cross: whether Big5 read as GBK and back is repaired too, which can harm rare characters.
        unicode_escapes: whether `\\uXXXX` and `%uXXXX` are decoded.
        percent: whether percent-encoding is decoded.
        pinyin: whether pinyin in brackets after a character is removed.
    """

    script: Script = "simplified"
    quotes: Quotes = "auto"
    punctuation: Punctuation = "auto"
    overlay: bool = True
    cross: bool = False
    unicode_escapes: bool = False
    percent: bool = False
    pinyin: bool = False

    def __post_init__(self) -> None:
        """Raise UsageError also for words of Hong Kong without the overlay, which alone has them."""
        super().__post_init__()
        if self.script == "hk-phrases" and not self.overlay:
            raise UsageError("script 'hk-phrases' needs overlay = true; without it, use 'hk'")


class CleanOptions(NormalizeOptions, frozen=True, kw_only=True):
    """Choose what cleaning changes.

    Attributes:
        judge: how far lines that no rule decides on are judged: "off" leaves them, "careful" drops what is sure where
            several lines are, "normal" what is likely where one is.
        no_article: whether a document flagged as holding no article keeps what the rules leave of it, or is emptied.
        max_loss: the share of a document's characters, blanks aside, whose removal is flagged as a heavy loss.
    """

    judge: JudgeSetting = "normal"
    no_article: NoArticle = "keep"
    max_loss: Share = 0.9


class PageOptions(CleanOptions, frozen=True, kw_only=True):
    """Choose how the text of a page of HTML is written, beside what cleaning changes.

    Attributes:
        text_format: whether lines are written or, as Markdown, the structure of the page with them.
        links: whether Markdown has the targets of links ("inline"), or their texts only.
        metadata: whether what the page says of itself (title, author, date and the like) is read, too.
    """

    text_format: TextFormat = "plain"
    links: Links = "off"
    metadata: bool = False


class DedupOptions(Options, frozen=True, kw_only=True):
    """Choose which texts count as near-duplicates, and which one of them stays.

    Attributes:
        unit: what is found. "document": near-duplicate documents; "passage": near-duplicate passages of documents;
            "near": documents, and passages of the others; "span": repeated spans; "both": near-duplicates and repeated
            spans, each copied text once; "all": all of these, also where one lies in another.
        threshold: the least Jaccard similarity of the sets of character n-grams.
        shingle: the length of the n-grams.
        permutations: the slots of a signature; bands and rows follow from it and the threshold.
        keep: "longest", "first" (by id), "earliest" (field `date`), "cleanest", or a field whose largest number stays.
        chain: whether a chain of pairs makes one cluster; if not, every copy is a pair with its keeper.
        min_span: the least length of a repeated span, in characters without blanks.
    """

    unit: Unit = "near"
    threshold: Similarity = 0.8
    shingle: ShingleLength = 5
    permutations: Permutations = 128
    keep: str = "longest"
    chain: bool = True
    min_span: SpanLength = 50

    @property
    def has_spans(self) -> bool:
        """Whether repeated spans are found."""
        return self.unit in ("span", "both", "all")

    @property
    def has_overlaps(self) -> bool:
        """Whether windows and repeated spans are reported also where they lie in what is reported already."""
        return self.unit == "all"

    def refuse_spans(self, place: str) -> None:
        """Raise UsageError where repeated spans are asked for and cannot be found."""
        if self.has_spans:
            raise UsageError(
                f"unit {self.unit!r}: {place} finds no repeated spans; give near, document or passage, "
                f"or list them with: cleaner dedup INPUT... --unit {self.unit}, without an index, over all documents"
            )

    @property
    def sketch_unit(self) -> str:
        """What is sketched: "document", "passage", "near" for both, or "" for nothing."""
        return {"span": "", "both": "near", "all": "near"}.get(self.unit, self.unit)


class NormalizeKeywords(TypedDict, total=False):
    """Type the keyword arguments that make `NormalizeOptions`, for editors and type checkers."""

    script: Script
    quotes: Quotes
    punctuation: Punctuation
    overlay: bool
    cross: bool
    unicode_escapes: bool
    percent: bool
    pinyin: bool


class CleanKeywords(NormalizeKeywords, total=False):
    """Type the keyword arguments that make `CleanOptions`."""

    judge: JudgeSetting
    no_article: NoArticle
    max_loss: float


class PageKeywords(CleanKeywords, total=False):
    """Type the keyword arguments that make `PageOptions`."""

    text_format: TextFormat
    links: Links
    metadata: bool


class DedupKeywords(TypedDict, total=False):
    """Type the keyword arguments that make `DedupOptions`."""

    unit: Unit
    threshold: float
    shingle: int
    permutations: int
    keep: str
    chain: bool
    min_span: int


def check_names(given_names: Iterable[str], names: Collection[str]) -> None:
    """Raise UsageError for the first given name that is no option's."""
    all_names = f"; there are {', '.join(names)}"
    for name in given_names:
        if name not in names:
            raise UsageError(f"no option {name!r}{did_you_mean(name, names) or all_names}")


def convert_value(kind: type[Struct], name: str, value: Any, label: str = "") -> Any:
    """Convert a value to the type of a field of a Struct.

    Args:
        label: the field's name as the user wrote it, for messages.

    Raises:
        UsageError: the field cannot have this value.
    """
    field_type = _types(kind)[name]
    try:
        return msgspec.convert(value.item() if hasattr(value, "dtype") else value, field_type)  # numpy's numbers, too
    except msgspec.ValidationError as error:
        raise UsageError(f"{label or name}: {_problem(value, field_type) or error}") from None


@cache
def _types(kind: type[Struct]) -> dict[str, Any]:
    return get_type_hints(kind, include_extras=True)


def _problem(value: Any, field_type: Any) -> str:
    """Say why a value is not of a field's type; "" where the type has no words for it."""
    if field_type is bool:
        return f"{value!r} is neither true nor false"
    if field_type is str:
        return f"{value!r} is not text"
    if get_origin(field_type) is Literal:
        choices = get_args(field_type)
        return f"{value!r} is none of {', '.join(choices)}{did_you_mean(value, choices)}"
    words = [limit.description for limit in get_args(field_type) if isinstance(limit, Meta) and limit.description]
    return f"{value!r} is not {words[0]}" if words else ""
