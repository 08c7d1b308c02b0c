"""Apache Arrow: record batches in, record batches out, as Spark's `mapInArrow` and Arrow readers give and take them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

from cleaner.errors import UsageError
from cleaner.integrations import Cleaning, edits_of, flags_of, needs, text_of

try:
    import pyarrow
except ImportError as error:
    raise needs("pyarrow", "arrow") from error

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cleaner.options import CleanKeywords
    from cleaner.pipeline import Pack

__all__ = ["Clean"]


class Clean:
    """Cleans the column `text` of every batch: `frame.mapInArrow(step, ...)`, `map(step.batch, reader)`.

    `edits`: a column to write what was changed to, as JSON for `cleaner.integrations.restore`; None writes none.
    `flags`: one for the ids of rules that flagged a text, a list of strings. `id`: the column that names a text in a
    warning; None names its number.
    Further arguments as for `Cleaning`. Rows, their order, other columns, types and nulls stay. A row's result does not
    depend on its batch, so that neither partitions nor batch sizes change it. It pickles as data.
    """

    def __init__(
        self,
        text: str = "text",
        *,
        pack: str | Pack = "zh-web",
        edits: str | None = None,
        flags: str | None = None,
        id: str | None = None,  # noqa: A002 - as the column is called
        **options: Unpack[CleanKeywords],
    ) -> None:
        self.text, self.edits, self.flags, self.id = text, edits, flags, id
        self.cleaning = Cleaning(pack, **options)

    def schema(self, given: pyarrow.Schema) -> pyarrow.Schema:
        """The schema that comes out for the one that goes in. UsageError without such a column, or where it is no text.

        Asked before a job begins, it spares finding out in the middle.
        """
        if given.get_field_index(self.text) < 0:
            raise UsageError(f"no column {self.text!r}, or several; there are {', '.join(given.names)}")
        kind = given.field(self.text).type
        if not any(is_text(kind) for is_text in _TEXTS):
            raise UsageError(f"column {self.text!r} holds {kind}, not text; cast it to string first")
        for name, what in ((self.edits, "edits"), (self.flags, "flags")):
            if name in given.names:
                raise UsageError(f"there is a column {name!r} already; name another for the {what}")
        added = [(self.edits, pyarrow.string()), (self.flags, pyarrow.list_(pyarrow.string()))]
        return pyarrow.schema([*given, *(pyarrow.field(name, kind) for name, kind in added if name)], given.metadata)

    def batch(self, given: pyarrow.RecordBatch) -> pyarrow.RecordBatch:
        """One batch."""
        schema = self.schema(given.schema)
        at = given.schema.get_field_index(self.text)
        names = given.column(given.schema.get_field_index(self.id)).to_pylist() if self.id else ()
        results = list(self.cleaning(given.column(at).to_pylist(), names))
        columns = list(given.columns)
        columns[at] = pyarrow.array([text_of(done) for done in results], given.schema.field(at).type)
        if self.edits:
            columns.append(pyarrow.array([edits_of(done) for done in results], pyarrow.string()))
        if self.flags:
            columns.append(pyarrow.array([flags_of(done) for done in results], pyarrow.list_(pyarrow.string())))
        return pyarrow.RecordBatch.from_arrays(columns, schema=schema)

    def __call__(self, batches: Iterable[pyarrow.RecordBatch]) -> Iterator[pyarrow.RecordBatch]:
        """All batches, lazily."""
        return map(self.batch, batches)


_TEXTS = (
    pyarrow.types.is_string,
    pyarrow.types.is_large_string,
    pyarrow.types.is_string_view,
    pyarrow.types.is_null,
)
