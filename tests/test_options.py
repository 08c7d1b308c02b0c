"""Options are written once, and a wrong one is refused by every door with the nearest right one."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

import msgspec
import numpy as np
import pytest

import cleaner
from cleaner.config import load_config
from cleaner.errors import UsageError, did_you_mean
from cleaner.integrations import Cleaning
from cleaner.options import (
    CleanKeywords,
    CleanOptions,
    DedupKeywords,
    DedupOptions,
    NormalizeKeywords,
    NormalizeOptions,
)
from helpers.calls import Call
from helpers.paths import ROOT

TEXT = "河水退去之后，村里的人开始重新丈量田地。"


def through_python(**options: Any) -> None:
    cleaner.clean(TEXT, **options)


def through_a_pack(**options: Any) -> None:
    cleaner.load_pack("core").clean(TEXT, **options)


def through_integrations(**options: Any) -> None:
    Cleaning(**options)


def through_the_constructor(**options: Any) -> None:
    CleanOptions.of(**options)


def through_a_file(**options: Any) -> None:
    (path := Path("cleaner.toml")).write_text(
        "".join(
            f"{name.replace('_', '-')} = {value if isinstance(value, int | float) else repr(value)}\n"
            for name, value in options.items()
        ).replace("True", "true"),
        encoding="utf-8",
    )
    load_config(path)


def through_normalize(**options: Any) -> None:
    cleaner.normalize(TEXT, **options)


def through_deduplicate(**options: Any) -> None:
    cleaner.deduplicate({"a": TEXT}, **options)


DOORS = [through_python, through_a_pack, through_integrations, through_the_constructor, through_a_file]
WRONG: list[tuple[dict[str, Any], str]] = [
    ({"scirpt": "keep"}, "no option 'scirpt'; did you mean 'script'?"),
    ({"zzz": 1}, "no option 'zzz'; there are"),
    ({"script": "simplfied"}, "script: 'simplfied' is none of simplified, keep, .*; did you mean 'simplified'?"),
    ({"script": 1}, "script: 1 is none of simplified"),
    ({"punctuation": "off"}, "punctuation: 'off' is none of auto, keep, cjk, ascii"),
    ({"overlay": "no"}, "overlay: 'no' is neither true nor false"),
    ({"pinyin": 1}, "pinyin: 1 is neither true nor false"),
    ({"no_article": "bogus"}, "no.article: 'bogus' is none of keep, drop"),
    ({"max_loss": "high"}, "max.loss: 'high' is not a share from 0 to 1"),
    ({"max_loss": 90}, "max.loss: 90 is not a share from 0 to 1"),
    ({"max_loss": True}, "max.loss: True is not a share from 0 to 1"),
]
OF_DEDUP: list[tuple[dict[str, Any], str]] = [
    ({"kep": "longest"}, "no option 'kep'; did you mean 'keep'?"),
    (
        {"unit": "passages"},
        "unit: 'passages' is none of document, passage, near, span, both, all; did you mean 'passage'?",
    ),
    ({"threshold": 1.5}, "threshold: 1.5 is not a Jaccard similarity above 0"),
    ({"threshold": 0}, "threshold: 0 is not a Jaccard similarity above 0"),
    ({"threshold": "0.8"}, "threshold: '0.8' is not a Jaccard similarity above 0"),
    ({"shingle": 0}, "shingle: 0 is not a whole number of characters, 1 or more"),
    ({"shingle": 5.5}, "shingle: 5.5 is not a whole number of characters"),
    ({"permutations": 1}, "permutations: 1 is not a whole number from 2 to 16,384"),
    ({"chain": "no"}, "chain: 'no' is neither true nor false"),
    ({"keep": None}, "keep: None is not text"),
    ({"keep": "longst"}, "keep: 'longst' is none of longest, .*; did you mean 'longest'?"),
]


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(("options", "message"), WRONG)
def test_a_wrong_option_of_cleaning_is_named(
    door: Callable[..., None], options: dict[str, Any], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match=message.replace("?", r"\?")):
        door(**options)


@pytest.mark.parametrize(
    ("options", "message"), [case for case in WRONG if not {"no_article", "max_loss"} & {*case[0]}]
)
def test_a_wrong_option_of_normalizing_is_named(options: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match=message.replace("?", r"\?")):
        through_normalize(**options)


@pytest.mark.parametrize("options", [{"no_article": "drop"}, {"max_loss": 0.1}])
def test_normalizing_refuses_options_that_mean_nothing_there(options: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match="no option"):
        through_normalize(**options)


@pytest.mark.parametrize(("options", "message"), OF_DEDUP)
def test_a_wrong_option_of_dedup_is_named(options: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match=message.replace("?", r"\?")):
        through_deduplicate(**options)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["clean", "a.txt", "--script", "simplfied"], "--script"),
        (["clean", "a.txt", "--scirpt", "keep"], "--script"),
        (["clean", "a.txt", "--max-loss", "high"], "--max-loss"),
        (["clean", "a.txt", "--max-loss", "2"], "max_loss: 2.0 is not a share from 0 to 1"),
        (["dedup", "a.txt", "-o", "out", "--unit", "page"], "--unit"),
        (["dedup", "a.txt", "-o", "out", "--threshold", "2"], "threshold: 2.0 is not a Jaccard similarity"),
        (["dedup", "a.txt", "-o", "out", "--keep", "longst"], "did you mean 'longest'?"),
    ],
)
def test_the_command_line_refuses_a_wrong_option(
    arguments: list[str], message: str, tmp_path: Path, call: Call
) -> None:
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    code, _, error = call(*arguments)
    assert code == 2, error
    assert message in " ".join(error.split())
    assert not (tmp_path / "out" / "duplicates.jsonl").exists()


def test_a_file_names_the_key_and_itself(tmp_path: Path) -> None:
    (tmp_path / "cleaner.toml").write_text('[check]\nselekt = ["ad"]\n', encoding="utf-8")
    with pytest.raises(UsageError, match=r"cleaner\.toml: no option 'check\.selekt'; did you mean 'check\.select'\?"):
        load_config(tmp_path / "cleaner.toml")


@pytest.mark.parametrize(
    ("keywords", "options"),
    [(NormalizeKeywords, NormalizeOptions), (CleanKeywords, CleanOptions), (DedupKeywords, DedupOptions)],
)
def test_keywords_for_editors_are_the_options(keywords: type, options: type[msgspec.Struct]) -> None:
    assert get_type_hints(keywords) == {
        name: kind for name, kind in get_type_hints(options).items() if name in options.__struct_fields__
    }


def test_numbers_of_numpy_are_numbers() -> None:
    options = DedupOptions.of(threshold=np.float64(0.5), shingle=np.int64(4))
    assert (options.threshold, options.shingle) == (0.5, 4)


def test_only_a_name_that_is_near_is_suggested() -> None:
    assert did_you_mean("pucntuation", ["script", "punctuation"]) == "; did you mean 'punctuation'?"
    assert did_you_mean("zzz", ["script", "punctuation"]) == ""


@pytest.mark.parametrize("options", [CleanOptions, DedupOptions])
def test_every_option_is_in_the_docs_with_its_values_and_default(options: type[msgspec.Struct]) -> None:
    docs = (ROOT / "docs" / "integrations.md").read_text(encoding="utf-8")
    for name, kind in get_type_hints(options, include_extras=True).items():
        if name in options.__struct_fields__:
            default = getattr(options(), name)
            shown = f"`{default}`" if isinstance(default, str) else str(default).lower()
            row = f"| `{name}` | {values_of(kind)} | {shown} |"
            assert row in docs, f"add {row} to docs/integrations.md"


def values_of(kind: Any) -> str:
    """The values of a type as the docs list them."""
    if get_origin(kind) is Literal:
        return ", ".join(f"`{value}`" for value in get_args(kind))
    named = {bool: "true, false", str: "text"}
    return named[kind] if kind in named else str(get_args(kind)[1].description)


PROGRAM = """
import cleaner
from cleaner.integrations import Cleaning

cleaner.clean("好", scirpt="keep")
cleaner.clean("好", script="kep")
cleaner.normalize("好", max_loss=0.5)
cleaner.deduplicate({"a": "好"}, threshold="high")
Cleaning(overlay="no")
cleaner.load_pack("core").clean("好", script="keep", pinyin=True)
"""


@pytest.mark.slow
def test_a_type_checker_refuses_a_wrong_option(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(PROGRAM, encoding="utf-8")
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file", "", "program.py"]
    said = subprocess.run(command, cwd=tmp_path, env={"MYPYPATH": str(ROOT)}, capture_output=True, text=True).stdout
    lines = [line.split(":")[1] for line in said.splitlines() if line.startswith("program.py") and "error" in line]
    assert lines == ["5", "6", "7", "8", "9"], said
    assert 'Unexpected keyword argument "scirpt" for "clean"; did you mean "script"?' in said
