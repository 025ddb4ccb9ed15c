"""What the hall watches: the public board on a phone, and the big screen."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect


class Board:
    """The public board."""

    def __init__(self, page: Page, address: str, *, speak: str = "zh") -> None:
        self.page = page
        page.goto(address)
        if speak == "en":
            page.get_by_role("button", name="English").click()
        expect(page.locator("#link")).to_have_attribute("data-state", "live")
        self.now = page.locator("#now [data-part=person]")
        self.last = page.locator("#last")
        self.heading = page.locator("#ranking-title")

    def row(self, entry: str) -> Locator:
        """An entry's row of the ranking."""
        return self.page.locator(f'.rank[data-entry="{entry}"]')

    def rows(self) -> list[list[str]]:
        """The ranking as it reads: place, number, name, score."""
        return _texts(self.page.locator(".rank"), "place", "number", "name", "score")

    def why(self, entry: str) -> str:
        """The answer to "why this score", opened by a touch."""
        row = self.row(entry)
        row.locator("summary").click()
        story = row.locator("[data-part=story]")
        expect(story).to_be_visible()
        return story.inner_text()


class BigScreen:
    """The projector's page."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        page.goto(address)

    def shows(self, scene: str) -> Locator:
        """The scene that fills the screen now."""
        root = self.page.locator(f"[data-scene={scene}]")
        expect(root).to_be_visible()
        return root

    def rows(self) -> list[list[str]]:
        """The ranking as it reads: place, number, name, score."""
        return _texts(self.page.locator(".row-rank"), "place", "number", "name", "score")


def _texts(rows: Locator, *slots: str) -> list[list[str]]:
    script = """(rows, slots) => rows.map(
        (row) => slots.map((slot) => row.querySelector(`[data-slot="${slot}"]`).textContent.trim()))"""
    return rows.evaluate_all(script, list(slots))  # type: ignore[no-any-return]
