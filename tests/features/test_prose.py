"""Kinds of running text, and lists of a page's frame that look like them."""

from __future__ import annotations

import pytest

from helpers.layouts import MENU, PROSE, TITLES, lay_out_texts

CODE = "\n".join(
    ["def area(w, h):", "    return w * h", "", "size = area(w=3, h=4)", "print(f'{size} m')", "x[0] += size"]
)
VERSE = "\n".join(["我在雨里等了你很久", "灯光还是昨天的颜色", "你说过会在这里的", "可是我没有再看见你"] * 3)
TABLE = "\n".join(f"北仓 {n} 3.{n}5 12.{n}% 48{n}1" for n in range(1, 8))
WRAPPED = "\n".join(
    [
        "本所因年度检修之需要，自下月起将分区停止供水，",
        "各住户请预先储水备用。其间如有不便，敬请谅解，",
        "检修完成之后即行恢复供水，另有变更者将再行公告",
        "于各里公布栏，并以广播通知。住户如有疑问，得于",
        "上班时间内向本所总务课洽询，电话另见公布栏所载",
    ]
)
OPTIONS = """一、下面哪一种茶属于不发酵茶
A. 红茶
B. 绿茶
C. 黑茶
D. 乌龙茶
【答案】B
二、冲泡绿茶的水温约为
A、六十度
B、八十度
C、一百度"""
AMOUNTS = """- 面粉500克
- 酵母5g
- 温水两碗
- 白糖：半勺
- 盐适量
- 红枣12颗"""
STEPS = "\n".join(
    f"{number}\n{step}"
    for number, step in enumerate(
        [
            "先把面揉匀",
            "盖上湿布，放在暖和的地方醒半个钟头",
            "再揉一遍",
            "切成小块，擀平，中间厚一点，边上薄一点",
            "上锅蒸",
        ],
        1,
    )
)
PIPED = """| 品名 | 产地 | 价钱 |
| --- | --- | --- |
| 龙井 | 杭州 | 贵 |
| 毛尖 | 信阳 | 中 |"""
CLAUSES = """搬到山脚以后，
菜地多出一块，
清早先浇水，
中午翻土除草，
傍晚收工回家，
煮一壶热茶"""
BORDERED = """+------+--------+
| 站名 | 里程   |
+------+--------+
| 东门 | 三里   |
|------+--------|
| 石桥 | 五里半 |
+------+--------+"""
STANZAS = """(一)
你从雨里来
带着一身水气
我替你把灯拨亮
(二)
你不说话
我也不说
窗外的河一直在走"""
BULLETED = """出门之前要带的东西：
• 雨伞
• 手电
• 一壶热水"""
SPOKEN = """• 门要朝里开
• 窗子比书桌高一点
• 灯别正对着床"""
TYPED = """◆ 实木桌面
◆ 可折叠
◆ 附两把椅子"""
NUMBERED = """老人把规矩说了一遍。
1、天亮开船
2、逢雾靠岸
3、不载醉汉"""
CLAUSED = """章程摘录
1、会费每年收一次，由各组收齐
2、账目每季公布
3、退会的，会费不退"""
SWITCHES = """-a, --all
列出所有条目
-h, --help
显示帮助
--depth 层数
往下走几层"""
FIELDS = """树种：枫杨
胸径: 两人合抱
栽种年代：清末
位置：渡口东侧
状况：半边枯死"""
PAIRED = """鲫鱼
2条
豆腐
半块
姜
3片
盐
适量"""
RANKING = "\n".join(f"{number}\n{title}" for number, title in enumerate(["城东大桥下月合龙，两岸居民盼了十年"] * 6, 1))


@pytest.mark.parametrize(
    "text",
    [PROSE, CODE, VERSE, TABLE, WRAPPED, OPTIONS, AMOUNTS, STEPS, PIPED, CLAUSES, STANZAS],
    ids=["prose", "code", "verse", "table", "wrapped", "options", "amounts", "steps", "piped", "clauses", "stanzas"],
)
def test_running_text_of_all_kinds_is_a_body(text: str) -> None:
    assert lay_out_texts(text).prose.mean() > 0.7


@pytest.mark.parametrize(
    "text",
    [BULLETED, SPOKEN, TYPED, NUMBERED, CLAUSED, SWITCHES, FIELDS, PAIRED],
    ids=["bulleted", "spoken", "typed", "numbered", "claused", "switches", "fields", "paired"],
)
def test_items_of_a_text_are_running_text(text: str) -> None:
    assert lay_out_texts(text).prose[1:].mean() > 0.7


LINKS = "热门标签\n• 摄影\n• 旅行\n• 美食\n• 数码"
CHART = "本周排行\n1、城东大桥下月合龙\n2、图书馆新馆开放\n3、老茶馆搬了家\n4、柿子今年晚熟"
CONTACTS = "联系人：周先生\n电话：0512-1234567\n手机：13800001111\n传真：0512-7654321\n邮编：215000"
CARDS = "\n".join(["等级：老手", "来自：苏州", "主题：三十", "状态：在线"] * 2)


@pytest.mark.parametrize("text", [LINKS, CHART, CONTACTS, CARDS], ids=["links", "chart", "contacts", "cards"])
def test_lists_of_a_frame_are_no_running_text(text: str) -> None:
    assert not lay_out_texts(text).prose.any()


@pytest.mark.parametrize("text", [MENU, TITLES, RANKING], ids=["menu", "titles", "ranking"])
def test_menus_and_titles_are_no_running_text(text: str) -> None:
    layout = lay_out_texts(text)
    assert not layout.prose.any()
    assert (layout.start == layout.stop).all()


def test_hard_wrapped_prose_and_numbered_headings_are_running_text() -> None:
    wrapped = "本章说明如何在 Linux 下建立一个新的磁盘分区，并且把它挂\n到 /mnt 目录。操作之前，请先备份 /etc/fstab 文件，因为一旦\n写错了 UUID，系统会在启动的时候停下来，等待管理员输入口\n令，然后才能继续。"
    headings = "2.1 分区表的种类\n2.1.1 传统的 MBR\n2.1.2 新的 GPT\n2.2 文件系统\n2.2.1 ext4 的日志"
    menu = "首页\n体育新闻\n财经频道\n联系电话\n网站地图"
    assert lay_out_texts(wrapped).prose.all()
    assert lay_out_texts(headings).prose.all()
    assert not lay_out_texts(menu).prose.any()
