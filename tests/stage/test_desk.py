"""What the desk shows, to whom, and what it never shows."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from contest import queries, seating
from contest.models import Role, RoundState
from tests import builders, tablets
from tests.counting import counted
from web import live
from web.db import writing


@pytest.fixture
def order(app: Flask, final: str) -> list[str]:
    """The appearances in running order."""
    return builders.appearances(app)


def parts(client: FlaskClient, **query: str) -> str:
    return client.get("/ops/xinghe/parts", query_string=query).text


def test_the_desk_opens_in_every_state_of_a_round(app, as_role):
    chief = as_role(Role.CHIEF)
    for state in RoundState:
        with app.app_context(), writing() as db:
            queries.round_of(db, queries.contest_by_slug(db, "xinghe"), "final").state = state
        assert chief.get("/ops/xinghe").status_code == 200
    assert "本轮不在评分中" in parts(chief)


def test_a_contest_without_entries_has_a_desk_too(app):
    slug = builders.make_contest(app, entries=0, judges=0, state=RoundState.DRAFT)
    chief = builders.client_of(app, builders.make_account(app, "chief", Role.CHIEF, contest=slug))
    page = parts(chief)
    assert "还没有就绪的轮次" in page and "本轮还没有选手" in page


def test_the_release_button_says_which_seats_it_waits_for(app, as_role, order):
    desk = as_role(Role.SCOREKEEPER)
    desk.post("/ops/xinghe/call", data={"appearance": order[0]})
    builders.give_sheets(app, order[0], seats=[1, 2, 3, 5, 7])
    assert "等待第 4、6 席" in parts(desk)
    builders.give_sheets(app, order[0], seats=[4, 6])
    page = parts(desk)
    assert "等待第" not in page
    assert "87.50" in page


def test_no_mark_of_a_judge_is_on_the_desk_before_the_release(app, as_role, order):
    desk = as_role(Role.CHIEF)
    desk.post("/ops/xinghe/call", data={"appearance": order[0]})
    builders.give_sheets(app, order[0], seats=[1, 2, 3, 4, 5, 6], content="21.37")
    page = desk.get("/ops/xinghe").text + desk.get("/ops/xinghe/frame.json").text
    assert [mark for mark in ("21.37", "81.87", "26.00", "8.50") if mark in page] == []


def test_roles_that_only_watch_see_no_button_that_acts(app, as_role, order):
    as_role(Role.CHIEF).post("/ops/xinghe/call", data={"appearance": order[0]})
    builders.give_sheets(app, order[0])
    for role in (Role.ORGANIZER, Role.SUPERVISOR):
        page = parts(as_role(role))
        assert re.findall(r'data-form="(\w+)', page) == ["preview", "scene"]
        assert page.count("disabled") == page.count("<button") == 11
        assert "87.50" in page


def test_only_the_chief_is_offered_to_return_a_sheet(app, as_role, order):
    as_role(Role.CHIEF).post("/ops/xinghe/call", data={"appearance": order[0]})
    builders.give_sheets(app, order[0])
    pages = {role: parts(builders.client_of(app, builders.make_account(app, f"a {role.value}", role, contest="xinghe")))
             for role in (Role.CHIEF, Role.SCOREKEEPER)}
    assert {role: page.count("/ops/xinghe/sheets/return") for role, page in pages.items()} == {
        Role.CHIEF: 7, Role.SCOREKEEPER: 0
    }  # fmt: skip


def test_an_earlier_appearance_can_be_worked_on_while_another_is_on_stage(app, as_role, order):
    desk = as_role(Role.SCOREKEEPER)
    for appearance in order[:2]:
        desk.post("/ops/xinghe/call", data={"appearance": appearance})
    builders.give_sheets(app, order[0])
    assert "第 01 号已下台，成绩还没有发布" in parts(desk)
    page = parts(desk, appearance=order[0])
    assert "正在处理第 01 号，不是台上这一位" in page
    assert "发布第 01 号的成绩" in page
    back = desk.post("/ops/xinghe/release", data={"appearance": order[0], "focus": order[0]})
    assert back.location == f"/ops/xinghe?appearance={order[0]}"


def test_a_seat_nobody_sits_on_is_hollow_and_one_heard_from_is_not(app, as_role, order):
    desk = as_role(Role.SCOREKEEPER)
    desk.post("/ops/xinghe/call", data={"appearance": order[0]})
    assert parts(desk).count("dot--hollow") == 7
    with app.app_context(), writing() as db:
        contest = queries.contest_by_slug(db, "xinghe")
        tablet = tablets.sit(db, contest, 2)
        lease = seating.lease_of(db, seat=tablet.sitting.seat.public_id, lease=tablet.lease_id, secret=tablet.secret)
        lease.seen_at = live.now()
    assert parts(desk).count("dot--hollow") == 6


def test_the_log_names_the_newest_acts_and_who_did_them(app, as_role, order):
    desk = as_role(Role.SCOREKEEPER)
    builders.give_sheets(app, order[0])
    desk.post("/ops/xinghe/adjustments", data={"appearance": order[0], "kind": "quiz", "value": "-1", "reason": "错"})
    desk.post("/ops/xinghe/release", data={"appearance": order[0]})
    log = re.sub(r"<[^>]+>", " ", parts(desk).split('data-part="log"')[1])
    assert re.search(r"发布第 01 号成绩 +scorekeeper .*第 01 号记 −1 +scorekeeper .*第 01 号评分已提交", log, re.DOTALL)


def test_parts_that_have_not_changed_are_not_sent_again(as_role, order):
    desk = as_role(Role.SCOREKEEPER)
    first = desk.get("/ops/xinghe/parts")
    again = desk.get("/ops/xinghe/parts", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    desk.post("/ops/xinghe/call", data={"appearance": order[0]})
    assert desk.get("/ops/xinghe/parts", headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_the_desk_asks_the_database_as_often_for_forty_entries_as_for_one(app):
    counts = {}
    for entries in (1, 3, 40):
        slug = f"desk-{entries}"
        builders.make_contest(app, slug=slug, entries=entries, judges=7)
        chief = builders.client_of(app, builders.make_account(app, slug, Role.CHIEF, contest=slug))
        chief.post(f"/ops/{slug}/call", data={"appearance": builders.appearances(app, slug)[0]})
        with counted(app) as statements:
            assert chief.get(f"/ops/{slug}").status_code == 200
        counts[entries] = len(statements)
    assert len(set(counts.values())) == 1, counts


def test_the_desk_and_the_rounds_of_a_contest_without_anybody_open(app):
    slug = builders.make_contest(app, slug="empty", entries=0, judges=0, state=RoundState.DRAFT)
    chief = builders.client_of(app, builders.make_account(app, "chief", Role.CHIEF, contest=slug))
    pages = ("/ops/empty", "/ops/empty/parts", "/admin/contests/empty/rounds", "/contests/empty/board", "/admin")
    assert [page for page in pages if chief.get(page).status_code != 200] == []
