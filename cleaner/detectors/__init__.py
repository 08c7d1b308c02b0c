"""Detectors: what a regular expression cannot say, junk known by its shape, its repetition and its place.

A pack names a detector in a rule and gives it parameters; the judge calls it once a batch. A module of this folder is a
family; every `Detector` that it binds is known by its name.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator, Mapping
from importlib import import_module
from types import MappingProxyType
from typing import Any

from cleaner.detectors.api import Detections, Detector
from cleaner.errors import did_you_mean

__all__ = ["DETECTORS", "Detections", "Detector", "explain_misuse"]


def _collect() -> Iterator[Detector]:
    for module in pkgutil.iter_modules(__path__, f"{__name__}."):
        for value in vars(import_module(module.name)).values():
            if isinstance(value, Detector):
                yield value


DETECTORS: Mapping[str, Detector] = MappingProxyType(
    {one.name: one for one in sorted(_collect(), key=lambda d: d.name)}
)


def explain_misuse(name: str, parameters: Mapping[str, Any]) -> tuple[str, str] | None:
    """Explain why a rule cannot use a detector so: the key that is wrong and the reason, or None where it can."""
    if name not in DETECTORS:
        return "detector", f"{name}: no such detector{did_you_mean(name, DETECTORS) or '; docs/rules.md lists them'}"
    declared_parameters = DETECTORS[name].parameters
    for key, value in parameters.items():
        parameter = declared_parameters.get(key)
        if parameter is None:
            advice = did_you_mean(key, declared_parameters) or f"; it has {', '.join(declared_parameters)}"
            return f"params.{key}", f"{name} has no such parameter{advice}"
        if not parameter.takes(value):
            return f"params.{key}", f"{value!r} is not {parameter.kind}, such as {parameter.default:g}"
    return None
