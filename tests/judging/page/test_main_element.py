"""Pages in markup: what stands in the element with the text stays, whatever the language."""

from __future__ import annotations

import cleaner
from cleaner import pipeline
from cleaner.formats import html
from cleaner.model import Document
from cleaner.options import CleanOptions

PARAGRAPHS = {
    "en": [
        "The river rose on the second day, and the people of the lower street carried their beds upstairs.",
        "Nobody had seen the water stand so high since the year the old bridge was built, and nobody was afraid.",
        "When it fell again, there was a line of mud on every wall, as straight as if somebody had drawn it.",
        "They painted over it in the spring; in the archive of the town the height is written down to the inch.",
    ],
    "de": [
        "Am zweiten Tag stieg der Fluss, und die Leute der unteren Gasse trugen ihre Betten in den ersten Stock.",
        "So hoch hatte das Wasser nicht gestanden, seit die alte Brücke gebaut worden war, und keiner hatte Angst.",
        "Als es fiel, blieb an jeder Wand ein Strich aus Schlamm, so gerade, als hätte ihn einer gezogen.",
        "Im Frühjahr strich man ihn über; im Archiv der Stadt steht die Höhe bis auf den Zoll genau.",
    ],
    "ru": [
        "На второй день река поднялась, и люди с нижней улицы понесли кровати на второй этаж.",
        "Так высоко вода не стояла с того года, когда построили старый мост, и никто не боялся.",
        "Когда она спала, на каждой стене осталась полоса грязи, прямая, как будто её провели по линейке.",
        "Весной её закрасили, а в городском архиве высота записана с точностью до дюйма.",
    ],
    "ko": [
        "둘째 날 강물이 불어나자 아랫마을 사람들은 침대를 위층으로 옮기기 시작했다. 아무도 서두르지 않았다.",
        "옛 다리가 놓인 해 이후로 물이 그렇게 높이 차오른 적은 없었지만, 겁을 내는 사람은 하나도 없었다.",
        "물이 빠지고 나니 집집마다 벽에 진흙 줄이 남았는데, 누가 자를 대고 그은 것처럼 반듯하였다고 한다.",
        "봄이 되자 모두 그 위에 칠을 했지만, 읍내 기록에는 물의 높이가 한 치까지 정확히 적혀 있다. 그뿐이다.",
    ],
}
MENU = ("Home", "Weather", "Sport", "Travel", "Letters", "Archive", "Shop", "Contact")
TEASER = "Two ferries and a train: how the islands got their post before there was a telegraph office."


def page(paragraphs: list[str]) -> str:
    """A page with a menu above and three teasers below its text."""
    menu = "".join(f'<li><a href="/{name}">{name}</a></li>' for name in MENU)
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    teasers = "".join(
        f'<div><h3><a href="/{n}">More {n}</a></h3><p><a href="/{n}">{TEASER}</a></p></div>' for n in "abc"
    )
    return (
        f"<html><head><title>High water</title></head><body><ul>{menu}</ul><div><h1>High water</h1>"
        f"<div>{body}</div></div><div><h2>Elsewhere</h2>{teasers}</div><p>Sign up for our newsletter</p></body></html>"
    )


def test_other_languages_keep_their_text_and_lose_the_frame() -> None:
    for language, paragraphs in PARAGRAPHS.items():
        text = cleaner.clean_html(page(paragraphs)).text
        assert text.split("\n") == ["High water", *paragraphs, ""], language


def test_a_page_without_a_main_element_keeps_everything() -> None:
    links = "".join(f'<p><a href="/{n}">{TEASER} {n}</a></p>' for n in range(30))
    text = cleaner.clean_html(f"<html><body>{links}</body></html>").text
    assert text.count(TEASER) == 30


def test_text_in_another_language_without_markup_is_left_alone() -> None:
    for paragraphs in PARAGRAPHS.values():
        text = "\n".join((*paragraphs, ""))
        assert cleaner.clean(text).text == text


def test_the_reasons_name_the_main_element_and_add_up() -> None:
    read = html.parse_page(page(PARAGRAPHS["en"]))
    document = Document("page", read.text)
    (cleaned,) = pipeline.clean(
        [document], cleaner.load_pack("zh-web"), CleanOptions(), hints=[read.hints], explain=True
    )
    verdicts = [
        verdict for judgments in cleaned.verdicts for verdict in judgments if verdict.rule == "core/judge/place"
    ]
    assert verdicts
    for verdict in verdicts:
        assert [evidence.rule for evidence in verdict.evidence] == ["core/judge/main-element"]
        assert abs(sum(evidence.weight for evidence in verdict.evidence) - verdict.score) < 0.01
