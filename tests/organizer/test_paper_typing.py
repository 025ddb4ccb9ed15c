"""Paper sheets: the form that a printed sheet's code opens, typed by one, confirmed by another, told as paper."""

from __future__ import annotations

import json
import re
import subprocess
from urllib.parse import urlencode

import pytest
from sqlalchemy import select

from contest import queries
from contest.models import Action, LedgerHead, LedgerRow, Role, RoundState, Sheet, SheetState
from tests import builders
from web.db import reading, writing

ROOM = "/admin/contests/xinghe"
FORM = f"{ROOM}/papers/final/typing"
MARKS = ("27.31", "26.10", "8.70", "25.90")


@pytest.fixture
def sitting(app, final):
    """The public id of the judge on seat 2."""
    with app.app_context(), reading() as db:
        first = queries.appearance_of(db, queries.contest_by_slug(db, final), builders.appearances(app)[0])
        return next(each.public_id for each in queries.sittings_for(db, first) if each.seat.number == 2)


@pytest.fixture
def keeper(app, final):
    return builders.client_of(app, builders.make_account(app, "keeper", Role.SCOREKEEPER, contest=final, name="记分甲"))


@pytest.fixture
def chief(app, final):
    return builders.client_of(app, builders.make_account(app, "chief", Role.CHIEF, contest=final, name="裁判乙"))


def typed(sitting, appearance, marks=MARKS):
    return {f"{sitting}.{appearance}.{name}": mark for name, mark in zip(builders.CRITERIA, marks, strict=True)}


def sheets(app):
    with app.app_context(), reading() as db:
        return [each.state for each in db.scalars(select(Sheet))]


def test_a_printed_sheets_codes_open_its_own_form_and_every_sheet_says_the_ledgers_head(
    app, final, as_role, sitting, monkeypatch
):
    printed = []
    monkeypatch.setattr("web.paper.page.qr.modules", lambda address: printed.append(address) or [[True]])
    organizer = as_role(Role.ORGANIZER)
    with app.app_context(), reading() as db:
        head = db.scalars(select(LedgerHead)).one()
        said = f"打印时台账共{head.seq}行，最新摘要{head.hash}"
    for query in ("", "?by=contestant", "?filled=1", "?by=contestant&filled=1"):
        pdf = organizer.get(f"{ROOM}/papers/final/marks.pdf{query}").data
        done = subprocess.run(["pdftotext", "-raw", "-", "-"], input=pdf, capture_output=True, check=True)
        pages = done.stdout.decode().split("\f")[:-1]
        assert len(pages) in (7, 3)
        assert [said in re.sub(r"\s+", "", page) for page in pages] == [True] * len(pages)
    paths = {address.removeprefix("http://localhost") for address in printed}
    assert f"{FORM}?{urlencode({'seat': sitting, 'page': 1})}" in paths
    assert f"{FORM}?{urlencode({'appearance': builders.appearances(app)[1]})}" in paths
    assert len(paths) == 10
    keeper = as_role(Role.SCOREKEEPER)
    assert [keeper.get(path).status_code for path in sorted(paths)] == [200] * 10


def test_one_types_and_another_confirms_who_sees_every_mark_and_can_change_none(app, final, keeper, chief, sitting):
    first = builders.appearances(app)[0]
    answer = keeper.post(f"{FORM}?seat={sitting}", data=typed(sitting, first))
    assert (answer.status_code, sheets(app)) == (303, [])
    batch = answer.location
    assert keeper.post(f"{batch}/import").status_code == 409
    assert "等待确认" in chief.get(f"{ROOM}/paper-marks").text
    page = chief.get(batch).text
    assert "内容陈述 27.31 · 表达效果 26.10 · 整体形象 8.70 · 随机命题 25.90" in page
    assert "<b>88.01</b>" in page
    assert "<input" not in re.sub(r'<input type="hidden"[^>]*>', "", page[page.index('id="ready-title"') :])
    assert chief.post(f"{batch}/import").status_code == 303
    assert chief.post(f"{batch}/import").status_code == 303
    assert sheets(app) == [SheetState.SUBMITTED]
    assert "27.31" not in chief.get(batch).text
    with app.app_context(), reading() as db:
        row = db.scalars(select(LedgerRow).where(LedgerRow.action == Action.SHEET_SUBMITTED)).one()
        paper = json.loads(row.payload)["paper"]
        assert paper["typed"].startswith("account:")
        assert row.actor.startswith("account:")
        assert paper["typed"] != row.actor


def test_the_record_and_the_minutes_say_that_it_was_paper_and_who_typed_and_confirmed_it(
    app, final, keeper, chief, sitting
):
    first = builders.appearances(app)[0]
    batch = keeper.post(f"{FORM}?appearance={first}", data=typed(sitting, first)).location
    chief.post(f"{batch}/import")
    record = chief.get(f"{ROOM}/audit?kind=marks").text
    assert "第 01 号纸质评分已录入" in record
    assert "纸质：记分甲 录入，裁判乙 确认" in record
    minutes = chief.get(f"{ROOM}/rounds/final/minutes").text
    assert "其中纸质评分录入 1 份" in minutes
    assert "第 01 号 第 2 席 · 记分甲 录入，裁判乙 确认" in minutes
    assert "27.31" not in record + minutes
    chief.post(f"{batch}/undo")
    assert "其中纸质评分录入" not in chief.get(f"{ROOM}/rounds/final/minutes").text


def test_what_differs_from_the_paper_is_sent_back_and_counts_for_nothing(app, final, keeper, chief, sitting):
    first = builders.appearances(app)[0]
    batch = keeper.post(f"{FORM}?seat={sitting}", data=typed(sitting, first)).location
    assert [chief.post(f"{batch}/decline").status_code for _twice in range(2)] == [303, 303]
    assert chief.post(f"{batch}/import").status_code == 303
    assert sheets(app) == []
    assert "退回重录，没有计入" in keeper.get(batch).text
    assert "已退回重录" in keeper.get(f"{ROOM}/paper-marks").text
    again = keeper.post(f"{FORM}?seat={sitting}", data=typed(sitting, first)).location
    chief.post(f"{again}/import")
    assert chief.post(f"{again}/decline").status_code == 303
    assert sheets(app) == [SheetState.SUBMITTED]


def test_what_is_typed_wrong_is_said_at_its_field_and_stays_as_typed(app, final, keeper, sitting):
    first = builders.appearances(app)[0]
    answer = keeper.post(f"{FORM}?seat={sitting}", data=typed(sitting, first, ("99", "26.1", "", "<b>")))
    assert answer.status_code == 422
    assert answer.text.count("aria-invalid") == 3
    assert 'value="99"' in answer.text
    assert 'value="&lt;b&gt;"' in answer.text
    assert "还没有填任何分数" in keeper.post(f"{FORM}?seat={sitting}", data={}).text
    assert keeper.post(f"{FORM}?seat={sitting}", data={}).status_code == 422


def test_a_sheet_that_is_in_is_not_asked_for_again_and_shows_no_mark(app, final, keeper, sitting):
    first = builders.appearances(app)[0]
    builders.give_sheets(app, first, seats=[2], content="27.31")
    page = keeper.get(f"{FORM}?seat={sitting}").text
    assert ("已提交" in page, "27.31" in page, f"{sitting}.{first}." in page) == (True, False, False)
    assert keeper.post(f"{FORM}?seat={sitting}", data=typed(sitting, first)).status_code == 422


def test_a_form_that_there_is_not_a_round_that_is_not_judged_and_a_wrong_role(app, final, keeper, sitting, as_role):
    for query in ("?seat=nobody", f"?seat={sitting}&page=9", "?appearance=none"):
        assert keeper.get(f"{FORM}{query}").status_code == 404, query
        assert keeper.post(f"{FORM}{query}").status_code == 404, query
    assert keeper.post(FORM).status_code == 404
    assert keeper.get(f"{FORM}?seat={sitting}&page=x").status_code == 200
    assert f'href="{FORM}"' in keeper.get(f"{ROOM}/paper-marks").text
    assert f"{FORM}?seat={sitting}&amp;page=1" in keeper.get(FORM).text
    for role in (Role.ORGANIZER, Role.SUPERVISOR, Role.TIMER):
        assert as_role(role).get(f"{FORM}?seat={sitting}").status_code == 403
    with app.app_context(), writing() as db:
        queries.round_of(db, queries.contest_by_slug(db, final), "final").state = RoundState.LOCKED
    first = builders.appearances(app)[0]
    assert "本轮现在不在评分" in keeper.get(f"{FORM}?seat={sitting}").text
    assert "本轮现在不在评分" in keeper.get(FORM).text
    assert keeper.post(f"{FORM}?seat={sitting}", data=typed(sitting, first)).status_code == 422
