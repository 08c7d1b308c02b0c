"""A job of finding near-duplicates: what is compared, how, and what is written."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal, NamedTuple

import msgspec

from cleaner.corpus.plan import own_format, targets
from cleaner.corpus.run import refuse_existing
from cleaner.dedup.references.evaluation import Evaluation
from cleaner.errors import UsageError
from cleaner.formats import registry
from cleaner.formats.base import Format, Reading, Source
from cleaner.formats.storage.folders import SkippedFile
from cleaner.local.resume import file_stamp
from cleaner.options import DedupOptions

Action = Literal["flag", "drop"]
PAIRS, CLUSTERS, SPANS = "duplicates.jsonl", "clusters.jsonl", "spans.jsonl"
CONTAMINATION = "contamination.jsonl"
FOLDER = "_dedup"
"""The folder inside an output that holds the checkpoints of an unfinished run."""


class DedupJob(NamedTuple):
    """All that a worker needs to know, and all that decides what comes out.

    `action`: whether the corpus is also written without its copies. `index_name`: the stored index that documents are
    compared with and added to, or None. `skipped`: what was left out before the run. `evaluation`: the questions that
    are looked for instead of copies, or None.
    """

    sources: tuple[Source, ...]
    options: DedupOptions
    reading: Reading
    action: Action
    version: str
    index_name: str | None = None
    skipped: tuple[SkippedFile, ...] = ()
    evaluation: Evaluation | None = None

    @property
    def folder_name(self) -> str:
        """The name of the run's own folder inside the output."""
        return FOLDER

    @property
    def size(self) -> int:
        """Bytes of all sources as stored."""
        return sum(source.size for source in self.sources)

    def format(self, source: Source) -> Format:
        """Return the format of a source."""
        return own_format(source)

    @property
    def outputs(self) -> tuple[str, ...]:
        """Outputs relative to the output folder."""
        return (*self.reports, *(targets(self.sources) if self.action == "drop" else ()))

    @property
    def reports(self) -> tuple[str, ...]:
        """Files of what is found, relative to the output folder."""
        if self.evaluation:
            return (CONTAMINATION,)
        return (PAIRS, CLUSTERS, SPANS) if self.options.has_spans else (PAIRS, CLUSTERS)

    def identity(self) -> dict[str, Any]:
        """Return what must be equal for a run to be resumed, as plain data."""
        return {
            "cleaner": self.version,
            "options": msgspec.to_builtins(self.options),
            "action": self.action,
            "index": self.index_name,
            **({"against": self._evaluation_identity(self.evaluation)} if self.evaluation else {}),
            "reading": msgspec.to_builtins(self.reading),
            "inputs": {str(file.path): file_stamp(file.path) for source in self.sources for file in source.files},
        }

    @staticmethod
    def _evaluation_identity(evaluation: Evaluation) -> dict[str, Any]:
        file = {str(evaluation.path): file_stamp(evaluation.path)}
        return {"file": file, "field": evaluation.field, "containment": evaluation.threshold}

    def refusal(self, output: Path) -> str:
        """Say why a new run would overwrite something; empty where it would not."""
        return refuse_existing(output, self.outputs)

    def with_least_reading(self) -> DedupJob:
        """Return the job with no more read of records than it needs."""
        needs_fields = self.options.keep not in ("longest", "first", "cleanest") or self.index_name is not None
        texts_only = self.action == "flag" and not needs_fields
        return self._replace(reading=msgspec.structs.replace(self.reading, texts_only=texts_only))

    def require_writable(self, output: Path) -> None:
        """Refuse to drop copies from what cannot be written, or where an input or a result would be replaced.

        Raises:
            UsageError: names the first such file.
        """
        if self.action == "flag":
            return
        for source in self.sources:
            if path := _unwritable(source):
                raise UsageError(
                    f"{path}: {path.suffix} is read but not written, so its copies cannot be dropped; "
                    "leave --action drop away, or clean it first with: cleaner clean --dedup drop"
                )
            for target, path in _outputs(source):
                is_input = (output / target).exists() and (output / target).samefile(path)
                if is_input or target in self.reports:
                    raise UsageError(f"{output / target} would replace an input or a result; choose another --output")


def _unwritable(source: Source) -> Path | None:
    """Return the first file of a source in a format that is not written."""
    return next((file.path for file in source.files if not registry.BY_NAME[file.kind].is_written), None)


def _outputs(source: Source) -> list[tuple[str, Path]]:
    if source.target:
        return [(source.target, source.path)]
    return [(file.target, file.path) for file in source.files]
