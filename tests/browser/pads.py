"""A judge's tablet as a hand sees it: the card, the pad, its keys, what it says after a submission."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from playwright.sync_api import Locator, Page, expect

BANDS = {"9.5": 0, "28.5": 0}  # marks that are the middle of the best band, given by touching it
CONFIRMED = re.compile(r"№\d+")


class Pad:
    """One browser on one seat. `speak` is the language its judge chooses on the card's page."""

    def __init__(self, page: Page, speak: str = "zh") -> None:
        self.page, self.speak = page, speak
        self.number = page.locator("[data-part=number]")
        self.submit_button = page.locator("[data-part=submit]")
        self.undo_button = page.locator(".undo")
        self.pill = page.locator("[data-part=pill]")
        self.trouble = page.locator(".display__trouble")

    def open_card(self, link: str) -> None:
        """Open the printed card's link, in the judge's language."""
        self.page.goto(link)
        if self.speak == "en":
            self.page.get_by_role("button", name="English").tap()

    def sit_down(self, judge: str) -> None:
        """Press the one button once the card shows the right name; the pad follows."""
        expect(self.page.locator("h1")).to_have_text(judge)
        self.page.locator(".seat-card__sit").tap()
        expect(self.pill).to_have_attribute("data-kind", "online")

    def shows(self, number: str) -> None:
        """The stage's number stands in the header, and the pad is ready for a mark."""
        expect(self.number).to_have_text(number)
        expect(self.key("1")).to_be_visible()

    def key(self, key: str) -> Locator:
        """A key of the keypad: a digit, ".", "back", "clear", "full", "next"."""
        return self.page.locator(f'.key-cap[data-key="{key}"]')

    def criterion(self, criterion: str) -> Locator:
        """A criterion's card."""
        return self.page.locator(f'[data-criterion="{criterion}"]')

    def touch(self, marks: Mapping[str, str]) -> None:
        """Give the marks with a finger, in the pad's order: digits, or a band where its middle is meant."""
        for position, (criterion, mark) in enumerate(marks.items()):
            if position:
                self.key("next").tap()
            expect(self.criterion(criterion)).to_have_attribute("data-active", "yes")
            if mark in BANDS:
                self.criterion(criterion).locator(".chip").nth(BANDS[mark]).tap()
            else:
                for key in mark:
                    self.key(key).tap()

    def type(self, marks: Mapping[str, str]) -> None:
        """Give the marks on a keyboard, as a judge with a laptop does: figures, and the arrow to the next criterion."""
        for position, mark in enumerate(marks.values()):
            if position:
                self.page.keyboard.press("ArrowDown")
            self.page.keyboard.type(mark)

    def submit(self, total: str) -> None:
        """Touch the submit button once the total is right; the five seconds to undo begin."""
        expect(self.page.locator("[data-part=sum_value]")).to_have_text(total)
        self.submit_button.tap()
        expect(self.undo_button).to_be_visible()

    def send(self, entry: str, marks: Mapping[str, str]) -> None:
        """Hand a sheet in as this tablet's script does, without its keys and its five seconds."""
        result = self.page.evaluate(
            """async ([entry, marks]) => {
                const { lease, messages } = JSON.parse(document.getElementById("pad").textContent);
                const message = { id: crypto.randomUUID(), n: 1, kind: "submit", sheet: "mark", round: "final", entry,
                    attempt: 1, rules: 1, base: 0, marks, note: "", tapped_at: new Date().toISOString() };
                const answer = await fetch(messages, {
                    method: "POST", headers: { "Content-Type": "application/json", "X-Lease": lease.secret },
                    body: JSON.stringify({ v: 1, lease: lease.id, messages: [message] }) });
                return (await answer.json()).answers[0].result;
            }""",
            [entry, dict(marks)],
        )
        assert result == "submitted"

    def undo(self) -> None:
        """Take the submission back."""
        self.undo_button.tap()
        expect(self.undo_button).to_be_hidden()
        expect(self.key("1")).to_be_visible()

    def is_confirmed(self) -> None:
        """The server has the sheet: its ledger number stands on the pad, and nothing can be undone."""
        expect(self.page.locator(".sent__where")).to_have_text(CONFIRMED)
        expect(self.undo_button).to_be_hidden()

    def banner(self, key: str) -> Locator:
        """A sentence above the pad."""
        return self.page.locator(f'[data-banner="{key}"] .banner__text')

    def state(self) -> dict[str, Any]:
        """What the server tells this seat, now."""
        found: dict[str, Any] = self.page.evaluate(
            "async () => (await fetch(JSON.parse(document.getElementById('pad').textContent).state)).json()"
        )
        return found

    def server_has(self, marks: Mapping[str, str | None]) -> None:
        """Wait until the server's copy of the sheet on stage holds exactly these marks."""
        self.page.wait_for_function(
            """async (marks) => {
                const { state } = JSON.parse(document.getElementById("pad").textContent);
                const { now, rounds } = await (await fetch(state)).json();
                const mine = rounds[0].appearances.find((one) => one.id === now).mine?.marks ?? {};
                return Object.entries(marks).every(([name, mark]) => (mine[name] ?? null) === mark);
            }""",
            arg=dict(marks),
        )

    def everything(self) -> str:
        """All this browser holds of the contest: the page, its state from the server, and what it keeps."""
        kept = self.page.evaluate("JSON.stringify(localStorage)")
        return self.page.content() + json.dumps(self.state()) + str(kept)
