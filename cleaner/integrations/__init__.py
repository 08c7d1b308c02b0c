"""Cleaning inside other libraries: one module each, none imported before it is asked for.

What they share is here: a column of texts in, clean texts out, block by block. Their results are those of
`cleaner clean` with near-duplicates left alone (`--dedup off`), code point for code point.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import Any, Unpack

import msgspec

import cleaner
from cleaner import ledger, pipeline
from cleaner.corpus.records import BATCH_CHARACTERS
from cleaner.errors import EditError, RestoreError
from cleaner.ledger import LedgerChange
from cleaner.model import Cleaned, Document
from cleaner.options import CleanKeywords, CleanOptions
from cleaner.pipeline import Pack

__all__ = ["Cleaning", "restore"]


class Cleaning:
    """Texts in, cleaned texts out, in order and lazily. Can be pickled; every process compiles the pack once.

    `pack`: a name, a path or a loaded pack. `options`: the fields of `cleaner.options.CleanOptions`. Raises
    PackError for a pack that cannot be used and UsageError for an option that does not exist or has no such value.
    """

    def __init__(self, pack: str | Pack = "zh-web", **options: Unpack[CleanKeywords]) -> None:
        self.pack = cleaner.load_pack(pack) if isinstance(pack, str) else pack
        self.options = CleanOptions.of(**options)

    def __call__(self, texts: Iterable[str | None], names: Iterable[Any] = ()) -> Iterator[Cleaned | None]:
        """One result a text, None for None. Blocks of about 524,288 characters are judged together.

        A text that cannot be cleaned stays as it is, with a warning that says its name, or its number in `texts` from
        0: one page must not end a job of millions. TypeError for what is neither text nor None.
        """
        for block in _blocks(texts, names):
            results = iter(self._cleaned([document for document in block if document]))
            for document in block:
                yield next(results) if document else None

    def _cleaned(self, block: Sequence[Document]) -> list[Cleaned]:
        try:
            return pipeline.clean(block, self.pack, self.options)
        except Exception as error:
            if len(block) == 1:
                warnings.warn(f"text {block[0].id} was left as it is: {error}", stacklevel=2)
                return [Cleaned(block[0], block[0].text)]
            return [result for document in block for result in self._cleaned([document])]


def text_of(cleaned: Cleaned | None) -> str | None:
    """The clean text; None for None."""
    return None if cleaned is None else cleaned.text


def flags_of(cleaned: Cleaned | None) -> list[str] | None:
    """The ids of the rules that flagged a text, each once, sorted; None for None."""
    return None if cleaned is None else sorted({flag.rule for flag in cleaned.flags})


def edits_of(cleaned: Cleaned | None) -> str | None:
    """What was changed, as JSON: the `passes` of the ledger, `[]` where nothing was; None for None."""
    if cleaned is None:
        return None
    return msgspec.json.encode(tuple(ledger.list_changes(cleaned.document.text, cleaned.passes))).decode()


def restore(text: str, edits: str) -> str:
    """The text before cleaning, from the clean one and its edits as JSON. RestoreError where they do not fit."""
    try:
        passes = msgspec.json.decode(edits, type=tuple[tuple[LedgerChange, ...], ...])
    except msgspec.DecodeError as error:
        raise RestoreError(f"not edits as an adapter writes them: {error}") from error
    try:
        return ledger.undo(text, passes)
    except EditError as error:
        raise RestoreError(f"edits of another text, or the text was altered: {error}") from error


def needs(library: str, extra: str) -> ImportError:
    """The error to raise where a host library is missing."""
    module = extra.replace("-", "_")
    return ImportError(f"cleaner.integrations.{module} needs {library}: pip install 'webtext-cleaner[{extra}]'")


def _blocks(texts: Iterable[str | None], names: Iterable[Any]) -> Iterator[list[Document | None]]:
    held: list[Document | None] = []
    size = 0
    for number, (text, name) in enumerate(zip_longest(texts, names)):
        if text is not None and not isinstance(text, str):
            raise TypeError(f"text {number} is {type(text).__name__}, not str; convert the column to text first")
        held.append(None if text is None else Document(str(number if name is None else name), text))
        size += len(text or "")
        if size >= BATCH_CHARACTERS:
            yield held
            held, size = [], 0
    if held:
        yield held
