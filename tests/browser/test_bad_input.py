"""What goes wrong at a real page: it is refused in a sentence, says what to do, and changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from contest import queries, sealing, seating, showing
from contest.ledger import SYSTEM
from contest.models import RoundState
from tests import builders, halls, servers
from tests.browser import finals
from tests.browser.finals import JUDGES, SLUG, marks_of
from tests.browser.pads import Pad
from tests.browser.staff import Desk, sign_in
from web import live

TABLET = {"viewport": {"width": 1180, "height": 820}, "has_touch": True}
LAPTOP = {"viewport": {"width": 1440, "height": 900}}


@pytest.fixture
def hall(serve: Callable[..., servers.Server], tmp_path: Path) -> Iterator[halls.Hall]:
    """A running final with its first contestant on stage."""
    with halls.open_hall(serve, tmp_path / "instance") as made:
        finals.load(made.app, tmp_path / "folder")
        made.slug = SLUG
        first = builders.appearances(made.app, SLUG)[0]
        with made.app.app_context(), live.changing(SLUG) as (db, contest):
            move(db, contest, RoundState.JUDGING)
            showing.call(db, contest, appearance=queries.appearance_of(db, contest, first), now=live.now())
        yield made


@pytest.fixture
def pad(hall: halls.Hall, open_page: Callable[..., Page]) -> Pad:
    """The first judge's tablet, seated."""
    seated = Pad(open_page(**TABLET))
    seated.open_card(finals.card_links(hall.app, hall.server.url)[0])
    seated.sit_down(JUDGES[0])
    seated.shows("01")
    return seated


@pytest.fixture
def desk(hall: halls.Hall, open_page: Callable[..., Page]) -> Desk:
    """The scorekeeper's desk."""
    opened = Desk(open_page(**LAPTOP), hall.server.url, SLUG)
    sign_in(opened.page, hall.server.url, "scorekeeper")
    opened.open()
    return opened


def move(db, contest, to: RoundState) -> None:
    """Take the final's only round one step."""
    sealing.move(db, contest, round_=queries.round_of(db, contest, "final"), to=to, by=SYSTEM, now=live.now())


def test_a_mark_above_the_maximum_is_refused_on_the_pad_and_nothing_changes(pad: Pad, look):
    for key in ("2", "7"):
        pad.key(key).tap()
    pad.key("5").tap()
    expect(pad.trouble).to_have_text("内容陈述最高 30 分，您输入了 275")
    expect(pad.page.locator(".display__figure")).to_have_text("27")
    look(pad.page, "bad-mark")
    pad.criterion("presence").locator(".card__open").tap()
    for key in ("9", "5"):
        pad.key(key).tap()
    expect(pad.trouble).to_have_text("整体形象最高 10 分，您输入了 95")
    expect(pad.criterion("presence").locator(".card__value")).to_have_text("9")
    expect(pad.pill).to_have_attribute("data-kind", "online")
    pad.server_has({"content": "27.00", "delivery": None, "presence": "9.00", "random": None})


def test_an_incomplete_sheet_is_not_submitted_and_the_pad_goes_to_what_is_missing(pad: Pad):
    marks = marks_of("01", 1)
    pad.type({name: marks[name] for name in ("content", "delivery", "presence")})
    expect(pad.submit_button).to_contain_text("还差 1 项：随机命题")
    pad.submit_button.tap()
    expect(pad.trouble).to_have_text("随机命题还没有分数")
    expect(pad.criterion("random")).to_have_attribute("data-active", "yes")
    expect(pad.undo_button).to_be_hidden()


def test_a_tablet_with_a_revoked_card_is_told_and_keeps_its_marks(hall: halls.Hall, pad: Pad, open_page, look):
    pad.type({"content": "27.53"})
    card = finals.card_links(hall.app, hall.server.url)[0]
    with hall.app.app_context(), live.changing(SLUG) as (db, contest):
        seat = seating.seat_by_id(db, pad.state()["seat"]["id"])
        seating.revoke_card(db, contest, seat=seat, by=SYSTEM, now=live.now())
    expect(pad.pill).to_have_attribute("data-kind", "blocked")
    expect(pad.banner("blocked")).to_contain_text("此卡已停用或席位已换，请联系工作人员。评分仍保存在本机")
    expect(pad.criterion("content").locator(".card__value")).to_have_text("27.53")
    look(pad.page, "bad-card-open-pad")
    late = open_page(**TABLET)
    late.goto(card)
    expect(late.get_by_role("alert")).to_have_text("这张卡已停用，请向工作人员领取新卡。在平板上已打的分都还在。")
    expect(late.locator(".seat-card__sit")).to_have_count(0)
    look(late, "bad-card")


def test_a_wrong_password_says_so_and_keeps_the_name(hall: halls.Hall, open_page, look):
    page = open_page(**LAPTOP)
    sign_in(page, hall.server.url, "organizer", password="not this one")
    expect(page.locator("#errors")).to_contain_text("用户名或密码不对，请检查后再试。")
    expect(page.locator("#username")).to_have_value("organizer")
    expect(page.locator("#password")).to_have_value("")
    look(page, "bad-password")
    page.goto(f"{hall.server.url}/admin")
    assert page.url.endswith("/login?next=/admin")


def test_a_round_that_closes_under_an_open_pad_takes_no_more_marks(hall: halls.Hall, pad: Pad, look):
    pad.type({"content": "27.53"})
    with hall.app.app_context(), live.changing(SLUG) as (db, contest):
        move(db, contest, RoundState.LOCKED)
    expect(pad.page.locator(".sent__head")).to_have_text("本轮已停止评分")
    expect(pad.submit_button).to_contain_text("只能查看")
    expect(pad.key("1")).to_be_hidden()
    look(pad.page, "bad-closed-round")
    pad.page.keyboard.type("1")
    expect(pad.criterion("content").locator(".card__value")).to_have_text("27.53")


def test_a_wrong_deduction_keeps_what_was_typed_and_says_what_is_wrong(desk: Desk, look):
    for value, sentence in (
        ("扣两分", "请填写数字，例如 -2。"), ("-3", "这一项最小为 -2，请改小扣分。"), ("1", "这一项最大为 0，请修改。"),
        ("-0.5", "这一项以 1 为一档，请修改。"),
    ):  # fmt: skip
        desk.adjust("quiz", value, "第 2 题答错")
        expect(desk.page.locator(".other .act-error")).to_have_text(sentence)
        expect(desk.page.locator("#other-value")).to_have_value(value)
        expect(desk.page.locator("#other-reason")).to_have_value("第 2 题答错")
    look(desk.page, "bad-deduction")
    expect(desk.entered).to_have_count(0)
    desk.adjust("quiz", "-1", "")
    expect(desk.page.locator(".other .act-error")).to_have_text("请写明原因，原因会记入台账。")
    expect(desk.entered).to_have_count(0)


def test_a_release_that_waits_for_sheets_cannot_be_pressed_and_says_for_whom(desk: Desk):
    expect(desk.release_button).to_be_disabled()
    expect(desk.page.locator("#release-why")).to_have_text("等待第 1、2、3、4、5、6、7 席")
