"""A whole final in real browsers: seven judges, a desk, a board and a big screen, from the printed card to the seal."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from contest import ledger, queries
from contest.models import Action, LedgerRow
from contest.rules import compute, outcome_json, read_folder, read_rules
from tests import halls, servers
from tests.browser import finals
from tests.browser.day import TABLET, Day, Look, Open
from tests.browser.finals import NAMES, RESULT, SEATS, SLUG, TOTALS, marks_of
from tests.browser.pads import Pad
from tests.browser.staff import Organizer, sign_in
from web.db import reading


@pytest.mark.timeout(420)  # Eleven browsers: a minute and a half on two cores, far longer on busy ones.
def test_a_final_from_the_printed_cards_to_the_official_result(
    serve: Callable[..., servers.Server], open_page: Open, look: Look, tmp_path: Path
) -> None:
    with halls.open_hall(serve, tmp_path / "instance") as hall:
        finals.load(hall.app, tmp_path / "folder")
        day = Day(hall, open_page, look)
        the_organizer_opens_the_round(day)
        everybody_comes_in(day)
        the_first_contestant_is_judged_by_touch(day)
        the_score_goes_out(day)
        two_contestants_tie_and_one_judge_loses_the_line(day)
        two_contestants_share_a_place_and_a_spare_tablet_takes_over(day)
        a_score_is_taken_back_and_corrected(day)
        the_result_becomes_official(day)
        the_result_is_what_a_recount_gives(day, tmp_path / "exported")


def the_organizer_opens_the_round(day: Day) -> None:
    page = day.organizer.page
    sign_in(page, day.base, "organizer")
    expect(page.locator(".contest-card h2")).to_have_text(finals.TITLE)
    day.look(page, "0-home")
    page.get_by_role("link", name="比赛管理").click()
    day.organizer.open()
    day.look(page, "0-contest-open")
    day.organizer.press("开始评分")
    expect(page.locator(".stepper [aria-current]")).to_have_text("评分")
    day.watch(day.organizer.add_screen("主屏"))
    page.get_by_role("link", name="打印评委卡").click()
    expect(page.locator(".judge-card__name")).to_have_text(list(finals.JUDGES))
    day.look(page, "0-cards")
    day.organizer.open()


def everybody_comes_in(day: Day) -> None:
    expect(day.screen.shows("waiting").locator("[data-slot=contest]").first).to_contain_text(finals.TITLE)
    day.look(day.screen.page, "1-screen-waiting")
    day.look(day.board.page, "1-board-empty")
    day.take_seats(day.organizer.card_links())
    expect(day.pads[1].page.locator("[data-part=meta]")).to_contain_text(finals.JUDGES[0])
    day.look(day.pads[1].page, "1-pad-waiting")
    day.look(day.pads[7].page, "1-pad-waiting-phone")
    for desk, who, speak in ((day.chief, "chief", "zh"), (day.keeper, "scorekeeper", "en")):
        sign_in(desk.page, day.base, who, speak=speak)
        desk.open()
    day.look(day.chief.page, "1-desk")


def the_first_contestant_is_judged_by_touch(day: Day) -> None:
    day.call("01")
    for name, page in (("pad", day.pads[1].page), ("pad-en", day.pads[2].page), ("pad-phone", day.pads[7].page)):
        day.look(page, f"2-{name}")
    day.look(day.screen.page, "2-screen-contestant")
    day.look(day.board.page, "2-board-now")
    expect(day.chief.page.locator("#release-why")).to_have_text("等待第 1、2、3、4、5、6、7 席")
    for seat, pad in day.pads.items():
        # The sixth judge first gives one tenth too much, and takes the submission back in time.
        slip = seat == 6
        marks = marks_of("01", seat)
        pad.touch(marks | ({"delivery": "24.94"} if slip else {}))
        if seat in (2, 7):
            day.look(pad.page, f"2-pad-filled-{seat}")
        pad.submit("90.10" if slip else TOTALS["01"][seat - 1])
        if slip:
            day.look(pad.page, "2-pad-undo")
            pad.undo()
            pad.criterion("delivery").locator(".card__open").tap()
            for key in marks["delivery"]:
                pad.key(key).tap()
            pad.submit(TOTALS["01"][seat - 1])
        if seat == 4:
            # The dots of the first judges fill while the others still think.
            day.wait_for(1, 2, 3)
            expect(day.screen.shows("dots").locator("li.filled")).not_to_have_count(0)
            expect(day.chief.count).to_have_text(re.compile(r"^[34] / 7$"))
            day.look(day.screen.page, "2-screen-dots")
            day.look(day.chief.page, "2-desk-dots")
    day.wait_for(*SEATS)
    day.look(day.pads[1].page, "2-pad-locked")
    day.look(day.pads[7].page, "2-pad-locked-phone")
    expect(day.screen.shows("dots").locator("li.filled")).to_have_count(7)
    expect(day.chief.count).to_have_text("7 / 7")
    for seat, pad in day.pads.items():
        held = pad.everything()
        assert marks_of("01", seat)["content"] in held
        assert [other for other in SEATS if other != seat and marks_of("01", other)["content"] in held] == []


def the_score_goes_out(day: Day) -> None:
    day.keeper.adjust("quiz", "-1", "第 2 题答错")
    expect(day.keeper.entered.locator(".kind__reason")).to_have_text("第 2 题答错")
    expect(day.chief.entered.locator(".kind__value")).to_have_text("−1")
    day.look(day.keeper.page, "3-desk-tablet-en")
    day.look(day.chief.page, "3-desk-ready")
    assert day.board.rows() == []
    day.release("01", "88.20")
    assert day.board.rows() == [["1", "01", "沈知遥", "88.20"]]
    expect(day.board.last.locator(".tile--dropped")).to_have_count(2)
    expect(day.screen.page.locator(".tile--sunk")).to_have_count(2)
    expect(day.screen.page.locator(".score--hushed")).to_have_count(0)
    day.look(day.screen.page, "3-screen-score")
    day.look(day.board.page, "3-board-score")
    # What is public now still does not come to the judges' pages.
    assert [seat for seat in SEATS if seat != 3 and "95.00" in day.pads[seat].everything()] == []


def two_contestants_tie_and_one_judge_loses_the_line(day: Day) -> None:
    day.call("02")
    day.judge_quickly("02")
    day.release("02", "89.00")
    day.call("03")
    cut, others = day.pads[3], [seat for seat in SEATS if seat != 3]
    marks = marks_of("03", 3)
    cut.type({"content": marks["content"]})
    cut.page.context.set_offline(True)
    expect(cut.pill).to_have_attribute("data-kind", "offline")
    cut.page.keyboard.press("ArrowDown")
    cut.type({name: mark for name, mark in marks.items() if name != "content"})
    day.look(cut.page, "4-pad-offline")
    cut.submit(TOTALS["03"][2])
    day.judge("03", *others)
    expect(cut.undo_button).to_be_hidden()
    expect(cut.banner("line")).to_contain_text("评分已保存在本机（1 条）")
    expect(day.chief.page.locator("#release-why")).to_have_text("等待第 3 席")
    day.look(cut.page, "4-pad-offline-sent")
    day.look(day.chief.page, "4-desk-waits")
    cut.page.context.set_offline(False)
    cut.is_confirmed()
    expect(cut.pill).to_have_attribute("data-kind", "online")
    day.release("03", "89.00")
    expect(day.board.row("03").locator("[data-slot=place]")).to_have_text("2")
    assert day.board.rows()[:2] == [["1", "02", NAMES["02"], "89.00"], ["2", "03", NAMES["03"], "89.00"]]
    told = day.board.why("03")
    day.look(day.board.page, "4-board-tie")
    assert "91.00" in told and "90.50" in told, told


def two_contestants_share_a_place_and_a_spare_tablet_takes_over(day: Day) -> None:
    day.call("04")
    old, marks = day.pads[2], marks_of("04", 2)
    old.type({name: marks[name] for name in ("content", "delivery")})
    expect(old.page.locator("[data-part=pill]")).to_have_attribute("data-kind", "online")
    spare = Pad(day.open_page(**TABLET), "en")
    spare.open_card(day.organizer.card_links()[1])
    spare.sit_down(finals.JUDGES[1])
    spare.shows("04")
    # What was given on the old tablet is there.
    expect(spare.criterion("delivery").locator(".card__value")).to_have_text(marks["delivery"])
    day.look(spare.page, "5-pad-spare")
    day.pads[2] = spare
    spare.type({name: marks[name] for name in ("presence", "random")})
    spare.submit(TOTALS["04"][1])
    day.judge("04", *(seat for seat in SEATS if seat != 2))
    spare.is_confirmed()
    expect(old.banner("seat")).to_contain_text("opened on another tablet")
    day.look(old.page, "5-pad-old")
    day.release("04", "87.00")
    day.call("05")
    day.judge_quickly("05")
    day.release("05", "87.00")
    expect(day.board.row("05").locator("[data-slot=place]")).to_have_text("4")
    expect(day.board.row("04").locator("[data-slot=place]")).to_have_text("4")


def a_score_is_taken_back_and_corrected(day: Day) -> None:
    note = "漏记一次科技常识扣分，已更正。"
    day.call("06")
    day.judge_quickly("06")
    day.release("06", "85.20")
    day.chief.withdraw(note)
    expect(day.board.row("06")).to_have_count(0)
    day.look(day.chief.page, "6-desk-withdrawn")
    day.look(day.screen.page, "6-screen-withdrawn")
    day.keeper.adjust("quiz", "-1", "第 1 题答错")
    expect(day.chief.entered).to_have_count(1)
    day.release("06", "84.20")
    expect(day.board.last.locator("[data-slot=note]")).to_have_text(note)
    expect(day.board.row("06").locator("[data-slot=note]")).to_have_text(note)
    day.look(day.board.page, "6-board-corrected")
    day.chief.scene("ranking")
    day.screen.shows("ranking")
    expect(day.screen.page.locator(".row-rank")).to_have_count(6)
    day.look(day.screen.page, "6-screen-ranking")


def the_result_becomes_official(day: Day) -> None:
    organizer = day.organizer
    organizer.open()
    day.look(organizer.page, "7-contest-judging")
    organizer.press("锁定本轮")
    expect(day.pads[1].page.locator("[data-part=submit] span")).to_have_text("只能查看")
    expect(day.board.page.locator("#now [data-part=idle]")).to_have_text("This round is over")
    expect(day.board.now).to_be_hidden()
    organizer.press("提出封存")
    expect(organizer.page.locator(".two-people")).to_contain_text("您已提出，不能自己确认。")
    expect(organizer.page.get_by_role("button", name="确认封存")).to_have_count(0)
    day.look(organizer.page, "7-contest-proposed")
    answer = _press_anyway(organizer.page, f"/admin/contests/{SLUG}/rounds/final/seal/confirm")
    assert "提出和确认必须是两个人，请另一位负责人登录后确认。" in answer
    chief = Organizer(day.chief.page, day.base, SLUG)
    chief.open()
    chief.press("确认封存")
    expect(chief.page.locator(".stepper [aria-current]")).to_have_text("封存")
    day.look(chief.page, "7-contest-sealed")
    expect(day.board.heading).to_have_text("Official result")
    expect(day.board.last.locator("[data-slot=place]")).to_have_text("Place 6")
    expect(day.screen.page.locator("[data-scene=ranking] [data-slot=title]")).to_have_text("正式成绩")
    day.look(day.board.page, "7-board-official")
    day.look(day.screen.page, "7-screen-official")


def the_result_is_what_a_recount_gives(day: Day, folder: Path) -> None:
    shown = [[place, entry, NAMES[entry], score] for place, entry, score in RESULT]
    assert day.board.rows() == shown
    assert day.screen.rows() == shown
    done = day.hall.app.test_cli_runner().invoke(args=["contest", "export", SLUG, str(folder)])
    assert done.exit_code == 0, done.output
    rules = read_rules((folder / "rules.toml").read_bytes())
    facts = read_folder(folder, rules)
    counted = outcome_json(compute(rules, facts))["standings"]
    assert [(str(row["place"]), row["entry"], row["score"]) for row in counted] == RESULT
    given = {(mark.entry, mark.judge, mark.criterion): mark.mark for mark in facts.marks}
    assert given == finals.all_marks()
    with day.hall.app.app_context(), reading() as db:
        contest = queries.contest_by_slug(db, SLUG)
        assert ledger.verify(db, contest) is None
        actions = db.scalars(select(LedgerRow.action).where(LedgerRow.contest_id == contest.id)).all()
        assert actions.count(Action.SHEET_SUBMITTED) == len(TOTALS) * len(SEATS)


def _press_anyway(page: Page, address: str) -> str:
    """What the server says to a press for which the page shows no button."""
    script = """async (address) => {
        const body = new FormData();
        body.set("csrf_token", document.querySelector("input[name=csrf_token]").value);
        return (await fetch(address, { method: "POST", body, headers: { Accept: "text/html" } })).text();
    }"""
    return str(page.evaluate(script, address))
