"""What is public: by name, typed, documented; and a pack that travels between threads and processes."""

from __future__ import annotations

import inspect
import pickle
import subprocess
import sys
import threading
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from importlib import metadata
from multiprocessing import get_context
from pathlib import Path

import msgspec
import pytest

import cleaner
from cleaner import pipeline
from cleaner.judging.judge import Judge
from cleaner.packs import loader
from cleaner.pipeline import Pack
from helpers.paths import ROOT

PUBLIC = {
    "cleaner": [
        "CleanOptions",
        "Cleaned",
        "CleanerError",
        "Cluster",
        "DecodeError",
        "DedupOptions",
        "Document",
        "Edit",
        "EditError",
        "Evidence",
        "Flag",
        "NormalizeOptions",
        "PackError",
        "PageOptions",
        "Passage",
        "RestoreError",
        "Span",
        "UsageError",
        "Verdict",
        "__version__",
        "clean",
        "clean_html",
        "deduplicate",
        "load_pack",
        "normalize",
        "restore",
    ],
    "cleaner.report": ["compare"],
    "cleaner.integrations": ["Cleaning", "restore"],
    "cleaner.integrations.arrow": ["CleanBatches"],
    "cleaner.integrations.huggingface": ["CleanMap", "add_near_duplicates"],
    "cleaner.integrations.datatrove": ["CleanFormatter"],
    "cleaner.integrations.data_juicer": ["CleanerMapper"],
    "cleaner.integrations.pandas": ["clean", "near_duplicates", "with_edits"],
    "cleaner.integrations.polars": ["clean", "near_duplicates", "with_edits"],
    "cleaner.integrations.scrapy": ["CleanPipeline"],
    "cleaner.spark": ["clean", "deduplicate", "package", "pairs", "ship", "spans"],
}
"""A name that is missing here is nobody's to build on; one that goes from here breaks somebody's program."""


def texts() -> list[str]:
    return [path.read_text(encoding="utf-8") for path in sorted((ROOT / "samples").rglob("*.in.txt"))]


PAGE = (
    "<html><head><title>河水</title></head><body><p>首页|新闻|图片|视频|论坛</p>"
    "<p>河水退去之后，村子里的人开始重新丈量田地。</p><p>版权所有 京ICP备12345678号-1</p></body></html>"
)


@pytest.mark.parametrize("page", [PAGE, PAGE.encode(), PAGE.encode("utf-16"), PAGE.encode("gb18030")])
def test_a_page_is_cleaned_from_text_or_bytes(page: str | bytes) -> None:
    cleaned = cleaner.clean_html(page, url="https://www.example.com/1", script="keep")
    assert cleaned.text == "河水退去之后，村子里的人开始重新丈量田地。\n"
    assert cleaned.document.id == "https://www.example.com/1"
    with pytest.raises(cleaner.UsageError):
        cleaner.clean_html(page, pack=str(ROOT / "none.toml"))


def fresh() -> Pack:
    return Pack(cleaner.load_pack("zh-web").data)


@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("name", PUBLIC)
def test_every_public_name_can_be_imported(name: str) -> None:
    module = pytest.importorskip(name, exc_type=ImportError)
    assert sorted(module.__all__) == sorted(PUBLIC[name])
    for public in PUBLIC[name]:
        assert getattr(module, public) is not None
        assert public == "__version__" or getattr(module, public).__doc__


def test_every_adapter_is_in_the_list() -> None:
    files = (ROOT / "cleaner" / "integrations").glob("*.py")
    modules = {f"cleaner.integrations.{path.stem}" for path in files if path.stem != "__init__"}
    assert not modules - set(PUBLIC), f"add {modules - set(PUBLIC)} to PUBLIC in tests/test_public_api.py"


def test_the_version_is_that_of_the_distribution() -> None:
    try:
        installed = metadata.version("webtext-cleaner")
    except metadata.PackageNotFoundError:
        pytest.skip("run from a checkout that is not installed")
    assert installed == cleaner.__version__


RULE = """
schema = 1
pack = { id = "mine", version = "1", title = "Mine" }

[[rule]]
id = "footer/hotline"
why = "A hotline is printed by the site."
literals = ["谷底专线"]
match = '^谷底专线'
drops = ["谷底专线一号"]
keeps = ["他打了电话。"]
"""

PROGRAM = """
import cleaner
from cleaner.integrations import Cleaning, restore
from cleaner.integrations.huggingface import CleanMap

pack = cleaner.load_pack("zh-web")
weights: list[float] = [rule.weight for rule in pack.rules]
done: cleaner.Cleaned = pack.clean("一句话。", script="keep")
scores: list[float] = [verdict.score for verdict in pack.judge(done.text)]
why: list[str] = [edit.rule for edit in done.edits]
texts: list[str | None] = [one.text if one else None for one in Cleaning(pack)(["一句话。", None])]
columns: dict[str, list[str | None]] = CleanMap(edits="edits")({"text": ["一句话。"]})
before: str = restore("一句话。", "[]")
wrong: int = done.text
"""


@pytest.mark.slow
def test_types_reach_the_user(tmp_path: Path) -> None:
    assert (ROOT / "cleaner" / "py.typed").exists()
    (tmp_path / "program.py").write_text(PROGRAM, encoding="utf-8")
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file", "", "program.py"]
    said = subprocess.run(command, cwd=tmp_path, env={"MYPYPATH": str(ROOT)}, capture_output=True, text=True).stdout
    found = [line for line in said.splitlines() if line.startswith("program.py")]
    assert len(found) == 1, said
    assert found[0].startswith(f"program.py:{PROGRAM.splitlines().index('wrong: int = done.text') + 1}: error: ")
    assert found[0].endswith("[assignment]")


def test_rules_are_data() -> None:
    rule = cleaner.load_pack("zh-web").rules[0]
    assert (rule.id.count("/"), bool(rule.why)) == (2, True)
    with pytest.raises(AttributeError):
        rule.weight = 2.0  # type: ignore[misc]


def test_a_verdict_names_its_rule_and_leaves_the_text_alone() -> None:
    text = "河水退去之后，村里的人开始重新丈量田地。\n\n版权所有 京ICP备00000000号-1\n"
    verdict = cleaner.load_pack("zh-web").judge(text)[-1]
    assert verdict.rule.startswith("zh-legal/legal/")
    assert text[verdict.span.start : verdict.span.stop].strip() == "版权所有 京ICP备00000000号-1"
    assert verdict.score >= 1.0
    assert verdict.evidence


def test_packs_of_one_name_are_equal_and_compiled_once() -> None:
    first, second = cleaner.load_pack("zh-web"), cleaner.load_pack("zh-web")
    assert first == second
    assert first.judging is second.judging


def test_an_edited_pack_is_read_again(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(RULE, encoding="utf-8")
    text = "河水退去之后，村里的人开始重新丈量田地。\n谷底专线一号\n"
    assert cleaner.clean(text, pack=str(file)).text != text
    file.write_text(RULE.replace("谷底专线", "山顶专线"), encoding="utf-8")
    assert cleaner.clean(text, pack=str(file)).text == text


def test_load_pack_shows_editors_its_signature() -> None:
    assert inspect.isfunction(cleaner.load_pack)
    assert list(inspect.signature(cleaner.load_pack).parameters) == ["name"]


def test_a_pickled_pack_is_the_same_pack() -> None:
    pack = fresh()
    before = pickle.dumps(pack)
    wanted = [pack.clean(text) for text in texts()]
    assert pickle.dumps(pack) == before
    again = pickle.loads(before)
    assert again.data == pack.data
    assert [again.clean(text) for text in texts()] == wanted


@pytest.mark.slow
def test_threads_share_a_pack_that_is_compiled_once(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Judge] = []

    class Counted(Judge):
        def __init__(self, *arguments: object) -> None:
            super().__init__(*arguments)  # type: ignore[arg-type]
            made.append(self)

    monkeypatch.setattr(pipeline, "Judge", Counted)
    unseen = loader.rehash(msgspec.structs.replace(fresh().data, version="0.0.1"))
    pack, start = Pack(unseen), threading.Barrier(8)

    def work(number: int) -> list[cleaner.Cleaned]:
        start.wait()
        given = texts()
        return [pack.clean(text) for text in given[number:] + given[:number]]

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(work, range(8)))
    assert len(made) == 1
    wanted = [cleaner.clean(text) for text in texts()]
    for number, results in enumerate(found):
        assert results == wanted[number:] + wanted[:number]


@pytest.mark.slow
def test_processes_share_a_pack() -> None:
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        found = list(pool.map(fresh().clean, texts(), chunksize=3))
    assert found == [cleaner.clean(text) for text in texts()]
