"""Write cleaner/data/characters.txt: single characters that stand for others.

Sources, all of them tables of the Unicode Character Database or of standards:
- radicals: Equivalent_Unified_Ideograph, as Perl ships it (`perl -MUnicode::UCD`); Unicode License v3;
- compatibility ideographs: decompositions of Python's `unicodedata`;
- private use: the GBK code points that GB 18030-2000 had no character for, read by today's GB 18030 (`iconv`);
  A3A0 is an ideographic space by the WHATWG Encoding Standard.
"""

from __future__ import annotations

import subprocess
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

RADICALS = """
use Unicode::UCD qw(prop_invmap);
my ($starts, $values) = prop_invmap("Equivalent_Unified_Ideograph");
for my $i (0 .. $#$starts - 1) {
    next unless $values->[$i];
    printf "%x %x %x\\n", $starts->[$i], $starts->[$i + 1] - 1, $values->[$i];
}
"""


def _radicals() -> Iterator[tuple[int, int]]:
    out = subprocess.run(["perl", "-e", RADICALS], capture_output=True, check=True, text=True).stdout
    for line in out.splitlines():
        first, last, value = (int(field, 16) for field in line.split())
        yield from ((code, value) for code in range(first, last + 1) if 0x2E80 <= code < 0x2FE0)


def _compatibility() -> Iterator[tuple[int, int]]:
    for code in (*range(0xF900, 0xFB00), *range(0x2F800, 0x2FA20)):
        plain = unicodedata.normalize("NFC", chr(code))
        if "CJK COMPATIBILITY" in unicodedata.name(chr(code), "") and plain != chr(code):
            yield code, ord(plain)


def _private() -> Iterator[tuple[int, int]]:
    yield 0xE5E5, 0x3000
    for code in range(0xE000, 0xF900):
        raw = chr(code).encode("gb18030")
        if len(raw) != 2:
            continue
        process = subprocess.run(
            ["iconv", "-f", "GB18030", "-t", "UTF-32LE"], input=raw, capture_output=True, check=True
        )
        now = int.from_bytes(process.stdout, "little")
        if now != code and not 0xE000 <= now < 0xF900:
            yield code, now


def _main() -> None:
    table = dict(_radicals()) | dict(_compatibility()) | dict(_private())
    closed = {code: table.get(new, new) for code, new in table.items()}
    lines = [f"{code:x} {new:x}\n" for code, new in sorted(closed.items())]
    Path("cleaner/data/characters.txt").write_text("".join(lines), encoding="ascii")


if __name__ == "__main__":
    _main()
