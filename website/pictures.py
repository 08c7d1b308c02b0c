"""Pictures that are made by the build: commands at a terminal as SVG, pages as they look in Chromium."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from io import StringIO
from pathlib import Path

from rich.console import Console
from rich.text import Text

ROOT = Path(__file__).parents[1]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
WIDTH, LINES = 110, 40
PAGE = "首页|新闻|图片|视频|论坛|博客\n\n河水退去之后，村里的人开始重新丈量田地。\n\n版权所有 京ICP备00000000号-1\n"
FONT_FACE = re.compile(r"@font-face \{.*?\}", re.DOTALL)


def draw(folder: Path, work: Path) -> None:
    """Draw all pictures into a folder; commands run in `work`."""
    folder.mkdir(parents=True)
    shutil.copytree(ROOT / "seeds", work / "pages")
    (work / "data").mkdir()
    (work / "data" / "page.txt").write_text(PAGE, encoding="utf-8")
    calls = {
        "clean": ("clean", "pages", "--output", "clean"),
        "why": ("why", "data/page.txt"),
        "check": ("check", "data/page.txt"),
        "help": ("--help",),
    }
    for name, arguments in calls.items():
        (folder / f"{name}.svg").write_text(draw_terminal(work, arguments), encoding="utf-8")
    for language in ("en", "zh"):
        run(work, ("report", "clean", "--lang", language, "--output", str(folder / f"report-{language}.html")))
    draw_pages(folder)


def run(work: Path, arguments: tuple[str, ...]) -> str:
    """Run a command of cleaner; what it says."""
    environment = os.environ | {"PYTHONPATH": str(ROOT), "FORCE_COLOR": "1", "COLUMNS": str(WIDTH)}
    command = [sys.executable, "-m", "cleaner", *arguments]
    done = subprocess.run(command, cwd=work, capture_output=True, text=True, env=environment, check=False)
    return done.stdout + done.stderr


def draw_terminal(work: Path, arguments: tuple[str, ...]) -> str:
    """Draw a command and its answer; the font is the reader's own, as no page asks another host for one."""
    console = Console(record=True, width=WIDTH, file=StringIO(), force_terminal=True)
    console.print(f"$ cleaner {' '.join(arguments)}", style="bold", markup=False)
    lines = run(work, arguments).rstrip().split("\n")
    console.print(Text.from_ansi("\n".join(lines[:LINES] + (["…"] if len(lines) > LINES else []))))
    return FONT_FACE.sub("", console.export_svg(title="cleaner"))


def draw_pages(folder: Path) -> None:
    """Draw the reports as a browser shows them, where there is one."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        path = None
    if path is None:
        print("no Chromium or no Playwright here: the pictures of pages are left out", file=sys.stderr)
        return
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1200, "height": 760})
        for language in ("en", "zh"):
            page.goto((folder / f"report-{language}.html").as_uri())
            page.keyboard.press("j")
            page.keyboard.press("n")
            page.screenshot(path=folder / f"report-{language}.png")
        browser.close()
