"""Cleaning inside other libraries: one module each, none imported before it is asked for.

All adapters use `Cleaning`: texts in, clean texts out, batch by batch. Their results are those of `cleaner clean
--dedup off`, code point for code point.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import Any, NamedTuple, Unpack

import msgspec

import cleaner
from cleaner import ledger, pipeline
from cleaner.corpus.records import BATCH_CHARACTERS
from cleaner.errors import EditError, RestoreError
from cleaner.formats import html
from cleaner.ledger import LedgerChange
from cleaner.model import Cleaned, Document
from cleaner.options import CleanOptions, PageKeywords, PageOptions
from cleaner.pipeline import Pack
from cleaner.text.batching import batches

__all__ = ["Cleaning", "restore"]


class AdapterKeywords(PageKeywords, total=False):
    """What every adapter takes beside its pack: fields of `CleanOptions`, and whether texts are pages of HTML.

    Those of `PageOptions` are for pages only.
    """

    html: bool


class Cleaning:
    """Clean columns of texts, in order and lazily. It pickles; every process compiles the pack once.

    Args:
        pack: a name, a path or a loaded pack.
        html: whether the texts are pages of HTML, whose text is to be cleaned.
        options: fields of `CleanOptions`, for pages of `PageOptions`.

    Raises:
        PackError: the pack cannot be used.
        UsageError: an option does not exist or cannot have its value.
    """

    def __init__(self, pack: str | Pack = "zh-web", *, html: bool = False, **options: Unpack[PageKeywords]) -> None:
        self.pack = cleaner.load_pack(pack) if isinstance(pack, str) else pack
        self.html = html
        self.options = PageOptions.of(**options) if html else CleanOptions.of(**options)

    def __call__(self, texts: Iterable[str | None], names: Iterable[Any] = ()) -> Iterator[Cleaned | None]:
        """Yield a result for each text, None for None. Batches of about 1,048,576 characters are judged together.

        A text that cannot be cleaned stays as it is, with a warning: one page must not end a job of millions.

        Args:
            names: how warnings call the texts; their numbers, from 0, where there is none.

        Raises:
            TypeError: one is neither text nor None.
        """
        for batch in batches(_documents(texts, names), BATCH_CHARACTERS, _size):
            results = iter(self._clean([document for document in batch if document]))
            for document in batch:
                yield next(results) if document else None

    def column(self, texts: Iterable[str | None], names: Iterable[Any] = ()) -> CleanedColumn:
        """Clean a whole column; arguments as for a call."""
        return CleanedColumn(list(self(texts, names)))

    def _clean(self, batch: Sequence[Document]) -> list[Cleaned]:
        try:
            if self.html:
                return self._clean_pages(batch)
            return pipeline.clean(batch, self.pack, self.options)
        except Exception as error:
            if len(batch) == 1:
                warnings.warn(f"text {batch[0].id} was left as it is: {error}", stacklevel=2)
                return [Cleaned(batch[0], batch[0].text)]
            return [cleaned for document in batch for cleaned in self._clean([document])]

    def _clean_pages(self, batch: Sequence[Document]) -> list[Cleaned]:
        """Clean the texts of pages. DecodeError where one is nested too deep."""
        is_markdown = isinstance(self.options, PageOptions) and self.options.text_format == "markdown"
        pages = [html.parse_page(document.text, with_structure=is_markdown) for document in batch]
        documents = [
            msgspec.structs.replace(document, text=page.text) for document, page in zip(batch, pages, strict=True)
        ]
        results = pipeline.clean(documents, self.pack, self.options, hints=[page.hints for page in pages])
        return [
            html.write_page(cleaned, page.hints, self.options) for cleaned, page in zip(results, pages, strict=True)
        ]


class CleanedColumn(NamedTuple):
    """Hold the results of a column; None stands for None in every list."""

    results: list[Cleaned | None]

    @property
    def texts(self) -> list[str | None]:
        """The clean texts."""
        return [None if cleaned is None else cleaned.text for cleaned in self.results]

    @property
    def edits(self) -> list[str | None]:
        """The edits of each text, see `encode_edits`."""
        return [None if cleaned is None else encode_edits(cleaned) for cleaned in self.results]

    @property
    def flags(self) -> list[list[str] | None]:
        """The ids of the rules that flagged each text, each once, sorted."""
        rules = (None if cleaned is None else {flag.rule for flag in cleaned.flags} for cleaned in self.results)
        return [None if ids is None else sorted(ids) for ids in rules]


def encode_edits(cleaned: Cleaned) -> str:
    """Encode the edits of a text as JSON: the `passes` of the ledger, `[]` for a text that did not change."""
    return msgspec.json.encode(tuple(ledger.list_changes(cleaned.document.text, cleaned.passes))).decode()


def restore(text: str, edits: str) -> str:
    """Rebuild the text before cleaning from the clean one and its edits as JSON.

    Raises:
        RestoreError: the edits are of another text, or the text was altered.
    """
    try:
        passes = msgspec.json.decode(edits, type=tuple[tuple[LedgerChange, ...], ...])
    except msgspec.DecodeError as error:
        raise RestoreError(f"not edits as an adapter writes them: {error}") from error
    try:
        return ledger.undo(text, passes)
    except EditError as error:
        raise RestoreError(f"edits of another text, or the text was altered: {error}") from error


def missing_library(library: str, extra: str) -> ImportError:
    """Make the error to raise where a host library is missing."""
    module = extra.replace("-", "_")
    return ImportError(f"cleaner.integrations.{module} needs {library}: pip install 'webtext-cleaner[{extra}]'")


def _documents(texts: Iterable[str | None], names: Iterable[Any]) -> Iterator[Document | None]:
    for number, (text, name) in enumerate(zip_longest(texts, names)):
        if text is not None and not isinstance(text, str):
            raise TypeError(f"text {number} is {type(text).__name__}, not str; convert the column to text first")
        yield None if text is None else Document(str(number if name is None else name), text)


def _size(document: Document | None) -> int:
    return len(document.text) if document else 0
