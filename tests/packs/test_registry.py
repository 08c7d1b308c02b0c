from __future__ import annotations

import importlib
import sys
import time
from typing import TYPE_CHECKING

import pytest

from cleaner.errors import PackError
from cleaner.packs import registry

if TYPE_CHECKING:
    import time
from pathlib import Path

TEXT = """\
schema = 1
[pack]
id = "{id}"
version = "1.2"
title = "t"
extends = [{extends}]
requires = "{requires}"
[[rule]]
id = "nav/slogan"
why = "w"
literals = ["某某标语"]
drops = ["某某标语"]
keeps = ["某某标语写在墙上"]
"""


def write(folder: Path, name: str, extends: str = "", requires: str = "") -> Path:
    path = folder / f"{name}.toml"
    path.write_text(TEXT.format(id=name, extends=extends, requires=requires), encoding="utf-8")
    return path


def ids(pack: registry.RulePack) -> list[str]:
    return [rule.id for rule in pack.rules]


def test_shipped_packs_are_found_by_name() -> None:
    assert {"core", "en-web", "zh-web", "zh-forum"} <= set(registry.pack_names())
    assert "opencc-overlay" not in registry.pack_names()
    assert registry.load_rules("core").id == "core"


def test_a_pack_brings_the_rules_of_those_it_extends_first() -> None:
    found = ids(registry.load_rules("zh-web"))
    assert found.index("core/artefact/url-only") < found.index("zh-legal/legal/icp-number")
    assert found.index("zh-legal/legal/icp-number") < found.index("zh-web/nav/home")
    assert len(found) == len(set(found))


def test_a_path_is_a_pack_and_extends_shipped_ones_and_neighbours(tmp_path: Path) -> None:
    write(tmp_path, "base")
    path = write(tmp_path, "mine", extends='"base", "en-web"')
    found = ids(registry.load_rules(path))
    assert found[0] == "base/nav/slogan"
    assert found[-1] == "mine/nav/slogan"
    assert "en-web/footer/copyright" in found


def test_a_folder_of_packs_is_extended_and_a_known_pack_wins_over_a_folder_of_its_name(tmp_path: Path) -> None:
    folder = tmp_path / "sites"
    folder.mkdir()
    write(folder, "one"), write(folder, "two")
    (tmp_path / "core").mkdir()
    path = write(tmp_path, "mine", extends='"sites", "core"')
    assert [name for name in ids(registry.load_rules(path)) if name.endswith("/nav/slogan")] == [
        "one/nav/slogan", "two/nav/slogan", "mine/nav/slogan"
    ]  # fmt: skip
    assert {pack.id for pack in registry.load_family([str(path)])} >= {"one", "two", "core", "mine"}


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    path = write(tmp_path, "mine")
    before = registry.load_rules(path)
    path.write_text(path.read_text("utf-8").replace('why = "w"', 'why = "another"'), encoding="utf-8")
    assert registry.load_rules(path).hash != before.hash


def test_overrides_are_applied_to_the_whole_pack() -> None:
    found = ids(registry.load_rules("zh-web", overrides={"core/*": "off", "core/pager/*": "on"}))
    assert [name for name in found if name.startswith("core/")] == ["core/pager/numbered"]


def test_an_installed_distribution_brings_a_pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "visitor", extends='"core"')
    (tmp_path / "visiting_pack.py").write_text(
        "from pathlib import Path\nPACK = Path(__file__).with_name('visitor.toml')\n\ndef where():\n    return PACK\n"
    )
    info = tmp_path / "visiting_pack-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: visiting-pack\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(
        f"[{registry.GROUP}]\nvisitor = visiting_pack:PACK\nother = visiting_pack:where\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    importlib.invalidate_caches()
    try:
        assert {"visitor", "other"} <= set(registry.pack_names())
        assert ids(registry.load_rules("visitor"))[-1] == "visitor/nav/slogan"
        assert registry.load_rules("other").hash == registry.load_rules("visitor").hash
    finally:
        sys.modules.pop("visiting_pack", None)


def test_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(PackError, match=r"no pack 'zh-wbe'; known: .*zh-web"):
        registry.load_rules("zh-wbe")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(PackError, match=r"gone\.toml cannot be read"):
        registry.load_rules(tmp_path / "gone.toml")


def test_packs_in_a_circle_are_refused(tmp_path: Path) -> None:
    write(tmp_path, "one", extends='"two"')
    write(tmp_path, "two", extends='"one"')
    with pytest.raises(PackError, match=r"in a circle: .*one.*two.*one"):
        registry.load_rules(tmp_path / "one.toml")


def test_packs_that_meet_over_many_levels_are_each_read_once(tmp_path: Path) -> None:
    levels = 40
    for level in range(levels):
        for side in "ab":
            bases = f'"a{level + 1}", "b{level + 1}"' if level + 1 < levels else ""
            write(tmp_path, f"{side}{level}", extends=bases)
    start = time.process_time()
    pack = registry.load_rules(tmp_path / "a0.toml")
    assert time.process_time() - start < 3
    assert len(pack.rules) == 2 * levels - 1
    assert ids(pack)[-1].startswith("a0/")


def test_a_chain_of_packs_has_a_limit(tmp_path: Path) -> None:
    for level in range(registry.MOST_LEVELS + 3):
        write(tmp_path, f"p{level}", extends=f'"p{level + 1}"')
    with pytest.raises(PackError, match="over more than 50 levels"):
        registry.load_rules(tmp_path / "p0.toml")


def test_the_needed_version_is_checked(tmp_path: Path) -> None:
    assert registry.load_rules(write(tmp_path, "fits", requires=">=0.0.1, <99")).version == "1.2"
    with pytest.raises(PackError, match=r"requires: needs cleaner >=99"):
        registry.load_rules(write(tmp_path, "late", requires=">=99"))
    with pytest.raises(PackError, match=r"requires: 'soon' is not like"):
        registry.load_rules(write(tmp_path, "vague", requires="soon"))


def test_several_packs_become_one() -> None:
    whole = registry.combine([registry.load_rules("en-web"), registry.load_rules("zh-mill")])
    assert whole.id == "en-web+zh-mill"
    assert {"en-web/footer/copyright", "zh-mill/mill/sign-off"} <= set(ids(whole))
    assert registry.combine([registry.load_rules("core")]) == registry.load_rules("core")


def test_a_family_is_every_pack_once() -> None:
    found = registry.load_family(["zh-web"])
    assert [pack.id for pack in found] == sorted({"zh-web", *registry.load_rules("zh-web").extends, "core", "judge"})
    assert len({pack.hash for pack in found}) == len(found)
