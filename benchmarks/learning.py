"""How well `cleaner learn` tells the frames of invented sites from what their authors repeat, how fast, in what memory.

    python benchmarks/learning.py [--pages N] [--hosts N] [--nameless]

Each host has a frame of its own: menus, buttons, counters, notices, footers, lines that only some pages have.
Its authors repeat themselves as well: refrains, labels and values, closing words. The truth is known for each line.
Precision: of the lines that the packs drop, those of frames. Recall: of the lines of frames that stand on a twentieth
of the pages, those that the packs or a shipped rule drop. `--nameless`: pages do not say which host they are from.
Prints Markdown; `--write` puts it into learning.md.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import subprocess
import sys
import tempfile
import time
import tomllib
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import NamedTuple

MENU = """
首页 新闻 财经 体育 科技 汽车 房产 教育 旅游 文化 图片 视频 专题 论坛 博客 读书 健康 军事 国际 评论
天气 招聘 地图 时尚 美食 育儿 游戏 音乐 动漫 星座 公益 数据 直播 名家 访谈 社区 商城 党建 政务 民生
法治 生态 三农 地方 行业 会展 培训 书画 收藏 宠物 摄影
""".split()  # noqa: SIM905 - a list of words to read
FOOTER = """
关于我们 联系我们 网站地图 友情链接 广告服务 招聘信息 版权声明 隐私政策 用户协议 意见反馈 帮助中心 加入我们
法律顾问 投稿须知 手机版 订阅中心 返回顶部 站点统计 合作伙伴 常见问题
""".split()  # noqa: SIM905 - a list of words to read
BUTTONS = ["分享到", "微信", "微博", "收藏", "打印", "字号", "复制链接", "我要评论", "举报", "点赞", "关注", "扫码阅读"]
NOTICES = (
    "本站部分内容转载自网络，版权归原作者所有，如有侵权请联系{}删除。",
    "未经{}授权，任何单位及个人不得转载本网站的内容。",
    "欢迎关注{}公众号，获取更多内容。",
    "下载{}客户端，随时随地查看更多资讯。",
)
VARYING = ("阅读({})", "评论 {} 条", "发布时间：{}-0{}-1{}", "浏览次数：{}", "已有{}人收藏", "共{}页 当前第{}页")
REFRAINS = ("河水流过这里，不问你是谁。", "他没有再说话，我们也没有。", "这件事后来再没有人提起过。")
LABELS = ("产地：中国", "材质：榉木", "包装：纸箱", "等级：一等品")
CLOSINGS = ("以上意见供参考。", "特此公告。", "全文完。")


class Site(NamedTuple):
    """An invented site: what its frame prints at which share of the pages, and what its authors repeat."""

    host: str
    head: list[tuple[str, float]]
    varying: list[str]
    buttons: list[str]
    tail: list[tuple[str, float]]
    habits: list[str]


def make_site(number: int) -> Site:
    """Invent a site from its number."""
    dice = random.Random(number)
    host = f"www.site{number:05}.example"
    name = "".join(chr(0x4E00 + dice.randrange(3000)) for _ in range(3))
    menu = dice.sample(MENU, dice.randrange(6, 16))
    head = [(f"{name}网", 1.0), *((word, 1.0) for word in menu), *((f"{name}{word}频道", 0.2) for word in menu[:3])]
    footers = [*dice.sample(FOOTER, dice.randrange(4, 9)), *(f"{name}{word}" for word in dice.sample(FOOTER, 3))]
    notices = [(notice.format(name), 1.0) for notice in dice.sample(NOTICES, 2)]
    tail = [*((word, 1.0) for word in footers), *notices, (f"{name}网络科技有限公司 版权所有", 1.0)]
    habits = [dice.choice(kind) for kind in (REFRAINS, LABELS, CLOSINGS)]
    return Site(host, head, dice.sample(VARYING, 2), dice.sample(BUTTONS, 4), tail, habits)


def write_text(dice: random.Random, length: int) -> str:
    """Write a paragraph of made-up words."""
    clauses = (
        "".join(chr(0x4E00 + min(int(dice.expovariate(1 / 900)), 8000)) for _ in range(dice.randrange(5, 14)))
        for _ in range(max(length // 9, 1))
    )
    return "，".join(clauses) + "。"


def make_page(site: Site, number: int) -> tuple[list[str], set[str]]:
    """Return the lines of a page, and those of its frame."""
    dice = random.Random(f"{site.host}/{number}")
    head = [line for line, share in site.head if share == 1 or dice.random() < share]
    varying = [line.format(*(dice.randrange(1, 9) for _ in range(3))) for line in site.varying]
    tail = [line for line, share in site.tail if share == 1 or dice.random() < share]
    title = write_text(dice, 12)[:14]
    body = [write_text(dice, dice.randrange(40, 260)) for _ in range(dice.randrange(3, 9))]
    for habit in site.habits:
        body.insert(dice.randrange(1, len(body)), habit)
    links = [write_text(dice, 14)[:16].replace("，", "") for _ in range(dice.randrange(3, 8))]
    frame = {*head, *varying, *site.buttons, *tail, "相关阅读"}
    return [*head, title, *varying, *body, *site.buttons, "相关阅读", *links, *tail], frame


def write_pages(path: Path, hosts: int, pages: int, *, nameless: bool) -> int:
    """Write the pages of all hosts as JSON Lines; returns the bytes of their texts."""
    sites, size = [make_site(number) for number in range(hosts)], 0
    with path.open("w", encoding="utf-8") as file:
        for number in range(pages // hosts):
            for site in sites:
                text = "\n".join(make_page(site, number)[0])
                size += len(text.encode())
                name = f"{site.host}/{number}"
                row = {"text": text, **({"id": name.replace("/", " ")} if nameless else {"url": f"https://{name}"})}
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
    return size


def find_packs(folder: Path, hosts: int, *, nameless: bool) -> dict[int, Path]:
    """Find the pack of each site: by its host, else by a line of the frame that the pack is bound to."""
    from cleaner.normalization.script.folding import fold

    if not nameless:
        paths = {number: folder / f"site-www-site{number:05}-example.toml" for number in range(hosts)}
        return {number: path for number, path in paths.items() if path.exists()}
    numbers = {
        fold(line): number for number in range(hosts) for line, _ in make_site(number).tail if "网络科技" in line
    }
    packs = {path: tomllib.loads(path.read_text("utf-8"))["pack"].get("frame", ()) for path in folder.glob("*.toml")}
    return {numbers[fold(line)]: path for path, frame in packs.items() for line in frame if fold(line) in numbers}


def score(folder: Path, hosts: int, pages: int, *, nameless: bool) -> tuple[float, float]:
    """Compare the lines that packs drop with the truth: precision and recall."""
    from cleaner.packs import registry
    from cleaner.packs.testing import find_matches

    shipped = [rule for rule in registry.load_rules("zh-web").rules if rule.weight >= 1 and rule.action == "drop"]
    shipped = [rule for rule in shipped if not rule.detector]
    right = wrong = missing = 0
    paths = find_packs(folder, hosts, nameless=nameless)
    for number in range(hosts):
        site = make_site(number)
        rules = registry.load_rules(paths[number]).rules if number in paths else ()
        learned = [rule for rule in rules if rule.is_bound and rule.action == "drop"]
        frame, others = count_lines(site, pages // hosts)
        texts = [*frame, *others]
        by_learned, by_shipped = (find_matches(group, texts) for group in (learned, shipped))
        for text, own, common in zip(texts, by_learned, by_shipped, strict=True):
            if text in frame:
                right += bool(own)
                missing += not (own or common)
            else:
                wrong += bool(own)
    return right / max(right + wrong, 1), 1 - missing / max(right + missing, 1)


def count_lines(site: Site, pages: int) -> tuple[list[str], list[str]]:
    """List the lines of the frame that a twentieth of the pages have, and all lines of authors that recur."""
    frame: Counter[str] = Counter()
    others: Counter[str] = Counter()
    for number in range(pages):
        lines, of_frame = make_page(site, number)
        for line in set(lines):
            (frame if line in of_frame else others)[line] += 1
    recurring = [line for line, count in frame.items() if count >= max(3, pages / 20)]
    return recurring, [line for line, count in others.items() if count >= 2]


def measure(hosts: int, pages: int, *, nameless: bool) -> Iterator[str]:
    """Learn from invented pages in a process of its own; yield the row of a table."""
    with tempfile.TemporaryDirectory() as name:
        path, packs = Path(name, "pages.jsonl"), Path(name, "packs")
        size = write_pages(path, hosts, pages, nameless=nameless)
        call = [sys.executable, "-m", "cleaner", "learn", str(path), "-o", str(packs), "--quiet", "--workers", "1"]
        process = subprocess.Popen(call)
        _, status, usage = os.wait4(process.pid, 0)
        assert status == 0
        precision, recall = score(packs, hosts, pages, nameless=nameless)
        seconds, memory = usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024
        lengths = sorted(len(pack.read_text("utf-8").splitlines()) for pack in packs.glob("*.toml"))
        said = "not said" if nameless else f"{hosts:,}"
        yield (
            f"| {pages:,} | {said} | {size / 1e6:.0f} | {precision:.2%} | {recall:.2%} | {seconds:.0f} | "
            f"{size / 1e6 / seconds:.1f} | {pass_speed(path):.0f} | {memory:.0f} | {lengths[len(lengths) // 2]} |"
        )


def pass_speed(path: Path) -> float:
    """Measure the counting of lines alone: megabytes of text a second of one core, the median of five."""
    from cleaner.learning.line_counts import LineCounter

    with path.open(encoding="utf-8") as file:
        rows = [json.loads(line) for line in islice(file, 5000)]
    texts, hosts = [row["text"] for row in rows], [row.get("url", "///").split("/")[2] for row in rows]
    size, speeds = sum(len(text.encode()) for text in texts), []
    for _ in range(5):
        start, counter = time.process_time(), LineCounter()
        for first in range(0, len(texts), 300):
            counter.add(texts[first : first + 300], hosts[first : first + 300])
        counter.total()
        speeds.append(size / 1e6 / (time.process_time() - start))
    return sorted(speeds)[2]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, nargs="+", default=[10_000, 30_000, 100_000])
    parser.add_argument("--hosts", type=int, default=500)
    parser.add_argument("--nameless", action="store_true", help="no page says which host it is from")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    rows = [
        f"{datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()}, one process, CPU seconds.",
        "",
        "| pages | hosts | MB | precision | recall | CPU s | MB/s | MB/s, counting | memory, MB | lines of a pack |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for pages in options.pages:
        rows += measure(options.hosts, pages, nameless=options.nameless)
        print(rows[-1], flush=True)
    print("\n".join(rows))
    if options.write:
        page = Path(__file__).with_suffix(".md")
        head = page.read_text("utf-8").split("<!-- measured -->")[0]
        page.write_text(f"{head}<!-- measured -->\n{chr(10).join(rows)}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
