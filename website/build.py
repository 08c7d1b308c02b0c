"""Write the pages of the site into build/website: guides, tutorials with pictures, a page a rule, the API, the figures.

    python website/build.py [FOLDER]
    mkdocs build --strict

Nothing is written by hand that the code knows: rules and detectors come from the packs, the API from docstrings, the
tables of quality from benchmarks/, pictures from commands that are run. Without Chromium and Playwright the pictures of
pages are left out.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from website import pictures, reference  # noqa: E402 - the checkout's own packages come first

LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)\s]+)\)")
PAGES = {"README.md": "index.md", "README.zh.md": "zh/index.md", "CHANGELOG.md": "changelog.md"}
SECURITY = ".github/SECURITY.md"


def list_sources() -> dict[Path, str]:
    """Return the pages that are copied, each with its place on the site."""
    pages = {ROOT / name: place for name, place in PAGES.items()}
    pages |= {ROOT / SECURITY: "security.md"}
    pages |= {path: path.name for path in sorted((ROOT / "docs").glob("*.md"))}
    pages |= {path: f"quality/{path.name}" for path in sorted((ROOT / "benchmarks").glob("*.md"))}
    tutorials = sorted((ROOT / "website").rglob("*.md"))
    return pages | {path: str(path.relative_to(ROOT / "website")) for path in tutorials}


def main(folder: Path) -> None:
    """Write all pages."""
    shutil.rmtree(folder, ignore_errors=True)
    with TemporaryDirectory() as name:
        pictures.draw(folder / "pictures", Path(name))
    sources = list_sources()
    for path, place in sources.items():
        write(folder / place, "\n".join(rewrite(path, place, sources, folder)))
    for path in (ROOT / "docs" / "s-curve.svg", ROOT / "website" / "style.css"):
        shutil.copy(path, folder)
    for place, text in {**reference.rule_pages(), **reference.detector_pages(), **reference.api_pages()}.items():
        write(folder / "reference" / place, text)
    write(folder / "quality" / "index.md", quality_index(sources))


def rewrite(path: Path, place: str, sources: dict[Path, str], folder: Path) -> Iterator[str]:
    """Yield the lines of a page with its links as they are on the site; what is not on it is named without one."""
    is_code = False
    for line in path.read_text(encoding="utf-8").split("\n"):
        is_code ^= line.lstrip().startswith("```")
        yield line if is_code else LINK.sub(lambda match: relink(match, path, place, sources, folder), line)


def relink(match: re.Match[str], path: Path, place: str, sources: dict[Path, str], folder: Path) -> str:
    """Point a link to the page's place on the site."""
    mark, text, target = match.groups()
    if re.match(r"[a-z]+:|#", target):
        return match[0]
    name, hash_, anchor = target.partition("#")
    page = (path.parent / name).resolve()
    if page in sources:
        relative = os.path.relpath(sources[page], Path(place).parent)
        return f"{mark}[{text}]({relative}{hash_}{anchor})"
    if (folder / Path(place).parent / name).resolve().is_file() or name == "s-curve.svg":
        return match[0]
    return "" if mark else text


def quality_index(sources: dict[Path, str]) -> str:
    """Return the page that leads to all tables of figures."""
    pages = [Path(place).name for place in sources.values() if place.startswith("quality/")]
    heads = {name: (ROOT / "benchmarks" / name).read_text("utf-8").split("\n", 1)[0] for name in pages}
    titles = {name: head.removeprefix("# ") for name, head in heads.items()}
    rows = "\n".join(f"- [{title}]({name})" for name, title in titles.items())
    head = "# Quality\n\nFigures that were measured, each with the command that gives them again and its date.\n\n"
    return f"{head}{rows}\n"


def write(path: Path, text: str) -> None:
    """Write a page."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "build" / "website")
