"""Inputs altered at random: nothing but errors that a user understands, what is restored is exact, time is bounded.

`pytest -m fuzz -n 0 -s` tries each kind for its share of CLEANER_FUZZ_SECONDS (300), or its share of as many inputs as
CLEANER_FUZZ_INPUTS says, and prints how many. CLEANER_FUZZ_FIRST is the number of the first.
"""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

import pytest

from cleaner import decode
from cleaner.corpus import clean, restore
from cleaner.corpus.records import DEFECT
from cleaner.errors import CleanerError
from cleaner.formats import delimited, markdown
from cleaner.formats.base import Reading, Record, file_source
from cleaner.packs import registry
from cleaner.pipeline import Pack
from helpers.calls import Call
from helpers.format_cases import job, page, read_rejects, rows, tree
from helpers.fuzzing import Mutator
from helpers.paths import ROOT

pytestmark = pytest.mark.fuzz

SECONDS = float(os.environ.get("CLEANER_FUZZ_SECONDS", "300"))
INPUTS = int(os.environ.get("CLEANER_FUZZ_INPUTS", "0"))
FIRST = int(os.environ.get("CLEANER_FUZZ_FIRST", "0"))
SLOWEST = 10.0
"""Seconds of an input of 64 kB at most, on a machine that does other things too."""
ENDED = "it ends its worker"

SAMPLES = [path.read_bytes() for path in sorted(ROOT.glob("samples/*/*.in.*"))]
PAGES = [path.read_bytes() for path in sorted(ROOT.glob("samples/**/*.html"))]
MARKDOWN = [path.read_bytes()[:20_000] for path in sorted(ROOT.glob("docs/*.md"))]
PACKS = [path.read_bytes()[:6000] for path in sorted(ROOT.glob("rules/*.toml"))]
WORDS = [text.encode() for text in (
    "\0", "\r", "\n", "\r\n", "\ufeff", "\u2028", "\u202e", "\x1b[2J", "&amp;", "&#x", "&#55357;", "%E4%BD", "\\u4f60", "~{", "~}",
    "版权所有", "京ICP备12345678号-1", "首页|新闻|图片", "（责任编辑：张三）", "鎴戜滑", "ä½ å¥½", "𠀀", "é", "烟(yan)台", "　", "A" * 200,
)] + [b"\xff", b"\xfe\xff", b"\x81", b"\x1b$B", "河水".encode("gb18030"), "河水".encode("big5"), "河水".encode("utf-16")]  # fmt: skip
VISIBLE = [word for word in WORDS if word.decode(errors="replace").isprintable()]
"""Words without control characters: a line that loses one may well begin to be a table."""
MARKUP = [text.encode() for text in (
    "<div>", "</div>", "<p>", "<table><tr><td>", "<script>", "</script>", "<!--", "-->", "<!-- a -->", "<![CDATA[", "<meta charset=gbk>",
    "<meta charset='hex'>", "<title>", "<svg><foreignObject>", "<template>", "<a href='x'>", "<li>", "&", "<", ">", "'", '"', "<plaintext>",
)]  # fmt: skip
CELLS = [text.encode() for text in ('"', '""', ",", ";", "\t", "|", "'", "=1+1", '",', ',"', "\n,,\n", "text", "id")]
VALUES = [text.encode() for text in (
    '"', "\\", "\\u", "\\ud83d", "{", "}", "[", "]", ":", ",", '"text":', '"text":"a"', "null", "1e999", "-0", '"id":1', "NaN", "{}" * 9, "[" * 600,
)]  # fmt: skip
MARKS = [text.encode() for text in (
    "```", "~~~\n", "---\n", "# ", "> ", "- ", "1. ", "    ", "\t", "$$", "$", "`", "![a](b)", "[a](b)", "[a]: b\n", "<div>\n", "|a|b|\n|-|-|\n",
    "[^1]", "\\", "***", "<!-- cleaner: ignore -->", "<https://a.b>", "&nbsp;", "\n\n",
)]  # fmt: skip
FIELDS = [text.encode() for text in (
    "[[rule]]\n", "[pack]\n", "'''", '"', "=", "[", "]", "match = '''(a|b)*'''\n", "linear = true\n", "action = 'drop'\n", "literals = ['x']\n",
    "detector = 'lists'\n", "extends = ['zh-web']\n", "(?P<a>", "\\p{Han}", "{1,99999}", "*", "+", "(?<=", "weight = nan\n", "hosts = ['a']\n",
)]  # fmt: skip


def numbers(share: float = 1.0) -> Iterator[int]:
    """Count inputs until the time or the number of them is over."""
    kinds = 7
    end = time.monotonic() + share * SECONDS / kinds
    number = FIRST
    while (number - FIRST < INPUTS / kinds) if INPUTS else (time.monotonic() < end):
        yield number
        number += 1


def fuzz(kind: str, mutator: Mutator, law: Callable[[bytes, Path], None]) -> None:
    """Hold a law against the inputs of a kind."""
    count = slowest = 0.0
    for number in numbers():
        seed = f"{kind}-{number}"
        data = mutator.make(seed)
        start = time.monotonic()
        with tempfile.TemporaryDirectory() as folder, told(seed, data):
            law(data, Path(folder))
            elapsed = time.monotonic() - start
            assert elapsed < SLOWEST, f"{elapsed:.1f} s"
        count, slowest = count + 1, max(slowest, elapsed)
    print(f"\n{kind}: {count:.0f} inputs from {FIRST}, the slowest {slowest:.2f} s, no failure")
    assert count


@contextmanager
def told(seed: str, data: bytes) -> Iterator[None]:
    """Name the input with which a law is broken."""
    try:
        yield
    except Exception as error:
        path = Path(tempfile.gettempdir(), f"cleaner-fuzz-{seed}")
        path.write_bytes(data)
        raise AssertionError(f"{seed}, now in {path}: {type(error).__name__}: {error}") from error


def restored(path: Path, **reading: object) -> None:
    """Clean a file and restore it: listed, or the same bytes."""
    out, back = path.parent / "out", path.parent / "back"
    clean.clean_corpus(job([path], out, **reading), out, workers=1)
    reasons = [reject["reason"] for reject in read_rejects(out)]
    assert not [reason for reason in reasons if DEFECT in reason or ENDED in reason]
    for outcome in restore.restore(out, back):
        is_explained = "is not in the ledger" in outcome.reason
        assert is_explained or (not outcome.reason and (back / path.name).read_bytes() == path.read_bytes())


def test_bytes() -> None:
    encodings = ("utf-8", "gb18030", "big5", "utf-16", "hz", "cp1252")
    texts = [sample.decode("utf-8", "replace").encode(name, "replace") for sample in SAMPLES for name in encodings]

    def law(data: bytes, folder: Path) -> None:
        for declaration in (None, "gbk", "utf-16", "x-unknown"):
            with suppress(CleanerError):
                decoded = decode.decode(data, declaration)
                if decoded.exact:
                    assert decode.encode(decoded.text, decoded.encoding, decoded.bom, decoded.newline) == data
        (folder / "a.txt").write_bytes(data)
        restored(folder / "a.txt")

    fuzz("bytes", Mutator(texts, WORDS), law)


def test_html() -> None:
    def law(data: bytes, folder: Path) -> None:
        (folder / "a.html").write_bytes(data)
        restored(folder / "a.html")

    fuzz("html", Mutator([*PAGES, b"<html><body>" + page(1).encode()], [*MARKUP, *MARKUP, *WORDS]), law)


def table(delimiter: str, quoting: int, end: str) -> bytes:
    """Write a small table in a dialect."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows(1)[0]), delimiter=delimiter, quoting=quoting, lineterminator=end)  # type: ignore[arg-type]
    writer.writeheader()
    writer.writerows(rows(4))
    return text.getvalue().encode()


def test_csv() -> None:
    dialects = [(",", csv.QUOTE_MINIMAL, "\n"), (";", csv.QUOTE_ALL, "\r\n"), ("\t", csv.QUOTE_NONNUMERIC, "\r")]

    def read(path: Path) -> list[list[str]]:
        """Return the cells of all rows that are read, but for those of texts."""
        items = (item for _, found in delimited.FORMAT.shards(file_source(path), Reading()) for item in found)
        records = [item.rest for item in items if isinstance(item, Record)]
        return [[cell for name, cell in zip(*rest, strict=True) if name != "text"] for rest in records]

    def law(data: bytes, folder: Path) -> None:
        (folder / "a.csv").write_bytes(data)
        out = folder / "out"
        clean.clean_corpus(job([folder / "a.csv"], out, dedup="off"), out, workers=1)
        reasons = [reject["reason"] for reject in read_rejects(out)]
        assert not [reason for reason in reasons if DEFECT in reason or ENDED in reason]
        assert read(out / "a.csv") == read(folder / "a.csv")

    fuzz("csv", Mutator([table(*dialect) for dialect in dialects], [*CELLS, *CELLS, *WORDS]), law)


def test_json_lines() -> None:
    samples = [
        "".join(json.dumps(row, ensure_ascii=is_ascii) + "\n" for row in rows(4)).encode() for is_ascii in (False, True)
    ]

    def law(data: bytes, folder: Path) -> None:
        (folder / "a.jsonl").write_bytes(data)
        restored(folder / "a.jsonl")

    fuzz("json-lines", Mutator(samples, [*VALUES, *VALUES, *WORDS]), law)


@cache
def cleaned() -> Path:
    """An output with ledger of a text, a page and lines of JSON."""
    folder = Path(tempfile.mkdtemp(prefix="cleaner-fuzz-"))
    (folder / "in").mkdir()
    (folder / "in/a.txt").write_text(page(1), encoding="utf-8")
    (folder / "in/b.html").write_text(f"<html><body><p>{page(2)}", encoding="utf-8")
    (folder / "in/c.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows(3)))
    clean.clean_corpus(job([folder / "in"], folder / "out"), folder / "out", workers=1)
    return folder / "out"


def test_ledgers() -> None:
    sample = (cleaned() / "_cleaner/edits.jsonl").read_bytes()
    paths = [
        b"../",
        b"/etc/",
        b"a\\u0000",
        b'"raw":"eJw="',
        b'"output":"',
        b'"source":"x.jsonl"',
        b'"encoding":"idna"',
        b"-1",
        b"99999999999",
    ]

    def law(data: bytes, folder: Path) -> None:
        shutil.copytree(cleaned(), folder / "out")
        (folder / "out/_cleaner/edits.jsonl").write_bytes(data)
        before = tree(folder / "out")
        with suppress(CleanerError):
            restore.targets(folder / "out")
            for outcome in restore.restore(folder / "out", folder / "back"):
                assert outcome.reason or (folder / "back" / outcome.target).is_file()
        assert tree(folder / "out") == before
        assert {path.name for path in folder.iterdir()} <= {"out", "back"}

    fuzz("ledgers", Mutator([sample], [*VALUES, *paths, *paths]), law)


def test_packs() -> None:
    def law(data: bytes, folder: Path) -> None:
        (folder / "p.toml").write_bytes(data)
        with suppress(CleanerError):
            pack = registry.load_rules(folder / "p.toml")
            assert pack.hash
            (folder / "a.txt").write_text(page(1), encoding="utf-8")
            plain = job([folder / "a.txt"], folder / "out")._replace(pack=Pack(pack))
            clean.clean_corpus(plain, folder / "out", workers=1)
            assert not [item for item in read_rejects(folder / "out") if ENDED in item["reason"]]

    fuzz("packs", Mutator(PACKS, [*FIELDS, *FIELDS, *WORDS]), law)


def test_markdown_fixes(call: Call) -> None:
    mixed = [part + b"\n\n" + sample for part, sample in zip(MARKDOWN * 9, SAMPLES, strict=False)]

    def law(data: bytes, folder: Path) -> None:
        path = folder / "a.md"
        path.write_bytes(data)
        code, _, err = call("check", path, "--fix", "--unsafe-fixes", "--no-duplicates", "-q")
        assert "a defect" not in err
        if code == 2:
            return
        with suppress(CleanerError):
            before, after = decode.decode(data).text, decode.decode(path.read_bytes()).text
            assert blocks(after) == blocks(before)

    fuzz("markdown", Mutator(mixed, [*MARKS, *MARKS, *VISIBLE]), law)


def blocks(text: str) -> list[str]:
    """Return the parts of Markdown that nothing may change; marks go with their lines."""
    return [text[i.span.start : i.span.stop] for i in markdown.FORMAT.islands(text) if i.kind != "mark"]
