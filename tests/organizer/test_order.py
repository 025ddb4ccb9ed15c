"""The order's page: drawing in two steps, by hand, published, then withdrawals, late ones, breaks, and who goes on."""

from __future__ import annotations

import html
import re
import subprocess

import pytest
from sqlalchemy import select

from contest import queries
from contest.models import Appearance, Break, Entry, Role, Round, RoundState, Ruling
from tests import builders, rounds
from web.db import reading, writing

PAGE = "/admin/contests/xinghe/order"
ROUND = "/admin/contests/xinghe/rounds/final"
SCRIPT = {"Accept": "application/json"}


@pytest.fixture
def office(app):
    """An organizer of a final of six that nobody has ordered yet."""
    builders.make_contest(app, entries=6, judges=7, state=RoundState.OPEN)
    with app.app_context(), writing() as db:
        for each in db.scalars(select(Appearance)):
            db.delete(each)
    account = builders.make_account(app, "office", Role.ORGANIZER, contest="xinghe", name="江晚")
    return builders.client_of(app, account)


def order(app):
    with app.app_context(), reading() as db:
        round_ = queries.round_of(db, queries.contest_by_slug(db, "xinghe"), "final")
        return [(each.number, each.entry.code) for each in queries.appearances_in_order(db, round_)]


def entry(app, code):
    with app.app_context(), reading() as db:
        return db.scalars(select(Entry).where(Entry.code == code)).one().public_id


def words(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def drawn(client):
    client.post(f"{ROUND}/draw/prepare")
    return client.post(f"{ROUND}/draw")


def change(client, act, entry, reason="三次点名未到"):
    return client.post(f"{ROUND}/order/change", data={"act": act, "entry": entry, "reason": reason}, headers=SCRIPT)


def test_an_order_is_drawn_in_two_steps_and_anyone_can_check_it(app, office):
    assert "参加决赛的选手" in words(office.get(PAGE).text)
    assert office.post(f"{ROUND}/draw", headers=SCRIPT).json["error"]["code"] == "draw_not_prepared"
    assert office.post(f"{ROUND}/draw/prepare").status_code == 303
    page = office.get(PAGE).text
    commitment = re.search(r"<code>([0-9a-f]{64})</code>", page)[1]
    assert order(app) == []
    answer = office.post(f"{ROUND}/draw")
    assert (answer.status_code, answer.location) == (303, f"{PAGE}?round=final&drawn=1")
    page = office.get(answer.location).text
    assert commitment in page and "data-drawn" in page and "江晚" in page
    line = html.unescape(re.search(r'<pre class="recipe" tabindex="0">(.*?)</pre>', page)[1])
    done = subprocess.run(line, shell=True, capture_output=True, text=True, check=True)  # noqa: S602
    assert done.stdout.strip() == repr([code for _number, code in order(app)])
    assert [number for number, _code in order(app)] == ["01", "02", "03", "04", "05", "06"]


def test_drawing_again_asks_for_a_reason_and_shows_both(app, office):
    drawn(office)
    silent = office.post(f"{ROUND}/draw/prepare", data={"redraw_reason": " "})
    assert (silent.status_code, "请写明原因" in silent.text) == (422, True)
    office.post(f"{ROUND}/draw/prepare", data={"redraw_reason": "漏了一位"})
    office.post(f"{ROUND}/draw")
    page = words(office.get(PAGE).text)
    assert "第 2 次：抽签" in page and "第 1 次：抽签" in page and "原因：漏了一位" in page


def test_an_order_by_hand_is_moved_until_it_is_published(app, office):
    office.post(f"{ROUND}/order/arrange")
    assert [code for _number, code in order(app)] == ["01", "02", "03", "04", "05", "06"]
    with app.app_context(), reading() as db:
        last = db.scalars(select(Appearance).where(Appearance.number == "06")).one().public_id
    move = {"appearance": last, "position": "2"}
    assert office.post(f"{ROUND}/order/place", data=move).status_code == 303
    assert order(app)[:3] == [("01", "01"), ("02", "06"), ("03", "02")]
    for wrong in ("", "x", "1.5", "-1", "9" * 9):
        assert office.post(f"{ROUND}/order/place", data=move | {"position": wrong}).status_code == 400
    assert office.post(f"{ROUND}/order/place", data={"position": "1", "appearance": "none"}).status_code == 404
    assert office.post(f"{ROUND}/order/publish").status_code == 303
    assert "已公布" in office.get(PAGE).text
    fixed = office.post(f"{ROUND}/order/place", data=move, headers=SCRIPT)
    assert (fixed.status_code, fixed.json["error"]["code"]) == (409, "order_fixed")


def test_the_public_learns_who_comes_next_when_the_order_is_published(app, office):
    drawn(office)
    assert office.get("/contests/xinghe/frame.json").json["next"] is None
    office.post(f"{ROUND}/order/publish")
    assert office.get("/contests/xinghe/frame.json").json["next"]["number"] == "01"


def test_after_the_draw_somebody_withdraws_comes_last_comes_late_and_no_number_changes(app, office):
    office.post(f"{ROUND}/order/arrange")
    office.post(f"{ROUND}/order/publish")
    assert change(office, "withdraw", entry(app, "02"), " ").status_code == 422
    assert change(office, "withdraw", entry(app, "02")).status_code == 303
    assert change(office, "to_end", entry(app, "04")).status_code == 303
    page = words(office.get(PAGE).text)
    assert "弃权原因：三次点名未到" in page
    assert [number for number, _code in order(app)] == ["01", "02", "03", "05", "06", "04"]
    assert change(office, "withdraw", entry(app, "02")).json["error"]["code"] == "already_withdrawn"
    with app.app_context(), writing() as db:
        contest = queries.contest_by_slug(db, "xinghe")
        db.add(Entry(contest_id=contest.id, code="07", position=7, name="晚到"))
    assert "迟到或补报的选手" in office.get(PAGE).text
    change(office, "late", entry(app, "07"), "路上堵车")
    assert order(app)[-1] == ("07", "07")
    change(office, "reinstate", entry(app, "02"), "本人到场")
    assert "弃权原因" not in office.get(PAGE).text
    assert change(office, "vanish", entry(app, "01")).status_code == 400
    assert change(office, "late", "none").status_code == 404


def test_nobody_who_was_on_stage_is_moved(app, office):
    drawn(office)
    office.post(f"{ROUND}/order/publish")
    office.post(f"{ROUND}/state", data={"to": "judging"})
    chief = builders.client_of(app, builders.make_account(app, "chief", Role.CHIEF, contest="xinghe"))
    first = builders.appearances(app)[0]
    chief.post("/ops/xinghe/call", data={"appearance": first})
    told = change(chief, "withdraw", entry(app, order(app)[0][1]))
    assert (told.status_code, told.json["error"]["code"]) == (409, "order_fixed")
    assert chief.post(f"{ROUND}/draw/prepare", data={"redraw_reason": "x"}, headers=SCRIPT).status_code == 409


def test_breaks_stand_between_blocks_and_are_taken_out_again(app, office):
    office.post(f"{ROUND}/order/arrange")
    given = {"after": "3", "title": "茶歇", "minutes": "15"}
    assert office.post(f"{ROUND}/breaks", data=given).status_code == 303
    assert "茶歇 15 分钟" in words(office.get(PAGE).text)
    assert office.post(f"{ROUND}/breaks", data=given, headers=SCRIPT).json["error"]["code"] == "break_taken"
    for wrong in ({"after": "0"}, {"after": "99"}, {"after": ""}, {"minutes": "0"}, {"minutes": "x"}):
        assert office.post(f"{ROUND}/breaks", data=given | {"after": "2"} | wrong).status_code == 400
    assert office.post(f"{ROUND}/breaks", data=given | {"after": "2", "title": " "}).status_code == 422
    with app.app_context(), reading() as db:
        pause = db.scalars(select(Break)).one().public_id
    for _ in range(2):
        assert office.post(f"{ROUND}/breaks/{pause}/remove").status_code == 303
    assert "茶歇 15 分钟" not in words(office.get(PAGE).text)


def test_a_contest_without_entries_or_panel_says_what_comes_first(app):
    builders.make_contest(app, slug="empty", entries=0, judges=0, state=RoundState.DRAFT)
    client = builders.client_of(app, builders.make_account(app, "o", Role.ORGANIZER, contest="empty"))
    page = client.get("/admin/contests/empty/order")
    assert (page.status_code, "去审核报名" in page.text) == (200, True)
    told = client.post("/admin/contests/empty/rounds/final/draw/prepare", headers=SCRIPT)
    assert told.json["error"]["code"] == "nobody_takes_part"
    told = client.post("/admin/contests/empty/rounds/final/order/arrange", headers=SCRIPT)
    assert told.json["error"]["code"] == "panel_missing"


@pytest.fixture
def two_rounds(app):
    """The final of the contest is its second round; the first is judged, with all scores equal but the last."""
    with app.app_context(), writing() as db:
        made = rounds.two_rounds(db)
        made.slug = "xinghe"
    account = builders.make_account(app, "lead", Role.CHIEF, contest="xinghe")
    return builders.client_of(app, account)


def test_the_cut_is_previewed_and_those_above_it_go_on(app, two_rounds):
    preview = two_rounds.get(f"{PAGE}?round=final&most=2").text
    assert preview.count("is-on") == 3 and "正好落在并列名次上" in preview and "定这 3 位晋级" in preview
    assert two_rounds.get(f"{PAGE}?round=final&most=2&ties=fewer").text.count("is-on") == 1
    for junk in ("most=0", "most=x", "most=99999", "ties=none", "most="):
        assert two_rounds.get(f"{PAGE}?round=final&{junk}").status_code == 200
    assert two_rounds.post(f"{ROUND}/advance", data={"most": "2", "ties": "all"}).status_code == 303
    leaves = entry(app, "01")
    moved = two_rounds.post(f"{ROUND}/advance/move-up", data={"entry": leaves, "reason": "家中有事"})
    assert moved.status_code == 303
    with app.app_context(), reading() as db:
        standing = db.scalars(select(Ruling).where(Ruling.cancelled_at.is_(None), Ruling.value.is_not(None)))
        assert sorted(ruling.entry.code for ruling in standing) == ["02", "03", "04"]
    assert two_rounds.post(f"{ROUND}/advance", data={"most": "x"}).status_code == 400
    two_rounds.post(f"{ROUND}/draw/prepare")
    two_rounds.post(f"{ROUND}/draw")
    assert sorted(code for _number, code in order(app)) == ["02", "03", "04"]


def test_the_rule_file_proposes_who_goes_on_and_says_why(app):
    with app.app_context(), writing() as db:
        made = rounds.two_rounds(db, b'\n[rounds.semi.advance]\nto = "final"\ntop = 1\nreserve = 2\n')
        made.slug = "xinghe"
    account = builders.make_account(app, "office", Role.ORGANIZER, contest="xinghe", name="江晚")
    client = builders.client_of(app, account)
    preview = client.get(f"{PAGE}?round=final").text
    assert preview.count("is-on") == 1 and "人数和并列都按规则文件" in preview
    assert re.search(r"规则文件：前 1 名进入.+：第 1 名；候补：\d+ 号、\d+ 号", preview)
    assert client.post(f"{ROUND}/advance", data={"most": "1", "ties": "rule"}).status_code == 303
    with app.app_context(), reading() as db:
        assert [ruling.entry.code for ruling in db.scalars(select(Ruling).where(Ruling.value.is_not(None)))] == ["01"]


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.ORGANIZER, Role.CHIEF)])
def test_nobody_else_orders_anybody(app, as_role, role):
    client = as_role(role)
    posts = ("draw/prepare", "draw", "order/arrange", "order/place", "order/publish", "order/change", "breaks",
             "advance")
    assert {client.get(PAGE).status_code, *(client.post(f"{ROUND}/{post}").status_code for post in posts)} == {403}


def test_the_rounds_of_another_contest_are_not_touched(app, office):
    builders.make_contest(app, slug="other", organization="别的协会", state=RoundState.OPEN)
    assert office.get("/admin/contests/other/order").status_code == 404
    assert office.post("/admin/contests/other/rounds/final/draw/prepare").status_code == 404
    with app.app_context(), reading() as db:
        other = db.scalars(select(Round).where(Round.contest_id == queries.contest_by_slug(db, "other").id)).one()
        theirs = queries.appearances_in_order(db, other)[0]
        codes = {"entry": theirs.entry.public_id, "appearance": theirs.public_id, "position": "1", "act": "withdraw"}
    for post in ("order/change", "order/place", "advance/move-up"):
        assert office.post(f"{ROUND}/{post}", data=codes | {"reason": "x"}).status_code == 404
