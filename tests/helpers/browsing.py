"""A page in a real browser: what its console said, and what axe-core finds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page


class Visit:
    """A page that is looked at, with all that its console said."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []
        self.requests: list[str] = []
        page.on("console", lambda message: self.complaints.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        page.on("dialog", lambda dialog: self.complaints.append(f"dialog: {dialog.message}"))
        page.on("request", lambda request: self.requests.append(request.url))

    def open(self, address: str) -> Page:
        self.page.goto(address)
        return self.page


def serious_faults(page: Page, axe: str, part: str = "html") -> list[dict[str, Any]]:
    """What axe-core calls serious or critical in a part of a page: rule and place."""
    page.evaluate(axe)
    faults = page.evaluate("async (part) => (await axe.run(part)).violations", part)
    return [
        {"id": fault["id"], "places": [node["target"] for node in fault["nodes"]][:3]}
        for fault in faults
        if fault["impact"] in ("serious", "critical")
    ]
