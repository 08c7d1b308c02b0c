# ruff: noqa: E501 - lists of words
"""Invent texts that are all content and look like furniture: tables, rosters, timetables, verse, specifications.

Labelled pages have few of them, so a judge that is fitted on those alone takes short lines for menus. Each kind is a
function of a random source; names, places and numbers are drawn from lists of our own. benchmarks/derive/judge_model.py
sets them into frames of labelled pages.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from random import Random

Body = list[str]

SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶姜"
GIVEN = "小河大江春生明月一山晓燕建国海波玉兰志强东卫红平一帆素芬年满春水知秋文静子安云飞雨桐思远若水天佑"
PLACES = [
    "清河",
    "南渡",
    "北岭",
    "东湖",
    "西关",
    "沙洲",
    "柳树屯",
    "石桥",
    "渡口",
    "码头",
    "青山",
    "白鹭洲",
    "松林",
    "竹溪",
    "河湾",
    "古城",
    "新镇",
    "老街",
    "大洼",
    "小营",
]
UNITS = [
    "纺织厂",
    "中学",
    "水厂",
    "邮电局",
    "图书馆",
    "文化馆",
    "供销社",
    "卫生院",
    "气象站",
    "粮站",
    "小学",
    "车队",
    "船厂",
    "印刷厂",
    "林场",
    "渔业社",
]
THINGS = [
    "剪刀",
    "墨水",
    "算盘",
    "铜锁",
    "竹篮",
    "草帽",
    "胶鞋",
    "油布",
    "铁皮桶",
    "麻袋",
    "煤油炉",
    "闹钟",
    "镜子",
    "梳子",
    "纽扣",
    "顶针",
    "放大镜",
    "秤砣",
    "口哨",
    "日历",
]
FOODS = [
    "猪肉",
    "豆腐",
    "白菜",
    "萝卜",
    "鲫鱼",
    "排骨",
    "鸡蛋",
    "面粉",
    "糯米",
    "红枣",
    "莲子",
    "木耳",
    "香菇",
    "生姜",
    "大葱",
    "蒜瓣",
    "花椒",
    "料酒",
    "酱油",
    "白糖",
]
WORKS = [
    "梯田",
    "晒谷场",
    "北风",
    "石磨",
    "三月集",
    "电影院",
    "屋檐",
    "采茶人",
    "夜校",
    "白露",
    "麦子熟了",
    "铁匠铺",
    "沿江路",
    "雪线",
    "海图",
    "候车室",
    "榆钱",
    "小站",
]
SUBJECTS = [
    "语文",
    "数学",
    "英语",
    "物理",
    "化学",
    "历史",
    "地理",
    "生物",
    "体育",
    "音乐",
    "美术",
    "劳动",
    "班会",
    "自习",
    "阅读",
    "书法",
]
SENTENCES = (
    "河水退去之后，{a}的人开始重新丈量田地，老人说界石还在，只是埋得深了一些。",
    "从{a}到{b}要走两个时辰，路上有三座桥，桥头都有卖茶的人。",
    "{a}的秋天来得早，九月里就要生火，窗纸要换成厚的。",
    "他在{a}住了四十年，认得河里每一块石头，也认得每一只船。",
    "为了修这条路，{a}和{b}的人一共干了三个冬天。",
    "下面把几件事情说明白，免得大家走错了门，白跑一趟。",
)
VERSE = [
    "麦子黄了又黄",
    "风筝挂在树上",
    "外婆数着鸡蛋",
    "收音机在沙沙响",
    "雪落在瓦片",
    "没有人说话",
    "火车穿过山洞",
    "我数到七十三",
    "海的那一边",
    "有谁在摇橹",
    "把灯拧暗些",
    "故事刚刚开始",
    "打谷场上",
    "睡着一只猫",
    "敲铜锣",
    "抬花轿",
    "石榴红",
    "柿子甜",
    "骑竹马",
    "绕井台",
    "蓝布衫",
    "两条辫",
    "一直走到天黑",
]
CLASSIC = [
    "远树连沙白",
    "寒鸦背日飞",
    "客心随雁北",
    "秋色入衣单",
    "野店鸡声早",
    "孤村柳影疏",
    "松风吹石冷",
    "春草隔篱生",
    "醉后忘归路",
    "闲来数落花",
]
CLASSIC7 = [
    "江村雨过稻初黄",
    "牧笛声中半夕阳",
    "旧友重来樽酒尽",
    "新诗写罢竹窗凉",
    "山寺钟残僧未起",
    "石阶苔满客先行",
    "一夜北风吹雪尽",
    "满城儿女看灯归",
]


def name(draw: Random) -> str:
    """Invent a person's name."""
    return draw.choice(SURNAMES) + "".join(draw.sample(GIVEN, draw.choice((1, 2, 2))))


def sentence(draw: Random) -> str:
    """Invent a sentence of prose."""
    a, b = draw.sample(PLACES, 2)
    return draw.choice(SENTENCES).format(a=a, b=b)


def count(draw: Random) -> int:
    """Draw how many lines a list has."""
    return draw.choice((3, 4, 5, 6, 8, 10, 14, 20))


def date(draw: Random) -> str:
    """Invent a date."""
    year, month, day = draw.randrange(1995, 2024), draw.randrange(1, 13), draw.randrange(1, 29)
    return draw.choice(
        (f"{year}年{month}月{day}日", f"{year}-{month:02}-{day:02}", f"{month}月{day}日", f"{year}.{month}.{day}")
    )


def clock(draw: Random) -> str:
    """Invent a time of day."""
    return f"{draw.randrange(5, 22):02}:{draw.choice((0, 10, 15, 30, 45)):02}"


def bullets(draw: Random) -> Body:
    """Things to bring, one a line."""
    mark = draw.choice(("", "", "· ", "- ", "★ ", "• "))
    return [
        draw.choice(("需要带的东西：", "要准备的：", "清单", "我们有：")),
        *(mark + thing for thing in draw.sample(THINGS, min(count(draw), 18))),
    ]


def hours(draw: Random) -> Body:
    """Opening hours, a table with tabs or bars."""
    gap = draw.choice(("\t", "  ", " | "))
    rooms = draw.sample(("琴房", "羽毛球馆", "化验室", "档案室", "展厅", "游泳馆", "门诊", "收费处"), 4)
    rows = [
        gap.join(
            (
                room,
                f"{clock(draw)}-{clock(draw)}",
                f"{clock(draw)}-{clock(draw)}",
                draw.choice(("闭馆", "休息", clock(draw))),
            )
        )
        for room in rooms
    ]
    return [gap.join((draw.choice(("场所", "科室", "窗口")), "周一至周五", "周六", "周日")), *rows]


def roster(draw: Random) -> Body:
    """Names with class, village or trade."""
    if draw.random() < 0.4:
        return [" ".join(name(draw) for _ in range(draw.choice((3, 5, 6, 8)))) for _ in range(min(count(draw), 8))]
    what = draw.choice(("初一（3）班", "二车间", "木匠", "护林员", "接线员", "会计", "二等奖", "副组长"))
    return [
        f"{number:02} {name(draw)} {draw.choice((what, draw.choice(PLACES), draw.choice(UNITS)))}"
        if draw.random() < 0.6
        else f"{name(draw)} {what}"
        for number in range(1, count(draw) + 1)
    ]


def specification(draw: Random) -> Body:
    """Fields of a product, with colons, tabs or on lines of their own."""
    fields = {
        "品名": draw.choice(THINGS),
        "净重": f"{draw.randrange(1, 90) / 10}kg",
        "颜色": "白色 / 黑色",
        "尺寸": f"{draw.randrange(20, 90)}×{draw.randrange(20, 90)}×{draw.randrange(5, 30)}mm",
        "材质": draw.choice(("榉木", "不锈钢", "帆布", "陶瓷")),
        "保修期": "12个月",
        "产地": draw.choice(PLACES),
        "参考价格": f"{draw.randrange(20, 900)}元",
        "额定电压": "220V~ 50Hz",
        "功率": f"{draw.randrange(5, 200) * 10}W",
        "工作温度": "-10℃～45℃",
        "型号": f"QH-{draw.randrange(100, 999)}",
        "防护等级": "IP54",
        "接口": "USB-C",
    }
    keys = draw.sample(list(fields), min(count(draw), len(fields)))
    gap = draw.choice(("：", ": ", "\t", " "))
    if draw.random() < 0.25:
        return [line for key in keys for line in (key, fields[key])]
    return [f"{key}{gap}{fields[key]}" for key in keys]


def timetable(draw: Random) -> Body:
    """Departures or lessons."""
    if draw.random() < 0.4:
        gap = draw.choice(("\t", " ", " | "))
        return [
            gap.join(("", "周一", "周二", "周三", "周四", "周五")),
            *(gap.join((f"第{n}节", *draw.sample(SUBJECTS, 5))) for n in "一二三四五六"),
        ]
    a, b = draw.sample(PLACES, 2)
    return [f"{clock(draw)} {a}站 — {clock(draw)} {b}" for _ in range(count(draw))]


def works(draw: Random) -> Body:
    """A discography or a list of books."""
    form = draw.choice(("《{w}》 {d}", "{d} 《{w}》", "{w}（{d}）", "{n}. 《{w}》 {p}出版社", "《{w}》"))
    return [
        draw.choice(("作品年表", "专辑", "主要作品", "片目")),
        *(
            form.format(w=work, d=date(draw), n=n, p=draw.choice(PLACES))
            for n, work in enumerate(draw.sample(WORKS, min(count(draw), 16)), 1)
        ),
    ]


def bibliography(draw: Random) -> Body:
    """References of a paper."""
    return [
        draw.choice(("参考文献", "参考文献：", "注释")),
        *(
            f"[{n}] {name(draw)}. {draw.choice(PLACES)}{draw.choice(('地基沉降', '水文观测', '方言调查', '旧桥加固'))}研究[{draw.choice('JDMC')}]. {draw.choice(PLACES)}: {draw.choice(PLACES)}大学, {draw.randrange(1980, 2022)}{draw.choice(('.', ': 12-19.', ', 8(2).'))}"
            for n in range(1, count(draw) + 1)
        ),
        f"收稿日期：{date(draw)}",
    ]


def scores(draw: Random) -> Body:
    """Results of matches, and a table of ranks."""
    teams = draw.sample(UNITS, 6)
    games = [f"{a}队 {draw.randrange(40, 99)}:{draw.randrange(40, 99)} {b}队" for a, b in pairwise(teams)]
    return [
        "赛果",
        *games,
        "积分榜",
        *(f"{n} {team}队 {3 - n // 2}胜{n // 2}负 {9 - n}分" for n, team in enumerate(teams[:4], 1)),
    ]


def telephones(draw: Random) -> Body:
    """Numbers to call."""
    gap = draw.choice(("：", ": ", " ", "\t"))
    return [
        draw.choice(("常用电话", "联系办法", "值班电话")),
        *(
            f"{draw.choice(UNITS)}{gap}{draw.choice(('119', '110', '120', '95598', f'0000-{draw.randrange(1000000, 9999999)}', f'1380000{draw.randrange(1000, 9999)}'))}"
            for _ in range(count(draw))
        ),
    ]


def verse(draw: Random) -> Body:
    """Lines of a song or poem, without punctuation."""
    kind = draw.choice((VERSE, VERSE, CLASSIC, CLASSIC7))
    lines = [draw.choice(kind) for _ in range(draw.choice((4, 8, 8, 12, 16)))]
    if kind is not VERSE and draw.random() < 0.6:
        lines = [f"{a}，{b}。" for a, b in zip(lines[::2], lines[1::2], strict=True)]
    head = [
        draw.choice(WORKS),
        *draw.choice(([], [f"作词：{name(draw)}", f"作曲：{name(draw)}"], [f"{name(draw)}"], [f"【唐】{name(draw)}"])),
    ]
    chorus = draw.sample(lines, 2) if draw.random() < 0.3 else []
    return [*head, *lines, *chorus]


def recipe(draw: Random) -> Body:
    """Ingredients and steps."""
    amounts = [
        f"{food}{draw.choice((' ', '：', ''))}{draw.choice(('200克', '两勺', '少许', '1个', '适量', '500g', '3片'))}"
        for food in draw.sample(FOODS, min(count(draw), 12))
    ]
    steps = [
        f"{n}{draw.choice(('.', '、', '）'))}{draw.choice(FOODS)}洗净切块，放进锅里煮十分钟，捞出沥干。"
        for n in range(1, 5)
    ]
    return [
        draw.choice(("主料", "材料：", "用料")),
        *amounts[: len(amounts) // 2 + 1],
        draw.choice(("辅料", "调料：")),
        *amounts[len(amounts) // 2 + 1 :],
        "做法",
        *steps,
    ]


def letter(draw: Random) -> Body:
    """A letter, notice or judgment with its date and hands."""
    office = f"{draw.choice(PLACES)}{draw.choice(('县人民政府办公室', '人民法院', '村民委员会', '学校', '业主委员会'))}"
    foot = draw.choice(
        (
            [office, date(draw)],
            [f"审判长 {name(draw)}", "二〇〇七年十一月九日", f"书记员 {name(draw)}"],
            ["此致\n敬礼", name(draw), date(draw)],
            [office, date(draw), "（此件公开发布）"],
        )
    )
    head = draw.choice((["各乡镇人民政府，县直各单位："], [f"尊敬的{name(draw)}先生："], ["通知"], ["各位邻居："]))
    return "\n".join((*head, *(sentence(draw) for _ in range(3)), *foot)).split("\n")


def questions(draw: Random) -> Body:
    """Questions with options and answers, or a question and its replies."""
    if draw.random() < 0.5:
        lines = []
        for n in range(1, min(count(draw), 8) + 1):
            a, b, c, d = draw.sample(PLACES, 4)
            lines += [f"{n}．下面哪一个地方在河的东边？（  ）", f"A．{a}  B．{b}  C．{c}  D．{d}"]
        return [*lines, "答案：" + " ".join(f"{n}.{draw.choice('ABCD')}" for n in range(1, len(lines) // 2 + 1))]
    replies = [
        line
        for n in range(min(count(draw), 6))
        for line in (
            draw.choice(
                ("修好了，谢谢", "顶一下", "同问", "我家也是这样", "换个垫圈就行", "楼上说得对", sentence(draw))
            ),
        )
    ]
    return [
        "旧木船漏水怎么补？",
        draw.choice(("最佳答案", "回答", "1楼")),
        sentence(draw),
        draw.choice(("其他回答", "评论", "2楼")),
        *replies,
    ]


def chronicle(draw: Random) -> Body:
    """Years and what happened."""
    years = sorted(draw.sample(range(1900, 2022), min(count(draw), 16)))
    return [
        draw.choice(("大事记", "年谱", "沿革")),
        *(
            f"{year}年{draw.choice((' ', '，', '：', ''))}{draw.choice(('生于', '设', '修', '迁往', '改名'))}{draw.choice(PLACES)}{draw.choice(('', '桥', '小学', '码头'))}"
            for year in years
        ),
    ]


def table(draw: Random) -> Body:
    """Rows of numbers, or their cells one a line."""
    gap = draw.choice(("\t", " | ", "  ", "｜"))
    rows = [
        [draw.choice(PLACES), *(f"{draw.randrange(1, 9999) / draw.choice((1, 10, 100)):g}" for _ in range(3))]
        for _ in range(count(draw))
    ]
    rows.insert(0, ["地点", "面积", "人口", "海拔"])
    return [cell for row in rows for cell in row] if draw.random() < 0.35 else [gap.join(row) for row in rows]


def code(draw: Random) -> Body:
    """A listing or a shell session."""
    word = draw.choice(("area", "total", "lines", "river"))
    return draw.choice(
        (
            [
                f"def {word}(path):",
                "    with open(path) as file:",
                "        return len(file.read())",
                "",
                f"print({word}('a.txt'))",
            ],
            [
                "$ pip install example",
                "$ example init",
                "created config.toml",
                "$ example run --port 8080",
                "listening on 127.0.0.1",
            ],
            ["<ul>", f"  <li>{word}</li>", "</ul>", "body { margin: 0; }", "var x = 1;"],
            ["SELECT id, name", f"FROM {word}", "WHERE id > 10", "ORDER BY name;"],
        )
    )


def places(draw: Random) -> Body:
    """Stations of a line, members of a party, headings of a talk."""
    return [draw.choice(("沿线各站", "到过的地方", "目录", "出席单位")), *draw.sample(draw.choice((PLACES, UNITS)), 8)]


KINDS: tuple[Callable[[Random], Body], ...] = (
    bullets,
    hours,
    roster,
    specification,
    timetable,
    works,
    bibliography,
    scores,
    telephones,
    verse,
    recipe,
    letter,
    questions,
    chronicle,
    table,
    code,
    places,
)


def invent(draw: Random, kinds: Sequence[Callable[[Random], Body]] = KINDS) -> Body:
    """Invent a text: a title, prose around a body of one of the kinds, or the body alone."""
    body = [line for line in draw.choice(kinds)(draw) if line.strip()]
    title = [
        draw.choice(
            (
                f"{draw.choice(PLACES)}的{draw.choice(WORKS)}",
                draw.choice(WORKS),
                f"关于{draw.choice(PLACES)}{draw.choice(UNITS)}的几件事",
            )
        )
    ]
    before = [sentence(draw) for _ in range(draw.choice((0, 1, 1, 2, 3)))]
    after = [sentence(draw) for _ in range(draw.choice((0, 0, 1, 2)))]
    return [*(title if draw.random() < 0.8 else []), *before, *body, *after]
