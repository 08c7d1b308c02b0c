"""`cleaner learn` as a person uses it: learn, read, test, edit, compare, clean."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from cleaner.packs import loader
from helpers.calls import Call
from helpers.site_pages import SITES, SitePage, write_sites


def read_texts(path: Path) -> dict[str, str]:
    return {row["id"]: row["text"] for row in map(json.loads, path.read_text("utf-8").splitlines())}


def missing(lines: list[str], text: str) -> Counter[str]:
    return Counter(lines) - Counter(text.split("\n"))


@pytest.mark.parametrize("judge", ["off", "normal"])
@pytest.mark.parametrize("has_hosts", [True, pytest.param(False, marks=pytest.mark.slow)])
def test_no_line_of_an_author_is_lost_however_often_it_recurs(
    judge: str, has_hosts: bool, tmp_path: Path, call: Call
) -> None:
    """The judge alone takes verse in a frame for a menu; where rules of the site know the frame, it does not.

    Without hosts all pages are of one frame, and what stands beside the sheets' values on some is only flagged on all.
    """
    pages = write_sites(tmp_path, *SITES)
    pages = pages if has_hosts else write_without_hosts(pages)
    assert call("learn", pages, "-o", "packs", "--quiet")[0] == 0
    options = ("--dedup", "off", "--judge", judge, "--quiet", "-o")
    call("clean", pages, *options, "before")
    call("clean", pages, "--pack", "zh-web", "--pack", "packs", *options, "after")
    before, after = (read_texts(tmp_path / folder / pages.name) for folder in ("before", "after"))
    for name, make in SITES.items():
        frames = Counter[str]()
        for number, page in enumerate(make()):
            key = f"{name}-{number}"
            assert not missing(page.content, after[key]), name
            frames.update(left_frame(page, before[key], after[key]))
        most = len(make()) if judge == "normal" else frames["before"] // (5 if has_hosts else 2)
        assert frames["after"] <= most, name


def left_frame(page: SitePage, before: str, after: str) -> Counter[str]:
    """Count the lines of a page's frame that are left without what was learned, and with it."""
    frame = [*page.head, *page.tail]
    return Counter(before=len(frame) - missing(frame, before).total(), after=len(frame) - missing(frame, after).total())


@pytest.mark.slow
def test_any_number_of_workers_writes_the_same_packs(tmp_path: Path, call: Call) -> None:
    pages = write_sites(tmp_path, "novel", "sheets")
    nameless = tmp_path / "more.jsonl"
    nameless.write_text(pages.read_text("utf-8").replace("example.com", "x").replace("书屋", "书城"), encoding="utf-8")
    write_without_hosts(nameless).rename(nameless)
    call("learn", pages, nameless, "-o", "one", "--quiet", "--workers", 1)
    call("learn", pages, nameless, "-o", "two", "--quiet", "--workers", 2)
    names = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert names[2:] == ["learned.json", "site-novel-example-com.toml", "site-sheets-example-com.toml"]
    assert all(name.startswith("frame-") for name in names[:2])
    assert [(tmp_path / "one" / name).read_bytes() for name in names] == [
        (tmp_path / "two" / name).read_bytes() for name in names
    ]


@pytest.mark.slow
def test_an_edited_pack_is_brought_up_to_date(tmp_path: Path, call: Call) -> None:
    pages = write_sites(tmp_path, "minutes")
    call("learn", pages, "-o", "packs", "--quiet")
    path = tmp_path / "packs" / "site-minutes-example-com.toml"
    text = path.read_text("utf-8")
    assert "# 18 pages" in text
    path.write_text(text.replace('"我的书架", ', "", 1).replace('"我的书架"', '"示例书屋"'), encoding="utf-8")
    code, out, _ = call("learn", pages, "--update", path, "--json")
    assert code == 0
    assert json.loads(out)["packs"]["site-minutes-example-com"]["additions"] == 0
    assert '"我的书架"' not in path.read_text("utf-8")
    _, out, _ = call("rules", "diff", "zh-web", path, pages, "--summary")
    assert "site-minutes-example-com/nav/head: 72" in out


def test_the_summary_counts_pages_hosts_and_lines(tmp_path: Path, call: Call) -> None:
    pages = write_sites(tmp_path, "poems", "novel")
    code, out, err = call("learn", pages, "-o", "packs", "--json", "--min-pages", 21)
    summary = json.loads(out)
    assert (code, summary["pages"], summary["hosts"], summary["small_hosts"]) == (0, 44, 2, 1)
    assert list(summary["packs"]) == ["site-novel-example-com"]
    assert "site-novel-example-com.toml  24 pages" in err
    pack = loader.parse_pack((tmp_path / "packs" / "site-novel-example-com.toml").read_text("utf-8"))
    assert pack.hosts == ("novel.example.com",)


def test_hosts_come_from_folders_and_fields(tmp_path: Path, call: Call) -> None:
    for number, page in enumerate(SITES["novel"]()):
        path = tmp_path / "tree" / "书屋" / f"{number}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page.text, encoding="utf-8")
    assert call("learn", "tree", "-o", "packs", "--host-from", "folder", "--quiet")[0] == 0
    (pack,) = (tmp_path / "packs").glob("*.toml")
    assert 'hosts = ["书屋"]' in pack.read_text("utf-8")


def write_without_hosts(pages: Path) -> Path:
    """Write pages again without what says where they are from."""
    rows = [json.loads(line) for line in pages.read_text("utf-8").splitlines()]
    path = pages.with_name("nameless.jsonl")
    rows = [{"id": row["id"], "text": row["text"]} for row in rows]
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def test_pages_without_hosts_are_told_by_their_frame(tmp_path: Path, call: Call) -> None:
    pages = write_without_hosts(write_sites(tmp_path, "minutes", "novel"))
    code, out, err = call("learn", pages, "-o", "packs", "--json")
    (name,) = summary_packs = json.loads(out)["packs"]
    assert (code, summary_packs[name]["pages"], json.loads(out)["framed_pages"]) == (0, 42, 42)
    assert "42 pages no host, 42 of them a frame that others share" in err
    pack = loader.parse_pack((tmp_path / "packs" / f"{name}.toml").read_text("utf-8"))
    assert (pack.hosts, pack.id) == ((), name)
    assert "联系管理员" in pack.frame
    options = ("--pack", "zh-web", "--pack", "packs", "--dedup", "off", "--judge", "off", "--quiet")
    assert call("clean", pages, *options, "-o", "out")[0] == 0
    page = SITES["minutes"]()[3]
    texts = read_texts(tmp_path / "out/nameless.jsonl")
    assert texts["minutes-3"].split() == "\n".join(page.content).split()
    assert call("clean", pages, "--learn", *options[4:], "-o", "two")[0] == 0
    assert read_texts(tmp_path / "two/nameless.jsonl") == texts


def test_a_pack_of_a_frame_is_brought_up_to_date_under_its_name(tmp_path: Path, call: Call) -> None:
    pages = write_without_hosts(write_sites(tmp_path, "minutes"))
    call("learn", pages, "-o", "packs", "--quiet")
    (path,) = (tmp_path / "packs").glob("*.toml")
    pages.write_text(pages.read_text("utf-8").replace("联系管理员", "联系本站管理员们"), encoding="utf-8")
    code, out, _ = call("learn", pages, "--update", "packs", "--json")
    assert (code, list(json.loads(out)["packs"])) == (0, [path.stem])
    assert [*(tmp_path / "packs").glob("*.toml")] == [path]


def test_texts_without_hosts_or_frames_are_refused(tmp_path: Path, call: Call) -> None:
    (tmp_path / "texts").mkdir()
    for number, page in enumerate(SITES["novel"]()):
        (tmp_path / "texts" / f"{number}.txt").write_text(page.content[3], encoding="utf-8")
    code, _, err = call("learn", "texts", "-o", "packs")
    assert code == 2
    assert "too few share the lines of a frame. --host-from" in err


def test_wrong_calls_say_what_to_do(tmp_path: Path, call: Call) -> None:
    pages = write_sites(tmp_path, "novel")
    assert "--output DIR, or --update PACK" in call("learn", pages)[2]
    assert "no pack there" in call("learn", pages, "--update", "none.toml")[2]
    call("learn", pages, "-o", "packs", "--quiet")
    assert "give --update packs" in call("learn", pages, "-o", "packs")[2]
    assert call("learn", pages, "-o", "packs", "--force", "--quiet")[0] == 0
    (tmp_path / "packs" / "learned.json").write_text("{", encoding="utf-8")
    assert "damaged" in call("learn", pages, "--update", "packs")[2]


def test_cleaning_can_learn_first_in_one_run(tmp_path: Path, call: Call) -> None:
    pages = write_sites(tmp_path, "minutes")
    options = ("--dedup", "off", "--judge", "off", "--quiet")
    assert call("clean", pages, "--learn", *options, "-o", "out")[0] == 0
    manifest = json.loads((tmp_path / "out/_cleaner/manifest.json").read_text("utf-8"))
    assert "site-minutes-example-com" in {pack["id"]: pack["sha256"] for pack in manifest["packs"]}
    page = SITES["minutes"]()[3]
    assert read_texts(tmp_path / "out/pages.jsonl")["minutes-3"].split() == "\n".join(page.content).split()
    call("learn", pages, "-o", "packs", "--quiet")
    call("clean", pages, "--pack", "zh-web", "--pack", "packs", *options, "-o", "two")
    assert (tmp_path / "out/pages.jsonl").read_bytes() == (tmp_path / "two/pages.jsonl").read_bytes()
    assert call("restore", "out", "--to", "originals")[0] == 0
    assert (tmp_path / "originals/pages.jsonl").read_bytes() == pages.read_bytes()
    assert "exists" in call("clean", pages, "--learn", *options, "-o", "out")[2]
    assert call("clean", pages, "--learn", *options, "--update", "-o", "out")[0] == 0


def test_learning_first_removes_no_pack_that_a_run_did_not_write(tmp_path: Path, call: Call) -> None:
    pages = write_sites(tmp_path, "minutes")
    call("learn", pages, "-o", "out/site-packs", "--quiet")
    mine = tmp_path / "out/site-packs/mine.toml"
    mine.write_text("schema = 1\n", encoding="utf-8")
    code, _, err = call("clean", pages, "--learn", "--quiet", "-o", "out")
    assert (code, mine.exists()) == (2, True)
    assert "mine.toml" in err
    mine.unlink()
    assert call("clean", pages, "--learn", "--quiet", "-o", "out")[0] == 0


def test_odd_hosts_and_lines_are_no_trouble(tmp_path: Path, call: Call) -> None:
    body = "河水退去之后第{}天，村里的人重新丈量田地，谁也没有说话，太阳落了。"
    text = "\n".join(
        [
            "'a'\"b\"\\n",
            "^[表](页)$ 甲乙",
            "断\ud800字",
            "阅读({})",
            body,
            "页脚 `x` \x7f 甲",
            "尾部{{}}",
            "点击\x01\x7f{}次",
        ]
    )
    rows = [
        {"id": f"{host}/{number}", "host": host, "text": text.format(number, number, number)}
        for host in ("*.com", "bad host", "x" * 300, "例子.中国", "a_b.com", "a.com")
        for number in range(6)
    ]
    path = tmp_path / "odd.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    code, _, err = call("learn", path, "-o", "packs", "--quiet")
    assert code == 1
    assert "skipped host *.com: no name of a host" in err
    packs = [loader.parse_pack(file.read_text("utf-8")) for file in (tmp_path / "packs").glob("*.toml")]
    hosts = {host for pack in packs for host in pack.hosts}
    assert hosts == {"例子.中国", "a_b.com", "a.com"}
    assert any("\x01\x7f" in rule.match for pack in packs for rule in pack.rules)
    assert call("clean", path, "--pack", "zh-web", "--pack", "packs", "-o", "out", "--quiet")[0] == 0
