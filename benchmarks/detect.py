"""Which encoding? `cleaner.decode.detection` beside chardet, charset-normalizer and faust-cchardet on the same samples.

Samples are cut at random bytes, so they begin and end inside characters. Chinese: the pages of ../shared/gold where
they are there (read, never copied), else the phrases of OpenCC's dictionaries. Other text: sentences of our own and
Python's own test data. Prints a markdown table: share told rightly, and share of non-Chinese text called Chinese.

    pip install chardet charset-normalizer faust-cchardet; python benchmarks/detect.py [samples for each row, 300]
"""

from __future__ import annotations

import codecs
import random
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import cchardet
import chardet
import opencc
from charset_normalizer import from_bytes

from cleaner import decode

GOLD = Path(__file__).parents[2] / "shared" / "gold" / "dev"
DICTIONARIES = Path(opencc.__file__).parent / "dictionary"
OTHER = {
    "cp1252": """Le café était fermé à cause de la fête, où l'élève français a mangé une crêpe brûlée près du château.
Die Bäcker verkaufen schöne Brötchen für müde Gäste, während draußen größere Züge über die Straße führen.
El niño pequeño comió piña mañana; ¿dónde está el corazón de la canción española? ¡Qué alegría más bonita!
Não há razão para a ação: o coração do avô está são, e as mães dão pão aos cães no verão.
Göran såg åtta älgar på ön, där många människor höll på att äta köttfärs och blåbär före gryningen.
Perché la città è così bella? Più tardi verrà il papà, già però è lunedì e c'è il caffè.""",
    "cp1251": """Съешь же ещё этих мягких французских булок, да выпей чаю. В лесу родилась ёлочка, в лесу она росла.
Вчера мы долго гуляли по набережной и говорили о книгах, которые прочитали прошлым летом на даче у бабушки.
Погода сегодня хорошая, поэтому дети играют во дворе, а взрослые готовят обед и обсуждают новости.""",
    "iso8859-7": """Η γρήγορη αλεπού πηδάει πάνω από το τεμπέλικο σκυλί, ενώ τα παιδιά παίζουν στην αυλή του σχολείου.
Χθες το βράδυ διαβάσαμε ένα ωραίο βιβλίο για την ιστορία της πόλης και των ανθρώπων της.""",
    "euc_jp": """昨日は友達と一緒に公園へ行って、桜の花を見ながらお弁当を食べました。天気がとても良かったです。
このソフトウェアは、文字コードを自動的に判別するために作られました。詳しくは説明書をご覧ください。
電車が遅れたので、会議に間に合わなかった。コンピューターの調子も悪くて、大変な一日でした。""",
    "euc_kr": """어제는 친구와 함께 공원에 가서 벚꽃을 보면서 도시락을 먹었습니다. 날씨가 아주 좋았습니다.
이 프로그램은 문자 인코딩을 자동으로 판별하기 위해 만들어졌습니다. 자세한 내용은 설명서를 참고하세요.
지하철이 늦게 와서 회의 시간에 맞추지 못했고 컴퓨터도 고장이 나서 정말 힘든 하루였습니다.""",
}
OTHER |= {"koi8-r": OTHER["cp1251"], "shift_jis": OTHER["euc_jp"], "utf-8 (ja)": OTHER["euc_jp"]}
FAMILIES = (
    ("gb", "gb2312 gbk gb18030 cp936 hz hz-gb-2312"),
    ("big5", "big5 big5hkscs cp950 big5-hkscs"),
    ("utf8", "utf-8 utf-8-sig utf_8 ascii"),
    ("eucjp", "euc_jp euc-jp euc_jis_2004 euc_jisx0213 eucjp"),
    ("sjis", "shift_jis cp932 shift_jis_2004 shift-jis sjis shift_jisx0213 windows-31j"),
    ("euckr", "euc_kr euc-kr cp949 uhc johab"),
    ("latin", "cp1252 windows-1252 latin-1 latin_1 iso-8859-1 iso8859-1 iso-8859-15 iso8859-15 cp1254 windows-1254"),
)
FAMILY = {name: family for family, names in FAMILIES for name in names.split()}

Detector = Callable[[bytes], str]
DETECTORS: dict[str, Detector] = {
    "ours": lambda data: decode.detect(data).encoding,
    "chardet": lambda data: chardet.detect(data)["encoding"] or "",
    "charset-normalizer": lambda data: best.encoding if (best := from_bytes(data).best()) else "",
    "faust-cchardet": lambda data: cchardet.detect(data)["encoding"] or "",
}


def family(name: str) -> str:
    """One name for encodings that differ in repertoire only, or Python's name of any other."""
    if not name or name.lower() in FAMILY:
        return FAMILY.get(name.lower(), "")
    try:
        known = codecs.lookup(name).name
    except LookupError:
        return name.lower()
    return FAMILY.get(known, known)


def chinese(script: str) -> list[str]:
    """Simplified or Traditional documents."""
    texts = [path.read_text("utf-8", "replace") for path in sorted((GOLD / "docs").glob("*.txt"))]
    texts += [path.read_text("utf-8", "replace") for path in sorted((GOLD / "html").glob("*.html"))]
    texts = [text for text in texts if "\ufffd" not in text] or list(_phrases())
    convert = opencc.OpenCC("t2s" if script == "simplified" else "s2t").convert
    return [convert(text[:6000]) for text in texts]


def _phrases() -> Iterator[str]:
    words = [line.split("\t")[0] for line in (DICTIONARIES / "STPhrases.txt").read_text("utf-8").splitlines()]
    draw = random.Random(1)
    for _ in range(200):
        yield "".join(draw.choice(words) + draw.choice(("", "", "，", "。", "的", "是")) for _ in range(400))


def cuts(texts: list[bytes], size: int, count: int, least: int) -> Iterator[bytes]:
    """Pieces of `size` bytes from random places that hold at least `least` bytes that are not ASCII."""
    draw = random.Random(size)
    texts = [text for text in texts if len(text) > size]
    tries = 0
    while count and tries < 50_000:
        tries += 1
        text = draw.choice(texts)
        at = draw.randrange(len(text) - size)
        piece = text[at : at + size]
        if len(piece.translate(None, bytes(range(0x80)))) >= least:
            count -= 1
            yield piece


def other(encoding: str) -> list[bytes]:
    draw = random.Random(2)
    sentences = OTHER[encoding].splitlines()
    made = []
    for _ in range(60):
        picked = [" ".join(draw.sample(s.split(" "), len(s.split(" ")))) for s in draw.choices(sentences, k=24)]
        made.append("\n".join(picked).encode(encoding.split()[0]))
    return made


def rows(count: int) -> Iterator[tuple[str, str, list[bytes]]]:
    """Name, true family ("" where none is right), samples."""
    for script, encoding in (("simplified", "gb18030"), ("traditional", "big5hkscs"), ("traditional", "gb18030")):
        texts = [text.encode(encoding, "ignore") for text in chinese(script)]
        for size in (200, 1000):
            yield f"{encoding} ({script}), {size} bytes", family(encoding), list(cuts(texts, size, count, size // 10))
        yield (
            f"{encoding} ({script}), 200 bytes, sparse",
            family(encoding),
            [piece for piece in cuts(texts, 200, 5 * count, 8) if len(piece.translate(None, bytes(range(0x80)))) < 24][
                :count
            ],
        )
    utf8 = [text.encode("utf-8") for text in chinese("simplified")]
    yield "utf-8, 200 bytes", "utf8", list(cuts(utf8, 200, count, 20))
    for encoding in OTHER:
        for size in (60, 200):
            yield f"{encoding}, {size} bytes", family(encoding.split()[0]), list(cuts(other(encoding), size, count, 2))
    draw = random.Random(3)
    yield "random bytes, 200", "", [draw.randbytes(200) for _ in range(count)]
    yield "random bytes above 0x20, 200", "", [bytes(draw.choices(range(33, 255), k=200)) for _ in range(count)]


def versions() -> str:
    return ", ".join(f"{name} {version(name)}" for name in ("chardet", "charset-normalizer", "faust-cchardet"))


def main(count: int) -> None:
    print(
        f"{datetime.now(UTC):%Y-%m-%d}, {versions()}\n\n| sample | "
        + " | ".join(DETECTORS)
        + " |\n|---|"
        + "---|" * len(DETECTORS)
    )
    called = dict.fromkeys(DETECTORS, 0)
    spent = dict.fromkeys(DETECTORS, 0.0)
    foreign = 0
    for name, true, samples in rows(count):
        cells = []
        for detector, detect in DETECTORS.items():
            started = time.process_time()
            told = [family(detect(sample)) for sample in samples]
            spent[detector] += time.process_time() - started
            wrong = sum(one in ("gb", "big5") for one in told) * (true not in ("gb", "big5"))
            called[detector] += wrong
            right = sum(one == true for one in told)
            cells.append(f"{100 * right / len(samples):.1f}" + (f" (Chinese: {wrong})" if wrong else ""))
        foreign += len(samples) * (true not in ("gb", "big5"))
        print(f"| {name} ({len(samples)}) | " + " | ".join(cells) + " |", flush=True)
    print(f"| non-Chinese called Chinese, of {foreign} | " + " | ".join(map(str, called.values())) + " |")
    print("| CPU time, ratio to ours | " + " | ".join(f"{s / spent['ours']:.1f}" for s in spent.values()) + " |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 300)
