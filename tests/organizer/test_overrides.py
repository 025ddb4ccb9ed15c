"""The page of decisions: one person proposes a place or an award, another confirms it; the minutes name both."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from contest import queries
from contest.models import Entry, Override, Role, RoundState
from tests import builders
from tests.judged import RULES, judged, make
from web.db import reading, writing

PAGE = "/admin/contests/xinghe/overrides"
WORDS = "评审委员会合议"


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


@pytest.fixture
def two(app):
    first = make(app, judged())
    second = builders.client_of(app, builders.make_account(app, "two", Role.ORGANIZER, contest="xinghe", name="程岫"))
    return first, second


def entry(app, code="04") -> str:
    with app.app_context(), reading() as db:
        return db.scalars(select(Entry).where(Entry.code == code)).one().public_id


def propose(client, app, **form):
    filled = {"round": "final", "entry": entry(app), "kind": "place", "place": "3", "reason": WORDS}
    return client.post(PAGE, data=filled | form)


def last(app) -> Override:
    with app.app_context(), reading() as db:
        return db.scalars(select(Override).order_by(Override.id.desc())).first()


def test_one_proposes_another_confirms_and_both_places_are_shown(app, two):
    one, other = two
    assert propose(one, app).status_code == 303
    page = one.get(PAGE).text
    assert "等待确认的裁定" in page and "不能自己确认" in page and "列第 3 名" in page
    address = f"{PAGE}/{last(app).public_id}"
    assert one.post(f"{address}/confirm").status_code in (400, 403, 409)
    assert "确认裁定" in other.get(PAGE).text
    assert other.post(f"{address}/confirm").status_code == 303
    told = words(other.get(PAGE).text)
    assert "裁定，计算为第 4 名" in told and "由 organizer 提出、程岫 确认" in told
    assert other.post(f"{address}/confirm").status_code in (400, 409)
    results = words(one.get("/admin/contests/xinghe/results?entry=04").text)
    assert "计算为第 4 名，裁定列第 3 名" in results
    minutes = words(one.get("/admin/contests/xinghe/rounds/final/minutes").text)
    assert f"裁定名次 3 · {WORDS} · 由 organizer 提出、程岫 确认" in minutes


def test_an_award_by_decision_and_back_to_the_computed_result(app, two):
    one, other = two
    propose(one, app, kind="award", award="first")
    other.post(f"{PAGE}/{last(app).public_id}/confirm")
    assert "一等奖" in words(other.get(PAGE).text).split("目前的名次")[1].split("05")[0]
    propose(one, app, kind="award", **{"as": "computed"})
    other.post(f"{PAGE}/{last(app).public_id}/confirm")
    told = words(other.get(PAGE).text)
    assert "撤销裁定，按规则授奖" in told and "后来改过" in told


def test_a_proposal_is_withdrawn(app, two):
    one, other = two
    propose(one, app)
    assert other.post(f"{PAGE}/{last(app).public_id}/withdraw").status_code == 303
    assert "等待确认的裁定" not in one.get(PAGE).text


@pytest.mark.parametrize(("form", "said"), [
    ({"reason": ""}, "原因"),
    ({"place": ""}, "请填写 1 到 9999 的整数"),
    ({"place": "0"}, "请填写 1 到 9999 的整数"),
    ({"as": "computed"}, "没有"),
])  # fmt: skip
def test_what_is_missing_is_said_on_the_page_and_what_was_typed_stays(app, two, form, said):
    answer = propose(two[0], app, **form)
    assert answer.status_code == 422 and said in answer.text and last(app) is None


@pytest.mark.parametrize("form", [
    {"kind": "score"}, {"kind": "award", "award": "best"}, {"entry": "unknown"}, {"round": "semi"}, {"entry": ""},
])  # fmt: skip
def test_nonsense_is_refused_without_a_fault(app, two, form):
    assert propose(two[0], app, **form).status_code in (303, 400, 404, 422)
    assert last(app) is None or form.get("kind") == "score"


def test_alone_in_an_office_of_one(app):
    client = make(app, judged())
    with app.app_context(), writing() as db:
        queries.contest_by_slug(db, "xinghe").one_person = True
    assert propose(client, app).status_code == 303
    assert "一人办公：由 organizer 单独裁定" in words(client.get(PAGE).text)


@pytest.mark.parametrize("state", [RoundState.JUDGING, RoundState.OPEN])
def test_before_the_round_is_locked_the_page_says_so_and_refuses(app, state):
    client = make(app, judged(), RULES, state)
    assert "轮次锁定之后、封存之前" in client.get(PAGE).text
    answer = propose(client, app)
    assert answer.status_code == 422 and "还没有锁定" in answer.text


@pytest.mark.parametrize("role", [Role.CHIEF, Role.SCOREKEEPER, Role.SUPERVISOR])
def test_nobody_else_decides(app, two, role):
    client = builders.client_of(app, builders.make_account(app, "else", role, contest="xinghe"))
    assert client.get(PAGE).status_code == (200 if role is Role.CHIEF else 403)
    assert propose(client, app).status_code == 403
