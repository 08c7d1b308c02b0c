"""Decoding: encodings are told apart, ways back recorded, damage refused."""

from __future__ import annotations

import encodings.aliases
import random
from pathlib import Path

import opencc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner import decode
from cleaner.errors import DecodeError, UsageError

SIMPLIFIED = "昨天下午，我们在城东的旧书店里翻到一本三十年前的县志，店主说这书没有人要，便宜卖给了我们。\n" * 3
TRADITIONAL = "昨天下午，我們在城東的舊書店裡翻到一本三十年前的縣誌，店主說這書沒有人要，便宜賣給了我們。\n" * 3
JAPANESE = "昨日は友達と一緒に公園へ行って、桜の花を見ながらお弁当を食べました。\n" * 3
KOREAN = "어제는 친구와 함께 공원에 가서 벚꽃을 보면서 도시락을 먹었습니다.\n" * 3
FRENCH = "L'élève français a mangé une crêpe brûlée près du château, où le café était fermé.\n" * 3
RUSSIAN = "Вчера мы долго гуляли по набережной и говорили о книгах.\n" * 3
UKRAINIAN = "Учора ми довго гуляли набережною і говорили про книжки, потім пішов дощ.\n" * 3
GREEK = "Χθες περπατήσαμε πολύ στην παραλία και μιλήσαμε για βιβλία, ύστερα άρχισε να βρέχει.\n" * 3
POLISH = "Wczoraj długo spacerowaliśmy nad rzeką i rozmawialiśmy o książkach, potem zaczął padać deszcz.\n" * 3
CZECH = (
    "Včera jsme se dlouho procházeli po nábřeží a mluvili o knihách, pak začalo pršet a všichni šli domů. Příště!\n" * 3
)
HUNGARIAN = (
    "Tegnap sokáig sétáltunk a folyóparton, és könyvekről beszélgettünk. Később esni kezdett az eső, a felhők fölöttünk "
    "sűrűn gyűltek, és mindenki hazament. Az ősszel majd újra eljövünk ide, ha a erdő színes, és a szőlő beérett.\n"
)
WESTERN = (
    "Ieri abbiamo passeggiato lungo il fiume e più tardi è arrivata la pioggia, perché così è l'autunno in città.\n",
    "Ontem falámos de livros; depois começou a chover, não havia opções nem condições, e voltámos à estação.\n",
    "I går gick vi länge längs ån och pratade om böcker; sedan började det regna och på kvällen åt vi middag.\n",
    "Gestern gingen wir über die Brücke und sprachen über Bücher; später mußten alle früh nach Hause.\n",
    "Así paseó el señor Núñez por la orilla y habló de libros; después llovió, según él, todo el día.\n",
    "Vi gik længe ved åen på Østerbro, og så begyndte det at regne; på vejen hjem købte vi brød.\n",
)
HEBREW = "אתמול טיילנו שעות ארוכות לאורך הנהר ודיברנו על ספרים.\n" * 3
ARABIC = "مشينا أمس طويلا على ضفة النهر وتحدثنا عن الكتب.\n" * 3
THAI = "เมื่อวานเราเดินเล่นริมแม่น้ำและคุยกันเรื่องหนังสือ\n" * 3
EUC_TW = bytes.fromhex("c4e3a4f6c5fddef7c6c4c8cdc5c6c4e3cff0e4f9c5c9a1a2c4e6c6d3ceb1d8e7e0d2c7a9a1a3") * 4
"""Pairs of bytes of plane 1 as EUC-TW has them, in no order of a language."""
DICTIONARIES = Path(opencc.__file__).parent / "dictionary"


@pytest.mark.parametrize(
    ("text", "written", "told"),
    [
        (SIMPLIFIED, "utf-8", "utf-8"),
        (SIMPLIFIED, "gb2312", "gb18030"),
        (SIMPLIFIED, "gb18030", "gb18030"),
        (TRADITIONAL, "gbk", "gb18030"),
        (TRADITIONAL, "big5", "big5hkscs"),
        (SIMPLIFIED, "hz", "hz"),
        (SIMPLIFIED, "utf-16-le", "utf-16-le"),
        (SIMPLIFIED, "utf-16-be", "utf-16-be"),
        (SIMPLIFIED.replace("\n", ""), "utf-16-le", "utf-16-le"),
        (SIMPLIFIED, "utf-32-le", "utf-32-le"),
        (SIMPLIFIED, "utf-32-be", "utf-32-be"),
        (FRENCH, "utf-16-le", "utf-16-le"),
        (JAPANESE, "euc_jp", "euc_jp"),
        (JAPANESE, "shift_jis", "cp932"),
        (JAPANESE, "iso2022_jp", "iso2022_jp_2"),
        (JAPANESE, "utf-16-be", "utf-16-be"),
        (KOREAN, "euc_kr", "cp949"),
        (KOREAN, "iso2022_kr", "iso2022_kr"),
        (FRENCH, "cp1252", "cp1252"),
        (FRENCH, "utf-8", "utf-8"),
    ],
)
def test_encodings_are_distinguished(text: str, written: str, told: str) -> None:
    decoded = decode.decode(text.encode(written))
    assert (decoded.text, decoded.encoding, decoded.confidence > 0.9) == (text, told, True)


@pytest.mark.parametrize(
    ("written", "encoding"),
    [("utf-8-sig", "utf-8"), ("utf-16", "utf-16-le"), ("utf-32", "utf-32-le")],
)
def test_a_byte_order_mark_is_not_part_of_the_text(written: str, encoding: str) -> None:
    decoded = decode.decode(SIMPLIFIED.encode(written))
    assert (decoded.text, decoded.encoding, decoded.bom, decoded.exact) == (SIMPLIFIED, encoding, True, True)


@pytest.mark.parametrize(
    ("text", "newline", "left"),
    [
        ("a\r\nb\r\n", "\r\n", "a\nb\n"),
        ("a\r\nb\n", "\n", "a\r\nb\n"),
        ("a\rb\r\n", "\n", "a\rb\r\n"),
        ("a", "\n", "a"),
    ],
)
def test_line_breaks_are_unified_only_where_all_are_alike(text: str, newline: str, left: str) -> None:
    decoded = decode.decode(text.encode())
    assert (decoded.newline, decoded.text) == (newline, left)


@pytest.mark.parametrize("encoding", ["gb18030", "big5hkscs"])
def test_little_chinese_in_much_markup_decides(encoding: str) -> None:
    page = '<div class="nav"><a href="/index.html">首頁</a><span>中文網站</span></div>' + "<br/>" * 2000
    assert decode.decode(page.encode(encoding)).text == page


def test_repeated_words_do_not_look_like_an_alphabet() -> None:
    page = '<a href="/show.asp?id=378" title="H型钢">H型钢</a>\n' * 300
    assert decode.decode(page.encode("gb18030")).encoding == "gb18030"


def test_an_undetectable_alphabet_is_refused_unless_declared() -> None:
    data = THAI.encode("cp874")
    with pytest.raises(DecodeError, match="--encoding"):
        decode.decode(data)
    assert decode.decode(data, declaration="cp874").text == THAI


@pytest.mark.parametrize(
    ("text", "written"),
    [
        *((RUSSIAN, encoding) for encoding in ("cp1251", "koi8_r", "cp866", "iso8859_5")),
        (UKRAINIAN, "cp1251"),
        (GREEK, "cp1253"),
        (GREEK, "iso8859_7"),
        *((text, encoding) for text in (POLISH, CZECH, HUNGARIAN) for encoding in ("cp1250", "iso8859_2")),
        (HEBREW, "cp1255"),
        (ARABIC, "cp1256"),
        (KOREAN, "johab"),
    ],
)
def test_alphabets_are_told_by_their_letters(text: str, written: str) -> None:
    decoded = decode.decode(text.encode(written))
    assert (decoded.text, decoded.exact, decoded.confidence > 0.9) == (text, True, True)


@pytest.mark.parametrize("text", WESTERN)
@pytest.mark.parametrize("size", [60, 1000])
def test_latin_1_is_not_taken_for_another_alphabet(text: str, size: int) -> None:
    assert decode.decode(text[:size].encode("cp1252")).text == text[:size]


def test_a_doubtful_encoding_is_refused_with_the_likely_name() -> None:
    with pytest.raises(DecodeError, match=r"likely cp125\d"):
        decode.decode(CZECH[:60].encode("cp1250"))


def test_euc_tw_is_refused_and_not_read_as_something_else() -> None:
    with pytest.raises(DecodeError):
        decode.decode(EUC_TW)
    with pytest.raises(DecodeError, match="iconv -f EUC-TW"):
        decode.decode(b"<meta charset='euc-tw'>" + EUC_TW)


def test_a_declaration_is_not_believed_against_the_text() -> None:
    page = '<meta charset="big5">' + SIMPLIFIED
    assert decode.decode(page.encode("gb18030")).encoding == "gb18030"


def test_a_declaration_decides_where_two_characters_are_too_few() -> None:
    data = "中文".encode("big5")
    assert decode.decode(data, declaration="big5").text == "中文"


@pytest.mark.parametrize(
    ("head", "message"),
    [
        (b'<meta charset="GB2312">', "gb2312"),
        (b'<META http-equiv="Content-Type" content="text/html; charset=big5">', "big5"),
        (b'<?xml version="1.0" encoding="gbk"?>', "gbk"),
        (b"\xef\xbb\xbf<html>", "utf-8"),
        (b"\xff\xfea\0", "utf-16-le"),
        (b"charset=gbk in prose", None),
        (b"", None),
    ],
)
def test_declared_charsets_are_read(head: bytes, message: str | None) -> None:
    assert decode.declared_in(head) == message


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0", "PNG image"),
        (b"PK\x03\x04\x14\0", "zip archive"),
        (bytes(range(256)) * 4, "0x00 at offset 0"),
        (random.Random(1).randbytes(400).replace(b"\0", b"\x01"), "--encoding NAME"),
        (
            b"\x1b$)A\x0e" + bytes(b & 0x7F for b in SIMPLIFIED.replace("\n", "").encode("gb2312")) + b"\x0f",
            "ISO-2022-CN",
        ),
    ],
)
def test_what_is_no_readable_text_is_refused_by_name_or_place(data: bytes, says: str) -> None:
    with pytest.raises(DecodeError, match=says):
        decode.decode(data)


def test_a_named_encoding_replaces_unreadable_bytes_and_reports_them() -> None:
    decoded = decode.decode("我们".encode() + b"\xff\xff" + "好".encode(), encoding="utf-8")
    assert (decoded.text, decoded.exact) == ("我们\ufffd\ufffd好", False)
    assert "2 places read as U+FFFD: ff at offset 6, ff at offset 7" in decoded.flags[0].note


def test_an_unknown_encoding_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="klingon"):
        decode.decode(b"abc", encoding="klingon")


@pytest.mark.parametrize(("encoding", "cut"), [("utf-8", 1), ("utf-8", 2), ("gb18030", 1), ("big5hkscs", 1)])
def test_a_truncated_character_at_the_end_is_dropped_and_reported(encoding: str, cut: int) -> None:
    text = TRADITIONAL.strip()
    decoded = decode.decode(text.encode(encoding)[:-cut])
    assert (decoded.text, decoded.exact) == (text[:-1], False)
    assert "half a character" in decoded.evidence


@pytest.mark.parametrize(
    ("text", "encoding"), [(SIMPLIFIED, "gb18030"), (TRADITIONAL, "big5hkscs"), (SIMPLIFIED, "utf-8")]
)
def test_encodings_of_samples_cut_at_both_ends_are_detected(text: str, encoding: str) -> None:
    data = text.encode(encoding)
    told = {decode.detect(data[at : at + 200]).encoding for at in range(60)}
    assert told == {encoding}


def test_cut_ends_are_counted() -> None:
    guess = decode.detect(SIMPLIFIED.encode()[1:-3])
    assert (guess.encoding, guess.cut_head, guess.cut_tail) == ("utf-8", 2, 1)


def _cuts(encoding: str, size: int) -> list[bytes]:
    """Cut samples out of OpenCC's phrases strung together."""
    column = 0 if encoding == "gb18030" else 1
    lines = (DICTIONARIES / "STPhrases.txt").read_text("utf-8").splitlines()
    draw = random.Random(7)
    words = [line.split("\t")[column].split()[0] for line in draw.sample(lines, 4000)]
    data = "".join(word + draw.choice(("", "", "，", "。\n", "的")) for word in words).encode(encoding, "ignore")
    return [data[at : at + size] for at in draw.sample(range(len(data) - size), 150)]


@pytest.mark.parametrize("encoding", ["gb18030", "big5hkscs"])
@pytest.mark.parametrize(("size", "least"), [(200, 0.97), (1000, 0.99)])
def test_encodings_of_samples_of_rare_words_are_detected(encoding: str, size: int, least: float) -> None:
    right = [decode.detect(sample).encoding == encoding for sample in _cuts(encoding, size)]
    assert sum(right) >= least * len(right)


@given(st.binary(max_size=300))
def test_exactly_decoded_bytes_are_encoded_to_the_same_bytes(data: bytes) -> None:
    try:
        decoded = decode.decode(data)
    except DecodeError:
        return
    if decoded.exact:
        assert decode.encode(decoded.text, decoded.encoding, decoded.bom, decoded.newline) == data


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
def test_any_text_in_utf8_comes_back(text: str) -> None:
    data = text.encode()
    if b"~{" in data or b"\x1b$" in data or text.startswith("\ufeff"):
        return
    decoded = decode.decode(data)
    assert (decoded.encoding, decoded.exact) == ("utf-8", True)
    assert decode.encode(decoded.text, "utf-8", newline=decoded.newline) == data


@given(st.binary(max_size=60), st.sampled_from(["utf-8", "gb18030", "big5", "utf-16", "latin-1", "hz"]))
def test_a_named_encoding_decodes_or_says_why_not(data: bytes, encoding: str) -> None:
    try:
        decoded = decode.decode(data, encoding=encoding)
    except DecodeError:
        return
    assert not decoded.exact or decode.encode(decoded.text, decoded.encoding, decoded.bom, decoded.newline) == data


NO_CHARSETS = [
    "base64", "bz2", "hex", "idna", "punycode", "quopri", "raw_unicode_escape", "rot13", "undefined", "unicode_escape",
    "uu", "zlib", "no-such", "../hex", "a" * 300,
]  # fmt: skip


@pytest.mark.parametrize("name", NO_CHARSETS)
def test_a_declared_codec_that_is_no_charset_counts_as_none(name: str) -> None:
    head = f'<html><head><meta charset="{name}"></head><body>'
    data = (head + SIMPLIFIED).encode("gb18030")
    decoded = decode.decode(data)
    assert (decoded.text, decoded.encoding) == (head + SIMPLIFIED, "gb18030")
    assert decode.decode(data, declaration=name).encoding == "gb18030"
    with pytest.raises(UsageError, match="is unknown to Python"):
        decode.decode(data, encoding=name)


def test_every_codec_of_python_can_be_declared() -> None:
    data = SIMPLIFIED.encode("gb18030")
    for name in sorted({*encodings.aliases.aliases, *encodings.aliases.aliases.values()}):
        assert decode.decode(data, declaration=name).text == SIMPLIFIED, name
