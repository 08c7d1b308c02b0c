"""What several hosts print at the same place is written once, as a pack of their engine bound to all of them."""

from __future__ import annotations

from cleaner.learning.engines import settle_names, share_frames
from cleaner.learning.pack_text import write_pack
from cleaner.learning.site_packs import EXACT, SitePack
from cleaner.packs import loader, testing
from cleaner.rules.schema import Rule

ENGINE = (
    "只看该作者一人",
    "倒序浏览全部回帖",
    "发表于楼主之后",
    "道具与勋章中心",
    "快速回复主题",
    "Powered by Discuz!",
    "收听他的广播",
)
KEEPS = ("河水退去之后，村里的人重新丈量田地。",)


def pack(host: str, *lines: str) -> SitePack:
    texts = tuple(sorted(lines))
    rule = Rule(id="footer/tail", why="w", literals=texts, match=EXACT, where="tail", drops=texts[:3], keeps=KEEPS)
    return SitePack(f"site-{host}-com", f"{host}.com", 10, (rule,))


FORUMS = [pack(name, *ENGINE, f"{name}论坛的首页") for name in ("one", "two", "three")]
OTHER = pack("news", "关于本报", "订报电话", "编辑部的信箱")


def test_a_shared_frame_is_written_once_and_bound_to_its_hosts() -> None:
    engine, *sites = share_frames([*FORUMS, OTHER])
    assert (engine.id, engine.hosts) == ("engine-discuz", ("one.com", "three.com", "two.com"))
    assert set(engine.rules[0].literals) == set(ENGINE)
    assert {site.host: site.rules[0].literals for site in sites if site.host != "news.com"} == {
        f"{name}.com": (f"{name}论坛的首页",) for name in ("one", "two", "three")
    }
    assert OTHER in sites
    for one in (engine, *sites):
        loaded = loader.check_pack(loader.parse_pack(write_pack(one, ["core"]), "pack.toml"))
        assert testing.run_cases(loaded) == ()
        assert loaded.hosts == (one.hosts or (one.host,))


def test_two_hosts_and_few_lines_are_no_engine() -> None:
    assert share_frames(FORUMS[:2]) == FORUMS[:2]
    few = [pack(name, *ENGINE[:3]) for name in ("one", "two", "three")]
    assert share_frames(few) == few


def test_the_order_of_hosts_changes_nothing() -> None:
    assert share_frames([*FORUMS, OTHER])[0] == share_frames([OTHER, *reversed(FORUMS)])[0]


def test_known_engines_keep_their_names_and_their_lines() -> None:
    engine = share_frames(FORUMS)[0]
    known = SitePack("engine-old", "engine-old", 0, engine.rules, hosts=engine.hosts)
    assert [one.id for one in settle_names([engine], [known])] == ["engine-old"]
    (site,) = settle_names([FORUMS[0]], [known])
    assert site.rules[0].literals == ("one论坛的首页",)
