"""Archives of which single records are wrong: each is listed, and all others are read."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from cleaner.formats import warc
from cleaner.formats.base import Reading, Record, Rejection, file_source

pytest.importorskip("fastwarc")

PAGE = "<html><body><p>河水退去之后，人们重新丈量田地。</p></body></html>".encode()
RECORDS = 20
WRONG_HEADS = (
    "Content-Encoding: gzip",
    "Content-Encoding: deflate",
    "Content-Encoding: br",
    "Transfer-Encoding: chunked",
    "Content-Encoding: gzip\r\nTransfer-Encoding: chunked",
)


def record(number: int, body: bytes = PAGE, head: str = "") -> bytes:
    http = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n{head + chr(13) + chr(10) if head else ''}".encode()
    http += f"Content-Length: {len(body)}\r\n\r\n".encode() + body
    fields = {
        "WARC-Type": "response",
        "WARC-Target-URI": f"http://a.example/{number}",
        "WARC-Date": "2020-01-01T00:00:00Z",
        "WARC-Record-ID": f"<urn:uuid:{number}>",
        "Content-Type": "application/http; msgtype=response",
        "Content-Length": str(len(http)),
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"WARC/1.0\r\n{lines}\r\n".encode() + http + b"\r\n\r\n"


def read(path: Path, limit: int = 1 << 20) -> tuple[list[Record], list[Rejection]]:
    found = [item for _, items in warc.FORMAT.shards(file_source(path), Reading(limit=limit)) for item in items]
    return [i for i in found if isinstance(i, Record)], [i for i in found if isinstance(i, Rejection)]


@pytest.mark.parametrize("suffix", [".warc", ".warc.gz"])
@pytest.mark.parametrize("head", WRONG_HEADS)
def test_a_record_with_a_false_encoding_costs_no_other(head: str, suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"a{suffix}"
    records = [record(number, head=head if number == 1 else "") for number in range(RECORDS)]
    path.write_bytes(b"".join(gzip.compress(r) if suffix.endswith("gz") else r for r in records))
    found, rejections = read(path)
    others = [item for item in found if not item.id.endswith("/1")]
    assert [item.id for item in others] == [f"http://a.example/{n}" for n in range(RECORDS) if n != 1]
    assert all(item.data == PAGE and item.charset == "utf-8" for item in others)
    assert len(found) + len(rejections) == RECORDS


def test_pages_are_decoded_as_their_heads_say(tmp_path: Path) -> None:
    path = tmp_path / "a.warc"
    chunks = b"5\r\n" + PAGE[:5] + b"\r\n%x\r\n" % (len(PAGE) - 5) + PAGE[5:] + b"\r\n0\r\n\r\n"
    heads = {"Content-Encoding: gzip": gzip.compress(PAGE), "Transfer-Encoding: chunked": chunks}
    path.write_bytes(b"".join(record(n, body, head) for n, (head, body) in enumerate(heads.items())))
    assert [item.data for item in read(path)[0]] == [PAGE] * len(heads)


def test_a_bomb_and_an_overlong_record_are_refused_and_the_next_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.warc"
    bomb = record(1, gzip.compress(b"a" * (8 << 20)), "Content-Encoding: gzip")
    path.write_bytes(bomb + record(2, b"a" * (3 << 20)) + record(3))
    found, rejections = read(path)
    assert [item.id for item in found] == ["http://a.example/3"]
    assert ["--max-document" in rejection.reason for rejection in rejections] == [True, True]
