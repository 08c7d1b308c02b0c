"""What a user says of the bytes of inputs."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase
from pathlib import PurePath
from typing import Literal

from msgspec import Struct

from cleaner.decode.charsets import find_charset
from cleaner.errors import UsageError

Damaged = Literal["replace", "refuse"]


class DecodeOptions(Struct, frozen=True):
    """How bytes are decoded.

    Attributes:
        encodings: pairs of a pattern of file names and the encoding of such files, which is not detected then; the
            first that fits counts.
        damaged: whether damaged bytes become U+FFFD, or what holds any is refused.
        structure: whether the structure of pages is read beside their lines, to write them as Markdown.
    """

    encodings: tuple[tuple[str, str], ...] = ()
    damaged: Damaged = "replace"
    structure: bool = False

    def encoding_of(self, file: str) -> str | None:
        """Return the encoding that a file is said to be in; None where it is to be detected."""
        path = PurePath(file).as_posix() if self.encodings else ""
        for pattern, encoding in self.encodings:
            if fnmatchcase(path, pattern) or fnmatchcase(path, f"*/{pattern}"):
                return encoding
        return None


DETECTED = DecodeOptions()
"""Nothing is said: encodings are detected."""


def parse_encodings(values: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Read encodings written as NAME for all files, or as PATTERN=NAME; patterns come first.

    Raises:
        UsageError: for an encoding that Python does not know.
    """
    pairs = [(pattern or "*", find_codec(name)) for pattern, _, name in (value.rpartition("=") for value in values)]
    return tuple(sorted(pairs, key=lambda pair: pair[0] == "*"))


def find_codec(encoding: str) -> str:
    """Return the name of the codec for an encoding of texts. UsageError where Python has none."""
    if name := find_charset(encoding):
        return name
    raise UsageError(f"encoding {encoding!r} is unknown to Python: see the codecs module for names")
