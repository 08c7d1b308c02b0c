"""Texts with nothing to remove: what a journalist, a poet, a programmer, a lawyer, a forum and others might write."""

from __future__ import annotations

import pytest

import cleaner

TEXTS = {
    "one sentence": "河水退去之后，村里的人开始重新丈量田地。\n",
    "two lines": "老桥\n桥在县城的东边，走过去要十分钟。\n",
    "title alone": "论城市与河流的关系\n",
    "news": """新渡口今日通航
本报讯 昨天上午，城南新渡口正式通航，首日运送乘客三千余人。
渡口管理处负责人介绍，航线全长一点二公里，单程约八分钟。
“比绕桥快了四十分钟。”在对岸工厂上班的李女士说。
渡口每天六点开航，晚上十点收班，遇大雾停航。
""",
    "poem": """秋夜
院子里的水缸
盛着一块月亮
我弯下腰
它就碎了
我站起来
它又圆了
""",
    "classical verse": "山居\n\n空庭落叶无人扫\n老树栖鸦有月明\n莫问西窗何处雨\n一灯犹照旧书声\n",
    "code": """怎样读一个很大的文件
下面的函数一次只读一行：
def lines(path):
    with open(path, encoding="utf-8") as file:
        for line in file:
            yield line.rstrip("\\n")
不要用 read()，它会把整个文件放进内存。
""",
    "shell session": "安装\npip install example\nexample --version\n配置\nexample init\n完成后重启服务即可。\n",
    "law": """第一条 为了规范渡口的经营与管理，保障乘客的人身安全，制定本办法。
第二条 本办法所称渡口，是指供旅客、车辆过河的固定场所及其设施。
第三条 渡口经营者应当具备下列条件：
（一）有符合标准的码头设施；
（二）有与经营规模相适应的船舶；
（三）有健全的安全管理制度。
第四条 未取得许可证的，不得从事渡口经营。
""",
    "contract": "甲方：某某公司\n乙方：张三\n一、乙方应于每月五日前向甲方提交上月的工作报告。\n二、本协议一式两份，双方各执一份。\n",
    "forum": """问：阳台上的番茄只开花不结果怎么办？
答：弹一弹花。
谢谢楼上
已经结了三个果子
学到了
""",
    "recipe": """番茄炒蛋
用料
番茄 两个
鸡蛋 三个
盐 少许
做法
1、番茄切块，鸡蛋打散。
2、先炒鸡蛋，盛出备用。
3、炒番茄，出汁后倒入鸡蛋，加盐翻匀。
""",
    "numbered list": "出门前请检查：\n1、门窗是否关好\n2、煤气是否关闭\n3、钥匙是否带好\n4、电源是否切断\n",
    "dialogue": "“你来了。”\n“来了。”\n“坐吧。”\n他坐下，没有再说话。\n",
    "table": "姓名 年龄 城市\n张三 31 北京\n李四 28 上海\n王五 45 广州\n赵六 39 成都\n",
    "scores": "决赛成绩\n第一名 张三 9秒98\n第二名 李四 10秒03\n第三名 王五 10秒11\n",
    "letter": "亲爱的妈妈：\n我已经到了学校，一切都好。\n此致\n敬礼\n儿子\n三月五日\n",
    "interview": "记者：您什么时候开始造船？\n郭师傅：十六岁。\n记者：一共造了多少条？\n郭师傅：没有数过，大概两百多条吧。\n",
    "about copyright": "版权所有不等于禁止引用\n著作权法允许为介绍、评论某一作品而适当引用。文章末尾写上“版权所有，禁止转载”并不能改变这一点。\n",
    "about menus": "网站的首页该放什么？新闻、图片、视频、论坛，样样都想要，结果是样样都看不见。设计师说，留白才是最贵的广告。\n",
    "japanese": "吾輩は猫である。名前はまだ無い。\nどこで生れたかとんと見当がつかぬ。\n",
    "english": "The ferry crosses the river twice an hour.\nIt does not run in fog.\n",
    "list of places": "沿线各站\n北门\n东湖\n大学城\n会展中心\n体育场\n南站\n",
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_a_text_with_nothing_to_remove_stays_as_it_is(text: str) -> None:
    assert cleaner.clean(text, script="keep", punctuation="keep").text == text
