"""Write a rule pack for one site, run its cases, and clean a page with it.

    python own_pack.py

On the command line: `cleaner rules test village.toml`, then `cleaner clean pages/ --pack village.toml --output clean/`.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import cleaner
from cleaner.packs import testing

PACK = """
schema = 1
pack = { id = "village", version = "1.0.0", title = "Pages of villages", extends = ["zh-web"] }

[[rule]]
id = "nav/notice-board"
why = "The name of the notice board is printed over every page."
literals = ["村务公开栏"]
drops = ["村务公开栏"]
keeps = ["他在村务公开栏前站了很久。"]
"""
PAGE = """村务公开栏
河水退去之后，村里的人开始重新丈量田地。
他在村务公开栏前站了很久。
"""


def main(folder: Path) -> None:
    path = folder / "village.toml"
    path.write_text(PACK, encoding="utf-8")
    pack = cleaner.load_pack(str(path))
    assert not testing.run_cases(pack.data), "a case of a rule fails"
    cleaned = pack.clean(PAGE)
    print(cleaned.text)
    for edit in cleaned.edits:
        print(f"{edit.rule}: {PAGE[edit.span.start : edit.span.stop]!r}")


if __name__ == "__main__":
    with TemporaryDirectory() as name:
        main(Path(name))
