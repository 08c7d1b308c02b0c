"""HTML pages: bytes to lines, with what the markup says about each line. Written as text files."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cleaner import decode
from cleaner.decode import DETECTED, DecodeOptions
from cleaner.features.elements import Marks
from cleaner.features.markup import Hints, measure
from cleaner.formats.shared.places import LineIndex, Place, VisibleText
from cleaner.formats.text import TextFiles
from cleaner.model import Span
from cleaner.options import PageOptions
from cleaner.text import seams

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    import numpy as np
    from numpy.typing import NDArray
    from selectolax.lexbor import LexborHTMLParser

    from cleaner.decode import DecodedText
    from cleaner.formats.base import Record
    from cleaner.formats.html_lines import PageLines
    from cleaner.formats.metadata.model import Metadata
    from cleaner.model import Cleaned
    from cleaner.options import CleanOptions
    from cleaner.pipeline import PageHints


class HtmlFiles(TextFiles):
    """Pages, a document each."""

    name = "html"
    suffixes = (".html", ".htm", ".xhtml", ".shtml")
    output_suffix = ".txt"
    is_verbatim = False
    is_written = False
    editable = False

    def decode(self, record: Record, options: DecodeOptions = DETECTED) -> tuple[DecodedText, Hints | None]:
        """Read the lines of a page."""
        markup = decode.decode(record.data, record.charset or None, options.encoding_of(record.file), options.damaged)
        page = parse_page(markup.text, with_structure=options.structure)
        return (
            decode.DecodedText(page.text, markup.encoding, exact=False, damage=markup.damage, lines=markup.lines),
            page.hints,
        )

    def source_text(self, record: Record, document: DecodedText) -> str:
        """Return the markup that a page's text was taken from."""
        return decode.decode_leniently(record.data, document.encoding)

    def locate(self, record: Record, document: DecodedText, spans: Sequence[Span]) -> list[Place]:
        """Return lines and columns of the markup."""
        markup = self.source_text(record, document)
        source_lines, text_lines = LineIndex(markup), LineIndex(document.text)
        line_spans = VisibleText(markup).line_spans(document.text)
        places = []
        for span in spans:
            inner = text_lines.place(span)
            first, last = line_spans[inner.line - 1], line_spans[inner.end_line - 1]
            places.append(source_lines.place(Span(first.start, max(first.stop, last.stop))))
        return places


FORMAT = HtmlFiles()


@dataclass(frozen=True)
class Page:
    """A page as text, one block-level element a line.

    `hints` has a row for each non-blank line of `text`; `source`: the markup, where it was decoded from bytes.
    """

    text: str
    title: str
    hints: Hints
    source: DecodedText | None = None


def read_page(
    data: bytes, charset: str | None = None, encoding: str | None = None, *, with_structure: bool = False
) -> Page:
    """Read a page's bytes.

    Args:
        data: the page as it was fetched.
        charset: the one that HTTP names; the page's own declaration is looked for without it.
        encoding: decode with this and nothing else.
        with_structure: as for `parse_page`.

    Raises:
        DecodeError: as `cleaner.decode.decode` does.
    """
    source = decode.decode(data, declaration=charset, encoding=encoding)
    page = parse_page(source.text, with_structure=with_structure)
    return Page(page.text, page.title, page.hints, source)


def parse_page(markup: str, *, with_structure: bool = False) -> Page:
    """Read a page that is decoded already. Broken markup is read as browsers do.

    Args:
        markup: the page.
        with_structure: whether the hints are `StructuredHints`, by which the page can be written as Markdown.

    Raises:
        DecodeError: more elements are open at once than are read.
    """
    from cleaner.formats.pages import unseen

    tree, lines = _read_tree(markup, with_structure=with_structure)
    if whole_page := unseen.show_unseen(tree, markup, lines.texts):
        tree, lines = _read_tree(whole_page, with_structure=with_structure)
    title_node = tree.css_first("title")
    title = " ".join(title_node.text().split()) if title_node else ""
    hints = lines.complete(replace(measure(lines.texts, _marks(lines, title)), elements=lines.elements))
    return Page("\n".join((*lines.texts, "")), title, hints)


def _read_tree(markup: str, *, with_structure: bool = False) -> tuple[LexborHTMLParser, PageLines]:
    from cleaner.formats import html_lines
    from cleaner.formats.pages import bounds, formulas

    bounds.refuse_depth(markup)
    tree = _parse(markup)
    formulas.replace_formulas(tree, markup)
    lines = _structured_lines(tree) if with_structure else html_lines.PageLines()
    if tree.body:
        html_lines.read_lines(tree.body, lines)
    return tree, lines


def read_metadata(markup: str, address: str = "") -> Metadata:
    """Read what a page says of itself: title, author, date and the like, each with where it stood.

    Args:
        markup: the page.
        address: where it is from, where that is known.

    Raises:
        DecodeError: as for `parse_page`.
    """
    from cleaner.formats.metadata import reading

    tree, lines = _read_tree(markup)
    return reading.read_metadata(tree, lines.texts, address)


def describe_page(markup: str, address: str = "") -> Mapping[str, Any]:
    """Return what `read_metadata` reads as plain data, and under `from` where each value stood."""
    from cleaner.formats.metadata import model

    return model.as_plain(read_metadata(markup, address))


def write_page(cleaned: Cleaned, hints: PageHints, options: CleanOptions) -> Cleaned:
    """Write the clean text of a page, or of fields with pages, as the options say."""
    if not isinstance(options, PageOptions) or options.text_format == "plain":
        return cleaned
    from cleaner.formats.structure import render

    return render.render(cleaned, hints, options.links)


def read_fields(
    record: Record, options: DecodeOptions = DETECTED
) -> tuple[DecodedText, Hints | tuple[Hints | None, ...] | None]:
    """Read those texts of a record that are pages; all others stay as they are."""
    texts = record.split(record.text)
    hints: list[Hints | None] = [None] * len(texts)
    for index in record.pages:
        page = parse_page(texts[index], with_structure=options.structure)
        # a seam is told by a sign that no markup holds, but an entity may stand for it
        texts[index] = page.text.replace(seams.SIGN, " ") if record.seam else page.text
        hints[index] = page.hints
    decoded = decode.DecodedText(record.seam.join(texts), record.encoding, exact=False)
    return decoded, tuple(hints) if record.seam else hints[0]


def _parse(markup: str) -> LexborHTMLParser:
    from selectolax.lexbor import LexborDocumentOptions, LexborHTMLParser

    return LexborHTMLParser(markup.encode("utf-8", "replace"), options=LexborDocumentOptions.WO_EVENTS)


def _structured_lines(tree: LexborHTMLParser) -> PageLines:
    from cleaner.formats.structure.reading import StructuredLines

    base = tree.css_first("base[href]")
    return StructuredLines(base.attributes.get("href") or "" if base else "")


def _marks(lines: PageLines, title: str) -> Marks:
    import numpy as np

    def array(column: list[int]) -> NDArray[np.int64]:
        return np.array(column, dtype=np.int64)

    return Marks(
        links=array(lines.links),
        kinds=array(lines.kinds),
        inline=array(lines.inline),
        owners=array(lines.owners),
        parents=array(lines.parents),
        places=array(lines.places),
        firsts=array(lines.firsts),
        stops=array(lines.stops),
        title=title,
    )
