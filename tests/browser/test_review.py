"""The review and the order in a real browser: keys, reasons that tick their field, the draw; no serious axe finding."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from contest import queries
from contest.models import Appearance, Role, RoundState
from tests import builders
from tests.browser.looking import barriers
from tests.halls import Hall, open_hall
from tests.registrations import add_registration
from web.db import writing


@pytest.fixture
def hall(serve, tmp_path) -> Iterator[Hall]:
    """A contest with three accepted entries nobody has ordered, and two forms that wait for review."""
    with open_hall(serve, tmp_path) as made:
        made.slug = builders.make_contest(made.app, entries=3, judges=3, state=RoundState.OPEN)
        with writing(made.engine) as db:
            for each in db.scalars(select(Appearance)):
                db.delete(each)
            contest = queries.contest_by_slug(db, made.slug)
            for name in ("梅子衿", "潘子怀"):
                add_registration(db, contest, name=name)
        yield made


@pytest.fixture
def page(hall: Hall, open_page: Callable[..., Page]) -> Page:
    """An organizer's browser."""
    page = open_page(viewport={"width": 1180, "height": 820}, reduced_motion="no-preference")
    account = builders.make_account(hall.app, "office", Role.ORGANIZER, contest=hall.slug, name="江晚")
    session = builders.client_of(hall.app, account).get_cookie("session").value
    page.context.add_cookies([{"name": "session", "value": session, "url": hall.server.url}])
    return page


def test_keys_walk_the_queue_return_one_and_approve_the_other(page, hall):
    page.goto(f"{hall.server.url}/admin/contests/{hall.slug}/entries")
    expect(page.locator("#keys-open")).to_be_visible()  # The script is there.
    page.keyboard.press("j")
    expect(page.locator("#form-title")).to_have_text("梅子衿")
    assert barriers(page) == []
    expect(page.locator("#keys-open")).to_be_visible()
    page.keyboard.press("r")
    page.locator(".chip").first.click()
    expect(page.locator("input[name=fields][value=photo]")).to_be_checked()
    page.locator("#reason").press_sequentially("jka")
    expect(page.locator("#form-title")).to_have_text("梅子衿")
    page.locator("#return-form button").click()
    expect(page.locator("#form-title")).to_have_text("潘子怀")
    expect(page.locator("#keys-open")).to_be_visible()
    page.keyboard.press("?")
    page.locator("#keys-on").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("a")
    expect(page.locator("[data-key=approve]")).not_to_be_focused()
    page.keyboard.press("?")
    page.locator("#keys-on").check()
    page.keyboard.press("Escape")
    page.keyboard.press("a")
    expect(page.locator("[data-key=approve]")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".toast-line")).to_contain_text("潘子怀 已通过，编号 04")


def test_a_draw_comes_up_line_by_line_and_ends_as_it_was_drawn(page, hall):
    page.goto(f"{hall.server.url}/admin/contests/{hall.slug}/order")
    page.get_by_role("button", name="生成种子").click()
    page.get_by_role("button", name="为 3 位选手抽签").click()
    expect(page.locator(".order__line.is-settled")).to_have_count(3)
    names = page.locator("[data-name]").all_text_contents()
    page.reload()
    assert page.locator("[data-name]").all_text_contents() == names
    assert barriers(page) == []
    page.goto(f"{hall.server.url}/admin/contests/{hall.slug}/rounds/final/minutes")
    assert barriers(page) == []
