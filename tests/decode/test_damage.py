"""Damaged bytes become U+FFFD, are flagged and come back; too many are refused."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner import decode
from cleaner.decode.flags import DAMAGED
from cleaner.decode.options import parse_encodings
from cleaner.errors import DecodeError, UsageError
from helpers.calls import Call

LINE = "修伞的师傅每天早上八点把摊子摆在巷口，下雨的时候反而没有人来，天晴了才有人想起家里那把坏伞。\n"
TRADITIONAL = "修傘的師傅每天早上八點把攤子擺在巷口，下雨的時候反而沒有人來，天晴了才有人想起家裡那把壞傘。\n"
PAGE = f'<html><head><meta name="description" content="{{}}"></head><body><p>{LINE}</p></body></html>'


def damage(text: str, encoding: str, bad: bytes) -> tuple[bytes, int]:
    """Put bytes behind the first line of a text."""
    head, rest = text.split("\n", 1)
    return head.encode(encoding) + bad + b"\n" + rest.encode(encoding), len(head.encode(encoding))


@pytest.mark.parametrize("bad", [b"\xff", b"\0"])
@pytest.mark.parametrize(
    ("text", "encoding"), [(LINE * 9, "utf-8"), (LINE * 9, "gb18030"), (TRADITIONAL * 9, "big5hkscs")]
)
def test_a_damaged_byte_is_replaced_and_flagged(text: str, encoding: str, bad: bytes) -> None:
    data, offset = damage(text, encoding, bad)
    decoded = decode.decode(data)
    assert (decoded.text, decoded.encoding, decoded.exact) == (text.replace("\n", "\ufffd\n", 1), encoding, False)
    assert decoded.damage == ((offset, bad),)
    assert [flag.rule for flag in decoded.flags] == [DAMAGED]
    with pytest.raises(DecodeError, match=r"--damaged replace|binary data"):
        decode.decode(data, damaged="refuse")


@pytest.mark.parametrize(("encoding", "cut"), [("utf-8", 1), ("utf-8", 2), ("gb18030", 1), ("big5hkscs", 1)])
def test_a_cut_description_costs_no_page(encoding: str, cut: int) -> None:
    head, tail = PAGE.replace(LINE, TRADITIONAL).split("{}")
    data = head.encode(encoding) + "師傅".encode(encoding)[:-cut] + tail.encode(encoding)
    assert TRADITIONAL in decode.decode(data).text


def test_more_than_a_hundredth_of_damage_is_refused() -> None:
    data = (LINE * 9).encode().replace("。".encode(), b"\xff\xff\xff")
    with pytest.raises(DecodeError, match=r"27 of [\d,]+ bytes in all; over 1% damaged"):
        decode.decode(data)
    with pytest.raises(DecodeError, match="over 1% damaged"):
        decode.decode((LINE * 9).encode("gb18030"), encoding="utf-8")


@pytest.mark.parametrize("encodings", list(itertools.permutations(["utf-8", "gb18030", "big5hkscs"], 2)))
def test_lines_are_read_each_in_its_own_encoding(encodings: tuple[str, str]) -> None:
    texts = {"utf-8": LINE, "gb18030": LINE.replace("伞", "桥"), "big5hkscs": TRADITIONAL}
    first, second = encodings
    lines = [first] * 5 + [second] + [first] * 3
    decoded = decode.decode(b"".join(texts[name].encode(name) for name in lines))
    assert decoded.text == "".join(texts[name] for name in lines)
    assert decoded.flags[0].note == f"line 6 as {second}"


@pytest.mark.parametrize(("text", "encoding"), [(LINE, "gb18030"), (TRADITIONAL, "big5hkscs")])
@pytest.mark.parametrize("size", [3_000, 300_000])
def test_chinese_behind_a_long_licence_is_found(text: str, encoding: str, size: int) -> None:
    licence = " ".join(f"word{number:x}" for number in range(size // 9))
    decoded = decode.decode(f"/* © {licence} */\n{text}".replace("© ", "").encode(encoding))
    assert (decoded.encoding, decoded.text.endswith(text)) == (encoding, True)


@given(st.binary(max_size=200), st.integers(0, 200))
def test_whatever_is_damaged_is_told_where(data: bytes, place: int) -> None:
    whole = (LINE * 60).encode()
    data = whole[:place] + data[:5] + whole[place:]
    try:
        decoded = decode.decode(data)
    except DecodeError:
        return
    for item in decoded.damage:
        assert data[item.offset : item.offset + len(item.data)] == item.data


def test_encodings_can_be_named_by_pattern() -> None:
    options = decode.DecodeOptions(parse_encodings(["utf-8", "old/*.txt=gb18030"]))
    files = ["old/a.txt", "/data/old/b.txt", "new/a.txt"]
    assert [options.encoding_of(file) for file in files] == ["gb18030", "gb18030", "utf-8"]
    with pytest.raises(UsageError, match="klingon"):
        parse_encodings(["*.txt=klingon"])


@pytest.fixture
def damaged_folder(tmp_path: Path) -> Path:
    """Make a folder of damaged files of all kinds."""
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.txt").write_bytes(damage(LINE * 9, "gb18030", b"\xff")[0])
    (folder / "b.html").write_bytes(PAGE.format("?").encode().replace(b"?", "师".encode()[:2]))
    (folder / "c.md").write_bytes(damage(LINE * 9, "utf-8", b"\0")[0])
    line = b'{"id": 1, "title": "?", "text": "%s"}\n' % (LINE.strip() * 5).encode()
    (folder / "d.jsonl").write_bytes(line + line.replace(b"?", b"\xff").replace(b"1", b"2", 1))
    record = line.strip()
    (folder / "e.json").write_bytes(
        b"[\n  "
        + record.replace(b"1", b"3", 1)
        + b",\n  "
        + record.replace(b"?", b"\xff").replace(b"1", b"4", 1)
        + b"\n]\n"
    )
    return folder


def test_damaged_files_are_cleaned_and_come_back(damaged_folder: Path, tmp_path: Path, call: Call) -> None:
    out, back = tmp_path / "out", tmp_path / "back"
    assert call("clean", damaged_folder, "-o", out)[0] == 0
    ledger = (out / "_cleaner/edits.jsonl").read_text(encoding="utf-8")
    assert ledger.count(DAMAGED) == len(list(damaged_folder.iterdir()))
    assert '"title": "\ufffd"' in (out / "d.jsonl").read_text(encoding="utf-8")
    assert call("restore", out, "--to", back)[0] == 0
    for path in damaged_folder.iterdir():
        assert (back / path.name).read_bytes() == path.read_bytes()


def test_damaged_files_are_refused_where_that_is_asked_for(damaged_folder: Path, tmp_path: Path, call: Call) -> None:
    code, _, stderr = call("clean", damaged_folder, "-o", tmp_path / "out", "--damaged", "refuse", "-q")
    assert (code, stderr.count("--damaged replace")) == (1, 5)


def test_a_check_reports_damage_and_never_writes_over_it(damaged_folder: Path, call: Call) -> None:
    before = {path: path.read_bytes() for path in damaged_folder.iterdir()}
    code, stdout, _ = call("check", damaged_folder, "--fix")
    assert (code, stdout.count(f" {DAMAGED} ")) == (1, len(before))
    assert {path: path.read_bytes() for path in damaged_folder.iterdir()} == before


def test_records_can_be_in_another_encoding(tmp_path: Path, call: Call) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.jsonl").write_bytes(f'{{"id": 1, "text": "{LINE.strip()}"}}\n'.encode("gb18030"))
    (tmp_path / "in/b.csv").write_bytes(f"id,text\n2,{LINE}".encode("gb18030"))
    (tmp_path / "in/c.csv").write_bytes(b"id,text\n3,%s\xff\n" % (LINE.strip() * 3).encode())
    out, back = tmp_path / "out", tmp_path / "back"
    assert call("clean", tmp_path / "in", "-o", out, "--encoding", "[ab].*=gb18030")[0] == 0
    for name in ("a.jsonl", "b.csv", "c.csv"):
        assert LINE.strip() in (out / name).read_text(encoding="utf-8")
    assert "\ufffd" in (out / "c.csv").read_text(encoding="utf-8")
    assert call("restore", out, "--to", back)[0] == 1  # rows of CSV do not come back
    assert (back / "a.jsonl").read_bytes() == (tmp_path / "in/a.jsonl").read_bytes()
