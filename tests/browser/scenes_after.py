"""Afterwards: the seal, the awards, the certificates, and a name put right."""

from __future__ import annotations

import re
import subprocess

from playwright.sync_api import expect

from tests.browser.applicant import PHONE
from tests.browser.journey import CONTESTANTS, SLUG, Day
from tests.browser.venue import press


def two_people_seal_the_result(day: Day) -> None:
    page, chief = day.organizer, day.staff["chief"]
    page.goto(day.desk("/rounds"))
    for button in ("锁定本轮", "提出封存"):
        press(page, lambda button=button: page.get_by_role("button", name=button).click())  # type: ignore[misc]
    chief.goto(day.desk("/rounds"))
    press(chief, lambda: chief.get_by_role("button", name="确认封存").click())
    page.goto(day.desk("/rounds"))
    day.look(page, "j-11-sealed")
    page.get_by_role("link", name="会议记录").first.click()
    expect(page.locator("main")).to_contain_text("苏总裁判")
    day.look(page, "j-11-minutes")
    page.goto(day.desk("/rounds"))
    press(page, lambda: page.get_by_role("button", name="公布正式成绩").click())
    board = day.open(**PHONE)
    board.goto(f"{day.base}/contests/{SLUG}/board")
    expect(board.locator(".rank").first).to_contain_text("95.00")
    day.look(board, "j-11-board")


def awards_are_given_then_published(day: Day) -> None:
    """Certificates can be made before the ceremony; the list of winners is public only by its own switch."""
    page, public = day.organizer, day.open(**PHONE)
    page.goto(day.desk("/awards"))
    press(page, lambda: page.get_by_role("button", name="授予奖项").click())
    day.look(page, "j-12-awards")
    public.goto(f"{day.base}/contests/{SLUG}/results")
    expect(public.locator("main")).to_contain_text("95.00")
    expect(public.locator("body")).not_to_contain_text("等奖")
    certificates_are_issued_and_printed(day)
    public.goto(f"{day.base}/verify/{day.code}")
    expect(public.locator("h1")).to_have_text("尚未公布")
    page.goto(day.desk("/awards"))
    page.locator("#sure").check()
    press(page, lambda: page.get_by_role("button", name="公布奖项").click())
    public.goto(f"{day.base}/contests/{SLUG}/results")
    expect(public.locator("main")).to_contain_text("沈知遥")
    expect(public.locator("main")).to_contain_text("林*")
    expect(public.locator("body")).not_to_contain_text("林小满")
    day.look(public, "j-12-notice")


def certificates_are_issued_and_printed(day: Day) -> None:
    page = day.organizer
    page.goto(day.desk("/certificates"))
    press(page, lambda: page.get_by_role("button", name=re.compile("签发 .* 张证书")).click())
    day.look(page, "j-13-issued")
    press(page, lambda: page.get_by_role("button", name="生成打印文件").click())
    file = page.get_by_role("link", name=re.compile("下载"))
    expect(file.first).to_be_visible(timeout=60_000)
    pdf = page.request.get(f"{day.base}{file.first.get_attribute('href')}").body()
    day.code = code_of(pdf, "沈知遥")
    assert all(name in text_of(pdf) for name, _title in CONTESTANTS)
    day.look(page, "j-13-printed")


def a_name_is_put_right_after_printing(day: Day) -> None:
    """The old code says that there is a newer version; the new one is valid and shows the right name."""
    page, public = day.organizer, day.open(**PHONE)
    public.goto(f"{day.base}/verify/{day.code}")
    expect(public.locator("h1")).to_have_text("证书有效")
    expect(public.locator("main")).to_contain_text("沈知遥")
    day.look(public, "j-14-valid")
    page.goto(day.desk("/entries?state=approved&q=沈知遥"))
    page.locator(".queue__link").first.click()
    page.get_by_role("link", name="更正姓名、单位或题目").click()
    page.locator("#name").fill("沈知瑶")
    page.locator("#correction").fill("姓名录入有误")
    day.look(page, "j-14-correct")
    press(page, lambda: page.get_by_role("button", name="更正", exact=True).click())
    page.goto(day.desk("/certificates"))
    press(page, lambda: page.get_by_role("button", name="按现在的信息更正").click())
    day.look(page, "j-14-follow")
    public.goto(f"{day.base}/verify/{day.code}")
    expect(public.locator("h1")).to_have_text("已更正")
    day.look(public, "j-14-corrected")
    page.locator("tr", has_text="沈知瑶").locator("a").first.click()
    pdf = page.request.get(f"{page.url.split('?')[0]}/sheet.pdf").body()
    public.goto(f"{day.base}/verify/{code_of(pdf, '沈知瑶')}")
    expect(public.locator("h1")).to_have_text("证书有效")
    expect(public.locator("main")).to_contain_text("沈知瑶")


def text_of(pdf: bytes) -> str:
    """What a reader copies out of a PDF."""
    done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    return done.stdout.decode()


def code_of(pdf: bytes, name: str) -> str:
    """The check code printed on the page with this name."""
    page = next(each for each in text_of(pdf).split("\f") if name in each)
    found = re.search(r"[2-9A-Z]{4}(?:-[2-9A-Z]{4}){3}", page)
    assert found, page
    return found[0]
