"""A pack that another distribution publishes: built, installed beside the project, and used by its name."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from helpers.paths import ROOT

pytestmark = pytest.mark.slow

PYPROJECT = """
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "village-packs"
version = "1.0.0"

[project.entry-points."cleaner.packs"]
village = "village_packs:VILLAGE"
river = "village_packs:river"
gone = "village_packs:GONE"
broken = "village_packs:NOTHING"

[tool.hatch.build.targets.wheel]
packages = ["village_packs"]
"""

MODULE = """
from pathlib import Path

FOLDER = Path(__file__).parent
VILLAGE = FOLDER / "village.toml"
GONE = FOLDER / "gone.toml"


def river():
    return FOLDER / "river.toml"
"""

PACK = """
schema = 1

[pack]
id = "{id}"
version = "1.2.0"
title = "Pages of a {id}"
extends = [{extends}]
requires = ">=0.1,<9"

[[rule]]
id = "footer/{id}-hall"
why = "The hall prints its slogan on every page."
literals = ["{word}"]
drops = ["{word}"]
keeps = ["墙上写着{word}四个字，谁也不去看。"]
"""

TEXT = "雨停以后，村口的老井又满了水，孩子们围着井台看自己的影子。\n大家说，这口井已经有两百年了，从来没有干过。\n\n"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    source, target = tmp_path_factory.mktemp("village"), tmp_path_factory.mktemp("site")
    package = source / "village_packs"
    package.mkdir()
    (source / "pyproject.toml").write_text(PYPROJECT)
    (package / "__init__.py").write_text(MODULE)
    (package / "village.toml").write_text(PACK.format(id="village", extends='"core"', word="村务公开栏"), "utf-8")
    (package / "river.toml").write_text(
        PACK.format(id="river", extends='"village", "en-web"', word="河长公示牌"), "utf-8"
    )
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(target), str(source)]
    subprocess.run(command, check=True, capture_output=True)
    return target


def run(installed: Path, *command: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    paths = os.pathsep.join([str(installed), str(ROOT)])
    whole = [sys.executable, *command]
    settings = {**os.environ, "PYTHONPATH": paths}
    return subprocess.run(whole, cwd=cwd, env=settings, capture_output=True, text=True, check=False)


def cleaner(installed: Path, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return run(installed, "-m", "cleaner", *arguments, cwd=cwd)


def test_its_packs_are_listed_and_pass_their_cases(installed: Path, tmp_path: Path) -> None:
    listed = cleaner(installed, "rules", "list", "village", "river", cwd=tmp_path)
    assert "village 1.2.0: Pages of a village (1 rules, extends core)" in listed.stdout, listed.stderr
    assert "river/footer/river-hall: The hall prints its slogan" in listed.stdout
    tested = cleaner(installed, "rules", "test", "village", "river", cwd=tmp_path)
    assert (tested.returncode, tested.stdout.split()[-2:]) == (0, ["0", "failed"]), tested.stdout + tested.stderr


def test_python_loads_it_with_the_rules_it_extends(installed: Path, tmp_path: Path) -> None:
    program = "import cleaner; print(*(rule.id for rule in cleaner.load_pack('river').rules))"
    found = run(installed, "-c", program, cwd=tmp_path).stdout.split()
    assert found[-1] == "river/footer/river-hall"
    assert found.index("core/artefact/url-only") < found.index("village/footer/village-hall")
    assert "en-web/footer/copyright" in found


def test_a_corpus_is_cleaned_with_it_and_the_manifest_pins_its_content(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text(TEXT + "村务公开栏\n河长公示牌\n", encoding="utf-8")
    done = cleaner(installed, "clean", "page.txt", "--pack", "river", "-o", "out", "-q", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out" / "page.txt").read_text(encoding="utf-8") == TEXT.rstrip("\n") + "\n"
    manifest = (tmp_path / "out" / "_cleaner" / "manifest.json").read_text(encoding="utf-8")
    program = "import cleaner; print(cleaner.load_pack('river').data.hash)"
    assert run(installed, "-c", program, cwd=tmp_path).stdout.strip() in manifest
    assert json.loads(manifest)


def test_a_setting_switches_its_rules_off(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "cleaner.toml").write_text('pack = ["river"]\n[rules]\n"river/footer/*" = "off"\n', encoding="utf-8")
    (tmp_path / "page.txt").write_text(TEXT + "村务公开栏\n河长公示牌\n", encoding="utf-8")
    done = cleaner(installed, "clean", "page.txt", "-o", "out", "-q", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    found = (tmp_path / "out" / "page.txt").read_text(encoding="utf-8")
    assert "河长公示牌" in found
    assert "村务公开栏" not in found


def test_a_users_file_extends_it(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(PACK.format(id="mine", extends='"river"', word="桥头告示板"), "utf-8")
    tested = cleaner(installed, "rules", "test", "mine.toml", cwd=tmp_path)
    assert tested.returncode == 0, tested.stdout + tested.stderr


def test_an_unusable_distribution_does_not_hide_the_others(installed: Path, tmp_path: Path) -> None:
    listed = cleaner(installed, "rules", "list", cwd=tmp_path)
    assert listed.returncode == 0, listed.stderr
    assert "river/footer/river-hall" in listed.stdout
    assert "zh-web/nav/home" in listed.stdout
    assert "gone.toml cannot be read" in listed.stderr


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("gone", "gone.toml cannot be read"),
        ("broken", "NOTHING"),
        ("absent", "no pack 'absent'"),
    ],
)
def test_an_unusable_distribution_is_reported_in_one_line(
    name: str, message: str, installed: Path, tmp_path: Path
) -> None:
    (tmp_path / "page.txt").write_text(TEXT, encoding="utf-8")
    done = cleaner(installed, "clean", "page.txt", "--pack", name, "-o", "out", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith("error: ")
    assert message in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_distribution_for_another_version_is_refused(installed: Path, tmp_path: Path) -> None:
    late = PACK.format(id="late", extends="", word="明日布告").replace(">=0.1,<9", ">=9")
    (tmp_path / "late.toml").write_text(late, encoding="utf-8")
    done = cleaner(installed, "rules", "test", "late.toml", cwd=tmp_path)
    assert done.returncode == 2
    assert "needs cleaner >=9, this is 0." in done.stderr


def test_the_distribution_of_the_docs_can_be_built_and_used(tmp_path: Path) -> None:
    docs = (ROOT / "docs" / "integrations.md").read_text(encoding="utf-8").split("## Publishing a pack")[1]
    files = re.findall(r"`([\w/.]+)`:\n\n```\w+\n(.*?)```", docs, flags=re.DOTALL)
    assert len(files) == 3
    for name, content in files:
        (tmp_path / "source" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "source" / name).write_text(content, encoding="utf-8")
    site = tmp_path / "site"
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(site)]
    subprocess.run([*command, str(tmp_path / "source")], check=True, capture_output=True)
    tested = cleaner(site, "rules", "test", "village", cwd=tmp_path)
    assert tested.returncode == 0, tested.stdout + tested.stderr
