"""Refuse bytes that are no text, or text that Python has no codec for, by name."""

from __future__ import annotations

import re

from cleaner.errors import DecodeError

_MAGIC = {
    b"\x89PNG": "a PNG image", b"GIF8": "a GIF image", b"\xff\xd8\xff": "a JPEG image", b"PK\x03\x04": "a zip archive",
    b"%PDF": "a PDF document", b"\x1f\x8b": "gzip data", b"BZh": "bzip2 data", b"\xfd7zXZ": "xz data",
    b"7z\xbc\xaf": "a 7z archive", b"Rar!": "a rar archive", b"\xd0\xcf\x11\xe0": "an old Office document",
    b"\x28\xb5\x2f\xfd": "zstd data", b"\x7fELF": "a program", b"PAR1": "a Parquet file", b"SQLite f": "a database",
}  # fmt: skip
_ISO_2022_CN = re.compile(rb"\x1b\$(?:\)[AEG]|\*H)(?=[^\x0e]*\x0e)")
"""An escape that designates a character set of ISO-2022-CN, with a shift into it behind."""


_EUC_TW = ("euc-tw", "euc_tw", "x-euc-tw", "cns11643", "x-cns")


def refuse_unsupported(data: bytes, declaration: str | None = None) -> None:
    """Raise DecodeError for binary data by its first bytes, for ISO-2022-CN, and where EUC-TW is declared."""
    if declaration and declaration.lower() in _EUC_TW:
        raise DecodeError(
            f"declared {declaration}, for which Python has no codec: convert it first with iconv -f EUC-TW -t UTF-8"
        )
    for magic, kind in _MAGIC.items():
        if data.startswith(magic):
            raise DecodeError(f"the first bytes are those of {kind}: extract its text first, or leave the file out")
    if data.isascii() and _ISO_2022_CN.search(data):
        raise DecodeError(
            "it is in ISO-2022-CN, for which Python has no codec: convert it first with iconv -f ISO-2022-CN -t UTF-8"
        )
