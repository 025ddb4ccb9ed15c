"""A contest's home: what it counts, what it reminds of, and the tasks on it."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from contest import planning, queries
from contest.models import Entry, Registration, RegistrationState, Role, Seat, Submission, Task
from tests import builders
from tests.counting import counted
from web import live
from web.db import reading, writing

HOME = "/admin/contests/xinghe"


def words(page: str) -> str:
    """A page's text without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def register(
    app: Flask, state: RegistrationState, *, count: int = 1, delegation: str = "", ago: timedelta = timedelta(0)
) -> None:
    """So many registrations in this state, last touched so long ago."""
    with app.app_context(), writing() as db:
        contest = queries.contest_by_slug(db, "xinghe")
        at = live.now() - ago
        for _ in range(count):
            number = len(db.scalars(select(Registration.id)).all()) + 1
            draft = state is RegistrationState.DRAFT
            made = Registration(
                contest_id=contest.id, state=state, answers=json.dumps({"delegation": delegation}),
                code_hash=f"{number:064d}", receipt=None if draft else f"XH-{number:04d}", created_at=at,
                updated_at=at, submitted_at=None if draft else at,
            )  # fmt: skip
            if state is RegistrationState.APPROVED:
                made.entry = Entry(contest_id=contest.id, code=f"R{number}", position=100 + number)
            db.add(made)
            db.flush()
            if not draft:
                db.add(Submission(registration_id=made.id, number=1, answers="{}", submitted_at=at))


def change(app: Flask, **values: object) -> None:
    """Set columns of the contest."""
    with app.app_context(), writing() as db:
        contest = queries.contest_by_slug(db, "xinghe")
        for name, value in values.items():
            setattr(contest, name, value)


def stored_task(app: Flask) -> Task:
    """The one task there is."""
    with app.app_context(), reading() as db:
        return db.scalars(select(Task)).one()


def test_an_empty_contest_says_what_will_stand_here(as_role):
    page = as_role(Role.ORGANIZER).get(HOME).text
    assert [text for text in ("还没有待办", "还没有填写日期", "还没有人提交报名") if text not in page] == []
    assert "每日报名" not in page


def test_the_bar_counts_each_state_and_leaves_drafts_out(app, as_role):
    register(app, RegistrationState.APPROVED, count=3)
    register(app, RegistrationState.SUBMITTED, count=2)
    register(app, RegistrationState.RETURNED)
    register(app, RegistrationState.DRAFT, count=4)
    change(app, quota=320)
    page = words(as_role(Role.ORGANIZER).get(HOME).text)
    assert "报名总数 6 / 名额 320 另有 4 份正在填写" in page
    assert "审核通过 3 待审核 2 开始审核 已退回，等修改 1 已撤回 0" in page
    assert "待审核 2 已退回" in words(as_role(Role.CHIEF).get(HOME).text)


def test_a_delegation_shows_what_it_has_used(app, as_role):
    register(app, RegistrationState.SUBMITTED, count=2, delegation="南屿区")
    register(app, RegistrationState.WITHDRAWN, delegation="南屿区")
    with app.app_context(), writing() as db:
        planning.set_delegation(
            db, queries.contest_by_slug(db, "xinghe"), public_id=None, name="南屿区", quota=5
        )
    assert "南屿区 2 / 5" in words(as_role(Role.ORGANIZER).get(HOME).text)


def test_a_task_is_added_ticked_opened_again_and_deleted(app, as_role):
    client = as_role(Role.ORGANIZER)
    answer = client.post(f"{HOME}/tasks", data={"title": "发通知", "owner": "江晚", "due": "5月底"})
    assert (answer.status_code, answer.location) == (303, f"{HOME}#tasks")
    address = f"{HOME}/tasks/{stored_task(app).public_id}"
    client.post(address, data={"act": "done"})
    assert "已完成" in client.get(HOME).text
    client.post(address, data={"act": "undo"})
    assert stored_task(app).done_at is None
    client.post(address, data={"act": "delete"})
    assert client.post(address, data={"act": "done"}).status_code == 404


def test_a_task_without_a_title_is_refused_with_what_was_typed(app, as_role):
    answer = as_role(Role.ORGANIZER).post(f"{HOME}/tasks", data={"title": " ", "owner": "江晚", "due": "今天"})
    assert answer.status_code == 422
    assert 'value="江晚"' in answer.text
    assert 'href="#title"' in answer.text
    assert answer.text.count("这一项必须填写。") == 2


def test_what_is_overdue_and_due_today_is_told_in_words(app, as_role):
    client = as_role(Role.ORGANIZER)
    for due in ("今天 23:59", "2020-01-01"):
        client.post(f"{HOME}/tasks", data={"title": due, "due": due})
    page = words(client.get(HOME).text)
    assert "今天 1 逾期 1" in page
    assert re.search(r"逾期 \d{4} 天", page)


@pytest.mark.parametrize("role", [Role.MC, Role.STEWARD])
def test_staff_may_look_but_not_write(as_role, role):
    client = as_role(role)
    page = client.get(HOME)
    assert (page.status_code, "新建待办" in page.text) == (200, False)
    assert client.post(f"{HOME}/tasks", data={"title": "x"}).status_code == 403


@pytest.mark.parametrize("values, reminder", [
    ({"published_at": None}, "比赛还没有发布"), ({}, "日期还没有填全"),
])  # fmt: skip
def test_what_is_missing_is_reminded_of_with_its_fix(app, as_role, values, reminder):
    change(app, **values)
    assert reminder in as_role(Role.ORGANIZER).get(HOME).text


def test_a_smaller_panel_than_the_rules_want_is_reminded_of(app, as_role):
    client = as_role(Role.ORGANIZER)
    assert "评委只有" not in client.get(HOME).text
    with app.app_context(), writing() as db:
        seat = db.scalars(select(Seat).order_by(Seat.number.desc())).first()
        for sitting in seat.sittings:
            db.delete(sitting)
        db.delete(seat)
    assert "评委只有 6 人，规则要 7 人" in client.get(HOME).text


def test_forms_that_wait_for_long_and_drafts_before_the_end_are_reminded_of(app, as_role):
    client = as_role(Role.ORGANIZER)
    register(app, RegistrationState.SUBMITTED, ago=timedelta(days=4))
    register(app, RegistrationState.DRAFT)
    change(app, registration_closes_at=live.now() + timedelta(days=1))
    page = client.get(HOME).text
    assert ("1 份报名表等了超过 3 天" in page, "还有 1 份没有提交" in page) == (True, True)
    change(app, registration_closes_at=live.now() - timedelta(days=1))
    assert "还有 1 份没有提交" not in client.get(HOME).text


def test_an_office_of_one_is_questioned_once_there_are_two(app, as_role):
    change(app, one_person=True)
    client = as_role(Role.ORGANIZER)
    assert "单人办公还开着" not in client.get(HOME).text
    builders.make_account(app, "second", works_for="星河市科学技术协会")
    assert "单人办公还开着" in client.get(HOME).text


def test_the_next_dates_come_in_order_and_past_ones_are_gone(app, as_role):
    now = live.now()
    change(app, registration_closes_at=now + timedelta(days=3), starts_at=now + timedelta(days=20))
    with app.app_context(), writing() as db:
        contest = queries.contest_by_slug(db, "xinghe")
        for title, days in (("抽签", 10), ("已经过去", -2)):
            planning.set_milestone(
                db, contest, public_id=None, title=title, title_en="", at=now + timedelta(days=days), ends_at=None
            )
    page = words(as_role(Role.ORGANIZER).get(HOME).text).split("接下来")[1]
    assert page.index("报名截止") < page.index("抽签") < page.index("比赛开始")
    assert "已经过去" not in page


def test_the_chart_has_a_bar_for_each_day_and_a_table_behind_it(app, as_role):
    register(app, RegistrationState.SUBMITTED, count=2)
    register(app, RegistrationState.SUBMITTED, ago=timedelta(days=9))
    page = as_role(Role.ORGANIZER).get(HOME).text
    table = re.findall(r"<tr><th scope=\"row\">([\d-]+)</th><td>(\d+)</td></tr>", page)
    assert (len(table), sum(int(count) for _day, count in table)) == (10, 3)
    assert [datetime.fromisoformat(day) for day, _c in table] == sorted(datetime.fromisoformat(d) for d, _c in table)


def test_the_page_asks_as_often_for_many_registrations_as_for_one(app, as_role):
    client = as_role(Role.ORGANIZER)
    counts = set()
    for count in (1, 30):
        register(app, RegistrationState.SUBMITTED, count=count)
        with counted(app) as asked:
            client.get(HOME)
        counts.add(len(asked))
    assert len(counts) == 1, counts


def test_another_contests_home_is_not_there(app, as_role):
    builders.make_contest(app, slug="other", organization="别的协会")
    assert as_role(Role.ORGANIZER).get("/admin/contests/other").status_code == 404
