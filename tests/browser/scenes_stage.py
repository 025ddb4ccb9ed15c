"""The contest's day: the draw, the door, seven chairs and six judges, twelve talks."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.applicant import PHONE
from tests.browser.journey import CONTESTANTS, JUDGES, NOTE, SLUG, TOTALS, Day, marks_of
from tests.browser.pads import Pad
from tests.browser.staff import Desk
from tests.browser.venue import press


def the_order_is_drawn_and_published(day: Day) -> None:
    page = day.organizer
    page.goto(day.desk("/order"))
    press(page, lambda: page.get_by_role("button", name="生成种子").click())
    day.look(page, "j-07-commitment")
    press(page, lambda: page.get_by_role("button", name="为 12 位选手抽签").click())
    press(page, lambda: page.get_by_role("button", name="公布出场顺序").click())
    page.wait_for_timeout(1500)
    day.look(page, "j-07-order")
    first = day.applicants[0].page
    first.goto(f"{day.base}/my/entries/{day.applicants[0].id}/pass")
    day.look(first, "j-07-pass")
    page.goto(day.desk("/papers"))
    day.look(page, "j-07-papers")


def the_steward_lets_them_in(day: Day) -> None:
    """A pass is scanned by the phone's camera, which opens a plain address; a second scan says who and when."""
    steward = day.staff["steward"]
    steward.goto(f"{day.base}/checkin/{SLUG}")
    steward.locator("#door").fill("南门")
    for again in (False, True):
        steward.locator("#code").fill(CONTESTANTS[0][0])
        steward.locator("#scan button").click()
        expect(steward.locator("#result")).to_contain_text("已经签到过" if again else "签到成功")
        day.look(steward, f"j-08-door-{again}")
    for name, _title in CONTESTANTS[1:]:
        steward.locator("#code").fill(name)
        steward.locator("#scan button").click()
        expect(steward.locator("#result")).to_contain_text(name)
    expect(steward.locator("#count")).to_contain_text("12")


def six_judges_sit_down(day: Day) -> None:
    page = day.organizer
    page.goto(day.desk("/rounds"))
    for button in ("转为就绪", "开始评分"):
        press(page, lambda button=button: page.get_by_role("button", name=button).click())  # type: ignore[misc]
    day.look(page, "j-09-rounds")
    page.goto(day.desk("/people"))
    day.look(page, "j-09-people")
    links = page.locator("a[href*='/judge/']").evaluate_all("all => all.map((one) => one.href)")
    for seat in range(1, 7):
        pad = Pad(day.open(viewport={"width": 1180, "height": 820}, has_touch=True))
        pad.open_card(links[seat - 1])
        pad.sit_down(JUDGES[seat - 1])
        day.pads[seat] = pad


def all_are_judged(day: Day) -> None:
    """Twelve talks: seat 7 is absent, no. 3 answers a question wrong, nos. 4 and 5 tie, no. 6 is corrected."""
    chief, keeper = Desk(day.staff["chief"], day.base, SLUG), Desk(day.staff["keeper"], day.base, SLUG)
    screen = the_big_screen(day)
    phone = day.open(**PHONE)
    phone.goto(f"{day.base}/live/{SLUG}")
    chief.open()
    keeper.open()
    for number in range(1, 13):
        chief.call_next(f"{number:02d}")
        if number == 1:
            the_seventh_judge_is_absent(day, chief)
            a_talk_is_timed(day, chief)
            day.pads[1].shows("01")
            day.pads[1].touch(marks_of(1, 1))
            day.look(day.pads[1].page, "j-10-pad")
            day.pads[1].submit(TOTALS[1][0])
        for seat in range(1, 7):
            if (number, seat) != (1, 1):
                send(day.pads[seat], number, marks_of(number, seat))
        if number == 3:
            a_question_is_answered_wrong(keeper)
        confirm_deductions(keeper, number)
        if number == 2:
            day.look(chief.page, "j-10-desk")
            day.look(phone, "j-10-live")
        chief.release()
        expect(screen.locator("[data-scene=score]")).to_be_visible()
        if number == 3:
            expect(screen.locator("[data-scene=score]")).to_contain_text("92.00")
            day.look(screen, "j-10-screen-score")
        if number == 6:
            the_score_is_corrected(chief, keeper)
    expect(phone.locator("main")).to_contain_text("林*")
    expect(phone.locator("body")).not_to_contain_text("林小满")
    day.look(phone, "j-10-live-end")


def a_question_is_answered_wrong(keeper: Desk) -> None:
    keeper.page.locator(".kind__wrong").first.click()
    expect(keeper.entered.first).to_be_visible()


def the_score_is_corrected(chief: Desk, keeper: Desk) -> None:
    """A released score is taken back with a note that the public reads, put right, and released again."""
    chief.withdraw(NOTE)
    a_question_is_answered_wrong(keeper)
    confirm_deductions(keeper, 6)
    chief.release()
    expect(chief.page.locator("[data-part=release]")).to_contain_text(NOTE)


def confirm_deductions(keeper: Desk, number: int) -> None:
    """The scorekeeper confirms what the clock and the quiz have brought; a trial of the clock costs nothing."""
    waive = keeper.page.get_by_role("button", name="不扣时间分，确认")
    button = waive if number == 1 else keeper.page.locator(".check__button")
    expect(button).to_be_enabled()
    button.click()
    expect(button).to_have_count(0)


def the_seventh_judge_is_absent(day: Day, chief: Desk) -> None:
    seat = chief.page.locator(".seat", has_text=JUDGES[6])
    seat.locator("summary").last.click()
    seat.locator("input[name=reason]").last.fill("突发急病")
    day.look(chief.page, "j-10-absent")
    seat.locator("button[value=onwards]").last.click()
    expect(chief.count).to_contain_text("6")


def a_talk_is_timed(day: Day, chief: Desk) -> None:
    chief.page.locator("[data-key=clock]").click()
    expect(chief.page.locator("[data-key=clock]")).to_contain_text("停表")
    day.look(chief.page, "j-10-clock")
    chief.page.locator("[data-key=clock]").click()
    expect(chief.page.locator("[data-key=clock]")).to_contain_text("开始")


def the_big_screen(day: Day) -> Page:
    page = day.organizer
    page.goto(day.desk("/rounds"))
    screen = day.open(viewport={"width": 1920, "height": 1080})
    link = page.locator("a[href*='/screen/']").first
    if not link.count():
        page.locator("#screen-name").fill("主屏")
        press(page, lambda: page.get_by_role("button", name="生成链接").click())
    screen.goto(str(page.locator("a[href*='/screen/']").first.get_attribute("href")))
    return screen


def send(pad: Pad, number: int, marks: dict[str, str]) -> None:
    """Hand in a whole sheet as this tablet's script does, without its keys and its five seconds."""
    result = pad.page.evaluate(
        """async ([number, marks]) => {
            const { lease, messages, state } = JSON.parse(document.getElementById("pad").textContent);
            const { rules, rounds } = await (await fetch(state)).json();
            const { entry, mine } = rounds[0].appearances.find((one) => one.number === number);
            const message = { id: crypto.randomUUID(), n: Number(number), kind: "submit", sheet: "mark",
                round: "final", entry, attempt: 1, rules, base: mine?.version ?? 0, marks, note: "",
                tapped_at: new Date().toISOString() };
            const answer = await fetch(messages, {
                method: "POST", headers: { "Content-Type": "application/json", "X-Lease": lease.secret },
                body: JSON.stringify({ v: 1, lease: lease.id, messages: [message] }) });
            return (await answer.json()).answers[0].result;
        }""",
        [f"{number:02d}", marks],
    )
    assert result == "submitted"
