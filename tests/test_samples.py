"""Before and after: pages of our own and the five seeds, each a kind of pollution."""

from __future__ import annotations

from pathlib import Path

import pytest

import cleaner
from cleaner import decode
from helpers.paths import ROOT

SAMPLES = ROOT / "samples"
INPUTS = sorted(SAMPLES.rglob("*.in.*"))


def expected(path: Path) -> str:
    return path.with_name(path.name.split(".in.")[0] + ".out.txt").read_text(encoding="utf-8")


def cleaned(path: Path) -> str:
    return cleaner.clean(decode.decode(path.read_bytes()).text).text


@pytest.mark.parametrize(
    "path",
    [
        pytest.param(path, marks=pytest.mark.xfail(strict=True) if "known-failures" in path.parts else ())
        for path in INPUTS
    ],
    ids=lambda path: str(path.relative_to(SAMPLES)),
)
def test_a_polluted_page_comes_out_clean(path: Path) -> None:
    assert cleaned(path) == expected(path)


@pytest.mark.parametrize("path", sorted((ROOT / "seeds").glob("*.txt")), ids=lambda path: path.name)
def test_a_seed_comes_out_as_a_person_cleaned_it(path: Path) -> None:
    assert cleaned(path) == (SAMPLES / "seeds" / f"{path.stem}.out.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", sorted(SAMPLES.rglob("*.out.txt")), ids=lambda path: str(path.relative_to(SAMPLES)))
def test_clean_pages_stay_as_they_are(path: Path) -> None:
    assert cleaned(path) == path.read_text(encoding="utf-8")


def test_every_family_has_a_sample() -> None:
    families = {path.parent.name for path in INPUTS}
    assert len(families - {"known-failures", "seeds"}) >= 12
