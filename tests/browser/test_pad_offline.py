"""The pad without a network, cut by the browser itself: nothing is lost and nothing counts twice."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from contest import queries, seating, showing
from contest.ledger import SYSTEM
from contest.models import Action, LedgerRow, Message, MessageResult, Sheet
from tests import builders, halls, servers
from tests.browser import finals
from tests.browser.pads import Pad
from web import live
from web.db import reading

TABLET = {"viewport": {"width": 1180, "height": 820}, "has_touch": True}
ENTRIES = 10


@pytest.fixture
def hall(serve: Callable[..., servers.Server], tmp_path: Path) -> Iterator[halls.Hall]:
    """A running final of ten contestants, the first on stage."""
    with halls.open_hall(serve, tmp_path / "instance") as made:
        made.open(entries=ENTRIES)
        call(made, 1)
        yield made


def call(hall: halls.Hall, number: int) -> None:
    """Bring a contestant on stage."""
    with hall.app.app_context(), live.changing(hall.slug) as (db, contest):
        appearance = queries.appearance_of(db, contest, builders.appearances(hall.app, hall.slug)[number - 1])
        showing.call(db, contest, appearance=appearance, now=live.now())


def sit(hall: halls.Hall, open_page: Callable[..., Page], seat: int = 1) -> Pad:
    """A tablet on a seat."""
    pad = Pad(open_page(**TABLET))
    pad.open_card(finals.card_links(hall.app, hall.server.url, hall.slug)[seat - 1])
    pad.sit_down(builders.JUDGES[seat - 1])
    return pad


def marks(number: int) -> dict[str, str]:
    """What the judge gives a contestant; each content mark is given once."""
    return {"content": f"{20 + number}", "delivery": "25", "presence": "8", "random": "26"}


def total(number: int) -> str:
    """The sum of these marks."""
    return f"{20 + number + 25 + 8 + 26}.00"


def sheets(hall: halls.Hall) -> dict[str, tuple[str, str]]:
    """Every stored sheet by its contestant: its state and its content mark."""
    with hall.app.app_context(), reading() as db:
        found = list(db.scalars(select(Sheet)))
        assert len({sheet.appearance_id for sheet in found}) == len(found)
        return {
            sheet.appearance.entry.code: (
                sheet.state.value, next(str(mark.value) for mark in sheet.marks if mark.criterion == "content")
            ) for sheet in found
        }  # fmt: skip


def submissions(hall: halls.Hall) -> list[str]:
    """The ledger's submissions, by the number of the contestant, in order."""
    with hall.app.app_context(), reading() as db:
        rows = db.scalars(select(LedgerRow).where(LedgerRow.action == Action.SHEET_SUBMITTED).order_by(LedgerRow.seq))
        contest = queries.contest_by_slug(db, hall.slug)
        return [queries.appearance_of(db, contest, row.subject.partition(":")[2]).entry.code for row in rows]


def is_kept(pad: Pad) -> None:
    """The tablet holds its own copy of the pad."""
    expect(pad.page.locator("[data-part=kept]")).to_have_attribute("data-kept", "yes")


def test_ten_contestants_scored_without_a_network_and_over_a_reload_are_stored_once(hall, open_page, look):
    pad = sit(hall, open_page)
    pad.shows("01")
    is_kept(pad)
    pad.page.context.set_offline(True)
    expect(pad.pill).to_have_attribute("data-kind", "offline")
    expect(pad.banner("reload")).to_have_count(0)
    for number in range(1, ENTRIES + 1):
        if number == 4:
            pad.page.reload()
            expect(pad.pill).to_have_attribute("data-kind", "offline")
            look(pad.page, "offline-reloaded")
        if number > 1:
            choose(pad, number)
        pad.shows(f"{number:02d}")
        pad.type(marks(number))
        pad.submit(total(number))
    expect(pad.undo_button).to_be_hidden()
    expect(pad.banner("line")).to_contain_text(f"评分已保存在本机（{ENTRIES} 条）")
    look(pad.page, "offline-ten")
    pad.page.goto(pad.page.url.partition("/appearances/")[0])
    expect(pad.banner("line")).to_contain_text(f"评分已保存在本机（{ENTRIES} 条）")
    assert sheets(hall) == {}
    pad.page.context.set_offline(False)
    expect(pad.pill).to_have_attribute("data-kind", "online")
    expect(pad.page.locator("[data-part=done]")).to_have_text(str(ENTRIES))
    codes = [f"{number:02d}" for number in range(1, ENTRIES + 1)]
    assert sheets(hall) == {code: ("submitted", f"{20 + int(code)}.00") for code in codes}
    assert sorted(submissions(hall)) == codes


def choose(pad: Pad, number: int) -> None:
    """Open a contestant from today's list."""
    pad.page.locator("[data-part=list_button]").tap()
    pad.page.locator("[data-part=list] .today__row").nth(number - 1).tap()


def test_the_copy_holds_this_seats_pad_and_nothing_else_and_goes_with_the_card(hall, open_page):
    pad = sit(hall, open_page)
    is_kept(pad)
    page, home = pad.page, pad.page.url.partition("/appearances/")[0]
    page.context.new_page().goto(f"{hall.server.url}/contests/{hall.slug}/board")
    other = Pad(page.context.new_page())
    other.open_card(finals.card_links(hall.app, hall.server.url, hall.slug)[1])
    other.sit_down(builders.JUDGES[1])
    is_kept(other)
    held = page.evaluate(HELD)
    own = next(shelf for name, shelf in held.items() if home.rpartition("/")[2] in name)
    path = home.removeprefix(hall.server.url)
    assert [kept for kept in own if not kept.startswith(("/static/", "/bootstrap/"))] == [path]
    assert len(held) == 2
    with hall.app.app_context(), live.changing(hall.slug) as (db, contest):
        seat = seating.seat_by_id(db, home.rpartition("/")[2])
        seating.revoke_card(db, contest, seat=seat, by=SYSTEM, now=live.now())
    expect(pad.pill).to_have_attribute("data-kind", "blocked")
    expect(page.locator("[data-part=kept]")).to_have_attribute("data-kept", "no")
    page.wait_for_function("async () => (await caches.keys()).length === 1")
    assert page.reload().status == 403
    assert list(page.evaluate(HELD)) == [name for name in held if held[name] is not own]


HELD = """async () => {
    const held = {};
    for (const name of await caches.keys()) {
        held[name] = (await (await caches.open(name)).keys()).map((request) => new URL(request.url).pathname);
    }
    return held;
}"""


def test_without_a_secure_address_the_open_page_goes_on_and_says_not_to_reload(hall, open_page, look):
    page = open_page(**TABLET)
    page.add_init_script("Object.defineProperty(window, 'isSecureContext', { value: false })")
    pad = Pad(page)
    pad.open_card(finals.card_links(hall.app, hall.server.url, hall.slug)[0])
    pad.sit_down(builders.JUDGES[0])
    pad.shows("01")
    page.context.set_offline(True)
    expect(pad.banner("reload")).to_contain_text("没有网络时请不要刷新或关闭本页")
    pad.type(marks(1))
    pad.submit(total(1))
    expect(pad.banner("line")).to_contain_text("评分已保存在本机（1 条）")
    look(page, "offline-no-copy")
    assert page.evaluate("navigator.serviceWorker.getRegistrations().then((found) => found.length)") == 0
    page.locator("[data-part=list_button]").tap()
    page.locator("form[action='/language'] button").tap()
    expect(page.locator("#toasts")).to_contain_text("这一步要连上服务器")
    page.locator("[data-close]").first.tap()
    page.context.set_offline(False)
    pad.is_confirmed()
    expect(pad.banner("reload")).to_have_count(0)


def test_an_old_page_loads_itself_anew_when_nobody_is_at_it(hall, open_page):
    page = open_page(**TABLET)
    page.add_init_script(OLD_ONCE)
    pad = Pad(page)
    pad.open_card(finals.card_links(hall.app, hall.server.url, hall.slug)[0])
    pad.sit_down(builders.JUDGES[0])
    pad.shows("01")
    pad.type({"content": "21"})
    pad.server_has({"content": "21.00"})
    assert version(page) == "an older one"
    page.wait_for_function("() => sessionStorage.getItem('lectern.pad.tried') !== null", timeout=60_000)
    pad.shows("01")
    expect(pad.criterion("content").locator(".card__value")).to_have_text("21.0")
    assert version(page) != "an older one"


def version(page: Page) -> str:
    """The version in the page."""
    return str(page.evaluate("JSON.parse(document.getElementById('pad').textContent).version"))


# The first page of a tab is made an older one before its scripts read it.
OLD_ONCE = """document.addEventListener("readystatechange", () => {
    const pad = document.getElementById("pad");
    if (document.readyState !== "interactive" || !pad || sessionStorage.getItem("lectern.pad.tried")) return;
    pad.textContent = JSON.stringify({ ...JSON.parse(pad.textContent), version: "an older one" });
});"""


def test_a_second_tablet_takes_over_while_the_first_holds_unsent_sheets_and_nothing_is_lost_or_doubled(
    hall, open_page, look
):
    first = sit(hall, open_page)
    first.shows("01")
    is_kept(first)
    first.page.context.set_offline(True)
    for number in (1, 2, 3):
        if number > 1:
            choose(first, number)
        first.type(marks(number))
        first.submit(total(number))
    choose(first, 4)
    first.type({"content": "9"})
    expect(first.undo_button).to_be_hidden()
    expect(first.banner("line")).to_contain_text("（4 条）")
    second = sit(hall, open_page)
    second.shows("01")
    second.type({**marks(1), "content": "11"})
    second.submit("70.00")
    second.is_confirmed()
    choose(second, 4)
    second.type({"content": "14"})
    expect(second.pill).to_have_attribute("data-kind", "online")
    second.page.wait_for_timeout(1500)
    first.page.context.set_offline(False)
    # What the second tablet has not touched is taken late; what it has touched is kept beside, and said.
    expect(first.page.locator('[data-banner="stray final/01"]')).to_contain_text("第01号没有采用")
    expect(first.page.locator('[data-banner="stray final/04"]')).to_contain_text("第04号没有采用")
    look(first.page, "offline-takeover")
    assert sheets(hall) == {
        "01": ("submitted", "11.00"), "02": ("submitted", "22.00"), "03": ("submitted", "23.00"),
        "04": ("draft", "14.00"),
    }  # fmt: skip
    assert sorted(submissions(hall)) == ["01", "02", "03"]
    with hall.app.app_context(), reading() as db:
        kept = db.scalars(select(Message).where(Message.result == MessageResult.STRAY)).all()
        found = {(message.appearance.entry.code, json.loads(message.body)["marks"]["content"]) for message in kept}
        assert found == {("01", "21.00"), ("04", "9.00")}
    # The stray stays after a reload, with its reason.
    first.page.reload()
    choose(first, 1)
    expect(first.page.locator('[data-banner="stray final/01"]')).to_contain_text("服务器")


def test_every_sheet_says_where_it_is_and_a_confirmed_one_has_a_receipt_that_the_public_page_knows(
    hall, open_page, look
):
    pad = sit(hall, open_page)
    pad.shows("01")
    where = pad.page.locator("[data-part=where]")
    expect(where).to_be_hidden()
    pad.page.context.set_offline(True)
    pad.type({"content": "21"})
    expect(where).to_have_text("存在本机")
    pad.page.context.set_offline(False)
    expect(where).to_have_text("草稿 · 已到服务器")
    pad.page.keyboard.press("ArrowDown")
    pad.type({name: mark for name, mark in marks(1).items() if name != "content"})
    pad.submit(total(1))
    pad.is_confirmed()
    with hall.app.app_context(), reading() as db:
        row = db.scalars(select(LedgerRow).where(LedgerRow.action == Action.SHEET_SUBMITTED)).one()
    expect(where).to_have_text(f"已确认 №{row.seq}")
    receipt = pad.page.locator(".sent__receipt")
    expect(receipt).to_contain_text(f"您的回执：№{row.seq} · 校验码 {row.hash[:8]}")
    expect(receipt).to_contain_text(f"/contests/{hall.slug}/receipt")
    look(pad.page, "receipt")
    pad.page.locator("[data-part=list_button]").tap()
    first = pad.page.locator("[data-part=list] .today__row").first
    expect(first).to_contain_text(f"已确认 №{row.seq} · {row.hash[:8]}")
    look(pad.page, "receipt-list")
