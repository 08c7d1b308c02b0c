"""What the packs take from texts that are all content: free Chinese documentation and verse from Debian's archive.

    python benchmarks/kept.py [--cache DIR] [--lost N]

Fetches packages with `apt-get download` into DIR and unpacks them there; none of their text is kept in the project. A
manual is cut into pieces of 80 lines, as excerpts are what crawls hold. Nothing here is junk but a few web addresses,
author lines and tables of contents, so a share lost near 0 is right. The pages were not used to fit anything.
"""

from __future__ import annotations

import argparse
import gzip
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import cleaner
from cleaner import pipeline
from cleaner.model import Cleaned, Document
from cleaner.normalization.steps import NORMALIZER
from cleaner.options import CleanOptions

MANUALS = {
    "debian-reference-zh-cn": "usr/share/debian-reference/debian-reference.zh-cn.txt.gz",
    "debian-reference-zh-tw": "usr/share/debian-reference/debian-reference.zh-tw.txt.gz",
    "maint-guide-zh-cn": "usr/share/doc/maint-guide-zh-cn/maint-guide.zh-cn.txt.gz",
    "maint-guide-zh-tw": "usr/share/doc/maint-guide-zh-tw/maint-guide.zh-tw.txt.gz",
}
FORTUNES = ("tang300", "song100", "chinese")
PIECE = 80
CACHE = Path.home() / ".cache" / "cleaner-benchmarks" / "debian"


def fetch(package: str, cache: Path) -> Path:
    """The folder a package is unpacked in."""
    folder = cache / package
    if not folder.exists():
        cache.mkdir(parents=True, exist_ok=True)
        subprocess.run(["apt-get", "download", "-qq", package], cwd=cache, check=True, stderr=subprocess.DEVNULL)
        (file,) = cache.glob(f"{package}_*.deb")
        subprocess.run(["dpkg", "-x", file, folder], check=True)
    return folder


def pieces(cache: Path) -> Iterator[tuple[str, str]]:
    """Names of sources and texts."""
    for package, inside in MANUALS.items():
        lines = gzip.decompress((fetch(package, cache) / inside).read_bytes()).decode("utf-8").split("\n")
        for at in range(0, len(lines), PIECE):
            yield package, "\n".join(lines[at : at + PIECE])
    folder = fetch("fortunes-zh", cache) / "usr/share/games/fortunes"
    for name in FORTUNES:
        plain = re.sub(r"\x1b\[[0-9;]*m", "", (folder / name).read_text("utf-8", errors="replace"))
        yield from ((f"fortunes-zh {name}", piece.strip("\n")) for piece in plain.split("\n%\n"))


def lost(cleaned: Cleaned, normalized: str) -> list[str]:
    """Lines that are gone, of the text as normalizing alone leaves it."""
    left = Counter(line.strip() for line in cleaned.text.split("\n"))
    return [line for line in map(str.strip, normalized.split("\n")) if line and not left[line]]


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--cache", type=Path, default=CACHE)
    asked.add_argument("--lost", type=int, default=0, help="print so many lost lines of each source")
    arguments = asked.parse_args()
    if not shutil.which("apt-get"):
        sys.exit("apt-get is not there: this needs a Debian system")
    found = [(name, text) for name, text in pieces(arguments.cache) if text.strip()]
    documents = [Document(str(at), text) for at, (_, text) in enumerate(found)]
    options = CleanOptions(script="keep", punctuation="keep")
    pack = cleaner.load_pack("zh-web")
    rows: dict[str, Counter[str]] = {}
    gone: dict[str, list[str]] = {}
    for start in range(0, len(documents), 100):
        for done in pipeline.clean(documents[start : start + 100], pack, options):
            name, missing = (
                found[int(done.document.id)][0],
                lost(done, NORMALIZER.normalize(done.document.text, options)),
            )
            row, text = rows.setdefault(name, Counter()), done.document.text
            row.update(
                pieces=1,
                lines=sum(1 for line in text.split("\n") if line.strip()),
                lost=len(missing),
                characters=len("".join(text.split())),
                gone=len("".join("".join(missing).split())),
                touched=bool(missing),
            )
            gone.setdefault(name, []).extend(missing)
    print("| source | pieces | touched | lines | lines lost % | characters lost % |\n" + "|---" * 6 + "|")
    for name, row in rows.items():
        shares = (100 * row["lost"] / row["lines"], 100 * row["gone"] / row["characters"])
        print(f"| {name} | {row['pieces']} | {row['touched']} | {row['lines']} | {shares[0]:.1f} | {shares[1]:.1f} |")
    for name, lines in gone.items():
        for line in lines[:: max(len(lines) // max(arguments.lost, 1), 1)][: arguments.lost]:
            print(f"{name}: {line[:100]}")


if __name__ == "__main__":
    main()
