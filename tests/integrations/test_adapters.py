"""The same 200 documents through the command line and through every adapter whose library is installed."""

from __future__ import annotations

import html
import importlib
import json
import os
import pickle
import random
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

import cleaner
from cleaner.errors import RestoreError, UsageError
from cleaner.integrations import Cleaning, huggingface, restore
from helpers.paths import ROOT

HERE = {**os.environ, "PYTHONPATH": str(ROOT)}
Adapter = Callable[[list[str], Path], list[str]]


def variations(text: str, chance: random.Random) -> list[str]:
    lines = text.split("\n")
    begin = chance.randrange(len(lines))
    return [
        text,
        text + text[: len(text) // 2],
        text.replace("\n", "\r\n"),
        "\n\n".join(lines),
        "\n".join(lines[begin:] + lines[:begin]),
        "\n".join(line for line in lines if chance.random() < 0.7),
        text[chance.randrange(len(text)) :],
        text.replace("，", ",").replace("。", "。\u3000"),
        html.escape(text).replace("“", "&ldquo;").replace("：", "&#65306;"),
        text.encode("utf-8").decode("gb18030", "ignore"),
        text.encode("utf-8").decode("latin-1"),
        cleaner.normalize(text, script="traditional"),
        text + "\n<p>" + lines[begin] + "</p>\x00\ufeff",
        "".join(chance.sample(text, len(text))),
        "\n".join(reversed(lines)),
    ]


@pytest.fixture(scope="module")
def documents() -> list[str]:
    chance = random.Random(7)
    texts = [path.read_bytes().decode("utf-8", "replace") for path in sorted((ROOT / "samples").rglob("*.in.txt"))]
    seeds = [path.read_bytes().decode("gb18030", "replace") for path in sorted((ROOT / "seeds").glob("*.txt"))]
    made = dict.fromkeys([*seeds, "", "\n", "　", "好", *(part for text in texts for part in variations(text, chance))])
    while len(made) < 200:
        made["\n".join(chance.sample(texts, 3))] = None
    return list(made)[:200]


@pytest.fixture(scope="module")
def wanted(documents: list[str], tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What the command line makes of them."""
    folder = tmp_path_factory.mktemp("cli")
    rows = [json.dumps({"id": str(number), "text": text}) + "\n" for number, text in enumerate(documents)]
    (folder / "in.jsonl").write_text("".join(rows), encoding="utf-8")
    command = [sys.executable, "-m", "cleaner", "clean", "in.jsonl", "-o", "out", "--dedup", "off", "--quiet"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, env=HERE)
    with (folder / "out" / "in.jsonl").open(encoding="utf-8") as lines:
        return [json.loads(line)["text"] for line in lines]


def through_python(texts: list[str], folder: Path) -> list[str]:
    return [cleaner.clean(text).text for text in texts]


def through_columns(texts: list[str], folder: Path) -> list[str]:
    return [done.text for done in Cleaning()(texts) if done]


def through_map(texts: list[str], folder: Path) -> list[str]:
    datasets = pytest.importorskip("datasets")
    given = datasets.Dataset.from_dict({"text": texts, "id": list(range(len(texts)))})
    done = given.map(huggingface.CleanMap(), batched=True, batch_size=32, num_proc=2, keep_in_memory=True)
    assert done["id"][:] == given["id"][:]
    return list(done["text"])


def through_streamed_map(texts: list[str], folder: Path) -> list[str]:
    datasets = pytest.importorskip("datasets")
    given = datasets.Dataset.from_dict({"body": texts}).to_iterable_dataset()
    return [row["body"] for row in given.map(huggingface.CleanMap("body"), batched=True, batch_size=50)]


def through_datatrove(texts: list[str], folder: Path) -> list[str]:
    pytest.importorskip("datatrove")
    from datatrove.executor import LocalPipelineExecutor
    from datatrove.pipeline.readers import JsonlReader
    from datatrove.pipeline.writers import JsonlWriter

    from cleaner.integrations import datatrove as adapter

    (folder / "in").mkdir()
    rows = [json.dumps({"id": str(number), "text": text}) + "\n" for number, text in enumerate(texts)]
    (folder / "in" / "documents.jsonl").write_text("".join(rows), encoding="utf-8")
    steps = [
        JsonlReader(str(folder / "in")),
        adapter.CleanFormatter(),
        JsonlWriter(str(folder / "out"), output_filename="${rank}.jsonl", compression=None),
    ]
    LocalPipelineExecutor(steps, logging_dir=str(folder / "logs")).run()
    with (folder / "out" / "00000.jsonl").open(encoding="utf-8") as lines:
        found = {row["id"]: row.get("text", "") for row in map(json.loads, lines)}
    # its reader leaves empty texts out
    return [found.get(str(number), "") for number in range(len(texts))]


def through_pandas(texts: list[str], folder: Path) -> list[str]:
    pandas = pytest.importorskip("pandas")
    from cleaner.integrations import pandas as adapter

    return list(adapter.clean(pandas.Series(texts)))


def through_polars(texts: list[str], folder: Path) -> list[str]:
    polars = pytest.importorskip("polars")
    from cleaner.integrations import polars as adapter

    query = polars.LazyFrame({"text": texts}).with_columns(adapter.clean(polars.col("text")))
    return list(query.collect()["text"])


def through_arrow(texts: list[str], folder: Path) -> list[str]:
    pyarrow = pytest.importorskip("pyarrow")
    from cleaner.integrations import arrow as adapter

    table = pyarrow.table({"id": range(len(texts)), "body": pyarrow.array(texts, pyarrow.large_string())})
    step = pickle.loads(pickle.dumps(adapter.CleanBatches("body")))
    done = pyarrow.Table.from_batches(step(table.to_batches(max_chunksize=30)))
    assert (done["id"], done.schema) == (table["id"], table.schema)
    return list(done["body"].to_pylist())


def through_spark(texts: list[str], folder: Path) -> list[str]:
    pyspark = pytest.importorskip("pyspark.sql")
    from cleaner import spark

    settings = {"spark.ui.enabled": "false", "spark.driver.bindAddress": "127.0.0.1", "spark.driver.host": "127.0.0.1"}
    session = pyspark.SparkSession.builder.master("local[2]").config(map=settings).getOrCreate()
    try:
        frame = session.createDataFrame(list(enumerate(texts)), "id int, text string").repartition(7)
        return [row.text for row in spark.clean(frame).sort("id").collect()]
    finally:
        session.stop()


SPIDER = """
import json
import scrapy
from scrapy.crawler import CrawlerProcess

class Pages(scrapy.Spider):
    name = "pages"

    async def start(self):
        for number, text in enumerate(json.load(open("in.json", encoding="utf-8"))):
            yield {"number": number, "text": text}

process = CrawlerProcess({
    "ITEM_PIPELINES": {"cleaner.integrations.scrapy.CleanPipeline": 300},
    "FEEDS": {"out.jsonl": {"format": "jsonlines", "encoding": "utf-8"}},
    "LOG_LEVEL": "ERROR",
    "TELNETCONSOLE_ENABLED": False,
})
process.crawl(Pages)
process.start()
"""


def through_scrapy(texts: list[str], folder: Path) -> list[str]:
    pytest.importorskip("scrapy")
    (folder / "in.json").write_text(json.dumps(texts), encoding="utf-8")
    process = subprocess.run([sys.executable, "-c", SPIDER], cwd=folder, capture_output=True, text=True, env=HERE)
    assert process.returncode == 0, process.stderr
    assert "Traceback" not in process.stderr, process.stderr
    with (folder / "out.jsonl").open(encoding="utf-8") as lines:
        rows = sorted((row["number"], row["text"]) for row in map(json.loads, lines))
    return [text for _, text in rows]


RECIPE = """
project_name: conformance
dataset_path: {folder}/in.jsonl
export_path: {folder}/out.jsonl
np: 2
open_tracer: false
process:
  - cleaner_mapper:
      pack: zh-web
"""


def through_data_juicer(texts: list[str], folder: Path) -> list[str]:
    pytest.importorskip("data_juicer")
    rows = [json.dumps({"text": text, "number": number}) + "\n" for number, text in enumerate(texts)]
    (folder / "in.jsonl").write_text("".join(rows), encoding="utf-8")
    (folder / "recipe.yaml").write_text(RECIPE.format(folder=folder), encoding="utf-8")
    command = [Path(sys.executable).with_name("dj-process"), "--config", "recipe.yaml"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, env={"HF_HOME": str(folder), "PATH": ""})
    with (folder / "out.jsonl").open(encoding="utf-8") as lines:
        found = {row["number"]: row["text"] for row in map(json.loads, lines)}
    # its reader leaves empty texts out
    return [found.get(number, "") for number in range(len(texts))]


ADAPTERS = [
    through_python,
    through_columns,
    through_map,
    through_streamed_map,
    through_datatrove,
    through_pandas,
    through_polars,
    through_arrow,
    through_scrapy,
    pytest.param(through_spark, marks=pytest.mark.slow),
    pytest.param(through_data_juicer, marks=pytest.mark.slow),
]


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("adapter", ADAPTERS)
def test_every_adapter_gives_the_output_of_the_command_line(
    adapter: Adapter, documents: list[str], wanted: list[str], tmp_path: Path
) -> None:
    found = adapter(documents, tmp_path)
    assert len(found) == len(wanted) == 200
    assert [text.encode("utf-8", "surrogatepass") for text in found] == [text.encode("utf-8") for text in wanted]


@pytest.mark.slow
def test_the_documents_of_the_tests_are_polluted(documents: list[str], wanted: list[str]) -> None:
    assert sum(before != after for before, after in zip(documents, wanted, strict=True)) > 150
    assert len(set(documents)) == 200


@pytest.mark.slow
def test_a_repeated_text_is_judged_the_same_with_and_without_others(documents: list[str]) -> None:
    twice = [text * 2 for text in documents]
    found = [done.text for done in Cleaning()(twice) if done]
    assert found == [cleaner.clean(text).text for text in twice]


def test_edits_bring_every_text_back(documents: list[str]) -> None:
    done = huggingface.CleanMap(edits="edits")({"text": documents})
    assert [
        restore(text or "", edits or "") for text, edits in zip(done["text"], done["edits"], strict=True)
    ] == documents


PAGES = [
    None,
    "<html><body><ul><li><a href='/'>首页</a></li><li><a href='/n'>新闻</a></li></ul><p>河水退去之后，村里的人开始重新丈量田地。"
    "老人说，三十年前的界石还在，只是埋在了两尺深的淤泥下面。</p><footer><p>版权所有 京ICP备12345678号-1</p></footer></body></html>",
    "<p>Ａ &amp; Ｂ</p>",
]


def pages_through_pandas(pages: list[str | None]) -> list[str | None]:
    pandas = pytest.importorskip("pandas")
    from cleaner.integrations.pandas import clean

    return [text if isinstance(text, str) else None for text in clean(pandas.Series(pages, dtype=object), html=True)]


def pages_through_polars(pages: list[str | None]) -> list[str | None]:
    polars = pytest.importorskip("polars")
    from cleaner.integrations.polars import clean

    return list(clean(polars.Series(pages), html=True))


def pages_through_arrow(pages: list[str | None]) -> list[str | None]:
    arrow = pytest.importorskip("pyarrow")
    from cleaner.integrations.arrow import CleanBatches

    batch = arrow.RecordBatch.from_pydict({"html": pages})
    return list(CleanBatches("html", html=True).batch(batch).column("html").to_pylist())


def pages_through_map(pages: list[str | None]) -> list[str | None]:
    return huggingface.CleanMap("html", html=True)({"html": pages})["html"]


def pages_through_scrapy(pages: list[str | None]) -> list[str | None]:
    pytest.importorskip("itemadapter")
    from cleaner.integrations.scrapy import CleanPipeline

    pipeline = CleanPipeline("html", html=True)
    return [pipeline.process_item({"html": page})["html"] for page in pages]


PAGE_ADAPTERS = [
    pages_through_pandas,
    pages_through_polars,
    pages_through_arrow,
    pages_through_map,
    pages_through_scrapy,
]


@pytest.mark.parametrize("adapter", PAGE_ADAPTERS)
def test_adapters_read_pages(adapter: Callable[[list[str | None]], list[str | None]]) -> None:
    expected = [None if page is None else cleaner.clean_html(page).text for page in PAGES]
    assert adapter(PAGES) == expected
    assert "A & B" in (expected[2] or "")


def test_a_page_that_is_nested_too_deep_stays_with_a_warning() -> None:
    deep = "<div>" * 30_000
    with pytest.warns(UserWarning, match="was left as it is"):
        assert huggingface.CleanMap(html=True)({"text": [deep, PAGES[1]]})["text"][0] == deep


def test_edits_of_another_text_are_refused(documents: list[str]) -> None:
    done = huggingface.CleanMap(edits="edits")({"text": documents[:1]})
    with pytest.raises(RestoreError, match=r"of another text|is not what"):
        restore("另一段文字。", done["edits"][0] or "")
    with pytest.raises(RestoreError, match="not edits"):
        restore("文字", "{")


def test_missing_texts_stay_missing() -> None:
    assert [done and done.text for done in Cleaning()(["一句话。", None, "", None])] == ["一句话。", None, "", None]
    assert huggingface.CleanMap(edits="why")({"text": [None]}) == {"text": [None], "why": [None]}


def test_values_that_are_no_texts_are_named_with_their_index() -> None:
    with pytest.raises(TypeError, match="text 1 is int"):
        list(Cleaning()(["好", 5]))  # type: ignore[list-item]


def test_a_text_that_fails_stays_and_the_others_are_cleaned(monkeypatch: pytest.MonkeyPatch) -> None:
    from cleaner import pipeline as cleaning

    whole = cleaning.clean

    def brittle(documents: list[cleaner.Document], *arguments: object) -> list[cleaner.Cleaned]:
        if any("坏" in document.text for document in documents):
            raise ValueError("a defect")
        return whole(documents, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(cleaning, "clean", brittle)
    with pytest.warns(UserWarning, match="text 1 was left as it is: a defect"):
        found = list(Cleaning()(["我們的書", "坏&amp;", "&lt;好&gt;"]))
    assert [done and done.text for done in found] == ["我们的书", "坏&amp;", "<好>"]


def test_an_unknown_option_or_column_is_named() -> None:
    with pytest.raises(UsageError, match="no option 'scrip'; did you mean 'script'"):
        Cleaning(scrip="keep")
    with pytest.raises(UsageError, match="script: 'nope' is none of simplified"):
        Cleaning(script="nope")
    with pytest.raises(UsageError, match="no column 'text'; there are body"):
        huggingface.CleanMap()({"body": ["好"]})
    with pytest.raises(UsageError, match="batched=True"):
        huggingface.CleanMap()({"text": "好"})


def test_options_reach_the_cleaning() -> None:
    assert huggingface.CleanMap(script="keep")({"text": ["我們的書。"]}) == {"text": ["我們的書。"]}


def test_the_function_for_map_pickles_to_the_same_bytes_before_and_after_use() -> None:
    mapper = huggingface.CleanMap()
    before = pickle.dumps(mapper)
    mapper({"text": ["首页|新闻|图片"]})
    assert pickle.dumps(mapper) == before


HASH = """
import sys
from datasets.fingerprint import Hasher
from cleaner.integrations.huggingface import CleanMap
print(Hasher.hash(CleanMap()), Hasher.hash(CleanMap(script="keep")), Hasher.hash(CleanMap(pack="core")))
"""


@pytest.mark.slow
def test_datasets_finds_its_cache_in_another_process() -> None:
    pytest.importorskip("datasets")
    runs = [subprocess.run([sys.executable, "-c", HASH], capture_output=True, text=True, check=True) for _ in range(2)]
    assert runs[0].stdout == runs[1].stdout
    assert len(set(runs[0].stdout.split())) == 3


def test_a_column_of_pandas_keeps_its_index_type_and_gaps() -> None:
    pandas = pytest.importorskip("pandas")
    from cleaner.integrations import pandas as adapter

    for kind in ("object", "string", "str"):
        given = pandas.Series(["我們的書。", None, "好&amp;"], index=["a", "a", "b"], name="body", dtype=kind)
        found = adapter.clean(given)
        pandas.testing.assert_series_equal(found, given.replace({"我們的書。": "我们的书。", "好&amp;": "好&"}))
        traced = adapter.with_edits(given).dropna()
        assert [restore(text, edits) for text, edits in zip(traced["text"], traced["edits"], strict=True)] == [
            "我們的書。",
            "好&amp;",
        ]
    with pytest.raises(UsageError, match="'n' holds int64, not text"):
        adapter.clean(pandas.Series([1], name="n"))
    assert adapter.clean(pandas.Series([], dtype="str")).empty


def test_a_column_of_polars_keeps_its_name_and_nulls() -> None:
    polars = pytest.importorskip("polars")
    from cleaner.integrations import polars as adapter

    given = polars.Series("body", ["我們的書。", None])
    assert adapter.clean(given).equals(polars.Series("body", ["我们的书。", None]), check_names=True)
    first, second = adapter.with_edits(given)
    assert restore(first["text"], first["edits"]) == "我們的書。"
    assert second is None
    frame = polars.DataFrame({"body": given, "n": [1, 2]})
    assert frame.lazy().select(adapter.clean(polars.col("body"))).collect(engine="streaming")["body"][0] == "我们的书。"
    with pytest.raises(UsageError, match="'n' holds Int64, not text"):
        adapter.clean(frame["n"])


def test_arrow_keeps_other_columns_types_and_nulls_and_gives_its_schema_in_advance() -> None:
    pyarrow = pytest.importorskip("pyarrow")
    from cleaner.integrations import arrow as adapter

    step = adapter.CleanBatches(edits="edits")
    for kind in (pyarrow.string(), pyarrow.large_string(), pyarrow.string_view()):
        columns = [pyarrow.array(["我們的書。", None, ""], kind), pyarrow.array([1.5, None, 2.0])]
        given = pyarrow.RecordBatch.from_arrays(columns, ["text", "n"])
        found = step.batch(given)
        assert found.schema == step.schema(given.schema)
        assert found["text"].to_pylist() == ["我们的书。", None, ""]
        assert found["text"].type == kind
        assert found["n"] == given["n"]
        assert restore(found["text"][0].as_py(), found["edits"][0].as_py()) == "我們的書。"
        assert found["edits"][1].as_py() is None
    with pytest.raises(UsageError, match="a column 'edits' already"):
        step.schema(found.schema)
    with pytest.raises(UsageError, match="'n' holds double, not text"):
        adapter.CleanBatches("n").schema(found.schema)
    with pytest.raises(UsageError, match="no column 'body', or several; there are text, n, edits"):
        adapter.CleanBatches("body").schema(found.schema)
    assert step.batch(given.slice(0, 0)).num_rows == 0


def test_datatrove_counts_what_it_changed_and_keeps_every_document() -> None:
    pytest.importorskip("datatrove")
    from datatrove.data import Document

    from cleaner.integrations import datatrove as adapter

    step = adapter.CleanFormatter(edits="edits")
    found = list(step(Document(text, str(number)) for number, text in enumerate(["我們的書。", "好。", "返回顶部"])))
    assert [document.text for document in found] == ["我们的书。", "好。", ""]
    assert restore(found[0].text, found[0].metadata["edits"]) == "我們的書。"
    assert {name: step.stats[name].total for name in ("total", "changed", "emptied")} == {
        "total": 3,
        "changed": 1,
        "emptied": 1,
    }
    assert step.format("我們的書。") == "我们的书。"


@pytest.mark.filterwarnings("default")
def test_scrapy_settings_reach_the_pipeline() -> None:
    pytest.importorskip("scrapy")
    from scrapy.settings import Settings

    from cleaner.integrations.scrapy import CleanPipeline

    said = {"CLEANER_FIELD": "body", "CLEANER_EDITS_FIELD": "why", "CLEANER_OPTIONS": {"script": "keep"}}
    pipeline = CleanPipeline.from_crawler(SimpleNamespace(settings=Settings(said)))
    item = pipeline.process_item({"body": "我們的書&amp;筆。"})
    assert item["body"] == "我們的書&筆。"
    assert restore(item["body"], item["why"]) == "我們的書&amp;筆。"
    assert pipeline.process_item({"title": "無"}) == {"title": "無"}
    with pytest.raises(UsageError, match="field 'body' holds list, not text"):
        pipeline.process_item({"body": ["我們"]})


@pytest.mark.slow
def test_data_juicer_separates_options_and_packs() -> None:
    pytest.importorskip("data_juicer")
    from cleaner.integrations.data_juicer import CleanerMapper

    made = [CleanerMapper(), CleanerMapper(options={"script": "keep"}), CleanerMapper(pack="core")]
    assert len({operator._fingerprint_bytes() for operator in made}) == 3


DOCS = (ROOT / "docs" / "integrations.md").read_text(encoding="utf-8")


@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("code", re.findall(r"```python\n(.*?)```", DOCS, flags=re.DOTALL))
def test_the_python_of_the_docs_runs(code: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for library in ("datasets", "datatrove", "pandas", "polars", "pyarrow", "scrapy"):
        if re.search(rf"\b{library}\b", code):
            pytest.importorskip(library)
    if "import spark" in code:
        pytest.importorskip("pyarrow")
    monkeypatch.chdir(tmp_path)
    exec(compile(code, "integrations.md", "exec"), {"__file__": str(tmp_path / "module.py")})


@pytest.mark.parametrize("library", ["arrow", "datatrove", "pandas", "polars", "scrapy", "data-juicer"])
def test_a_missing_library_is_named_with_its_extra(library: str, monkeypatch: pytest.MonkeyPatch) -> None:
    module = library.replace("-", "_")
    host = {"arrow": "pyarrow", "scrapy": "itemadapter", "data_juicer": "data_juicer.ops.base_op"}.get(module, module)
    for name in [name for name in sys.modules if name == host or name.startswith(f"{host}.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, host.split(".")[0], None)
    monkeypatch.delitem(sys.modules, f"cleaner.integrations.{module}", raising=False)
    with pytest.raises(ImportError, match=rf"pip install 'webtext-cleaner\[{library}\]'"):
        importlib.import_module(f"cleaner.integrations.{module}")


def test_no_host_library_is_imported_with_the_package() -> None:
    program = "import sys, cleaner, cleaner.integrations, cleaner.integrations.huggingface; print(*sys.modules)"
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert not {"datasets", "datatrove", "pandas", "polars", "scrapy", "itemadapter", "data_juicer"} & set(said)
