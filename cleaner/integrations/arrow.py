"""Apache Arrow: record batches in, record batches out, as Spark's `mapInArrow` and Arrow readers give and take them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

from cleaner.errors import UsageError
from cleaner.integrations import Cleaning, missing_library

try:
    import pyarrow
except ImportError as error:
    raise missing_library("pyarrow", "arrow") from error

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cleaner.integrations import AdapterKeywords
    from cleaner.pipeline import Pack

__all__ = ["CleanBatches"]


class CleanBatches:
    """Clean one column of every record batch: `frame.mapInArrow(step, ...)`, `map(step.batch, reader)`.

    Rows, their order, other columns, types and nulls stay. A row's result does not depend on its batch, so neither
    partitions nor batch sizes change it. It pickles as data.

    Args:
        text: the column to clean.
        pack: a name, a path or a loaded pack.
        edits: a column to add with the edits, as JSON for `cleaner.integrations.restore`; None adds none.
        flags: a column to add with the ids of rules that flagged a text, a list of strings; None adds none.
        id: the column that names a text in a warning; None names its number.
        options: fields of `CleanOptions`; `html=True` where the texts are pages of HTML.
    """

    def __init__(
        self,
        text: str = "text",
        *,
        pack: str | Pack = "zh-web",
        edits: str | None = None,
        flags: str | None = None,
        id: str | None = None,  # noqa: A002 - as the column is called
        **options: Unpack[AdapterKeywords],
    ) -> None:
        self.text, self.edits, self.flags, self.id = text, edits, flags, id
        self.cleaning = Cleaning(pack, **options)

    def schema(self, before: pyarrow.Schema) -> pyarrow.Schema:
        """Derive the schema of the output, before a job begins.

        Raises:
            UsageError: there is no such column, it holds no text, or a column to add is there already.
        """
        if before.get_field_index(self.text) < 0:
            raise UsageError(f"no column {self.text!r}, or several; there are {', '.join(before.names)}")
        kind = before.field(self.text).type
        if not any(is_text(kind) for is_text in _TEXT_TYPES):
            raise UsageError(f"column {self.text!r} holds {kind}, not text; cast it to string first")
        for name, content in ((self.edits, "edits"), (self.flags, "flags")):
            if name in before.names:
                raise UsageError(f"there is a column {name!r} already; name another for the {content}")
        columns = [(self.edits, pyarrow.string()), (self.flags, pyarrow.list_(pyarrow.string()))]
        fields = [pyarrow.field(name, kind) for name, kind in columns if name]
        return pyarrow.schema([*before, *fields], before.metadata)

    def batch(self, batch: pyarrow.RecordBatch) -> pyarrow.RecordBatch:
        """Clean one batch."""
        schema = self.schema(batch.schema)
        index = batch.schema.get_field_index(self.text)
        names = batch.column(batch.schema.get_field_index(self.id)).to_pylist() if self.id else ()
        column = self.cleaning.column(batch.column(index).to_pylist(), names)
        columns = list(batch.columns)
        columns[index] = pyarrow.array(column.texts, batch.schema.field(index).type)
        if self.edits:
            columns.append(pyarrow.array(column.edits, pyarrow.string()))
        if self.flags:
            columns.append(pyarrow.array(column.flags, pyarrow.list_(pyarrow.string())))
        return pyarrow.RecordBatch.from_arrays(columns, schema=schema)

    def __call__(self, batches: Iterable[pyarrow.RecordBatch]) -> Iterator[pyarrow.RecordBatch]:
        """Clean batches lazily."""
        return map(self.batch, batches)


_TEXT_TYPES = (
    pyarrow.types.is_string,
    pyarrow.types.is_large_string,
    pyarrow.types.is_string_view,
    pyarrow.types.is_null,
)
