"""Commands called as a user calls them; the fixture `call` is in conftest.py."""

from __future__ import annotations

from collections.abc import Callable

Call = Callable[..., tuple[int, str, str]]
"""Run `cleaner` with these arguments: exit code, standard output, standard error."""
