"""Streams: lines with a limit, damage told, files whole or not at all."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.formats.storage import files, streams
from helpers.format_cases import COMPRESSORS

pytest.importorskip("zstandard")


def lines_of(path: Path, limit: int = 1 << 20) -> list[streams.FileLine]:
    with streams.open_stream(path) as stream:
        return list(streams.lines(stream, limit))


@pytest.mark.parametrize("compression", COMPRESSORS)
def test_lines_come_with_number_offset_and_break(compression: str, tmp_path: Path) -> None:
    path = tmp_path / f"a{compression}"
    path.write_bytes(COMPRESSORS[compression](b"one\ntwo\r\n\nfour"))
    found = lines_of(path)
    assert [(line.number, line.offset, line.data) for line in found] == [
        (1, 0, b"one\n"),
        (2, 4, b"two\r\n"),
        (3, 9, b"\n"),
        (4, 10, b"four"),
    ]


@pytest.mark.parametrize("compression", COMPRESSORS)
def test_a_line_over_the_limit_is_skipped_and_reported(compression: str, tmp_path: Path) -> None:
    path = tmp_path / f"a{compression}"
    path.write_bytes(COMPRESSORS[compression](b"one\n" + b"x" * 5000 + b"\nthree\n"))
    found = lines_of(path, 100)
    assert [line.data for line in found] == [b"one\n", b"", b"three\n"]
    assert "5,001" in found[1].reason
    assert found[2].offset == 5005


@pytest.mark.slow
@pytest.mark.parametrize("compression", [p for p in COMPRESSORS if p])
def test_a_decompression_bomb_is_skipped_in_constant_memory(compression: str, tmp_path: Path) -> None:
    path = tmp_path / f"a{compression}"
    path.write_bytes(COMPRESSORS[compression](b"one\n" + b"x" * (96 << 20) + b"\nthree\n"))
    assert path.stat().st_size < 1 << 20
    tracemalloc.start()
    found = lines_of(path, 1 << 20)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [line.number for line in found if not line.reason] == [1, 3]
    assert peak < 48 << 20


@pytest.mark.parametrize("compression", [p for p in COMPRESSORS if p])
@pytest.mark.parametrize("cut", [0.3, 0.6, 0.99])
def test_a_truncated_stream_is_reported(compression: str, cut: float, tmp_path: Path) -> None:
    path = tmp_path / f"a{compression}"
    data = COMPRESSORS[compression](b"".join(b"%d %d\n" % (i, i * i * 7919) for i in range(20_000)))
    path.write_bytes(data[: int(len(data) * cut)])
    *whole, last = lines_of(path)
    assert "damaged" in last.reason
    assert all(not line.reason for line in whole)


@pytest.mark.parametrize("compression", [p for p in COMPRESSORS if p])
def test_changed_bytes_are_reported(compression: str, tmp_path: Path) -> None:
    path = tmp_path / f"a{compression}"
    data = bytearray(COMPRESSORS[compression](b"".join(b"%d %d\n" % (i, i * i * 7919) for i in range(20_000))))
    data[len(data) // 2 : len(data) // 2 + 40] = b"\xff" * 40
    path.write_bytes(data)
    assert any("damaged" in line.reason for line in lines_of(path))


@given(pieces=st.lists(st.binary(max_size=300), min_size=1, max_size=6), compression=st.sampled_from(list(COMPRESSORS)))
def test_parts_written_separately_join_to_one_stream(
    pieces: list[bytes], compression: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("parts")
    parts = []
    for number, piece in enumerate(pieces):
        parts.append(folder / str(number))
        with parts[-1].open("wb") as file, streams.compressor(file, f"a{compression}") as out:
            out.write(piece)
    with files.atomic_writer(folder / f"a{compression}") as output:
        streams.concatenate(parts, output)
    with streams.open_stream(folder / f"a{compression}") as stream:
        assert stream.file.read() == b"".join(pieces)


def test_a_file_that_fails_half_way_is_not_left_behind(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"before")
    with pytest.raises(TypeError), files.atomic_writer(tmp_path / "a") as file:
        file.writelines([b"half", None])  # type: ignore[list-item]
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"a": b"before"}
