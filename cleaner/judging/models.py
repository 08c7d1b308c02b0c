"""Parse and write what the judge has learned: phrases and trees, as a pack brings them."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from cleaner.errors import PackError
from cleaner.judging import phrases, trees
from cleaner.packs.models import PHRASES, TREES

if TYPE_CHECKING:
    from cleaner.judging.phrases import Phrases
    from cleaner.judging.trees import Trees
    from cleaner.rules.schema import JudgeModel


HEAD = (
    "# Weights of n-grams of characters: positive for boilerplate, negative for content. The first row is the bias.\n"
    "# \\u0002 begins a line, \\u0003 ends it, \\u0001 stands for the middle of a long one, 0 for any digit.\n"
    "# Fitted on labelled pages; only n-grams of several sites are in it.\n"
)


class Model(NamedTuple):
    """What was fitted on labelled pages."""

    phrases: Phrases
    trees: Trees


@lru_cache(maxsize=4)
def parse_model(model: JudgeModel) -> Model:
    """Parse the texts of a model.

    Raises:
        PackError: they are damaged.
    """
    try:
        return Model(phrases.read(model.phrases), trees.from_table(msgspec.json.decode(model.trees)))
    except (ValueError, KeyError, TypeError, msgspec.DecodeError) as error:
        raise PackError(f"[judge] model {model.name!r} is damaged: {error}") from None


def write_model(model: Model) -> dict[str, str]:
    """Write a model as the texts of its files, by name."""
    table = msgspec.json.encode(trees.to_table(model.trees)).decode()
    return {PHRASES: phrases.write(model.phrases, HEAD), TREES: table.replace("],[", "],\n[")}
