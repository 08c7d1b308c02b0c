"""Elements that hold other links on each page are learned by their path; what authors put into boxes is never lost."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner.formats import html
from cleaner.learning.elements.counts import ElementCounts
from cleaner.learning.elements.rules import LINE_RULE, find_elements
from cleaner.learning.line_counts import LineCounter
from cleaner.learning.observations import Observations, observe
from cleaner.learning.pages import Pages
from helpers.calls import Call
from helpers.html_sites import COUNT, HTML_SITES, HtmlPage, write_html

LISTS = ("recipes", "indexes")
"""Sites whose lists of other pages are to go."""


def clean(call: Call, folder: Path, *options: object) -> dict[str, list[str]]:
    output = folder / f"out-{len(list(folder.iterdir()))}"
    code, _, err = call("clean", folder / "pages", "--host-from", "folder", "--quiet", *options, "-o", output)
    assert code == 0, err
    return {path.stem: path.read_text("utf-8").splitlines() for path in output.rglob("*.txt")}


@pytest.mark.parametrize("judge", ["off", pytest.param("normal", marks=pytest.mark.slow)])
def test_boxes_of_authors_stay_and_lists_of_other_pages_go(judge: str, tmp_path: Path, call: Call) -> None:
    pages = write_html(tmp_path)
    assert call("learn", pages, "--host-from", "folder", "-o", "packs", "--quiet")[0] == 0
    options = ("--judge", judge, "--dedup", "off")
    before, after = (
        clean(call, tmp_path, *options),
        clean(call, tmp_path, *options, "--pack", "zh-web", "--pack", "packs"),
    )
    for name, make in HTML_SITES.items():
        for number in range(COUNT):
            page, key = make(number), f"{name}-{number}"
            lost = missing(page, after[key]) - missing(page, before[key])
            assert not lost, (name, number, lost)
            if judge == "off":
                assert not missing(page, after[key]), (name, number)
            if name in LISTS:
                assert not set(page.lists) & set(after[key]), (name, number)


def missing(page: HtmlPage, lines: list[str]) -> Counter[str]:
    return Counter(page.content) - Counter(lines)


@pytest.mark.slow
def test_a_pack_says_the_paths_and_keeps_what_a_person_makes_of_them(tmp_path: Path, call: Call) -> None:
    pages = write_html(tmp_path)
    call("learn", pages / "indexes", "--host-from", "folder", "-o", "packs", "--quiet")
    path = tmp_path / "packs" / "site-indexes.toml"
    text = path.read_text("utf-8")
    entry = '["body > div.side a"]  # 12 pages, other links on 12'
    assert entry in text
    assert '"示例书屋",  # 12 pages, in body > div.top > ul.menu > li' in text
    assert call("rules", "test", path)[0] == 0
    _, out, _ = call("rules", "diff", "zh-web", path, pages / "indexes", "--host-from", "folder", "--summary")
    assert f"site-indexes/{LINE_RULE}" in out
    _, out, _ = call(
        "why", pages / "indexes" / "indexes-3.html", "--pack", path, "--host-from", "folder", "--judge", "off"
    )
    assert "Links to other pages stand in these elements on most of 12 pages of indexes" in out
    path.write_text(text.replace(entry, '["body > div.other a"]'), encoding="utf-8")
    assert call("learn", pages / "indexes", "--host-from", "folder", "--update", path, "--quiet")[0] == 0
    (rule,) = (rule for rule in tomllib.loads(path.read_text("utf-8"))["rule"] if rule["id"] == LINE_RULE)
    assert rule["elements"] == ["body > div.other a"]
    assert call("rules", "test", path)[0] == 0


def observe_pages(parts: Sequence[Sequence[tuple[str, str, html.Page]]], size: int) -> ElementCounts:
    """Observe pages as workers would, one a part, in batches of some size."""
    counter = LineCounter()
    for part in parts:
        counter.add([page.text for _, _, page in part], [host for _, host, _ in part])
    counts = counter.total().at_least(3)
    merged = Observations.start(counts)
    for part in parts:
        observations = Observations.start(counts)
        for start in range(0, len(part), size):
            ids, hosts, read = zip(*part[start : start + size], strict=True)
            batch = Pages(ids, hosts, [page.text for page in read], None, [page.hints for page in read])
            observe(observations, batch, dict.fromkeys(HTML_SITES, 3))
        merged.merge_bytes(observations.to_bytes())
    return merged.elements


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 99), st.integers(1, 9), st.integers(1, 3))
def test_order_batches_and_workers_change_nothing(seed: int, size: int, workers: int) -> None:
    sites = {name: HTML_SITES[name] for name in LISTS}
    pages = [
        (f"{name}-{number}", name, html.parse_page(make(number).markup))
        for name, make in sites.items()
        for number in range(6)
    ]
    expected = find_elements(observe_pages([pages], 100), dict.fromkeys(LISTS, 6))
    assert all(expected.values())
    Random(seed).shuffle(pages)
    parts = [part for part in (pages[worker::workers] for worker in range(workers)) if part]
    assert find_elements(observe_pages(parts, size), dict.fromkeys(LISTS, 6)) == expected
