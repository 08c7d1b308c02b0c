from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from cleaner import decode, ledger
from cleaner.errors import DecodeError, RestoreError
from cleaner.model import Cleaned, Document
from cleaner.text import edits
from helpers.strategies import PAGES, edits_for


def entry_of(data: bytes, encoding: str, draw: st.DataObject) -> tuple[ledger.LedgerEntry, bytes]:
    try:
        decoded = decode.decode(data, encoding=encoding)
    except DecodeError:
        reject()
    text, passes = decoded.text, []
    for _ in range(draw.draw(st.integers(0, 3))):
        passes.append(draw.draw(edits_for(text)))
        text = edits.apply(text, passes[-1])
    done = Cleaned(Document("a", decoded.text), text, tuple(passes))
    return ledger.record_document(done, data, decoded, ledger.OutputPlace("a")), text.encode("utf-8", "surrogatepass")


@given(st.binary(max_size=60), st.sampled_from(["utf-8", "gb18030", "big5", "utf-16", "latin-1"]), st.data())
def test_any_bytes_come_back_through_any_passes(data: bytes, encoding: str, draw: st.DataObject) -> None:
    entry, clean = entry_of(data, encoding, draw)
    assert ledger.restore_bytes(entry, clean) == data


@given(PAGES, st.sampled_from(["\n", "\r\n", "\r"]), st.booleans(), st.data())
def test_line_breaks_and_byte_order_marks_come_back(text: str, newline: str, bom: bool, draw: st.DataObject) -> None:
    data = (b"\xef\xbb\xbf" if bom else b"") + text.replace("\n", newline).encode("utf-8", "replace")
    entry, clean = entry_of(data, "utf-8", draw)
    assert ledger.restore_bytes(entry, clean) == data


@given(PAGES, st.data())
def test_an_altered_output_is_refused_by_name(text: str, draw: st.DataObject) -> None:
    entry, clean = entry_of(text.encode("utf-8", "replace"), "utf-8", draw)
    with pytest.raises(RestoreError, match="a: altered"):
        ledger.restore_bytes(entry, clean + b"x")


@given(PAGES, st.data())
def test_a_ledger_line_reads_back_as_it_was_written(text: str, draw: st.DataObject) -> None:
    import msgspec

    entry, _ = entry_of(text.encode("utf-8", "replace"), "utf-8", draw)
    assert msgspec.json.decode(ledger.encode_entry(entry), type=ledger.LedgerEntry) == entry


def test_half_a_surrogate_in_the_name_of_a_field_is_no_ledger_line() -> None:
    with pytest.raises(msgspec.DecodeError):
        ledger.decode_entry(b'{"document":"d","output":"c","source":"s","input_s\\ud83dha256":"f"}')
