"""Parse what the judge has learned: phrases and trees, as a pack brings them."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from cleaner.errors import PackError
from cleaner.judging import phrases, trees

if TYPE_CHECKING:
    from cleaner.judging.phrases import Phrases
    from cleaner.judging.trees import Trees
    from cleaner.rules.schema import JudgeModel


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
