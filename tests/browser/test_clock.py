"""The talk clock in real browsers: the space bar, a toast that takes a press back, a reload, two desks, the hall."""

from __future__ import annotations

import re

from playwright.sync_api import expect
from sqlalchemy import select

from contest import queries, screens
from contest.models import ClockPress, Role, Screen
from tests.browser.test_desk import hall, open_desk
from web import links
from web.db import reading, writing

__all__ = ["hall", "open_desk"]
SECONDS = re.compile(r"^0:0[1-9]$")


def screen_link(hall) -> str:
    """A new big screen's address."""
    with hall.app.app_context(), hall.app.test_request_context("/"), writing() as db:
        screens.add_screen(db, queries.contest_by_slug(db, hall.slug), name="主屏")
        db.flush()
        return f"{hall.server.url}/screen/{links.screen_token(db.scalars(select(Screen)).one())}"


def test_the_clock_starts_by_a_key_runs_on_every_page_and_is_taken_back(open_desk, open_page, hall):
    desk, second = open_desk(), open_desk(Role.TIMER)
    big = open_page(viewport={"width": 1920, "height": 1080}, reduced_motion="reduce")
    big.goto(screen_link(hall))
    desk.keyboard.press("n")
    expect(desk.locator("[data-part=now] .plate")).to_have_text("01")
    # Clicked by hand, the call button gives the focus back: the space bar is the clock's.
    desk.locator("[data-key=clock]").wait_for()
    desk.keyboard.press(" ")
    for page in (desk, second):
        expect(page.locator(".clock__time").first).to_have_text(SECONDS)
    expect(big.locator("[data-scene=timer] [data-slot=digits]")).to_have_text(re.compile(r"^3:5\d$"))
    expect(big.locator("[data-scene=timer]")).to_have_attribute("data-state", "fine")
    second.reload()
    expect(second.locator(".clock__time").first).not_to_have_text("0:00")
    second.locator("[data-key=clock]").click()
    expect(second.locator("[data-part=clock] .pill")).to_have_text("已停表")
    expect(big.locator("[data-scene=timer] [data-slot=word]")).to_have_text("已停表")
    second.locator(".toast-line__undo").click()
    for page in (desk, second):
        expect(page.locator("[data-part=clock] .pill")).to_have_text("计时中")
    with hall.app.app_context(), reading() as db:
        undone = [each.undone_at is not None for each in db.scalars(select(ClockPress).order_by(ClockPress.id))]
    assert undone == [False, True]
