"""What does learning from some pages of a site make of its other pages, against texts that people took from them?

    python benchmarks/learning_sites.py SITES [--text] [--nameless] [--judge SETTING] [--unlearned]

SITES is a folder with `pages.zip` (SITE/html/ID.html, SITE/content/ID.txt). Learns from 70 pages of each site and
cleans the others, three splits; prints means over pages of the precision and recall of characters (longest common
subsequence), as the material's `score.py` has them. `--text`: pages are given as their text. `--nameless`: nothing says
which site a page is from. `--unlearned`: cleans without what was learned. Needs rapidfuzz.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
import unicodedata
import zipfile
from collections import defaultdict
from importlib import import_module
from pathlib import Path
from statistics import mean

LEARNED_PAGES, SPLITS = 70, 3
CLEANING = ("--dedup", "off", "--script", "keep", "--punctuation", "keep", "--quiet")


def normalize(text: str) -> str:
    """Take what is compared of a text: its characters in NFKC, white space aside."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def write_page(path: Path, data: bytes, *, as_text: bool) -> None:
    """Write a page, or its text."""
    from cleaner.formats import html

    path.parent.mkdir(parents=True, exist_ok=True)
    if as_text:
        path.with_suffix(".txt").write_text(html.read_page(data).text, encoding="utf-8")
    else:
        path.write_bytes(data)


def run(*arguments: object) -> None:
    """Run a command of cleaner; 1 is the exit code where some pages cannot be read."""
    code = subprocess.run([sys.executable, "-m", "cleaner", *map(str, arguments)], check=False).returncode
    assert code in (0, 1), arguments


def compare(own: str, other: str) -> tuple[float, float]:
    """Compute precision and recall of an own text."""
    same = import_module("rapidfuzz.distance").LCSseq.similarity(own, other)
    return same / max(len(own), 1), same / len(other)


def measure_split(archive: zipfile.ZipFile, split: int, options: argparse.Namespace) -> dict[str, tuple[float, float]]:
    """Learn and clean once; returns precision and recall by site."""
    sites = defaultdict(list)
    for name in sorted(archive.namelist()):
        if name.count("/") == 2 and name.endswith(".html"):
            sites[name.split("/")[0]].append(name)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for site, names in sites.items():
            random.Random(split).shuffle(names)
            for place, name in enumerate(names):
                part = root / ("learn" if place < LEARNED_PAGES else "test") / ("pages" if options.nameless else site)
                write_page(part / name.split("/")[-1], archive.read(name), as_text=options.text)
        host = () if options.nameless else ("--host-from", "folder")
        run("learn", root / "learn", *host, "-o", root / "packs", "--quiet")
        packs = ("--pack", "zh-web") if options.unlearned else ("--pack", "zh-web", "--pack", root / "packs")
        run("clean", root / "test", *host, *packs, "--judge", options.judge, *CLEANING, "-o", root / "out")
        texts = {path.stem: normalize(path.read_text("utf-8")) for path in (root / "out").rglob("*.txt")}
    return {site: score_site(archive, names[LEARNED_PAGES:], texts) for site, names in sites.items()}


def score_site(archive: zipfile.ZipFile, names: list[str], texts: dict[str, str]) -> tuple[float, float]:
    """Compute mean precision and recall over the pages that were taken by hand."""
    rows = []
    for name in names:
        content = name.replace("/html/", "/content/").replace(".html", ".txt")
        if content in archive.NameToInfo and (expected := normalize(archive.read(content).decode())):
            rows.append(compare(texts.get(Path(name).stem, ""), expected))
    return mean(precision for precision, _ in rows), mean(recall for _, recall in rows)


def main() -> None:
    """Print the figures of each site, and their means."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sites", type=Path)
    parser.add_argument("--text", action="store_true", help="give pages as their text")
    parser.add_argument("--nameless", action="store_true", help="nothing says which site a page is from")
    parser.add_argument("--judge", default="normal", metavar="SETTING", help="as for `cleaner clean`")
    parser.add_argument("--unlearned", action="store_true", help="clean without what was learned")
    options = parser.parse_args()
    with zipfile.ZipFile(options.sites / "pages.zip") as archive:
        splits = [measure_split(archive, split, options) for split in range(SPLITS)]
    figures = {site: [mean(split[site][side] for split in splits) for side in (0, 1)] for site in splits[0]}
    figures["mean"] = [mean(values[side] for values in figures.values()) for side in (0, 1)]
    for site, (precision, recall) in figures.items():
        print(f"{site:<10} P {precision:.2%} R {recall:.2%}")


if __name__ == "__main__":
    main()
