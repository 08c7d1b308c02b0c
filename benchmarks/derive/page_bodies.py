# ruff: noqa: E501 - lists of words
"""Invent what pages of shops, schools, forums, offices and fans are made of: short lines that are all content.

As in bodies.py, each kind is a function of a random source and all words are our own.
"""

from __future__ import annotations

from random import Random

from bodies import FOODS, PLACES, SUBJECTS, THINGS, UNITS, WORKS, Body, clock, count, date, name, sentence

POSTS = (
    "我也遇到过，重启一下就好了。",
    "楼上说得对。",
    "同问",
    "谢谢，已经解决了",
    "这个我不太熟悉，帮你顶一下。",
    "试过了，不行啊",
    "能不能把日志贴出来看看",
    "有道理，学习了。",
    "我家那个用了五年，没坏过",
    "哈哈哈",
    "价格有点高",
    "不建议，太折腾。",
    "先备份再说",
    "你用的是哪个版本？",
    "{a}这边已经停水两天了",
    "我觉得{a}的好吃",
    "求地址",
    "可以的，我试过。",
    "没用过，不评价",
    "支持楼主",
    "明天去{a}看看，回来告诉大家",
    "改成英文括号就好了",
    "记得带身份证",
    "太贵了，不如去{a}买",
    "+1",
    "好的，感谢！",
    "不懂就问，这是什么意思",
    "我是{a}的，有一起的吗",
)
COURSES = [
    "高等代数",
    "普通化学",
    "近代史纲要",
    "遗传学",
    "测量学",
    "会计原理",
    "书报讨论",
    "专题研究",
    "木材学",
    "水文学",
    "电路分析",
    "统计学导论",
    "线性规划",
    "材料力学",
    "音韵学",
    "语言学概论",
]
ENGLISH = (
    "Linear Algebra",
    "General Chemistry",
    "Seminar on Genetics (II)",
    "Surveying",
    "Principles of Accounting",
    "Special Topics",
    "Wood Science",
    "Hydrology",
    "Circuit Analysis",
    "Introduction to Statistics",
)
WORDS = [
    "苍翠",
    "蹒跚",
    "氤氲",
    "踟蹰",
    "皎洁",
    "斑驳",
    "伶俐",
    "迂回",
    "笃定",
    "恍惚",
    "沉吟",
    "婆娑",
    "潋滟",
    "阑珊",
    "缱绻",
    "葳蕤",
]


def item(draw: Random) -> Body:
    """A thing for sale: title, price, packing, delivery."""
    thing, price = draw.choice(THINGS), draw.randrange(9, 900)
    lines = [
        f"{draw.choice(('【包邮】', '', '全新', '手工'))}{draw.choice(PLACES)}{thing} {draw.choice(('加厚款', '老式', '大号', '家用'))} {draw.randrange(1, 9)}件装",
        draw.choice(
            (f"价格：{price}元", f"¥{price}.00", f"{price}元/只", f"售价 {price} 元，{draw.randrange(2, 9)}只起卖")
        ),
        f"包装规格：每箱{draw.randrange(6, 60)}只",
        f"净含量 {draw.randrange(1, 9) * 100}克",
        "全国发货，邮费另算",
        f"{draw.randrange(3, 9)}公斤以上送一个{draw.choice(THINGS)}",
        f"材质：{draw.choice(('竹', '铁皮', '棉布', '搪瓷'))}",
        f"颜色分类：{draw.choice(('红 / 蓝', '本色', '米白'))}",
        "使用方法：用前先以温水浸泡十分钟",
        f"产地：{draw.choice(PLACES)}",
        "保存：置于阴凉干燥处",
    ]
    return [lines[0], *(line for line in lines[1:] if draw.random() < 0.7)]


def film(draw: Random) -> Body:
    """Facts of a film, its story, awards and cast."""
    awards = [
        line
        for _ in range(draw.randrange(0, 4))
        for line in (
            f"第{draw.randrange(3, 60)}届{draw.choice(PLACES)}电影节",
            f"{draw.choice(('提名', '获奖'))}：{draw.choice(('最佳影片', '最佳摄影', '最佳新人'))}",
        )
    ]
    cast = [
        line
        for _ in range(draw.randrange(2, 6))
        for line in (name(draw), f"饰 {draw.choice(('老张', '母亲', '船工', '邮差'))}")
    ]
    facts = [
        draw.choice(("剧情,家庭", "剧情 / 历史", "纪录片")),
        f"{draw.choice(PLACES)} / {draw.randrange(80, 150)}分钟",
        f"{date(draw)}上映",
        f"导演: {name(draw)}",
        f"主演: {name(draw)} / {name(draw)}",
    ]
    return [
        draw.choice(WORKS),
        *draw.sample(facts, draw.randrange(2, 6)),
        "剧情简介",
        sentence(draw),
        *(["奖项", *awards] if awards else []),
        *(["演职人员", *cast] if draw.random() < 0.6 else []),
    ]


def syllabus(draw: Random) -> Body:
    """Courses of a school, over several lines each or a row each."""
    rows = []
    for _ in range(count(draw)):
        code, course, teacher = (
            f"{draw.randrange(10**6, 10**7)} 0{draw.randrange(1, 4)}",
            draw.choice(COURSES),
            name(draw),
        )
        hour = f"{draw.choice('一二三四五')}{draw.randrange(1, 5)},{draw.randrange(5, 9)} {draw.choice(('理', '文', '工'))}{draw.randrange(100, 400)}"
        if draw.random() < 0.5:
            rows += [
                f"{draw.randrange(1, 5)} {code} {course}",
                draw.choice(ENGLISH),
                f"{teacher} {draw.randrange(1, 4)}",
                f"{draw.randrange(0, 3)}/0/{draw.randrange(0, 3)} {draw.randrange(1, 4)} {draw.choice(('必修', '选修'))} {hour}",
            ]
        else:
            rows.append(f"{code}\t{course}\t{teacher}\t{draw.randrange(1, 4)}学分\t{hour}")
    return [f"{draw.choice(UNITS)}课程表", "年级 编号 班别 科目名称 任课教师 上课时数", *rows]


def admission(draw: Random) -> Body:
    """What a school asks for, or a table of subjects and numbers, a cell a line."""
    if draw.random() < 0.5:
        cells = [
            cell
            for number in range(1, min(count(draw), 10) + 1)
            for cell in (
                f"　0{number}{draw.choice(COURSES)}",
                str(draw.randrange(2, 30)),
                f"1、{draw.choice(SUBJECTS)}",
                f"2、{draw.choice(SUBJECTS)}",
                draw.choice(("同等学力加试", "不招同等学力", "—")),
            )
        ]
        return ["专业名称", "招生人数", "考试科目", "备注", *cells]
    return [
        "申请材料",
        "• 本科成绩单原件、学位证复印件",
        "• 有效护照复印件（有效期两年以上）",
        "• 推荐信两封",
        f"• {draw.randrange(2, 9)}万元存款证明",
        "入学时间",
        "每年3月、9月开学",
        "学费",
        f"{draw.randrange(3, 20)}000元 / 学期",
        "语言要求",
        f"雅思 {draw.randrange(5, 7)}.5 或同等水平",
    ]


def lodging(draw: Random) -> Body:
    """Inns or shops of a place: name, way there, rooms, price."""
    lines = []
    for _ in range(draw.randrange(1, 6)):
        lines += [
            f"{draw.choice(PLACES)}{draw.choice(('招待所', '客栈', '面馆', '书店'))}({draw.choice(PLACES)}店)",
            f"距{draw.choice(PLACES)}站步行{draw.randrange(2, 20) * 50}米",
            f"{draw.choice(PLACES)}路{draw.randrange(1, 300)}号",
            draw.choice(("含早餐", "可带宠物", "有停车场", "标准间 双床")),
            f"{draw.randrange(60, 600)}元起",
        ]
    return lines


def thread(draw: Random) -> Body:
    """A question and short answers, with the names of who wrote them or without."""
    posts = [draw.choice(POSTS).format(a=draw.choice(PLACES)) for _ in range(count(draw))]
    if draw.random() < 0.4:
        posts = [line for post in posts for line in (name(draw), post)]
    question = draw.choice(
        (
            "有没有人用过{a}的{b}？",
            "求推荐{a}附近的{b}",
            "{b}坏了怎么修",
            "关于{b}的几个问题，想听听大家的意见",
            "主题：{a}今年还有{b}卖吗",
        )
    )
    return [question.format(a=draw.choice(PLACES), b=draw.choice(THINGS)), *posts]


def captions(draw: Random) -> Body:
    """Captions of pictures of one event."""
    return [
        f"{draw.choice(PLACES)}{draw.choice(('迎来第一场雪', '举行划船比赛', '的老街修好了'))}",
        *(
            f"{draw.choice(('▲', '图为', '', '△ '))}{draw.choice(PLACES)}{draw.choice(('的船工在修船', '的孩子们在看戏', '码头一角', '的集市'))}{draw.choice(('。', '', f'（{name(draw)} 摄）'))}"
            for _ in range(count(draw))
        ),
    ]


def exam(draw: Random) -> Body:
    """Questions with answers to choose from."""
    lines = []
    for number in range(1, min(count(draw), 8) + 1):
        answers = draw.sample(THINGS, 4)
        lines.append(f"{number}、下列各项中，{draw.choice(PLACES)}不出产的是（ ）")
        options = [
            f"{letter}{draw.choice(('.', '、'))}{answer}" for letter, answer in zip("ABCD", answers, strict=True)
        ]
        lines += options if draw.random() < 0.6 else [" ".join(options)]
        if draw.random() < 0.5:
            lines.append(f"参考答案：{draw.choice('ABCD')}")
    return lines


def notice(draw: Random) -> Body:
    """A notice of an office: a title over two lines, numbered points, who signs and when."""
    place = draw.choice(PLACES)
    return [
        f"{place}人民政府办公室",
        f"关于禁止在{draw.choice(PLACES)}捕鱼的通告",
        f"{place[0]}政办〔{draw.randrange(2001, 2024)}〕{draw.randrange(1, 90)}号",
        "各村、各单位：",
        sentence(draw),
        "一、禁渔范围",
        f"{place}至{draw.choice(PLACES)}段。",
        "二、禁渔时间",
        f"{date(draw)}起。",
        "特此通告。",
        f"　　{place}人民政府",
        f"　　{date(draw)}",
    ]


def guide(draw: Random) -> Body:
    """What players or fans write down: marks, names and what each does."""
    mark = draw.choice(("> ", ">> ", "◎", "- ", ""))
    kinds = (
        "力量宝石（红色）",
        "敏捷宝石（紫色）",
        "木盾：防御 +3",
        "铁剑：攻击 +5",
        "体力药水，回复 200 点",
        "二级后再学",
        "第三关从左边走",
        "STR 30, VIT 20, AGI 10",
    )
    return [f"{draw.choice(WORKS)}开荒搭配讲解", *(mark + draw.choice(kinds) for _ in range(count(draw)))]


def commands(draw: Random) -> Body:
    """A post with commands and what they print."""
    word = draw.choice(("proxy", "backup", "mirror", "watch"))
    lines = [
        f"alias {word}='export http_{word}=localhost:1080'",
        f"alias un{word}='unset http_{word}'",
        f"sudo systemctl restart {word}",
        f"{word} --help   # 查看帮助",
        "ls -l /var/log",
        f'composer require demo/{word}:"*"',
        f"{word} // 开启",
        f"git clone {word} && cd {word}",
        "make && make install",
        f"cat /etc/{word}.conf | grep port",
        "Connection refused",
        "OK",
    ]
    return [
        "直接执行下面的命令就可以了",
        *draw.sample(lines, draw.randrange(3, 10)),
        draw.choice(("再重启终端。", "这样就好了", sentence(draw))),
    ]


def resume(draw: Random) -> Body:
    """The life of a person in fields and years."""
    return [
        f"姓名：{name(draw)}",
        f"籍贯：{draw.choice(PLACES)}",
        f"职称：{draw.choice(('教授', '工程师', '讲师'))}",
        "工作经历",
        *(
            f"{1970 + 4 * number}—{1974 + 4 * number} {draw.choice(PLACES)}{draw.choice(UNITS)} {draw.choice(('技术员', '厂长', '教师'))}"
            for number in range(min(count(draw), 9))
        ),
        "主要论著",
        *(f"《{draw.choice(WORKS)}》" for _ in range(3)),
    ]


def prices(draw: Random) -> Body:
    """Dishes, fares or fees with what they cost."""
    gap = draw.choice((" | ", "\t", "  ", "……", " - "))
    return [
        draw.choice(("今日菜单", "价目表", "票价", "收费标准")),
        *(
            f"{draw.choice(('| ', '', '')) if gap == ' | ' else ''}{draw.choice(FOODS)}{draw.choice(('汤', '饭', '面', ''))}{gap}{draw.randrange(5, 99)}元"
            for _ in range(count(draw))
        ),
    ]


def lyrics(draw: Random) -> Body:
    """Words of a song with how they are read."""
    pairs = (
        ("月亮出来亮堂堂", "yue liang chu lai liang tang tang"),
        ("照着对面小山岗", "zhao zhe dui mian xiao shan gang"),
        ("船儿船儿慢慢摇", "chuan er chuan er man man yao"),
        ("摇到外婆的桥头", "yao dao wai po de qiao tou"),
        ("灯笼挂在树梢上", "deng long gua zai shu shao shang"),
    )
    has_readings = draw.random() < 0.5
    lines = [
        line
        for _ in range(count(draw))
        for line in (lambda pair: pair if has_readings else pair[:1])(draw.choice(pairs))
    ]
    return [f"{draw.choice(WORKS)} - {name(draw)}", f"词：{name(draw)} 曲：{name(draw)}", *lines]


def words(draw: Random) -> Body:
    """Words to learn, one or several a line, or with what they mean."""
    style = draw.random()
    chosen = [draw.choice(WORDS) for _ in range(count(draw))]
    if style < 0.4:
        return ["生词", *chosen]
    if style < 0.7:
        return [" ".join(draw.sample(WORDS, 6)) for _ in range(draw.randrange(2, 8))]
    return [
        f"{number}. {word}：{draw.choice(('形容草木茂盛', '走路不稳', '水光闪动的样子', '心里拿不定主意'))}"
        for number, word in enumerate(chosen, 1)
    ]


def sayings(draw: Random) -> Body:
    """Short lines to choose from: names of teams, mottoes, wishes."""
    head = draw.choice(("小组名称大全", "响亮的班级口号", "适合发朋友圈的短句", "给老人的祝福"))
    lines = (
        "旭日组",
        "奋进组（取奋发向前之意）",
        "To be No.1",
        "一班一班，非同一般",
        "平安就好",
        "愿岁月温柔以待",
        "山高水长，来日再聚",
        "福如东海",
        "敢想敢做",
        "星火组：星星之火",
    )
    return [
        head,
        *(
            f"{draw.choice(('', f'{number}、', f'{number}.'))}{draw.choice(lines)}"
            for number in range(1, count(draw) + 1)
        ),
    ]


def releases(draw: Random) -> Body:
    """Versions of a program with their dates and changes."""
    lines = []
    for number in range(min(count(draw), 8), 0, -1):
        lines.append(
            draw.choice(("v1.{n}.0 ({d})", "## 1.{n}.0 - {d}", "1.{n} {d}", "{d}")).format(n=number, d=date(draw))
        )
        lines += [
            draw.choice(("- 修复打不开文件的问题", "- 新增夜间配色", "* 升级依赖", "- 改进启动速度", "增加两个快捷键"))
            for _ in range(draw.randrange(1, 4))
        ]
    return ["更新日志", *lines]


def ledger(draw: Random) -> Body:
    """Numbers with dates: shares, votes, traffic, a diary's index."""
    rows = {
        "持股变动": lambda: (
            f"{date(draw)} {name(draw)} 减持 {draw.randrange(1, 90)}000 股 均价 {draw.randrange(3, 60)}.{draw.randrange(10, 99)}元"
        ),
        "投票结果": lambda: f"{draw.choice(THINGS)} {draw.randrange(1, 400)}票 {draw.randrange(1, 60)}%",
        "路况": lambda: f"{clock(draw)} {draw.choice(PLACES)}桥往{draw.choice(PLACES)}方向车多缓行",
        "日记目录": lambda: f"{date(draw)} {draw.choice(('晴', '雨', '雪'))} {draw.choice(WORKS)}",
        "论文目录": lambda: (
            f"{name(draw)}，{name(draw)}．{draw.choice(PLACES)}{draw.choice(WORKS)}研究．{draw.randrange(1, 300)}"
        ),
        "赛程": lambda: f"{date(draw)} {clock(draw)} {draw.choice(PLACES)}队 vs {draw.choice(PLACES)}队",
    }
    head = draw.choice(list(rows))
    return [head, *(rows[head]() for _ in range(count(draw)))]


PAGE_KINDS = (
    item,
    item,
    film,
    syllabus,
    admission,
    lodging,
    thread,
    thread,
    captions,
    exam,
    notice,
    guide,
    commands,
    resume,
    prices,
    lyrics,
    words,
    sayings,
    releases,
    ledger,
)
