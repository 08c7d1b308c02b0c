"""One small corpus in every format: how to write it, how to read it back, what each format promises."""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import json
import lzma
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from cleaner.config import Config
from cleaner.corpus.job import CleanJob
from cleaner.corpus.plan import plan
from cleaner.formats.base import Reading
from cleaner.formats.registry import format_of
from cleaner.packs import registry
from cleaner.pipeline import Pack

NAV = "首页|新闻|图片|视频|论坛"
FOOT = "版权所有 京ICP备12345678号-1"
Rows = list[dict[str, Any]]


def body(number: int) -> str:
    return (
        f"河水退去之后，第{number}个村子里的人开始重新丈量田地。老人说，三十年前的界石还在，只是埋在了两尺深的淤泥下面。\n\n"
        f"第二天清早，{number + 3}个年轻人带着铁锹来到河边。他们按照老人的指点，从柳树往东走了{number * 7 + 100}步，然后往下挖。\n\n"
        "到了中午，铁锹碰到了石头。大家围过来看，石面上的字还认得清楚，写的是两家的姓和立石的年份，没有人再争吵了。"
    )


def page(number: int) -> str:
    return f"{NAV}\n\n{body(number)}\n\n{FOOT}\n"


def rows(count: int = 12) -> Rows:
    return [
        {"id": f"d{i}", "url": f"http://www.example{i % 3}.com/{i}.html", "text": page(i), "n": i} for i in range(count)
    ]


def _zstd(data: bytes) -> bytes:
    import zstandard

    return bytes(zstandard.ZstdCompressor().compress(data))


COMPRESSORS: dict[str, Callable[[bytes], bytes]] = {
    "": bytes,
    ".gz": gzip.compress,
    ".bz2": bz2.compress,
    ".xz": lzma.compress,
    ".zst": _zstd,
}


def decompress(path: Path) -> bytes:
    from cleaner.formats.storage import streams

    with streams.open_stream(path) as stream:
        return stream.file.read()


class Case(NamedTuple):
    """A format with what docs/formats.md says about it.

    `suffix`: of the file that is read, `target`: of what is written. `restored`: what the original comes back as.
    `place`: of a finding. `fixed`: what `check --fix` does.
    """

    name: str
    suffix: str
    target: str
    write: Callable[[Path, Rows], None]
    read: Callable[[Path], Rows]
    compressions: tuple[str, ...]
    round_trip: str
    restored: str
    broken: str
    place: str
    fixed: str
    extra: str = ""

    @property
    def file(self) -> str:
        """A name of a file of the format."""
        return f"a{self.suffix or {'HTML': '.html', 'Markdown': '.md'}.get(self.name, '.txt')}"


def _write_jsonl(path: Path, records: Rows) -> None:
    data = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in records)
    path.write_bytes(COMPRESSORS[path.suffix if path.suffix in COMPRESSORS else ""](data.encode()))


def _read_jsonl(path: Path) -> Rows:
    return [json.loads(line) for line in decompress(path).splitlines()]


def _write_json(path: Path, records: Rows) -> None:
    data = json.dumps(records, ensure_ascii=False, indent=1).encode()
    path.write_bytes(COMPRESSORS[path.suffix if path.suffix in COMPRESSORS else ""](data))


def _read_json(path: Path) -> Rows:
    return list(json.loads(decompress(path)))


def _delimiter(path: Path) -> str:
    return "\t" if ".tsv" in path.name else ","


def _write_csv(path: Path, records: Rows) -> None:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(records[0]), delimiter=_delimiter(path), lineterminator="\n")
    writer.writeheader()
    writer.writerows(records)
    path.write_bytes(COMPRESSORS[path.suffix if path.suffix in COMPRESSORS else ""](text.getvalue().encode()))


def _read_csv(path: Path) -> Rows:
    reader = csv.DictReader(io.StringIO(decompress(path).decode(), newline=""), delimiter=_delimiter(path))
    return [{**row, "n": int(row["n"])} for row in reader]


def _write_parquet(path: Path, records: Rows) -> None:
    import pyarrow as arrow
    from pyarrow import parquet

    parquet.write_table(arrow.Table.from_pylist(records), path, row_group_size=5, compression="zstd")


def _read_parquet(path: Path) -> Rows:
    from pyarrow import parquet

    return list(parquet.read_table(path).to_pylist())


def _write_arrow(path: Path, records: Rows) -> None:
    import pyarrow as arrow

    table = arrow.Table.from_pylist(records)
    with path.open("wb") as file, arrow.ipc.new_stream(file, table.schema) as out:
        for batch in table.to_batches(max_chunksize=5):
            out.write_batch(batch)


def _warc_record(row: dict[str, Any], kind: str) -> bytes:
    if kind == "response":
        html = "".join(f"<p>{line}</p>" for line in row["text"].split("\n") if line)
        content = (
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
            + f"<html><body><div>{html}</div></body></html>".encode()
        )
        media = "application/http; msgtype=response"
    else:
        content, media = row["text"].encode(), "text/plain"
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {row['url']}\r\nWARC-Date: 2024-01-01T00:00:00Z\r\n"
        f"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-{row['n']:012}>\r\n"
        f"Content-Type: {media}\r\nContent-Length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content + b"\r\n\r\n"


def _write_archive(path: Path, records: Rows) -> None:
    kind = "response" if ".warc" in path.name else "conversion"
    pack = COMPRESSORS[path.suffix if path.suffix in COMPRESSORS else ""]
    path.write_bytes(b"".join(pack(_warc_record(row, kind)) for row in records))


def _read_archive(path: Path) -> Rows:
    records = _read_jsonl(path)
    return [
        {"id": r["url"], "url": r["url"], "text": r["text"], "n": int(r["url"].split("/")[-1][:-5])} for r in records
    ]


def _write_texts(path: Path, records: Rows) -> None:
    path.mkdir()
    for row in records:
        (path / f"{row['id']}.txt").write_text(row["text"], encoding="utf-8")


def _write_markdown(path: Path, records: Rows) -> None:
    path.mkdir()
    for row in records:
        (path / f"{row['id']}.md").write_text(row["text"], encoding="utf-8")


def _write_pages(path: Path, records: Rows) -> None:
    path.mkdir()
    for row in records:
        lines = "".join(f"<p>{line}</p>\n" for line in row["text"].split("\n") if line)
        (path / f"{row['id']}.html").write_text(f"<html><body>{lines}</body></html>", encoding="utf-8")


def _read_texts(path: Path) -> Rows:
    rows_by_id = {row["id"]: row for row in rows(1000)}
    paths = sorted((*path.parent.glob("d*.txt"), *path.parent.glob("d*.md")), key=lambda p: int(p.stem[1:]))
    return [{**rows_by_id[p.stem], "text": p.read_text(encoding="utf-8")} for p in paths]


ALL = (".gz", ".zst", ".bz2", ".xz")
CUT = "rows before the damage are done, the rest is listed"
RECORD = "`[id line:column]`"
CASES = (
    Case("text files", "", "", _write_texts, _read_texts, (), "text in, text out", "byte for byte", "file is listed",
         "line and column", "yes, to UTF-8; line breaks and mode stay"),
    Case("Markdown", "", "", _write_markdown, _read_texts, (), "text in, text out", "byte for byte", "file is listed",
         "line and column", "yes, to UTF-8; line breaks and mode stay"),
    Case("HTML", "", "", _write_pages, _read_texts, (), "text out", "byte for byte", "read as browsers do",
         "line and column in the markup", "no: `cleaner clean` writes its text"),
    Case("JSON Lines", ".jsonl", ".jsonl", _write_jsonl, _read_jsonl, ALL,
         "all but the text byte for byte", "byte for byte; compressed: equal content", CUT,
         f"the line, {RECORD}", "yes, other lines byte for byte"),
    Case("JSON", ".json", ".json", _write_json, _read_json, ALL,
         "all but the texts byte for byte", "byte for byte; compressed: equal content", CUT,
         f"the value in the file, {RECORD}", "yes, other values byte for byte"),
    Case("CSV", ".csv", ".csv", _write_csv, _read_csv, ALL, "other columns equal", "no", CUT,
         f"the line of the file, {RECORD}", "yes, other columns equal"),
    Case("TSV", ".tsv", ".tsv", _write_csv, _read_csv, ALL, "other columns equal", "no", CUT,
         f"the line of the file, {RECORD}", "yes, other columns equal"),
    Case("Parquet", ".parquet", ".parquet", _write_parquet, _read_parquet, (),
         "other columns, types and compression equal", "no", "the file is listed",
         f"the row, {RECORD}", "yes, other columns equal", "formats"),
    Case("Arrow (datasets)", ".arrow", ".parquet", _write_arrow, _read_parquet, (),
         "Parquet with equal columns", "no", "the file is listed", f"the record, {RECORD}", "no", "formats"),
    Case("WARC", ".warc", ".jsonl", _write_archive, _read_archive, (".gz",),
         "JSON Lines with id, url, date", "no", CUT, f"the record, {RECORD}", "no", "formats"),
    Case("WET", ".wet", ".jsonl", _write_archive, _read_archive, (".gz",),
         "JSON Lines with id, url, date", "no", CUT, f"the record, {RECORD}", "no", "formats"),
)  # fmt: skip
"""One or more for each format."""


def docs_table() -> str:
    """The table of docs/formats.md."""
    head = (
        "| format | files | out | round trip | place of a finding | `--fix` | compressed | broken | extra |\n"
        "|---|---|---|---|---|---|---|---|---|\n"
    )
    return head + "".join(
        f"| {case.name} | {' '.join(_suffixes(case))} | {case.target or _output_suffix(case)} "
        f"| {case.round_trip}; restore: {case.restored} | {case.place} | {case.fixed} "
        f"| {' '.join(case.compressions) or '–'} | {case.broken} | {case.extra or '–'} |\n"
        for case in CASES
    )


def _output_suffix(case: Case) -> str:
    return Path(format_of(Path(case.file)).output_name(case.file)).suffix


def _suffixes(case: Case) -> tuple[str, ...]:
    """The suffixes of a case's format that no other case of it has."""
    format_ = format_of(Path(case.file))
    others = {Path(other.file).suffix for other in CASES if format_of(Path(other.file)) is format_} - {
        Path(case.file).suffix
    }
    return tuple(suffix for suffix in format_.suffixes if suffix not in others)


@cache
def pack() -> Pack:
    return Pack(registry.load_rules("zh-web"))


def job(inputs: list[Path], output: Path, *, kind: Any = "same", dedup: Any = "flag", **reading: Any) -> CleanJob:
    sources, skips, _ = plan([str(path) for path in inputs], output, (), kind)
    return CleanJob(sources, pack(), Config(dedup=dedup), Reading(**reading), kind, "0", tuple(skips))


def tree(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def read_rejects(output: Path) -> Iterator[dict[str, Any]]:
    yield from map(json.loads, (output / "_cleaner/rejected.jsonl").read_text(encoding="utf-8").splitlines())
