"""Reports and reviews in a real browser: every filter, every key, a review of ten answers, accessibility, speed."""

from __future__ import annotations

import json
import statistics
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cleaner.corpus.clean import clean_corpus
from cleaner.packs import registry, testing
from cleaner.pipeline import Pack
from cleaner.report.build import Budget, build_report, survey_run
from cleaner.report.page import write_page
from cleaner.report.write import MOST_BYTES, write_report
from cleaner.review.run import Review
from cleaner.review.server import ReviewServer
from helpers.browsing import Visit, serious_faults
from helpers.format_cases import FOOT, NAV, body, job
from helpers.reviews import write_corpus
from helpers.web_pages import write_hostile_corpus

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.slow


def report_of(folder: Path, name: str = "report.html", *, language: str = "en") -> str:
    """Clean `in.jsonl` of a folder and write its report; the address."""
    if not (folder / "out").exists():
        clean_corpus(job([folder / "in.jsonl"], folder / "out"), folder / "out")
    (folder / name).write_text(write_report(folder / "out", language=language), encoding="utf-8")  # type: ignore[arg-type]
    return (folder / name).as_uri()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pages")
    write_corpus(folder / "in.jsonl")
    rows = [json.loads(line) for line in (folder / "in.jsonl").read_text("utf-8").splitlines()]
    for number, row in enumerate(rows):
        row["host"] = f"h{number % 2}.example.com"
    (folder / "in.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return folder


@pytest.fixture
def report(folder: Path, visit: Visit) -> Iterator[Page]:
    page = visit.open(report_of(folder))
    yield page
    assert visit.complaints == []
    assert all(url.startswith(("file:", "data:")) for url in visit.requests)


def wait_for_text(page: Page, selector: str, text: str) -> None:
    page.locator(selector, has_text=text).wait_for()


def visible_documents(page: Page) -> list[str]:
    return [element.get_attribute("id") or "" for element in page.query_selector_all(".doc:not([hidden])")]


@pytest.mark.parametrize("name", ["rule", "host", "kind"])
def test_every_value_of_every_filter_shows_its_documents(report: Page, name: str) -> None:
    everything = visible_documents(report)
    values = [
        option.get_attribute("value") or option.inner_text()
        for option in report.query_selector_all(f"#filter-{name} option")
    ]
    counts = []
    for value in values[1:]:
        report.select_option(f"#filter-{name}", value)
        shown = report.query_selector_all(".doc:not([hidden])")
        attribute = {"rule": "data-rules", "host": "data-host", "kind": "data-kinds"}[name]
        assert all(value in (element.get_attribute(attribute) or "").split("\n") for element in shown)
        assert report.inner_text("#count") == f"{len(shown)} of {len(everything)} documents"
        counts.append(len(shown))
    assert any(0 < count < len(everything) for count in counts)
    report.click("#reset")
    assert visible_documents(report) == everything


def test_every_key_does_what_the_list_of_keys_says(report: Page) -> None:
    press = report.keyboard.press

    def focus() -> str:
        found: str = report.evaluate("(document.activeElement.closest('.doc') || document.activeElement).id")
        return found

    press("j")
    press("j")
    assert focus() == "d2"
    press("k")
    assert focus() == "d1"
    press("o")
    assert report.is_visible("#d1 table")
    press("o")
    assert not report.is_visible("#d1 table")
    press("n")
    first = report.inner_text("#reason")
    assert report.is_visible("#d1 table")
    assert "/" in first
    for _ in range(3):
        press("n")
    press("p")
    assert report.evaluate("document.activeElement.matches('tr[title]')")
    press("t")
    assert report.get_attribute("html", "data-theme") == "dark"
    press("t")
    assert report.get_attribute("html", "data-theme") == "light"
    press("?")
    assert "next, previous change" in report.inner_text("#keys")
    press("?")
    assert not report.is_visible("#keys")
    press("f")
    assert focus() == "filter-rule"
    report.evaluate("document.activeElement.blur()")
    report.select_option("#filter-kind", "same")
    report.evaluate("document.activeElement.blur()")
    press("r")
    assert report.input_value("#filter-kind") == ""


def test_reasons_are_told_on_hover_and_everything_opens_and_closes(report: Page) -> None:
    report.click("#expand")
    assert report.evaluate("[...document.querySelectorAll('details')].every((d) => d.open)")
    report.hover("#d1 tr[title] td")
    assert "/" in report.inner_text("#reason")
    report.click("#collapse")
    assert not report.evaluate("[...document.querySelectorAll('details')].some((d) => d.open)")
    report.click("#theme")
    report.click("#show-keys")
    assert report.is_visible("#keys")


def test_what_is_printed_is_open_and_has_no_tools(report: Page) -> None:
    report.emulate_media(media="print")
    report.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert not report.is_visible(".tools")
    assert report.is_visible("#d1 table")
    assert len(report.pdf()) > 10_000


def test_a_report_is_read_without_its_script(folder: Path, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(report_of(folder))
    assert not page.is_visible(".tools")
    assert "need JavaScript" in page.inner_text("header")
    page.click("#d1 summary")
    assert page.is_visible("#d1 table")
    context.close()


@pytest.mark.parametrize(("language", "theme"), [("en", "light"), ("zh", "dark")])
def test_axe_finds_no_serious_fault_in_a_report(
    folder: Path, visit: Visit, axe: str, language: str, theme: str
) -> None:
    visit.page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    page = visit.open(report_of(folder, f"{language}.html", language=language))
    page.click("#expand")
    assert serious_faults(page, axe) == []


def test_nothing_of_hostile_texts_runs(tmp_path: Path, visit: Visit) -> None:
    write_hostile_corpus(tmp_path / "in.jsonl")
    page = visit.open(report_of(tmp_path))
    page.click("#expand")
    page.wait_for_timeout(300)
    assert page.title() == "Cleaning report: out"
    assert visit.complaints == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_largest_report_is_painted_within_a_second(tmp_path: Path, browser: Browser) -> None:
    rows = []
    for number in range(60):
        lines = "".join(f"{body(number * 100 + line)}\n{NAV}\n{FOOT}\n\n" for line in range(120))
        rows.append(json.dumps({"id": f"d{number}", "text": lines}) + "\n")
    (tmp_path / "in.jsonl").write_text("".join(rows), encoding="utf-8")
    clean_corpus(job([tmp_path / "in.jsonl"], tmp_path / "out", dedup="off"), tmp_path / "out")
    page_path = tmp_path / "report.html"
    page_path.write_text(
        write_page(build_report(survey_run(tmp_path / "out"), Budget(documents=12_000_000))), encoding="utf-8"
    )
    address = page_path.as_uri()
    assert 0.8 * MOST_BYTES < page_path.stat().st_size <= MOST_BYTES
    times = []
    for _ in range(3):
        page = browser.new_page()
        page.goto(address)
        page.wait_for_timeout(100)
        times.append(page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime"))
        page.close()
    assert statistics.median(times) < 1000, times


@pytest.fixture
def server(folder: Path, tmp_path: Path) -> Iterator[ReviewServer]:
    report_of(folder)
    review = Review(folder / "out", tmp_path / "mine.toml")
    with ReviewServer(review, "out", lambda: write_report(folder / "out")) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_a_review_of_ten_answers_makes_a_pack_that_does_what_was_said(
    folder: Path, server: ReviewServer, visit: Visit, tmp_path: Path
) -> None:
    page = visit.open(server.address)
    page.wait_for_selector("#line:not(:empty)")
    promises: dict[tuple[str, str], bool] = {}
    for number in range(10):
        question = server.review.pending[0]
        assert page.inner_text("#line") == question.text
        stays = question.kind == "removal"
        promises[question.document, question.text] = stays
        page.keyboard.press("n" if stays else "y")
        wait_for_text(page, "#progress", f"{number + 1} answered")
        assert page.inner_text("#effect").startswith("This line: ")
    page.keyboard.press("u")
    wait_for_text(page, "#progress", "9 answered")
    page.click("#no" if server.review.pending[0].kind == "removal" else "#yes")
    wait_for_text(page, "#progress", "10 answered")
    pack = registry.load_rules(str(tmp_path / "mine.toml"))
    assert testing.run_cases(pack) == ()
    again = job([folder / "in.jsonl"], tmp_path / "again")._replace(pack=Pack(pack))
    clean_corpus(again, tmp_path / "again")
    rows = map(json.loads, (tmp_path / "again" / "in.jsonl").read_text("utf-8").splitlines())
    texts = {row["id"]: row["text"].split("\n") for row in rows}
    for (document, line), stays in promises.items():
        assert (line in texts[document]) == stays
    assert visit.complaints == []


def test_skip_edit_report_and_end_of_a_review(server: ReviewServer, visit: Visit, axe: str) -> None:
    page = visit.open(server.address)
    page.wait_for_selector("#line:not(:empty)")
    assert serious_faults(page, axe) == []
    page.keyboard.press("s")
    wait_for_text(page, "#progress", "1 answered")
    question = server.review.pending[0]
    page.keyboard.press("e")
    page.fill("#part", "没有这样的字")
    page.click("#no" if question.kind == "removal" else "#yes")
    wait_for_text(page, "#effect", "no part of the line")
    page.click("#edit")
    page.fill("#part", question.text[:3])
    page.click("#no" if question.kind == "removal" else "#yes")
    wait_for_text(page, "#progress", "2 answered")
    assert server.review.session.answers[-1].text == question.text[:3]
    page.click("text=Report")
    assert page.title() == "Cleaning report: out"
    page.go_back()
    page.wait_for_selector("#line:not(:empty)")
    page.click("#end")
    page.wait_for_selector("#done:not([hidden])")
    assert visit.complaints == []
