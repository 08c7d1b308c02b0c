"""The languages in which changes are explained, and what is said in each."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple

Language = Literal["en", "zh"]

_FOLDER = Path(__file__).parents[1] / "data" / "wording"


class Wording(NamedTuple):
    """What is said in a language; English has `whys` and `judge` in the rules and the judge themselves.

    Attributes:
        sentences: by name, with places for values.
        judge: what reasons of the judge are about, by name.
        whys: what rules are for, by id.
    """

    sentences: Mapping[str, str]
    judge: Mapping[str, str]
    whys: Mapping[str, str]

    def translate(self, whys: Mapping[str, str]) -> dict[str, str]:
        """Return what rules are for in this language, where it is known; that of a user's own rule stays."""
        return {rule: self.whys.get(rule, why) for rule, why in whys.items()}


@cache
def read_wording(language: Language) -> Wording:
    """Read what is said in a language."""
    tables = tomllib.loads((_FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
    return Wording(tables["sentences"], tables.get("judge", {}), tables.get("whys", {}))
