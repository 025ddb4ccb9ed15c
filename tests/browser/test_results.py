"""The results page in a real browser: lines are dragged and moved by keys, a seat is left out, nothing is written."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import func, select

from contest.models import Award, LedgerRow, Role, RoundState
from tests import builders
from tests.browser.looking import barriers, overflow
from tests.halls import Hall, open_hall
from tests.judged import RULES, judged
from web.db import reading, writing

# Twelve entries, 90 down to 79; 05 is one point lower still, so 06 goes before it.
MARKS = {f"{at:02d}": " ".join([str(91 - at)] * 5) for at in range(1, 13)} | {"02": "99 89 89 89 75"}
ROOM = "/admin/contests/xinghe/results"


@pytest.fixture
def hall(serve, tmp_path) -> Iterator[Hall]:
    """A locked final of twelve with a first prize for one and a second prize for two."""
    with open_hall(serve, tmp_path) as made:
        with writing(made.engine) as db:
            builders.add_contest(
                db, facts=judged(MARKS), rules=RULES.encode(), with_judging=True, state=RoundState.LOCKED
            )
        yield made


@pytest.fixture
def page(hall: Hall, open_page: Callable[..., Page]) -> Page:
    """An organizer's browser on the page."""
    page = open_page(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    account = builders.make_account(hall.app, "office", Role.ORGANIZER, contest="xinghe", name="江晚")
    session = builders.client_of(hall.app, account).get_cookie("session").value
    page.context.add_cookies([{"name": "session", "value": session, "url": hall.server.url}])
    page.goto(f"{hall.server.url}{ROOM}")
    expect(page.locator("[data-drag-hint]")).to_be_visible()  # The script is there.
    return page


def plate(page: Page, award: str) -> Locator:
    return page.locator(f"[data-cut={award}] [data-plate]")


def counts(page: Page) -> list[str]:
    """What the card beside the table says of each award, and of those without one."""
    lines = page.locator("[data-awards] [data-award]:not([hidden])")
    return [line.inner_text().replace("\n", " ") for line in lines.all()]


def written(hall: Hall) -> tuple[int, int]:
    with reading(hall.engine) as db:
        rows, awards = (db.scalar(select(func.count()).select_from(table)) for table in (LedgerRow, Award))
        return rows, awards


def drag(page: Page, award: str, row: str) -> None:
    """Pull an award's line under the row of this entry."""
    start, end = plate(page, award).bounding_box(), page.locator(f"#row-0-{row}").bounding_box()
    page.mouse.move(start["x"] + 20, start["y"] + start["height"] / 2)
    page.mouse.down()
    page.mouse.move(start["x"] + 24, (start["y"] + end["y"]) / 2, steps=3)
    page.mouse.move(start["x"] + 24, end["y"] + end["height"] + 4, steps=5)
    page.wait_for_timeout(100)
    page.mouse.up()


def test_a_dragged_line_is_followed_by_counts_shares_and_lowest_scores_and_writes_nothing(page, hall):
    before = written(hall)
    assert counts(page) == ["一等奖 ≥ 90.00 1 8%", "二等奖 ≥ 88.00 2 17%", "没有奖项 9 75%"]
    drag(page, "second", "07")
    expect(plate(page, "second")).to_have_text("二等奖 6 人 · 50%")
    # 05 lost a point, so that 06 and 05 follow each other at 85: 04 87, 06 85, 05 85, 07 84.
    assert counts(page) == ["一等奖 ≥ 90.00 1 8%", "二等奖 ≥ 84.00 6 50%", "没有奖项 5 42%"]
    expect(page.locator("[data-cut=second] [data-note]")).to_have_text("下一名差 1.00")
    expect(page.locator("[data-tried]")).to_be_visible()
    assert barriers(page) == []
    drag(page, "first", "12")
    # A line never crosses the next one.
    expect(plate(page, "first")).to_have_text("一等奖 7 人 · 58%")
    expect(plate(page, "second")).to_have_text("二等奖 · 空缺")
    page.reload()
    expect(plate(page, "first")).to_have_text("一等奖 7 人 · 58%")
    page.locator("[data-reset]").click()
    assert counts(page) == ["一等奖 ≥ 90.00 1 8%", "二等奖 ≥ 88.00 2 17%", "没有奖项 9 75%"]
    expect(page.locator("[data-tried]")).to_be_hidden()
    assert "cuts" not in page.url
    assert written(hall) == before


def test_keys_and_buttons_move_a_line_and_escape_brings_it_back(page):
    first = plate(page, "first")
    first.focus()
    page.keyboard.press("ArrowDown")
    expect(first).to_have_attribute("aria-valuenow", "2")
    expect(first).to_have_attribute("aria-valuetext", "一等奖 2 人 · 17% · ≥ 89.00 · 下一名差 1.00")
    expect(first).to_be_focused()
    page.keyboard.press("End")
    expect(first).to_have_attribute("aria-valuenow", "3")
    page.keyboard.press("Escape")
    expect(first).to_have_attribute("aria-valuenow", "1")
    page.keyboard.press("Home")
    expect(first).to_have_text("一等奖 · 空缺")
    fewer, more = (page.get_by_role("button", name=f"一等奖{word}一人") for word in ("少", "多"))
    expect(fewer).to_have_attribute("aria-disabled", "true")
    more.click()
    more.click()
    expect(first).to_have_text("一等奖 2 人 · 17%")
    second = plate(page, "second")
    second.focus()
    page.keyboard.press("PageDown")
    expect(second).to_have_attribute("aria-valuenow", "8")


def test_a_line_between_equal_scores_says_how_they_are_told_apart(page):
    second = plate(page, "second")
    second.focus()
    for _row in range(2):
        page.keyboard.press("ArrowDown")
    note = page.locator("[data-cut=second] [data-note]")
    expect(note).to_have_attribute("data-kind", "broken")
    expect(note).to_contain_text("同为 85.00")


def test_choosing_a_seat_shows_what_its_absence_changes_in_place(page):
    plate(page, "first").focus()
    page.keyboard.press("ArrowDown")
    page.locator("#without").focus()
    page.locator("#without").select_option(label="第1席停评")
    column = page.locator("thead th").last
    expect(column).to_have_text("若第1席停评")
    # 02 has 99 89 89 89 75: without the 99 it is still 89, and keeps its place.
    expect(page.locator(".result-row").nth(1).locator(".result-without")).to_contain_text("89.00")
    expect(plate(page, "first")).to_have_text("一等奖 2 人 · 17%")
    expect(page.locator("#without")).to_be_focused()
    assert "without=" in page.url and "cuts=" in page.url
    assert barriers(page) == []
    page.locator("#without").select_option(label="各席照常")
    expect(page.locator("thead th").last).to_have_text("总分")
    page.go_back()
    expect(page.locator("thead th").last).to_have_text("若第1席停评")


def test_an_entrys_story_opens_beside_the_table_also_from_far_down_on_a_phone(page):
    page.locator("#row-0-05").click()
    expect(page.locator("#chosen")).to_contain_text("答题扣 1.00")
    expect(page.locator("tr[aria-selected=true] .rank-table__number")).to_have_text("05")
    page.set_viewport_size({"width": 390, "height": 844})
    page.locator("#row-0-12").click()
    expect(page.locator("#chosen-title")).to_have_text("12 号 龚𬭎")
    expect(page.locator("#chosen-title")).to_be_in_viewport()
    assert overflow(page) == []
    for view in ("ways", "judges", "spread"):
        page.locator(f"#view-{view}").click()
        expect(page.locator(f"#view-{view}")).to_have_attribute("aria-current", "page")
        assert overflow(page) == [] and barriers(page) == []


def test_without_script_the_page_is_read_and_a_seat_is_chosen_by_a_form(page, hall, open_page):
    plain = open_page(viewport={"width": 1180, "height": 820}, java_script_enabled=False)
    plain.context.add_cookies(page.context.cookies())
    plain.goto(f"{hall.server.url}{ROOM}")
    expect(plain.locator("[data-cut=first]")).to_contain_text("一等奖 1 人 · 8%")
    plain.locator("#without").select_option(label="第1席停评")
    plain.get_by_role("button", name="看", exact=True).click()
    expect(plain.locator("thead th").last).to_have_text("若第1席停评")
