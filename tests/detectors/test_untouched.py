"""Texts by people of many trades that no detector may touch where its rule decides alone."""

from __future__ import annotations

import pytest

from cleaner.detectors import DETECTORS
from cleaner.features.line_view import view_lines
from cleaner.text import lines

DECISIVE = [name for name, detector in DETECTORS.items() if detector.decisive]

PROSE = "那年秋天雨水多，河滩上的芦苇一直绿到十一月，放羊的人说，这样的年景他只在小时候见过一次。"

KEPT = {
    "journalist: the lead is told again in other words": f"""
两市联手治理跨界河流
本报讯 两市昨天签订协议，共同治理跨界的清水河。
协议规定，两市每年各出资两千万元，用于清水河的清淤、截污和巡查，水质数据每月公开一次。
{PROSE}
相关负责人说，协议签订以后，两市将建立联席会议制度。
""",
    "journalist: a chronicle": """
大事记
1998-04-02 第一条公交线路开通，全程十一公里
2003-09-15 公交卡上线，当天发出三千张
2012-01-20 首批电动公交车投入运营
2019-12-31 地铁一号线通车试运行
""",
    "journalist: an interview with speakers on lines of their own": f"""
记者：
您是什么时候回到村里的？
老周：
去年春天。
记者：
为什么回来？
老周：
{PROSE}
记者：
以后有什么打算？
老周：
种树。
""",
    "poet: a refrain": """
请把我的歌带回你的家
请把你的微笑留下
明天明天这歌声
飞遍海角天涯
请把我的歌带回你的家
请把你的微笑留下
""",
    "poet: seven characters, two halves to a line": """
两个黄鹂鸣翠柳　一行白鹭上青天
窗含西岭千秋雪　门泊东吴万里船
""",
    "poet: words in rows": """
远山 近水 孤舟 老树
你在 我在 风在 月在
远山 近水 孤舟 老树
""",
    "poet: short lines at the head of an essay": f"""
小桥
流水
人家
{PROSE}
{PROSE[::-1]}
""",
    "novelist: many lines end in dots": """
“你说的那个人，我好像在哪里见过……
他没有接话，把烟掐灭了，站起来朝窗外看了看……
雨还在下，街对面的灯一盏一盏地灭了……
“也许是我记错了吧，这么多年过去了……
谁也没有再开口，钟敲了十二下，楼下有人在唱歌……
""",
    "programmer: permutations printed": """
permutations of three:
alpha_beta_gamma
alpha_gamma_beta
beta_alpha_gamma
beta_gamma_alpha
gamma_alpha_beta
gamma_beta_alpha
""",
    "programmer: code that repeats itself": """
先看第一段：
```python
for row in table:
    print(row)
    total += row.price
```
再看第二段：
```python
for row in table:
    print(row)
    total += row.price
```
""",
    "programmer: a table in Markdown": """
| 字段 | 类型 | 默认 | 说明 |
| --- | --- | --- | --- |
| 编号 | 整数 | 零 | 主键 |
| 名称 | 文本 | 空 | 唯一 |
""",
    "programmer: a table without outer bars": """
字段 | 类型 | 默认 | 说明
编号 | 整数 | 零 | 主键
名称 | 文本 | 空 | 唯一
""",
    "programmer: a way through menus": """
打开设置 > 通用 > 语言与地区，把首选语言改成中文。
设置 > 通用 > 键盘
设置 > 通用 > 字体
""",
    "programmer: numbered steps that end": """
1、先安装依赖，执行前请确认网络可用，如果公司内网需要代理，就把代理地址写进环境变量，再打开一个新的终端窗口，不然变量不会生效。
2、再编译源码，第一次编译要十几分钟，之后只编译改动过的文件，快得多；如果中途报错，多半是内存不足，关掉浏览器再试一次就好。
3、最后运行测试，全部通过之后再提交，没有通过的测试要么修好，要么说明原因并标记出来，不要直接删掉，更不要改成永远通过。
""",
    "lawyer: the same clause in two articles": """
第三条 甲方的义务
甲方应当在收到通知之日起十日内付款。
第四条 乙方的义务
乙方应当在收到通知之日起十日内交货。
第五条 违约责任
甲方应当在收到通知之日起十日内付款。
""",
    "lawyer: parties in a judgment": """
原告　　张某某，女，一九八八年三月生，汉族，住本市某区某路某号，系死者之妻。
被告　　李某某，男，一九七九年五月生，汉族，住本市某区某路某号，系肇事司机。
被告　　王某某，男，一九六五年七月生，汉族，住本市某区某路某号，系车辆所有人。
""",
    "lawyer: debris in front of an article is no page number": """
83564964。
第十二条 租赁期满，承租人应当返还租赁物。返还的租赁物应当符合约定。
""",
    "forum: thanks again and again": """
求助：洗衣机不排水
谢谢
先看排水管有没有堵
谢谢
再看电机转不转
谢谢
我换了个排水泵就好了
""",
    "forum: a post quoted under itself": """
楼主：周末爬山有人去吗
早上六点北门集合
同去
引用：早上六点北门集合
好的
""",
    "teacher: a reader with readings on every character": """
春(chun)眠(mian)不(bu)觉(jue)晓(xiao)，处(chu)处(chu)闻(wen)啼(ti)鸟(niao)。
夜(ye)来(lai)风(feng)雨(yu)声(sheng)，花(hua)落(luo)知(zhi)多(duo)少(shao)。
""",
    "cook: a recipe": """
食材
鸡蛋3个 番茄2个 小葱1根 盐适量
做法
番茄切块
鸡蛋打散
热锅凉油
先炒鸡蛋
再炒番茄
出锅撒葱
""",
    "editor: a table of contents": """
目录
第一章 河流的源头
第二章 山谷里的村庄
第三章 渡口
第四章 远方来的信
""",
    "clerk: a notice wrapped at a width": """
各位住户请注意本小区将于下周一开始更换老化的供水
管道届时每天上午九点至下午四点停水请提前做好储水
准备施工期间车辆请停放在北门外面的临时停车场给您
带来的不便敬请谅解如有疑问请联系物业服务中心谢谢
""",
    "reporter: a product with letters and digits": """
新款xk900手机壳上市，xk900手机壳采用再生材料，厂家说xk900手机壳可以降解。
目前xk900手机壳在国内有三种颜色，xk900手机壳国外版暂未发售，xk900手机壳售价四十元。
""",
    "author: the title said again in the text": f"""
写给春天的一封信
{PROSE}
我想，这就是我要写给春天的一封信，信里没有别的，只有那年的芦苇，那条慢慢流的河，还有放羊人的歌声。
写给春天的一封信，终于写完了。
""",
}


@pytest.mark.parametrize("kind", KEPT)
@pytest.mark.parametrize("name", DECISIVE)
def test_good_text_has_no_detections(name: str, kind: str) -> None:
    block = lines.join([KEPT[kind]])
    found = DETECTORS[name].find(view_lines(block))
    assert [block.text[a:b] for a, b in zip(found.start, found.stop, strict=True)] == []


@pytest.mark.parametrize("name", sorted(set(DETECTORS) - set(DECISIVE)))
@pytest.mark.parametrize("kind", [kind for kind in KEPT if not kind.startswith(("poet: words", "forum"))])
def test_evidence_alone_brings_no_good_line_down(name: str, kind: str) -> None:
    """The weights of these rules stay below 1.0; here they even stay silent."""
    block = lines.join([KEPT[kind]])
    assert len(DETECTORS[name].find(view_lines(block))) == 0
