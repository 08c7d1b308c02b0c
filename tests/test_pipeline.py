"""The laws of cleaning: it comes to rest, it can be taken back, it does not depend on company."""

from __future__ import annotations

import gc
import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cleaner
from cleaner import decode, ledger, pipeline
from cleaner.model import Document
from cleaner.options import CleanOptions
from cleaner.packs import loader
from cleaner.packs.builtin import RESTLESS
from cleaner.pipeline import Pack
from cleaner.text import edits
from helpers.paths import ROOT
from helpers.strategies import PAGES

ZH = cleaner.load_pack("zh-web")
OPTIONS = st.builds(
    CleanOptions,
    script=st.sampled_from(["simplified", "keep", "traditional", "tw", "hk"]),
    punctuation=st.sampled_from(["auto", "keep", "cjk", "ascii"]),
)


@st.composite
def packs(draw: st.DrawFn) -> Pack:
    """Packs of random little rules: every action, every scope."""
    rules = []
    for number in range(draw(st.integers(0, 5))):
        word = draw(st.sampled_from(["的", "广告", "。", "a", "人", "说"]))
        action = draw(st.sampled_from(["drop", "cut"]))
        rules.append(
            {
                "id": f"ad/r{number}",
                "why": "drawn",
                "scope": "line" if action == "drop" else "span",
                "action": action,
                "literals": [word],
                "match": word,
                "drops": [word] if action == "drop" else [{"before": f"x{word}y", "after": "xy"}],
                "keeps": ["留"],
            }
        )
    head = {"id": "drawn", "version": "1", "title": "drawn"}
    return Pack(loader.build_pack({"schema": 1, "pack": head, "rule": rules}))


@given(PAGES, packs() | st.just(ZH), OPTIONS)
@settings(max_examples=150)
def test_clean_text_stays_as_it_is(text: str, pack: Pack, options: CleanOptions) -> None:
    once = pipeline.clean([Document("a", text)], pack, options)[0]
    again = pipeline.clean([Document("a", once.text)], pack, options)[0]
    assert again.text == once.text
    assert again.passes == ()


@given(PAGES, packs() | st.just(ZH), OPTIONS)
@settings(max_examples=150)
def test_ledger_and_output_give_the_original_bytes(text: str, pack: Pack, options: CleanOptions) -> None:
    data = text.replace("\0", "").encode("utf-8", "replace")  # a text with more than a few NULs is refused
    decoded = decode.decode(data, encoding="utf-8")
    done = pipeline.clean([Document("a", decoded.text)], pack, options)[0]
    entry = ledger.record_document(done, data, decoded, ledger.OutputPlace("a"))
    assert ledger.restore_bytes(entry, done.text.encode("utf-8", "surrogatepass")) == data


@given(PAGES, OPTIONS)
@settings(max_examples=100)
def test_passes_applied_one_after_another_give_the_clean_text(text: str, options: CleanOptions) -> None:
    done = pipeline.clean([Document("a", text)], ZH, options)[0]
    for made in done.passes:
        text = edits.apply(text, made)
    assert text == done.text
    assert all(edit.rule.count("/") in (1, 2) for edit in done.edits)


@given(st.lists(PAGES, min_size=2, max_size=5))
@settings(max_examples=60)
def test_a_result_does_not_depend_on_the_other_documents(texts: list[str]) -> None:
    documents = [Document(str(number), text) for number, text in enumerate(texts)]
    together = pipeline.clean(documents, ZH, CleanOptions())
    alone = [pipeline.clean([document], ZH, CleanOptions())[0] for document in documents]
    assert [done.text for done in together] == [done.text for done in alone]


@given(st.lists(PAGES, min_size=1, max_size=4), packs() | st.just(ZH))
@settings(max_examples=150)
def test_matches_reused_in_later_rounds_equal_a_new_search(texts: list[str], pack: Pack) -> None:
    documents = [Document(str(number), text) for number, text in enumerate(texts)]
    reused = pipeline.clean(documents, pack, CleanOptions())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pipeline, "known_rows", lambda drafts, batch: np.full(len(batch.starts), -1))
        assert pipeline.clean(documents, pack, CleanOptions()) == reused


@given(PAGES)
@settings(max_examples=60)
def test_explaining_does_not_change_the_result(text: str) -> None:
    document = Document("a", text)
    plain = pipeline.clean([document], ZH, CleanOptions())[0]
    explained = pipeline.clean([document], ZH, CleanOptions(), explain=True)[0]
    assert (plain.text, plain.passes) == (explained.text, explained.passes)


@pytest.mark.parametrize("protocol", [2, 5])
def test_a_pack_can_be_pickled(protocol: int) -> None:
    text = "首页|新闻|图片|视频|论坛\n\n河水退去之后，村里的人开始重新丈量田地。\n"
    copy = pickle.loads(pickle.dumps(ZH, protocol))
    assert copy.clean(text) == ZH.clean(text)


def test_a_page_without_an_article_is_flagged_and_emptied_only_when_asked() -> None:
    page = "首页|新闻|图片|视频|论坛\n登录 注册 设为首页 加入收藏\n上一篇：没有了\n下一篇：没有了\n版权所有 京ICP备12345678号-1\n其他\n"
    kept = ZH.clean(page)
    assert "core/judge/no-article" in {flag.rule for flag in kept.flags}
    assert ZH.clean(page, no_article="drop").text == ""
    prose = "河水退去之后，村里的人开始重新丈量田地。老人说，三十年前的界石还在，只是被草盖住了，要一块一块地找出来。\n"
    assert ZH.clean(prose * 3, no_article="drop").text == ZH.clean(prose * 3).text != ""


def test_cleaning_makes_no_reference_cycles() -> None:
    """In a circle with it a block stays for long, as the collector counts objects and not their arrays."""
    samples = sorted((ROOT / "samples").rglob("*.in.txt"))
    documents = [Document(path.stem, path.read_text(encoding="utf-8")) for path in samples]
    pipeline.clean(documents, ZH, CleanOptions())
    gc.collect()
    gc.disable()
    try:
        pipeline.clean(documents, ZH, CleanOptions())
        assert gc.collect() == 0
    finally:
        gc.enable()


NESTED = "河水退去之后，村里的人" + "北" * 30 + "南" * 30 + "重新丈量田地。\n他说：明天再看。"


def pack_that_uncovers() -> Pack:
    """A pack whose cut uncovers another: 北北南南."""
    rule = {
        "id": "ad/nested",
        "why": "one within the other",
        "scope": "span",
        "action": "cut",
        "literals": ["北南"],
        "match": "北南",
        "drops": [{"before": "x北南y", "after": "xy"}],
        "keeps": ["留"],
    }
    return Pack(loader.build_pack({"schema": 1, "pack": {"id": "n", "version": "1", "title": "n"}, "rule": [rule]}))


def test_a_text_that_does_not_come_to_rest_keeps_all_its_lines_and_is_flagged() -> None:
    once = pack_that_uncovers().clean("Ａ" + NESTED)
    assert once.text == "A" + NESTED
    assert [flag.rule for flag in once.flags] == [RESTLESS]
    assert {edit.rule for edit in once.edits} == {"normalize/characters"}
    assert pack_that_uncovers().clean(once.text).text == once.text


def test_others_of_its_batch_are_cleaned() -> None:
    documents = [Document("a", "明天北南再看。"), Document("b", NESTED), Document("c", "北北南南桥")]
    results = pipeline.clean(documents, pack_that_uncovers(), CleanOptions())
    assert [cleaned.text for cleaned in results] == ["明天再看。", NESTED, "桥"]


@given(PAGES, packs() | st.just(ZH), OPTIONS, st.integers(0, 3))
@settings(max_examples=100)
def test_cleaning_ends_in_a_clean_text_however_few_rounds_there_are(
    text: str, pack: Pack, options: CleanOptions, rounds: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pipeline, "MAX_ROUNDS", rounds)
        once = pipeline.clean([Document("a", text)], pack, options, explain=True)[0]
        again = pipeline.clean([Document("a", once.text)], pack, options)[0]
    assert again.text == once.text
    assert len(once.verdicts) == len(once.passes)
    entry = ledger.record_document(
        once, text.encode("utf-8", "surrogatepass"), decode.DecodedText(text, "utf-8"), ledger.OutputPlace("a")
    )
    assert ledger.undo(once.text, entry.passes) == text


def list_of_words(count: int) -> str:
    """Words of two to four characters, drawn by a fixed rule, between a menu and a footer."""
    characters, state, words = "春夏秋冬山水风云花鸟日月天地人心书画", 7, []
    for number in range(count):
        word = ""
        for _ in range(2 + number % 3):
            state = (state * 1103515245 + 12345) % (1 << 31)
            word += characters[(state >> 10) % len(characters)]
        words.append(word)
    return "\n".join(["首页 | 新闻 | 联系我们", *words, "版权所有 © 2020 某某网", "上一篇：没有了"])


@pytest.mark.parametrize("count", [100, 1000, 3000])
def test_a_list_of_words_comes_to_rest(count: int) -> None:
    once = ZH.clean(list_of_words(count))
    assert ZH.clean(once.text).text == once.text
