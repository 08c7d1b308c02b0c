"""A detector that a pack names wrongly is refused in a sentence, when the pack is loaded."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import cleaner
from cleaner.detectors import DETECTORS, explain_misuse
from cleaner.errors import PackError
from cleaner.packs import loader
from helpers.calls import Call
from helpers.paths import ROOT

PACK = """schema = 1
[pack]
id = "mine"
version = "1"
title = "T"

[[rule]]
id = "nav/words"
why = "Words between bars."
detector = "{name}"
params = {params}
drops = ["山货|茶叶|竹编|纸伞"]
keeps = ["撰文 | 李四"]
"""
MISTAKES = [
    ("menu-barr", "{ }", "detector: menu-barr: no such detector; did you mean 'menu-bar'?"),
    ("zzz", "{ }", "detector: zzz: no such detector; docs/rules.md lists them"),
    ("menu-bar", "{ leest = 3 }", "params.leest: menu-bar has no such parameter; did you mean 'least'?"),
    ("menu-bar", "{ q = 3 }", "params.q: menu-bar has no such parameter; it has least, longest"),
    ("menu-bar", '{ least = "three" }', "params.least: 'three' is not a whole number, such as 4"),
    ("menu-bar", "{ least = 3.5 }", "params.least: 3.5 is not a whole number, such as 4"),
    ("menu-bar", "{ least = true }", "params.least: True is not a whole number, such as 4"),
    ("menu-bar", '{ longest = "8" }', "params.longest: '8' is not a number, such as 8"),
]


Write = Callable[[str, str], str]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(name: str, params: str) -> str:
        file = tmp_path / "mine.toml"
        file.write_text(PACK.format(name=name, params=params), encoding="utf-8")
        return str(file)

    return write


@pytest.mark.parametrize(("name", "params", "message"), MISTAKES)
def test_a_mistake_names_file_rule_key_and_the_nearest_name(write: Write, name: str, params: str, message: str) -> None:
    file = write(name, params)
    with pytest.raises(PackError) as caught:
        cleaner.load_pack(file)
    assert str(caught.value) == f"{file}: rule mine/nav/words: {message}"


def test_a_mistake_in_a_setting_is_refused_too() -> None:
    pack = loader.parse_pack(PACK.format(name="menu-bar", params="{ }"))
    with pytest.raises(PackError, match=r"rule mine/nav/words: params\.leest: menu-bar has no such parameter"):
        loader.override(pack, {"mine/nav/words": {"params": {"leest": 3}}})
    assert loader.override(pack, {"mine/nav/words": {"params": {"least": 3}}}).rules[0].params == {"least": 3}


@pytest.mark.parametrize(
    "command", [["rules", "test"], ["clean", "PAGE", "-o", "OUT", "--pack"], ["why", "PAGE", "--pack"]]
)
def test_commands_report_the_mistake_and_end_with_2(call: Call, write: Write, command: list[str]) -> None:
    page = Path(write("menu-bar", "{ }")).with_name("page.txt")
    page.write_text("山货|茶叶|竹编|纸伞\n", encoding="utf-8")
    output = page.with_name("out")
    command = [word.replace("PAGE", str(page)).replace("OUT", str(output)) for word in command]
    for name, params, message in MISTAKES[:1] + MISTAKES[2:3]:
        code, _, errors = call(*command, write(name, params))
        assert code == 2
        assert message in " ".join(errors.split())
        assert "Traceback" not in errors
    assert not output.exists()


@pytest.mark.parametrize("name", DETECTORS)
def test_defaults_may_be_written_in_a_pack(name: str) -> None:
    assert explain_misuse(name, {key: each.default for key, each in DETECTORS[name].parameters.items()}) is None


def test_the_table_in_the_docs_is_that_of_the_code() -> None:
    table = (ROOT / "docs" / "rules.md").read_text("utf-8").split("## Detectors")[1].split("```")[0]
    rows = [line.split(" | ") for line in table.splitlines() if line.startswith("| `")]
    documented = {row[0].strip("| `"): row[1:3] for row in rows}
    assert list(documented) == sorted(DETECTORS)
    for name, detector in DETECTORS.items():
        about, parameters = documented[name]
        assert about == detector.about.removeprefix("Find ").rstrip("."), name
        written = [f"`{key}` {each.default:g}: {each.about}" for key, each in detector.parameters.items()]
        assert parameters == "; ".join(written), name
