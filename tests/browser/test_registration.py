"""A contestant registers on a phone: saved as typed, offline, on a second phone by the code, the photo cropped."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from contest import admitting, answers
from contest.models import RegistrationState, Slot
from tests import halls, servers
from tests.browser.looking import barriers, overflow
from tests.registration import forms
from web import uploads

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
SAVED = "#saved[data-state=saved]"


@pytest.fixture
def hall(serve: Callable[..., servers.Server], tmp_path: Path) -> Iterator[halls.Hall]:
    """A running server with a contest that takes registrations."""
    with halls.open_hall(serve, tmp_path / "instance") as made:
        made.slug = forms.open_contest(made.app)
        yield made


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A wide picture, red on its left and blue on its right."""
    path = tmp_path / "photo.jpg"
    path.write_bytes(forms.picture(2400, 1600))
    return path


def begin(hall: halls.Hall, page: Page) -> str:
    """Start a form; its public id."""
    page.goto(f"{hall.server.url}/contests/{hall.slug}/register")
    page.get_by_role("button", name="开始报名").tap()
    page.wait_for_url("**/form/1")
    return page.url.split("/")[5]


def go_on(page: Page, number: int) -> None:
    page.get_by_role("button", name="保存并继续").tap()
    page.wait_for_url(f"**/form/{number}")


def wait_until_sent(page: Page) -> None:
    """Until nothing waits on this device any more."""
    for _try in range(150):
        if not page.evaluate("localStorage.length"):
            return
        page.wait_for_timeout(100)
    raise AssertionError("what was typed was never sent")


def test_a_form_survives_a_reload_an_outage_and_a_change_of_phone(hall, open_page, photo, look):
    page = open_page(**PHONE)
    form = begin(hall, page)
    page.get_by_label("姓名", exact=True).fill("龚𬭎")
    expect(page.locator(SAVED)).to_contain_text("已保存")
    page.get_by_label("出生日期").fill("20000304")
    page.context.set_offline(True)
    page.get_by_label("单位").fill("星河市气象局")
    expect(page.locator("#saved")).to_contain_text("没有网络，已保存在本机")
    page.get_by_role("button", name="保存并继续").tap()
    expect(page.get_by_label("单位")).to_have_value("星河市气象局")  # one stays, and loses nothing
    look(page, "registration-offline")
    page.context.set_offline(False)
    expect(page.locator(SAVED)).to_contain_text("已保存")
    page.reload()
    expect(page.get_by_label("单位")).to_have_value("星河市气象局")
    page.get_by_label("手机").fill("1380013800")
    page.get_by_role("button", name="保存并继续").tap()
    expect(page.locator("#errors")).to_be_focused()
    page.get_by_role("link", name="手机：应为 11 位，您输入了 10 位").tap()
    expect(page.get_by_label("手机")).to_be_focused()
    assert page.evaluate("document.activeElement.getBoundingClientRect().bottom") < page.evaluate(
        "document.querySelector('.bar-bottom').getBoundingClientRect().top"
    )
    page.get_by_label("手机").fill("13800138000")
    go_on(page, 2)

    other = open_page(**PHONE)
    other.goto(f"{hall.server.url}/register/resume")
    page.goto(f"{hall.server.url}/my/entries/{form}/card")
    look(page, "registration-card")
    other.get_by_label("码卡上的 12 位").fill(page.locator(".codecard__code").inner_text().lower())
    other.get_by_role("button", name="打开报名").tap()
    for each in (page, other):
        each.goto(f"{hall.server.url}/my/entries/{form}/form/2")
    page.get_by_label("讲解题目").fill("船为什么不沉")
    expect(page.locator(SAVED)).to_contain_text("已保存")
    wait_until_sent(page)
    other.get_by_label("讲解题目").fill("一颗疫苗的长征")
    expect(other.locator(".cell__theirs")).to_contain_text("另一台设备填写的是「船为什么不沉」")
    look(other, "registration-conflict")
    other.get_by_role("button", name="用对方的").tap()
    expect(other.get_by_label("讲解题目")).to_have_value("船为什么不沉")

    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="上传").tap()
    chooser.value.set_files(photo)
    expect(page.locator("dialog.crop")).to_be_visible()
    canvas = page.locator("dialog.crop canvas")
    canvas.focus()
    for _press in range(60):
        page.keyboard.press("ArrowLeft")
    look(page, "registration-crop")
    page.get_by_role("button", name="用这张照片").tap()
    expect(page.locator("img.file__photo")).to_be_visible()
    go_on(page, 3)
    page.get_by_label("同意主办方").check()
    page.get_by_label("以上内容真实").check()
    go_on(page, 4)
    expect(page.locator(".preview__certificate")).to_have_text("龚𬭎")
    look(page, "registration-check")
    page.get_by_role("button", name="提交报名").tap()
    expect(page.locator(".receipt__number")).to_have_text("R-0001")
    look(page, "registration-receipt")

    stored = forms.registration(hall.app, form)
    assert (stored.state, answers.read(stored.answers)["title"]) == (RegistrationState.SUBMITTED, "船为什么不沉")
    with hall.app.app_context():
        kept = Image.open(uploads.path_of(admitting.material(stored, Slot.PHOTO).file))
    red, _green, blue = kept.getpixel((kept.width // 2, kept.height // 2))
    assert red > blue  # the frame was moved to the left


def test_what_was_typed_before_a_page_broke_off_is_there_again(hall, open_page):
    page = open_page(**PHONE)
    form = begin(hall, page)
    kept = json.dumps({"name": {"value": "沈知遥", "base": ""}})
    page.evaluate("([key, value]) => localStorage.setItem(key, value)", [f"registration.{form}", kept])
    page.reload()
    expect(page.get_by_label("姓名", exact=True)).to_have_value("沈知遥")
    wait_until_sent(page)
    assert answers.read(forms.registration(hall.app, form).answers) == {"name": "沈知遥"}


def test_a_cut_upload_is_sent_again_by_one_press_and_a_wrong_file_is_told_beside_its_slot(
    hall, open_page, photo, tmp_path
):
    page = open_page(**PHONE)
    form = begin(hall, page)
    page.goto(f"{hall.server.url}/my/entries/{form}/form/3")
    slides = tmp_path / "讲解.pptx"
    slides.write_bytes(forms.slides())
    slot = page.locator("[data-slot=slides]")
    with page.expect_file_chooser() as chooser:
        slot.get_by_role("button", name="上传").tap()
    chooser.value.set_files(photo)
    expect(slot.locator(".cell__fault")).to_contain_text("文件内容不是")
    page.context.set_offline(True)
    with page.expect_file_chooser() as chooser:
        slot.get_by_role("button", name="上传").tap()
    chooser.value.set_files(slides)
    expect(slot.locator(".cell__fault")).to_contain_text("网络中断")
    page.context.set_offline(False)
    slot.get_by_role("button", name="上传").tap()
    expect(slot.locator(".file__kept")).to_contain_text("讲解.pptx")


def test_the_contestants_pages_have_no_barriers_and_fit_a_phone(hall, open_page, look):
    page = open_page(**PHONE)
    form = begin(hall, page)
    paths = [f"/contests/{hall.slug}/register", "/register/resume", "/my", f"/my/entries/{form}"]
    paths += [f"/my/entries/{form}/{part}" for part in ("form/1", "form/2?marked=1", "form/3", "form/4", "card")]
    found = {}
    for path in paths:
        for lang in ("zh", "en"):
            page.goto(f"{hall.server.url}{path}{'&' if '?' in path else '?'}lang={lang}")
            look(page, f"registration-{path.strip('/').replace('/', '-').split('?')[0]}-{lang}")
            found[path, lang] = barriers(page) + overflow(page)
    assert found == {key: [] for key in found}
