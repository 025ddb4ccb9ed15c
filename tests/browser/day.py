"""Everybody's pages on the day of a final, and the presses that come back for each contestant."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests import halls
from tests.browser import finals
from tests.browser.finals import NAMES, SEATS, SLUG, TOTALS, marks_of
from tests.browser.pads import Pad
from tests.browser.staff import Desk, Organizer
from tests.browser.watching import BigScreen, Board

TABLET = {"viewport": {"width": 1180, "height": 820}, "has_touch": True}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
# Nobody looks at the stars that drift over the big screen here, and two cores have better things to do.
STILL = {"reduced_motion": "reduce"}
LAPTOP = {"viewport": {"width": 1440, "height": 900}}
PROJECTOR = {"viewport": {"width": 1920, "height": 1080}}
# Each judge's device and language.
DEVICES = {
    1: (TABLET, "zh"), 2: (TABLET, "en"), 3: (TABLET, "zh"), 4: (TABLET, "zh"), 5: (TABLET, "en"), 6: (TABLET, "zh"),
    7: (PHONE, "en"),
}  # fmt: skip
QUICK = (4, 5, 6)
Open = Callable[..., Page]
Look = Callable[[Page, str], None]


class Day:
    """Everybody's pages, and the presses that come back for each contestant."""

    def __init__(self, hall: halls.Hall, open_page: Open, look: Look) -> None:
        self.hall, self.open_page, self.look = hall, open_page, look
        self.base = hall.server.url
        self.pads: dict[int, Pad] = {}
        self.organizer = Organizer(open_page(**LAPTOP), self.base, SLUG)
        self.chief = Desk(open_page(**LAPTOP), self.base, SLUG)
        self.keeper = Desk(open_page(**TABLET), self.base, SLUG)

    def watch(self, screen: str) -> None:
        """Open what the hall sees."""
        self.board = Board(self.open_page(**PHONE, **STILL), f"{self.base}/contests/{SLUG}/board", speak="en")
        self.screen = BigScreen(self.open_page(**PROJECTOR, **STILL), screen)

    def take_seats(self, links: list[str]) -> None:
        """Seven judges open their cards and sit down."""
        for seat, link in zip(SEATS, links, strict=True):
            device, speak = DEVICES[seat]
            self.pads[seat] = pad = Pad(self.open_page(**device), speak)
            pad.open_card(link)
            self.look(pad.page, f"1-card-{seat}")
            pad.sit_down(finals.JUDGES[seat - 1])

    def call(self, number: str) -> None:
        """The chief judge calls; the pads, the board and the screen follow."""
        self.chief.call_next(number)
        for pad in self.pads.values():
            pad.shows(number)
        expect(self.board.now.locator("[data-slot=name]")).to_have_text(NAMES[number])
        expect(self.screen.shows("contestant").locator("[data-slot=name]")).to_have_text(NAMES[number])

    def judge(self, number: str, *seats: int) -> None:
        """These judges give their marks on a keyboard and submit; after five seconds the server has their sheets."""
        for seat in seats:
            self.pads[seat].type(marks_of(number, seat))
            self.pads[seat].submit(TOTALS[number][seat - 1])
        self.wait_for(*seats)

    def judge_quickly(self, number: str) -> None:
        """Four judges on their pads, and three whose tablets send what their judges would have given."""
        for seat in QUICK:
            self.pads[seat].send(number, marks_of(number, seat))
        self.judge(number, *(seat for seat in SEATS if seat not in QUICK))

    def wait_for(self, *seats: int) -> None:
        """The five seconds of these judges are over, and the server has their sheets."""
        for seat in seats:
            self.pads[seat].is_confirmed()

    def release(self, number: str, score: str) -> None:
        """The score goes out: the board and the screen show it."""
        self.chief.release()
        expect(self.board.row(number).locator("[data-slot=score]")).to_have_text(score)
        expect(self.screen.shows("score").locator(".result__final [data-slot=score]")).to_have_text(score)
