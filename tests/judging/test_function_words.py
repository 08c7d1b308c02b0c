"""Other languages: their furniture goes, what their writers wrote stays, with markup and without."""

from __future__ import annotations

import pytest

import cleaner
from cleaner import pipeline
from cleaner.judging.function_words import FRAMED, TEXT, weigh_function_words
from cleaner.model import Document
from cleaner.options import CleanOptions
from cleaner.text import lines
from helpers.languages import BODIES, FRAMES, frame

CASES = [(language, writer) for language, bodies in BODIES.items() for writer in bodies]
TITLES_LOST = {("es", "engineer"): ["Bomba P-12"]}
"""A title of two words between a menu and its text, known to go."""


@pytest.mark.parametrize(("language", "writer"), CASES)
def test_what_is_written_stays_in_its_frame(language: str, writer: str) -> None:
    body = BODIES[language][writer].split("\n")
    text = cleaner.clean(frame(language, "\n".join(body))).text.split("\n")
    assert [line for line in body if line not in text] == TITLES_LOST.get((language, writer), [])


@pytest.mark.parametrize(("language", "writer"), CASES)
def test_what_is_written_stays_by_itself(language: str, writer: str) -> None:
    body = BODIES[language][writer] + "\n"
    assert cleaner.clean(body).text == body


@pytest.mark.parametrize("language", FRAMES)
def test_the_frame_goes(language: str) -> None:
    above, below, last = FRAMES[language]
    furniture = [*above, *below, last]
    for body in BODIES[language].values():
        text = cleaner.clean(frame(language, body)).text.split("\n")
        assert sum(line in text for line in furniture) <= 1


@pytest.mark.parametrize("language", FRAMES)
def test_links_inside_the_main_element_go(language: str) -> None:
    above, below, last = FRAMES[language]
    paragraphs = [f"<p>{line}</p>" for line in BODIES[language]["journalist"].split("\n")]
    link = below[-3]  # the link to the rest of another text
    page = f"<body><ul>{''.join(f'<li><a href=/>{word}</a></li>' for word in above)}</ul>"
    page += f"<article>{''.join([*paragraphs[:3], f'<p>{link}</p>', *paragraphs[3:]])}</article><p>{last}</p></body>"
    text = cleaner.clean_html(page).text.split("\n")
    assert link not in text
    assert all(line in text for line in BODIES[language]["journalist"].split("\n"))


def weigh(text: str) -> list[float]:
    pack = cleaner.load_pack("zh-web").judging
    analysis = pack.analyze(lines.join([text]))
    scores = pack.score(analysis)
    return list(weigh_function_words(analysis.layout, scores.evidence, scores.layout.is_taught))


def test_running_text_and_what_stands_between_furniture_are_weighed() -> None:
    text = "\n".join(["Home", "Log in", "Weather", "Register", "Search", *BODIES["en"]["journalist"].split("\n")])
    assert weigh(text) == [FRAMED] * 5 + [TEXT] * 5


@pytest.mark.parametrize(
    "text", ["今天的风很大，河上没有船。\n首页\n登录\n", "x = 1\ny = x + 2\nprint(y)\n", "Lorem ipsum dolor sit amet\n"]
)
def test_nothing_is_weighed_where_no_language_is_known(text: str) -> None:
    assert not any(weigh(text))


@pytest.mark.parametrize(
    "links",
    [
        ["https://example.org/licence/full-text"],
        ["https://example.org/a.jpg", "about:blank", "https://example.org/b.jpg", "https://example.org/c.jpg"],
    ],
)
def test_links_in_a_text_without_a_frame_stay(links: list[str]) -> None:
    lines_of_text = BODIES["en"]["lawyer"].split("\n")
    text = "\n".join([*lines_of_text[:4], "You will find the whole of it here:", *links, *lines_of_text[4:], ""])
    assert cleaner.clean(text).text == text


def test_reasons_name_function_words_and_add_up() -> None:
    document = Document("page", frame("en", BODIES["en"]["journalist"]))
    (cleaned,) = pipeline.clean([document], cleaner.load_pack("zh-web"), CleanOptions(), explain=True)
    verdicts = [verdict for round_verdicts in cleaned.verdicts for verdict in round_verdicts]
    reasons = {evidence.rule for verdict in verdicts for evidence in verdict.evidence}
    assert "core/judge/function-words" in reasons
    for verdict in verdicts:
        if any(evidence.rule.startswith("core/judge/") for evidence in verdict.evidence):
            assert sum(evidence.weight for evidence in verdict.evidence) == pytest.approx(verdict.score, abs=0.01)
