"""A judge signs with a finger at the end: drawn, cleared, typed instead, and said again after a correction."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from contest import correcting, queries
from contest.ledger import SYSTEM
from contest.models import Seat, Signature
from tests import builders, halls, servers
from tests.browser import looking
from tests.browser.test_pad_offline import call, is_kept, sit
from web import live
from web.db import reading

SIZES = ((1180, 820), (820, 1180), (390, 844))
JUDGE = builders.JUDGES[0]
OWN_WORDS = sorted(
    {"第八届星河市科普讲解大赛", "中文", *builders.JUDGES, *(title for _, title, _ in builders.PEOPLE)}, key=len,
    reverse=True,
)  # fmt: skip


@pytest.fixture
def hall(serve: Callable[..., servers.Server], tmp_path: Path) -> Iterator[halls.Hall]:
    """A final of three contestants whose sheets are all in."""
    with halls.open_hall(serve, tmp_path / "instance") as made:
        made.open()
        for appearance in made.appearances():
            builders.give_sheets(made.app, appearance, seats=[1])
        call(made, 3)
        yield made


def draw(page: Page) -> None:
    """Two strokes across the box."""
    box = page.locator("[data-part=paper]").bounding_box()
    for points in (((0.1, 0.3), (0.3, 0.7), (0.5, 0.3)), ((0.55, 0.3), (0.75, 0.6), (0.9, 0.35))):
        (x, y), *rest = [(box["x"] + box["width"] * across, box["y"] + box["height"] * down) for across, down in points]
        page.mouse.move(x, y)
        page.mouse.down()
        for x, y in rest:
            page.mouse.move(x, y, steps=6)
        page.mouse.up()


def signatures(hall: halls.Hall) -> list[Signature]:
    """Every stored signature, in order."""
    with hall.app.app_context(), reading() as db:
        return list(db.scalars(select(Signature).order_by(Signature.number)))


def test_a_finger_signs_the_own_marks_and_a_correction_asks_for_it_again(hall, open_page, look):
    pad = sit(hall, open_page)
    page = pad.page
    expect(pad.banner("sign final")).to_contain_text("您的评分已全部提交，请核对并签名。")
    look(page, "sign-due")
    is_kept(pad)
    page.locator("[data-banner='sign final'] button").tap()
    page.locator("[data-part=paper]").scroll_into_view_if_needed()
    draw(page)
    page.locator("[data-part=clear]").click()
    expect(page.locator("[data-part=paper] path")).to_have_count(0)
    page.locator("[data-part=sign]").click()
    expect(page.get_by_role("alert")).to_have_text("还没有签名。请用手指签名，或键入姓名。")
    page.locator("[data-part=paper]").scroll_into_view_if_needed()
    draw(page)
    expect(page.locator("[data-part=paper] path")).to_have_count(2)
    look(page, "sign-drawn")
    page.locator("[data-part=sign]").click()
    expect(page.locator(".signing__done path")).to_have_count(2)
    look(page, "sign-done")
    (made,) = signatures(hall)
    assert [len(stroke) >= 6 for stroke in json.loads(made.strokes)] == [True, True]
    page.locator(".signing__back a").click()
    expect(pad.pill).to_have_attribute("data-kind", "online")
    expect(pad.banner("sign final")).to_have_count(0)
    with hall.app.app_context(), live.changing(hall.slug) as (db, contest):
        seat = db.scalars(select(Seat).where(Seat.number == 1)).one()
        third = queries.appearance_of(db, contest, hall.appearances()[2])
        correcting.return_sheet(
            db, contest, appearance=third, seat=seat.public_id, reason="漏项", by=SYSTEM, now=live.now()
        )
    expect(pad.banner("sign final")).to_contain_text("您签名后评分有变动，请核对后重新签名。")
    pad.shows("03")
    pad.submit("87.50")
    pad.is_confirmed()
    page.locator("[data-banner='sign final'] button").tap()
    expect(page.locator(".notice--bad")).to_contain_text("请核对下面的清单后重新签名")
    look(page, "sign-again")
    page.get_by_label("或键入姓名").fill(JUDGE)
    page.keyboard.press("Enter")
    expect(page.locator(".signing__typed")).to_have_text(JUDGE)
    assert [(one.number, one.typed) for one in signatures(hall)] == [(1, None), (2, JUDGE)]


def test_without_a_network_signing_says_so_and_the_pad_opens_instead(hall, open_page, look):
    pad = sit(hall, open_page)
    is_kept(pad)
    home = pad.page.url.partition("/appearances/")[0]
    pad.page.goto(f"{home}/sign")
    pad.page.context.set_offline(True)
    expect(pad.page.locator("[data-part=cut]")).to_be_visible()
    draw(pad.page)
    pad.page.locator("[data-part=sign]").click()
    look(pad.page, "sign-offline")
    assert (pad.page.url, signatures(hall)) == (f"{home}/sign", [])
    pad.page.reload()
    expect(pad.pill).to_have_attribute("data-kind", "offline")
    pad.page.locator("[data-banner='sign final'] button").tap()
    expect(pad.page.locator("#toasts")).to_contain_text("这一步要连上服务器")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_signing_page_fits_and_everybody_can_use_it(hall, open_page, look, lang):
    pad = sit(hall, open_page)
    home = pad.page.url.partition("/appearances/")[0]
    pad.page.context.add_cookies([{"name": "language", "value": lang, "url": hall.server.url}])
    pad.page.goto(f"{home}/sign")
    for width, height in SIZES:
        pad.page.set_viewport_size({"width": width, "height": height})
        assert (looking.overflow(pad.page), looking.barriers(pad.page)) == ([], []), (width, height)
        look(pad.page, f"sign-{lang}-{width}")
    if lang == "en":
        assert looking.untranslated(pad.page, OWN_WORDS) == []
