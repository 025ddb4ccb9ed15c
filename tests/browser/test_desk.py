"""The desk in a real browser: keys, one press one effect, errors beside their form, and two desks that agree."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from contest.models import Role
from tests import builders
from tests.browser.looking import barriers
from tests.halls import Hall, open_hall


@pytest.fixture
def hall(serve, tmp_path) -> Iterator[Hall]:
    """A running final of three entries and seven judges."""
    with open_hall(serve, tmp_path) as made:
        made.open(judges=7)
        yield made


@pytest.fixture
def open_desk(hall: Hall, open_page: Callable[..., Page]) -> Callable[..., Page]:
    """The desk as this role sees it."""

    def visit(role: Role = Role.CHIEF, *, lang: str = "zh", **options: object) -> Page:
        page = open_page(**options)
        account = builders.make_account(hall.app, f"{role.value} {lang}", role, contest=hall.slug, name="程岫")
        session = builders.client_of(hall.app, account).get_cookie("session").value
        cookies = {"session": session, "language": lang}
        page.context.add_cookies([{"name": k, "value": v, "url": hall.server.url} for k, v in cookies.items()])
        page.goto(f"{hall.server.url}/ops/{hall.slug}")
        expect(page.locator("#link")).to_have_attribute("data-state", "live")
        return page

    return visit


def scene(page: Page):
    return page.locator(".preview")


def test_single_keys_call_and_choose_scenes_but_not_while_somebody_types(open_desk):
    page = open_desk()
    page.keyboard.press("n")
    expect(page.locator("[data-part=now] .plate")).to_have_text("01")
    expect(scene(page)).to_have_attribute("data-scene", "contestant")
    page.keyboard.press("6")
    expect(page.locator(".picture--next")).to_have_attribute("data-scene", "ranking")
    expect(scene(page)).to_have_attribute("data-scene", "contestant")
    page.keyboard.press("Enter")
    expect(scene(page)).to_have_attribute("data-scene", "ranking")
    page.keyboard.press("b")
    expect(scene(page)).to_have_attribute("data-scene", "black")
    page.locator("summary", has_text="填写其他数值").click()
    page.locator("#other-reason").press_sequentially("n1")
    page.locator("#other-reason").blur()
    expect(page.locator("[data-part=now] .plate")).to_have_text("01")
    page.keyboard.press("a")
    expect(scene(page)).to_have_attribute("data-scene", "contestant")
    expect(page.locator("#other-reason")).to_have_value("n1")


def test_single_keys_can_be_turned_off(open_desk):
    page = open_desk()
    page.keyboard.press("?")
    page.locator("#keys-on").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    expect(page.locator("[data-part=now]")).to_contain_text("还没有请选手上台")
    page.reload()
    page.keyboard.press("?")
    expect(page.locator("#keys-on")).not_to_be_checked()


def test_a_refused_value_stands_beside_its_form_and_what_was_typed_stays(open_desk, hall):
    page = open_desk()
    page.locator("[data-key=next]").click()
    page.locator("summary", has_text="填写其他数值").click()
    page.locator("#other-value").fill("-9")
    page.locator("#other-reason").fill("两题答错")
    page.get_by_role("button", name="记入").click()
    expect(page.locator(".other__form .act-error")).to_have_text("这一项最小为 -2，请改小扣分。")
    expect(page.locator("#other-reason")).to_have_value("两题答错")
    page.locator("#other-value").fill("-2")
    page.get_by_role("button", name="记入").click()
    expect(page.locator(".kind__entered")).to_have_count(1)
    expect(page.locator(".kind__entered")).to_contain_text("−2两题答错")
    page.locator(".kind__entered button").click()
    expect(page.locator(".kind__entered")).to_have_count(0)


def test_a_double_click_has_one_effect(open_desk):
    page = open_desk()
    page.locator("[data-key=next]").click()
    page.get_by_role("button", name="科技常识答错 −1").dblclick()
    expect(page.locator(".kind__entered")).to_have_count(1)
    expect(page.locator("[data-part=log]")).to_contain_text("第 01 号记 −1")
    expect(page.locator(".kind__entered")).to_have_count(1)


def test_the_score_is_released_by_two_keys_and_taken_back_with_a_note(open_desk, hall):
    page, second = open_desk(), open_desk(Role.SCOREKEEPER)
    page.keyboard.press("n")
    expect(second.locator("[data-part=now] .plate")).to_have_text("01")
    button = page.locator("[data-key=release]")
    expect(button).to_be_disabled()
    tablets = hall.tablets()
    for tablet in tablets[:6]:
        assert tablet.post(tablet.body("01", "submit")).status_code == 200
    expect(page.locator("#release-why")).to_have_text("等待第 7 席")
    expect(scene(page)).to_have_attribute("data-scene", "dots")
    tablets[6].post(tablets[6].body("01", "submit"))
    expect(button).to_be_enabled()
    expect(page.locator(".result__final dd")).to_have_text("87.25")
    page.keyboard.press("r")
    expect(button).to_be_focused()
    expect(scene(page)).to_have_attribute("data-scene", "dots")
    page.keyboard.press("Enter")
    for desk in (page, second):
        expect(scene(desk)).to_have_attribute("data-scene", "score")
        expect(desk.locator("[data-part=release]")).to_contain_text("已发布")
    second.locator("summary", has_text="撤回发布").click()
    second.get_by_role("button", name="撤回成绩").click()
    expect(second.locator(".undo .act-error")).to_have_text("请写明原因，原因会记入台账。")
    second.locator("#note").fill("漏记扣分")
    second.get_by_role("button", name="撤回成绩").click()
    expect(page.locator("[data-part=release]")).to_contain_text("已撤回：漏记扣分")


def test_without_scripts_the_buttons_still_work(open_desk, hall):
    page = open_desk()
    plain = page.context.browser.new_context(java_script_enabled=False, locale="zh-CN")
    plain.add_cookies(page.context.cookies())
    desk = plain.new_page()
    desk.goto(page.url)
    desk.locator("[data-key=next]").click()
    expect(desk.locator(".desk__said")).to_have_text("第 01 号已上台。")
    desk.get_by_role("button", name="科技常识答错 −1").click()
    expect(desk.locator(".kind__entered")).to_have_count(1)
    plain.close()


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("width, height", [(1440, 900), (1180, 820), (390, 844)])
def test_the_desk_fits_its_screen_and_everybody_can_use_it(open_desk, lang, width, height):
    page = open_desk(lang=lang, viewport={"width": width, "height": height})
    page.locator("[data-key=next]").click()
    expect(page.locator("[data-part=seats] .seat")).to_have_count(7)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert barriers(page) == []
