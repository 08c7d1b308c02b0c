"""Pages that the code knows: one for each rule and detector, and the public names with their docstrings."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from importlib import import_module

from cleaner.detectors import DETECTORS
from cleaner.packs import registry
from cleaner.packs.builtin import RULES
from cleaner.packs.export import describe_rule
from cleaner.rules.schema import Rule

MODULES = ("cleaner", "cleaner.report", "cleaner.integrations")


CODE = re.compile(r"(`+)(?!`)(.*?[^`])\1(?!`)")
"""A span of code in Markdown."""


def escape_code(match: re.Match[str]) -> str:
    """Write a span of code with an angle bracket as HTML: MkDocs takes what is in it for a declaration."""
    text = match[2].strip() if len(match[1]) > 1 else match[2]
    if "<" not in text:
        return match[0]
    return f"<code>{''.join(c if c.isalnum() else f'&#{ord(c)};' for c in text)}</code>"


def rule_pages() -> dict[str, str]:
    """Return a page for each rule of the shipped packs, and the list of all."""
    packs = {name: registry.load_rules(name) for name in registry.pack_names()}
    rules = {name: [rule for rule in pack.rules if rule.id.startswith(f"{name}/")] for name, pack in packs.items()}
    pages = {f"rules/{rule.id}.md": rule_page(rule) for group in rules.values() for rule in group}
    sections = [f"## {name}\n\n{packs[name].title}\n\n{rule_table(group)}" for name, group in rules.items() if group]
    builtin = "".join(f"| `{rule.id}` | {rule.why} | {rule.level} | {rule.fix} |\n" for rule in RULES.values())
    table = f"## Built in\n\n| id | why | level | `check --fix` |\n|---|---|---|---|\n{builtin}"
    count = sum(map(len, rules.values()))
    head = f"# Every rule\n\n{count} rules in {len(sections)} packs, and {len(RULES)} that the code itself applies.\n\n"
    return pages | {"rules/index.md": head + "\n\n".join([*sections, table])}


def rule_table(rules: list[Rule]) -> str:
    """Return the table of a pack's rules."""
    rows = "".join(
        f"| [`{rule.id}`]({rule.id}.md) | {rule.action} | {rule.weight:g} | {rule.why} |\n" for rule in rules
    )
    return f"| rule | does | weight | why |\n|---|---|---|---|\n{rows}"


def rule_page(rule: Rule) -> str:
    """Return the page of a rule."""
    head, *lines = describe_rule(rule)
    text = CODE.sub(escape_code, "\n".join(lines))
    if rule.detector:
        text = text.replace(f"`{rule.detector}`", f"[`{rule.detector}`](../../../detectors/{rule.detector}.md)", 1)
    return f"# {head.strip().removeprefix('### ')}\n\n{text}\n\nSee it: `cleaner rules show {rule.id}`\n"


def detector_pages() -> dict[str, str]:
    """Return a page for each detector, and the list of all."""
    users: dict[str, list[Rule]] = {}
    for name in registry.pack_names():
        for rule in registry.load_rules(name).rules:
            if rule.detector and rule.id.startswith(f"{name}/"):
                users.setdefault(rule.detector, []).append(rule)
    pages = {f"detectors/{name}.md": detector_page(name, users.get(name, [])) for name in DETECTORS}
    rows = "".join(f"| [`{name}`]({name}.md) | {one.about} |\n" for name, one in sorted(DETECTORS.items()))
    return pages | {"detectors/index.md": f"# Every detector\n\n| detector | |\n|---|---|\n{rows}"}


def detector_page(name: str, users: list[Rule]) -> str:
    """Return the page of a detector."""
    detector = DETECTORS[name]
    decides = "A rule may let it decide alone." if detector.decisive else "It is evidence: give it a weight below 1.0."
    parameters = "".join(f"| `{key}` | {p.default} | {p.about} |\n" for key, p in detector.parameters.items())
    table = f"\n| parameter | default | |\n|---|---|---|\n{parameters}" if parameters else ""
    rules = "".join(f"- [`{rule.id}`](../rules/{rule.id}.md): {rule.why}\n" for rule in users)
    return f"# `{name}`\n\n{detector.about}\n\n{decides}\n{table}\n## Rules that use it\n\n{rules or 'None.'}\n"


def api_pages() -> dict[str, str]:
    """Return a page for each public module."""
    pages = {f"api/{name}.md": "\n".join(module_page(name)) for name in MODULES}
    rows = "\n".join(f"- [`{name}`]({name}.md): {first_line(import_module(name))}" for name in MODULES)
    return pages | {"api/index.md": f"# From Python\n\n{rows}\n"}


def module_page(name: str) -> Iterator[str]:
    """Yield the page of a module: every name that others may build on, with its docstring."""
    module = import_module(name)
    yield f"# `{name}`\n\n{inspect.getdoc(module)}\n"
    for public in module.__all__:
        value = getattr(module, public)
        if not callable(value):
            continue
        yield f"\n## `{public}`\n"
        yield f"```text\n{public}{signature(value)}\n```\n"
        yield from docstring_lines(inspect.getdoc(value) or "")


def signature(value: object) -> str:
    """Return the parameters of a function or class."""
    try:
        return str(inspect.signature(value))  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return "(…)"


def docstring_lines(text: str) -> Iterator[str]:
    """Yield a docstring in Google's style as Markdown: its sections as headings with lists."""
    section = False
    for line in text.split("\n"):
        if line.endswith(":") and line[:-1] in ("Args", "Returns", "Raises", "Attributes", "Warning"):
            yield f"\n**{line[:-1]}**\n"
            section = True
        elif section and line.startswith("    ") and not line.startswith("     "):
            yield f"- {line.strip()}"
        else:
            yield line


def first_line(value: object) -> str:
    """Return the first line of a docstring."""
    return (inspect.getdoc(value) or "").split("\n")[0]
