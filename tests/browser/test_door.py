"""The door in a real browser: a scanner's line turns green, the second one red, and an offline scan sends itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from sqlalchemy import select

from accounts.routes import hasher
from contest.models import Account, CheckIn, Entry, Role
from tests import builders, halls, servers
from tests.browser import finals
from tests.browser.finals import PASSWORD, SLUG
from tests.browser.staff import sign_in
from web import links
from web.db import reading, writing

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
LAPTOP = {"viewport": {"width": 1180, "height": 820}}


@pytest.fixture
def hall(serve: Callable[..., servers.Server], tmp_path: Path) -> Iterator[halls.Hall]:
    """A running server with a final and a steward."""
    with halls.open_hall(serve, tmp_path / "instance") as made:
        finals.load(made.app, tmp_path / "folder")
        made.slug = SLUG
        builders.make_account(made.app, "steward", Role.STEWARD, contest=SLUG, name="李志愿")
        with made.app.app_context(), writing() as db:
            steward = db.scalars(select(Account).where(Account.username == "steward")).one()
            steward.password_hash = hasher.hash(PASSWORD)
        yield made


def pass_of(hall: halls.Hall, code: str) -> str:
    """What a scanner types for this contestant's pass."""
    with hall.app.app_context(), reading() as db:
        entry = db.scalars(select(Entry).where(Entry.code == code)).one()
        return f"{hall.server.url}/pass/{links.pass_token(entry)}"


def check_ins(hall: halls.Hall) -> list[tuple[str, str]]:
    """Who came in, by which door."""
    with hall.app.app_context(), reading() as db:
        return [(each.entry.code, each.door) for each in db.scalars(select(CheckIn).order_by(CheckIn.id))]


def scan(page: Page, code: str) -> None:
    """A USB scanner types what it reads and presses Enter, into whatever has the focus."""
    expect(page.locator("#code")).to_be_focused()
    page.keyboard.type(code)
    page.keyboard.press("Enter")


def test_a_scan_is_green_the_second_red_and_an_offline_one_sends_itself(hall, open_page, look):
    page = open_page(**LAPTOP)
    sign_in(page, hall.server.url, "steward")
    page.goto(f"{hall.server.url}/checkin/{SLUG}")
    page.locator("#door").fill("南门")
    page.locator("#code").focus()
    scan(page, pass_of(hall, "02"))
    expect(page.locator(".verdict--ok")).to_contain_text("02 阿依努尔·艾山")
    expect(page.locator("#count")).to_contain_text("1 / 6")
    look(page, "door-green")
    scan(page, pass_of(hall, "02"))
    expect(page.locator(".verdict--again")).to_contain_text("南门 · 李志愿")
    look(page, "door-red")
    scan(page, "没有这个人")
    expect(page.locator(".verdict--unknown")).to_contain_text("未找到")

    page.context.set_offline(True)
    scan(page, pass_of(hall, "03"))
    expect(page.locator(".verdict--kept")).to_contain_text("03 龚𬭎")
    expect(page.locator("#waiting")).to_contain_text("1 条签到待上传")
    look(page, "door-offline")
    scan(page, pass_of(hall, "02"))
    expect(page.locator(".verdict--again")).to_contain_text("02 阿依努尔·艾山")
    page.context.set_offline(False)
    expect(page.locator("#waiting")).to_be_hidden()
    expect(page.locator("#count")).to_contain_text("2 / 6")
    assert check_ins(hall) == [("02", "南门"), ("03", "南门")]

    line = page.locator(".guest", has_text="龚𬭎")
    line.locator("summary").click()
    line.get_by_role("button", name="撤销签到").click()
    expect(page.locator("#count")).to_contain_text("1 / 6")
    line.get_by_role("button", name="签到").click()
    expect(page.locator(".verdict--ok")).to_contain_text("03 龚𬭎")


def test_a_phones_camera_opens_the_pass_and_one_press_checks_in_on_pages_without_barriers(hall, open_page, look):
    phone = open_page(**PHONE)
    sign_in(phone, hall.server.url, "steward", speak="en")
    phone.goto(pass_of(hall, "01"))
    look(phone, "door-pass")
    phone.get_by_role("button", name="Check-in").tap()
    expect(phone.locator(".verdict--ok")).to_contain_text("沈知遥")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    phone.goto(pass_of(hall, "01"))
    expect(phone.locator(".verdict--again")).to_be_visible()


    found = {path: barriers(phone, f"{hall.server.url}{path}") for path in (
        f"/checkin/{SLUG}", f"/checkin/{SLUG}?lang=zh", pass_of(hall, "04").removeprefix(hall.server.url),
    )}  # fmt: skip
    assert found == {path: [] for path in found}


def barriers(page: Page, address: str) -> list[tuple[str, str]]:
    """What axe calls serious or critical on a page."""
    page.goto(address)
    return [
        (each["id"], each["nodes"][0]["html"]) for each in Axe().run(page).response["violations"]
        if each["impact"] in ("serious", "critical")
    ]  # fmt: skip
