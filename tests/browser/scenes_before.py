"""Before the contest: the installation is opened, a contest made, twelve register and are reviewed."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.applicant import PHONE, Applicant
from tests.browser.journey import (
    CHILD,
    CONTESTANTS,
    DESK,
    JUDGES,
    LATE,
    ORGANIZATION,
    RETURNED,
    SLUG,
    STAFF,
    TITLE,
    Day,
)
from tests.browser.venue import press, redeem


def the_owner_opens_the_installation(day: Day) -> None:
    page = day.organizer
    redeem(page, day.base, day.venue.code, organization=ORGANIZATION, display_name="江晚", username="jiangwan")
    expect(page.locator("h1")).to_have_text("我的比赛")
    day.look(page, "j-01-owner")


def a_contest_is_made_in_five_steps(day: Day) -> None:
    page = day.organizer
    page.goto(f"{day.base}/admin/contests/new")
    for name, text in {
        "title": TITLE, "slug": SLUG, "edition": "第八届", "place": "星河市科技馆银杏报告厅",
        "starts_at": "2027-05-16 09:00", "registration_opens_at": "2026-01-01 08:00",
        "registration_closes_at": "2027-04-30 18:00", "quota": "320",
        "contact": "江晚 0512-0000 1234", "summary": "把复杂的科学，讲成人人听得懂的故事。",
    }.items():  # fmt: skip
        page.locator(f"#{name}").fill(text)
    day.look(page, "j-02-basics")
    go_on(page)
    page.locator("input[name=rounds][value=final]").check()
    day.look(page, "j-02-rounds")
    go_on(page)
    expect(page.locator("main")).to_contain_text("总分 = 100 ✓")
    day.look(page, "j-02-rules")
    go_on(page)
    page.locator("#judges").fill("\n".join(JUDGES))
    for at, (username, (name, role)) in enumerate(STAFF.items()):
        line = page.locator("[name$='name'][name^='staff']:not([name$='username'])").nth(at)
        line.fill(name)
        page.locator("[name$='username']").nth(at).fill(username)
        page.locator("select[name$='role']").nth(at).select_option(role)
    day.look(page, "j-02-people")
    go_on(page)
    day.look(page, "j-02-publish")


def the_contest_is_published_and_its_staff_comes_in(day: Day) -> None:
    page = day.organizer
    codes = page.locator(".codes__code").all_inner_texts()
    press(page, lambda: page.locator("button[name=publish][value=now]").click())
    day.look(page, "j-03-overview")
    for username, code in zip(STAFF, codes, strict=True):
        day.staff[username] = day.open(**(DESK if username != "steward" else PHONE))
        redeem(day.staff[username], day.base, code)
        expect(day.staff[username].locator(".contest-card h2")).to_contain_text(TITLE)


def twelve_register(day: Day) -> None:
    for at, (name, title) in enumerate(CONTESTANTS):
        page = day.open(**PHONE)
        born = "2015-09-01" if at == CHILD else "1992-05-06"
        day.applicants.append(Applicant(page, day.base, SLUG, name, title, born=born))
        if at == 0:
            page.goto(f"{day.base}/contests/{SLUG}")
            day.look(page, "j-04-contest")
        day.applicants[at].begin()
        if at == CHILD:
            day.applicants[at].more = {"guardian": "林家长", "guardian_phone": "13900001111"}
        day.applicants[at].fill_in()
        if at == CHILD:
            a_guardian_agrees(day, day.applicants[at])
        if at != LATE:
            receipt = day.applicants[at].submit()
            assert receipt == f"R-{at + 1:04d}"
    day.look(day.applicants[0].page, "j-04-receipt")


def a_guardian_agrees(day: Day, child: Applicant) -> None:
    """The form cannot be submitted before the guardian's yes, given on a phone of their own by a private link."""
    page = child.page
    expect(page.locator("button[form=form].bar-bottom__main")).to_have_count(0)
    day.look(page, "j-04-check-child")
    page.goto(f"{day.base}/my/entries/{child.id}/consent")
    day.look(page, "j-04-consent-code")
    guardian = day.open(**PHONE)
    guardian.goto(page.locator(".consent__address").inner_text().strip())
    expect(guardian.locator("body")).not_to_contain_text(child.name)
    day.look(guardian, "j-04-guardian")
    guardian.locator("#guardian").fill("林家长")
    guardian.locator("[name=relation][value=mother]").check()
    guardian.locator("#agreed").check()
    press(guardian, lambda: guardian.locator(".consent__form button").click())
    expect(guardian.locator(".consent__given")).to_contain_text("已经同意")
    page.goto(f"{day.base}/my/entries/{child.id}/form/4")


def registration_closes_and_one_comes_late(day: Day) -> None:
    """The deadline passes with a draft half-way: it is read-only, then let in by the organizer."""
    page, late = day.organizer, day.applicants[LATE]
    page.goto(day.desk("/setup/basics"))
    page.locator("#registration_closes_at").fill("2026-02-01T18:00")
    go_on(page)
    late.page.goto(f"{day.base}/my/entries/{late.id}/form/4")
    expect(late.page.locator(".notice--due")).to_contain_text("截止")
    expect(late.page.locator("button[form=form].bar-bottom__main")).to_have_count(0)
    day.look(late.page, "j-05-late")
    page.goto(day.desk("/entries?state=draft"))
    press(page, lambda: page.locator(".queue__link").click())
    page.get_by_text("截止后仍允许这一份补交").click()
    page.locator("#until").fill("2027-05-01T18:00")
    press(page, lambda: page.get_by_role("button", name="允许", exact=True).click())
    late.page.reload()
    assert late.submit() == "R-0012"


def the_registrations_are_reviewed(day: Day) -> None:
    """All are approved but one, which is returned, mended in the one field that was named, and approved."""
    page, returned = day.organizer, day.applicants[RETURNED]
    page.goto(day.desk("/entries"))
    day.look(page, "j-06-queue")
    press(page, lambda: page.get_by_text("打开第一份").click())
    for _ in CONTESTANTS:
        name = page.locator("#form-title").inner_text()
        if name == returned.name:
            page.locator("[data-key=return]").click()
            page.get_by_label("单位请写全称，与公章一致。").check()
            page.locator("[name=fields][value=unit]").check()
            day.look(page, "j-06-return")
            press(page, lambda: page.get_by_role("button", name="退回给选手").click())
        else:
            press(page, lambda: page.locator("[data-key=approve]").click())
    returned.page.goto(f"{day.base}/my/entries/{returned.id}")
    expect(returned.page.locator("main")).to_contain_text("单位请写全称")
    day.look(returned.page, "j-06-returned")
    returned.page.goto(f"{day.base}/my/entries/{returned.id}/form/1")
    expect(returned.page.locator("#name")).to_be_disabled()
    returned.answer(unit="星河市气象局科普中心")
    returned.page.goto(f"{day.base}/my/entries/{returned.id}/form/4")
    returned.submit()
    page.goto(day.desk("/entries"))
    press(page, lambda: page.get_by_text("打开第一份").click())
    expect(page.locator(".answers__line--changed")).to_contain_text("星河市气象局科普中心")
    day.look(page, "j-06-changed")
    press(page, lambda: page.locator("[data-key=approve]").click())
    page.goto(day.desk("/entries?state=approved"))
    expect(page.locator(".queue__line")).to_have_count(len(CONTESTANTS))


def go_on(page: Page) -> None:
    """Press the step's main button."""
    press(page, lambda: page.locator(".step-form__foot button").first.click())
