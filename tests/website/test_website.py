"""The site is built strictly, asks no other host for anything, and has a page for every rule and detector."""

from __future__ import annotations

import functools
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from cleaner.cli import COMMANDS
from cleaner.detectors import DETECTORS
from cleaner.packs import registry
from helpers.browsing import Visit, serious_faults
from helpers.paths import ROOT
from helpers.web_pages import Page

TUTORIALS = sorted((ROOT / "website").rglob("*.md"))
CHINESE = (ROOT / "README.zh.md").read_text(encoding="utf-8")


def python_of(text: str) -> list[str]:
    return re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL)


def test_the_python_of_tutorials_and_of_the_chinese_readme_runs(capsys: pytest.CaptureFixture[str]) -> None:
    for text in (CHINESE, *(path.read_text("utf-8") for path in TUTORIALS)):
        names: dict[str, object] = {}
        for code in python_of(text):
            exec(compile(code, "page.md", "exec"), names)
    printed = capsys.readouterr().out
    assert printed.count("河水退去之后，村里的人开始重新丈量田地。") == 3
    assert "我们的图书馆" in printed


def test_commands_of_tutorials_and_of_the_chinese_readme_exist() -> None:
    for text in (CHINESE, *(path.read_text("utf-8") for path in TUTORIALS)):
        for command in re.findall(r"^cleaner (\S+)", text, flags=re.MULTILINE):
            assert command in COMMANDS


def test_links_of_the_chinese_readme_lead_somewhere() -> None:
    for target in re.findall(r"\]\((?!http)([^)#]+)", CHINESE):
        assert (ROOT / target).exists(), target


@pytest.mark.parametrize("path", TUTORIALS, ids=lambda path: str(path.relative_to(ROOT / "website")))
def test_every_tutorial_is_there_in_both_languages(path: Path) -> None:
    name = path.name
    assert (ROOT / "website" / "tutorials" / name).is_file()
    assert (ROOT / "website" / "zh" / "tutorials" / name).is_file()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("material", reason="mkdocs-material is not installed")
    folder = tmp_path_factory.mktemp("site")
    subprocess.run([sys.executable, ROOT / "website" / "build.py", folder / "pages"], check=True, cwd=folder)
    settings = (ROOT / "mkdocs.yml").read_text("utf-8")
    settings = settings.replace("docs_dir: build/website", "docs_dir: pages").replace(
        "site_dir: build/site", "site_dir: site"
    )
    (folder / "mkdocs.yml").write_text(settings, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict"], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return folder / "site"


@pytest.mark.slow
def test_every_rule_and_detector_has_a_page(site: Path) -> None:
    for name in registry.pack_names():
        for rule in registry.load_rules(name).rules:
            page = Page((site / "reference" / "rules" / rule.id / "index.html").read_text("utf-8"))
            assert rule.why.replace("`", "") in page.text
            assert all(literal in page.text for literal in rule.literals)
    for name in DETECTORS:
        assert (site / "reference" / "detectors" / name / "index.html").is_file()
    assert "clean_html" in (site / "reference" / "api" / "cleaner" / "index.html").read_text("utf-8")


@pytest.mark.slow
def test_no_page_loads_anything_from_elsewhere(site: Path) -> None:
    for path in site.rglob("*.html"):
        for tag, attributes in Page(path.read_text("utf-8")).elements:
            address = attributes.get("src") or (attributes.get("href") if tag == "link" else "") or ""
            assert not address.startswith(("http:", "https:", "//")), f"{path}: {address}"
    for path in site.rglob("*.svg"):
        assert not re.search(r"url\(.?http", path.read_text("utf-8"))


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the standard library
        pass


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(site))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


OF_THE_THEME = [[".md-search"]]
"""The dialog of Material's search has no name."""
PLACES = ["", "tutorials/terminal/", "reference/rules/zh-web/nav/bar/", "reference/api/cleaner/", "zh/", "quality/"]


@pytest.mark.slow
@pytest.mark.parametrize("place", PLACES)
def test_pages_open_without_a_complaint_or_a_request_elsewhere(address: str, visit: Visit, place: str) -> None:
    page = visit.open(address + place)
    page.wait_for_timeout(200)
    assert visit.complaints == []
    assert all(url.startswith((address, "data:")) for url in visit.requests)
    assert page.evaluate("[...document.images].every((image) => image.naturalWidth > 0)")


@pytest.mark.slow
@pytest.mark.parametrize("place", PLACES[1:3])
def test_axe_finds_no_serious_fault_in_the_site(address: str, visit: Visit, axe: str, place: str) -> None:
    page = visit.open(address + place)
    assert [fault for fault in serious_faults(page, axe) if fault["places"] != OF_THE_THEME] == []
