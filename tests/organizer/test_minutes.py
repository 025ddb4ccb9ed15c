"""Sealing alone through the page, and the minutes: what they say of a round, sealed twice, by one or by two."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from contest import absences, excusing, queries, sealing, settling, showing
from contest.ledger import Actor
from contest.models import Account, Role, RoundState, RulingKind, Seat
from tests import builders
from web.db import reading, writing

ROUND = "/admin/contests/xinghe/rounds/final"
PAGE = "/admin/contests/xinghe/rounds"
MINUTES = f"{ROUND}/minutes"


def words(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


@pytest.fixture
def people(app, final):
    """The browsers of an organizer and of a chief judge."""
    return tuple(
        builders.client_of(app, builders.make_account(app, role.value, role, contest=final, name=name))
        for role, name in ((Role.ORGANIZER, "江晚"), (Role.CHIEF, "程岫"))
    )


def act(app, doing):
    with app.app_context(), writing() as db:
        contest = queries.contest_by_slug(db, "xinghe")
        account = db.scalars(select(Account).where(Account.username == "organizer")).one()
        doing(db, contest, queries.round_of(db, contest, "final"), Actor(f"account:{account.public_id}", "web"))


def judge(app, chief):
    """The third withdraws, the others are judged and out, the round is locked."""
    first, second, third = builders.appearances(app)

    def withdraw(db, contest, round_, by):
        entry = queries.appearance_of(db, contest, third).entry
        absences.withdraw(db, contest, round_=round_, entry=entry, reason="突发疾病", by=by, now=builders.NOW)

    act(app, withdraw)
    for each, content in ((first, "27.00"), (second, "26.00")):
        builders.give_sheets(app, each, content=content)
        chief.post("/ops/xinghe/call", data={"appearance": each})
        chief.post("/ops/xinghe/adjustments", data={
            "appearance": each, "kind": "quiz", "value": "-1", "reason": "答错一题", "press": "",
        })  # fmt: skip
        act(app, lambda db, contest, round_, by, each=each: showing.release(
            db, contest, appearance=queries.appearance_of(db, contest, each), by=by, now=builders.NOW
        ))  # fmt: skip
    chief.post(f"{ROUND}/state", data={"to": "locked"})


def seal(first, second):
    first.post(f"{ROUND}/seal", data={"act": "seal"})
    second.post(f"{ROUND}/seal/confirm")


def state(app):
    with app.app_context(), reading() as db:
        return queries.round_of(db, queries.contest_by_slug(db, "xinghe"), "final").state


def alone(app):
    act(app, lambda db, contest, _round, by: settling.set_office(db, contest, alone=True, by=by, now=builders.NOW))


def test_the_minutes_of_a_sealed_round_say_what_was_judged_ruled_and_by_whom_it_was_sealed(app, people):
    office, chief = people
    judge(app, chief)
    assert "本轮还没有封存" in office.get(MINUTES).text
    seal(office, chief)
    page = words(office.get(MINUTES).text)
    assert "出场顺序 3 位，弃权 1 位，已发布成绩 2 位，评委提交评分 14 份" in page
    assert "由 江晚 提出、程岫 确认" in page
    assert "突发疾病" in page and "答错一题" in page
    assert re.search(r"1 01 沈知遥 .* 86\.", page) and "弃权" in page
    assert all(sign in page for sign in ("记分员", "监督组", "总裁判"))
    assert "本轮还没有封存" not in page
    for name in builders.JUDGES:
        assert name in page


def test_one_person_seals_at_once_and_card_and_minutes_say_so(app, people):
    office, chief = people
    judge(app, chief)
    alone(app)
    assert "本比赛设为一人办公" in office.get(PAGE).text
    assert "本轮已封存" in office.post(f"{ROUND}/seal", data={"act": "seal"}, follow_redirects=True).text
    assert state(app) is RoundState.SEALED
    assert "一人办公：由 江晚 单独封存" in words(office.get(PAGE).text)
    assert "江晚 于 2026-05-16 14:30 设为一人办公" in words(office.get(MINUTES).text)
    assert office.post(f"{ROUND}/seal", data={"act": "reopen"}).status_code == 422
    office.post(f"{ROUND}/seal", data={"act": "reopen", "reason": "漏记扣分"})
    assert state(app) is RoundState.LOCKED
    assert "由 江晚 单独重新打开" in words(office.get(MINUTES).text)


def test_the_second_seal_lists_what_differs_from_the_first(app, people):
    office, chief = people
    judge(app, chief)
    seal(office, chief)
    office.post(f"{ROUND}/seal", data={"act": "reopen", "reason": "01 号漏记"})
    chief.post(f"{ROUND}/seal/confirm")
    chief.post(f"{ROUND}/state", data={"to": "judging"})
    first = builders.appearances(app)[0]

    def mend(db, contest, _round, by):
        one = queries.appearance_of(db, contest, first)
        given = {"by": by, "now": builders.NOW}
        showing.withdraw_release(db, contest, appearance=one, note="更正扣分", **given)
        showing.adjust(db, contest, appearance=one, kind="time_own", value="-2", reason="超时", press="", **given)
        showing.release(db, contest, appearance=one, **given)

    act(app, mend)
    chief.post(f"{ROUND}/state", data={"to": "locked"})
    seal(office, chief)
    page, minutes = words(office.get(PAGE).text), words(office.get(MINUTES).text)
    assert "与封存 1 相比，2 位的成绩或名次不同" in page
    assert "撤回已发布的成绩 · 01 沈知遥 · 更正扣分" in minutes
    assert "重新打开，原因：01 号漏记" in minutes
    assert minutes.index("封存 1") < minutes.index("封存 2")


def test_two_equal_seals_say_that_nothing_changed(app, people):
    office, chief = people
    judge(app, chief)
    seal(office, chief)
    office.post(f"{ROUND}/seal", data={"act": "reopen", "reason": "复核"})
    chief.post(f"{ROUND}/seal/confirm")
    seal(office, chief)
    assert "与封存 1 相比，成绩和名次都没有变化" in office.get(PAGE).text
    assert "与前一次封存相比，成绩和名次没有变化" in office.get(MINUTES).text


def test_an_absent_judge_and_a_substitute_stand_in_the_panel(app, people):
    office, _chief = people

    def absent(db, contest, round_, by):
        builders.add_substitute(db, contest, seat=4, name="陶望之", first=2)
        seat = db.scalars(select(Seat).where(Seat.number == 6)).one()
        excusing.excuse(
            db, contest, appearance=queries.appearances_in_order(db, round_)[0], seat=seat.public_id, reason="堵车",
            kind=RulingKind.ABSENT,
            onwards=False, by=by, now=builders.NOW,
        )  # fmt: skip

    act(app, absent)
    page = words(office.get(MINUTES).text)
    assert "陶望 （第 1–1 位）、陶望之 （第 2– 位）" in page and "中途换人" in page
    assert "缺席（第 01 号） · 堵车" in page


def test_an_empty_round_has_minutes_too_and_an_unknown_one_has_none(app):
    builders.make_contest(app, slug="empty", entries=0, judges=0, state=RoundState.DRAFT)
    client = builders.client_of(app, builders.make_account(app, "o", Role.ORGANIZER, contest="empty"))
    assert client.get("/admin/contests/empty/rounds/final/minutes").status_code == 200
    assert client.get("/admin/contests/empty/rounds/none/minutes").status_code == 404


@pytest.mark.parametrize("role, status", [
    (Role.SUPERVISOR, 200), (Role.SCOREKEEPER, 200), (Role.STEWARD, 403), (Role.MC, 403)
])  # fmt: skip
def test_who_signs_may_read_the_minutes(as_role, role, status):
    assert as_role(role).get(MINUTES).status_code == status


def test_the_recounts_verdict_stands_in_the_minutes(app, people):
    office, chief = people
    judge(app, chief)
    seal(office, chief)

    def verdict(db, _contest, round_, _by):
        sealing.record_recount(db, seal_id=sealing.last_seal(db, round_).id, agrees=True)

    assert "等待独立复算" in office.get(MINUTES).text
    act(app, verdict)
    assert "独立复算一致" in office.get(MINUTES).text
