"""A job of cleaning: what is cleaned, how, and how two calls are known to be the same one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from cleaner.config import Config
from cleaner.corpus.plan import own_format, targets
from cleaner.corpus.run import refuse_existing
from cleaner.corpus.update.previous_run import PreviousRun
from cleaner.decode import DecodeOptions
from cleaner.errors import UsageError
from cleaner.formats import convert
from cleaner.formats.base import Format, Reading, Source
from cleaner.formats.storage.folders import MANIFEST, RUN_FOLDER, SkippedFile
from cleaner.local.resume import as_plain, file_stamp
from cleaner.pipeline import Pack

QUARANTINE_LIST = "quarantine.jsonl"


def page_decoding(config: Config, reading: Reading) -> DecodeOptions:
    """Return how records are decoded, and whether the structure of pages is read for what the settings ask for."""
    return msgspec.structs.replace(reading.decoding, structure=config.text_format == "markdown")


def refuse_metadata(sources: Iterable[Source], kind: convert.OutputFormat, config: Config) -> None:
    """Raise UsageError for the first source whose output has no place for what pages say of themselves."""
    for source in sources if config.metadata else ():
        format_ = own_format(source)
        is_text = kind == "text" or (kind == "same" and format_.is_per_file)
        if is_text and config.text_format == "plain":
            raise UsageError(
                "--metadata: plain text has no place for it; give --text-format markdown, or --output-format jsonl"
            )
        if kind == "same" and not (format_.is_per_file or format_.adds_fields):
            raise UsageError(f"--metadata: {source.path} keeps the fields that it has; give --output-format jsonl")


class CleanJob(NamedTuple):
    """All that a worker needs to know, and all that decides what comes out.

    `kind`: the format of the output. `skipped`: what was left out before the run. `quarantine`: where documents go
    that would lose more than the settings allow; None leaves them in the output, flagged. `quarantine_doubt`: the doubt
    from which documents go there too. `updates`: whether what a run before made of the same records is taken over.
    """

    sources: tuple[Source, ...]
    pack: Pack
    config: Config
    reading: Reading
    kind: convert.OutputFormat
    version: str
    skipped: tuple[SkippedFile, ...] = ()
    quarantine: Path | None = None
    quarantine_doubt: float | None = None
    updates: bool = False

    @property
    def folder_name(self) -> str:
        """The name of the run's own folder inside the output."""
        return RUN_FOLDER

    def format(self, source: Source) -> Format:
        """Return the format that a source is read in, writing what the job asks for."""
        return convert.convert_to(self.kind, own_format(source))

    @property
    def decoding(self) -> DecodeOptions:
        """How records are decoded: of pages that become Markdown the structure is read, too."""
        return page_decoding(self.config, self.reading)

    @property
    def size(self) -> int:
        """Bytes of all sources as stored."""
        return sum(source.size for source in self.sources)

    @property
    def targets(self) -> Iterator[str]:
        """Outputs relative to the output folder."""
        return targets(self.sources)

    def describe_formats(self) -> dict[str, Any]:
        """Return how sources are read and written, as plain data."""
        return {"output format": self.kind, **msgspec.to_builtins(self.reading)}

    def identity(self) -> dict[str, Any]:
        """Return what must be equal for a run to be resumed, as plain data."""
        return {
            "cleaner": self.version,
            "pack": self.pack.data.hash,
            "options": {key: value for key, value in msgspec.to_builtins(self.config).items() if key != "check"},
            "reading": msgspec.to_builtins(self.reading),
            "output format": self.kind,
            "quarantine": str(self.quarantine),
            "quarantine doubt": self.quarantine_doubt,
            "inputs": {str(file.path): file_stamp(file.path) for source in self.sources for file in source.files},
        }

    def cleaning_identity(self) -> dict[str, Any]:
        """Return what must be equal for the results of another run to hold, as plain data."""
        return as_plain({**self.identity(), "reading": self.describe_formats()})

    def refusal(self, output: Path) -> str:
        """Say why a new run would overwrite something; empty where it would not."""
        previous = PreviousRun(output, output / RUN_FOLDER)
        if self.updates and previous.is_there:
            return refuse_existing(output, (name for name in self.targets if name not in previous.outputs))
        if refusal := refuse_existing(output, (f"{RUN_FOLDER}/{MANIFEST}", *self.targets)):
            return refusal
        if self.quarantine and (self.quarantine / QUARANTINE_LIST).exists():
            return f"{self.quarantine} is in use; choose another --quarantine or give --force to overwrite"
        return ""
