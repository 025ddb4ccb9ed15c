"""The desk's buttons: what each does, what it does pressed twice, and what it says when it may not."""

from __future__ import annotations

import uuid

import pytest
from flask import Flask
from sqlalchemy import func, select

from contest import queries
from contest.models import Adjustment, LedgerRow, Message, Role, RoundState, Sheet, Stage
from tests import builders, tablets
from web.db import reading, writing

SCRIPT = {"Accept": "application/json"}


@pytest.fixture
def desk(as_role):
    """The desk of a chief judge: every button."""
    return as_role(Role.CHIEF)


@pytest.fixture
def first(app: Flask, final: str) -> str:
    """The first appearance, on stage nowhere yet."""
    return builders.appearances(app)[0]


def frame(client) -> dict:
    return client.get("/ops/xinghe/frame.json").json


def rows(app: Flask) -> int:
    with app.app_context(), reading() as db:
        return db.scalar(select(func.count()).select_from(LedgerRow))


def adjust(client, appearance: str, **changed: str):
    sent = {"appearance": appearance, "kind": "quiz", "value": "-1", "reason": "答错一题", "press": str(uuid.uuid4())}
    return client.post("/ops/xinghe/adjustments", data=sent | changed, headers=SCRIPT)


def test_a_call_brings_the_appearance_on_stage_and_leads_back_to_the_desk(desk, first):
    answer = desk.post("/ops/xinghe/call", data={"appearance": first})
    assert (answer.status_code, answer.location) == (303, "/ops/xinghe")
    assert (frame(desk)["now"]["appearance"], frame(desk)["scene"]["name"]) == (first, "contestant")


def test_a_second_press_of_call_changes_nothing(desk, first):
    desk.post("/ops/xinghe/call", data={"appearance": first})
    before = frame(desk)
    desk.post("/ops/xinghe/call", data={"appearance": first})
    assert frame(desk) == before


def test_scripts_get_a_sentence_instead_of_a_page(desk, first):
    answer = desk.post("/ops/xinghe/call", data={"appearance": first}, headers=SCRIPT)
    assert (answer.status_code, answer.json) == (200, {"message": "第 01 号已上台。"})
    refused = desk.post("/ops/xinghe/release", data={"appearance": first}, headers=SCRIPT)
    assert (refused.status_code, refused.json["error"]) == (
        409, {"code": "sheets_missing", "message": "还差第 1、2、3、4、5、6、7 席没有提交，交齐后才能发布。"}
    )  # fmt: skip


def test_outside_judging_nobody_is_called_and_nothing_is_released(app, desk, first):
    with app.app_context(), writing() as db:
        queries.round_of(db, queries.contest_by_slug(db, "xinghe"), "final").state = RoundState.LOCKED
    for path in ("call", "release"):
        refused = desk.post(f"/ops/xinghe/{path}", data={"appearance": first}, headers=SCRIPT)
        assert (refused.status_code, refused.json["error"]["code"]) == (409, "round_not_judging")


def test_a_chosen_scene_stays_until_the_screen_follows_by_itself_again(app, desk, first):
    desk.post("/ops/xinghe/scene", data={"scene": "ranking"})
    desk.post("/ops/xinghe/call", data={"appearance": first})
    assert frame(desk)["scene"]["name"] == "ranking"
    desk.post("/ops/xinghe/scene", data={"scene": "auto"})
    assert (frame(desk)["scene"]["name"], frame(desk)["scene"]["auto"]) == ("contestant", True)


@pytest.mark.parametrize("path, data", [
    ("call", {}), ("scene", {"scene": "fireworks"}), ("scene", {}), ("release", {"appearance": "\x00"}),
    ("adjustments", {"kind": "quiz", "value": "-1"}), ("strays/a.b/decision", {"decision": "perhaps"}),
    ("sheets/return", {"reason": "x"}), ("release/withdraw", {"note": "x"}),
])  # fmt: skip
def test_a_form_that_does_not_fit_is_refused_and_changes_nothing(app, desk, path, data):
    before = rows(app)
    refused = desk.post(f"/ops/xinghe/{path}", data=data, headers=SCRIPT)
    assert (refused.status_code, refused.json["error"]["code"], rows(app)) == (400, "malformed", before)


def test_a_value_of_a_declared_kind_is_entered_once_however_often_it_is_sent(app, desk, first):
    press = str(uuid.uuid4())
    for _ in range(2):
        assert adjust(desk, first, press=press).status_code == 200
    with app.app_context(), reading() as db:
        found = db.scalars(select(Adjustment)).all()
    assert [(each.kind, str(each.value), each.reason) for each in found] == [("quiz", "-1", "答错一题")]


def test_the_same_press_for_two_appearances_counts_for_each(app, desk):
    press, both = str(uuid.uuid4()), builders.appearances(app)[:2]
    assert [adjust(desk, each, press=press).status_code for each in both] == [200, 200]
    with app.app_context(), reading() as db:
        assert db.scalar(select(func.count()).select_from(Adjustment)) == 2


@pytest.mark.parametrize("changed, code, status", [
    ({"value": "-3"}, "adjustment_refused", 422), ({"value": "-0.5"}, "adjustment_refused", 422),
    ({"value": "two"}, "adjustment_refused", 422), ({"value": ""}, "adjustment_refused", 422),
    ({"kind": "beauty"}, "adjustment_refused", 422), ({"reason": " "}, "reason_missing", 422),
    ({"press": "again"}, "malformed", 400),
])  # fmt: skip
def test_a_value_that_does_not_fit_is_refused_with_a_sentence(app, desk, first, changed, code, status):
    refused = adjust(desk, first, **changed)
    assert (refused.status_code, refused.json["error"]["code"]) == (status, code)
    assert refused.json["error"]["message"]
    with app.app_context(), reading() as db:
        assert db.scalar(select(func.count()).select_from(Adjustment)) == 0


def test_an_undone_value_stays_in_the_ledger_and_no_longer_counts(app, desk, first):
    adjust(desk, first)
    with app.app_context(), reading() as db:
        entered = db.scalars(select(Adjustment)).one().public_id
    before = rows(app)
    for _ in range(2):
        assert desk.post(f"/ops/xinghe/adjustments/{entered}/cancel", headers=SCRIPT).status_code == 200
    assert rows(app) == before + 1
    assert desk.post("/ops/xinghe/adjustments/unknown/cancel", headers=SCRIPT).status_code == 404


def test_a_release_shows_the_score_to_everybody_and_a_second_press_changes_nothing(app, desk, first):
    desk.post("/ops/xinghe/call", data={"appearance": first})
    builders.give_sheets(app, first)
    for _ in range(2):
        assert desk.post("/ops/xinghe/release", data={"appearance": first}).status_code == 303
    public = desk.get("/contests/xinghe/frame.json").json
    assert (public["release"]["score"], public["counts"]["released"], public["scene"]["name"]) == ("87.50", 1, "score")


def test_a_release_is_taken_back_with_a_note_that_the_public_reads(app, desk, first):
    builders.give_sheets(app, first)
    desk.post("/ops/xinghe/release", data={"appearance": first})
    silent = desk.post("/ops/xinghe/release/withdraw", data={"appearance": first, "note": " "}, headers=SCRIPT)
    assert (silent.status_code, silent.json["error"]["code"]) == (422, "reason_missing")
    taken = desk.post("/ops/xinghe/release/withdraw", data={"appearance": first, "note": "计分有误"}, headers=SCRIPT)
    assert taken.status_code == 200
    assert desk.get("/contests/xinghe/frame.json").json["counts"]["released"] == 0
    again = desk.post("/ops/xinghe/release/withdraw", data={"appearance": first, "note": "计分有误"}, headers=SCRIPT)
    assert (again.status_code, again.json["error"]["code"]) == (409, "not_released")


def test_a_sheet_goes_back_to_its_judge_and_the_release_waits_for_it(app, desk, first):
    builders.give_sheets(app, first)
    with app.app_context(), reading() as db:
        found = queries.appearance_of(db, queries.contest_by_slug(db, "xinghe"), first)
        seat = queries.sittings_for(db, found)[3].seat.public_id
    sent = {"appearance": first, "seat": seat, "reason": "漏评"}
    assert desk.post("/ops/xinghe/sheets/return", data=sent, headers=SCRIPT).status_code == 200
    refused = desk.post("/ops/xinghe/release", data={"appearance": first}, headers=SCRIPT)
    assert refused.json["error"]["message"] == "还差第 4 席没有提交，交齐后才能发布。"
    again = desk.post("/ops/xinghe/sheets/return", data=sent, headers=SCRIPT)
    assert (again.status_code, again.json["error"]["code"]) == (409, "sheet_not_submitted")


def test_a_stray_that_the_chief_accepts_completes_the_panel(app, desk, first):
    with app.app_context(), writing() as db:
        contest = queries.contest_by_slug(db, "xinghe")
        queries.round_of(db, contest, "final").state = RoundState.LOCKED
        tablets.sit(db, contest, 1).submit(queries.appearance_of(db, contest, first))
        queries.round_of(db, contest, "final").state = RoundState.JUDGING
        stray = db.scalars(select(Message)).one()
        address = f"/ops/xinghe/strays/{stray.sitting.public_id}.{stray.uid}/decision"
    builders.give_sheets(app, first, seats=[2, 3, 4, 5, 6, 7])
    assert "待定评分" in desk.get("/ops/xinghe").text
    for _ in range(2):
        taken = desk.post(address, data={"decision": "accept", "reason": "评委确认"}, headers=SCRIPT)
        assert taken.status_code == 200
    assert desk.post("/ops/xinghe/release", data={"appearance": first}, headers=SCRIPT).status_code == 200
    with app.app_context(), reading() as db:
        assert db.scalar(select(func.count()).select_from(Sheet)) == 7


def test_the_wrong_role_changes_nothing(app, as_role, first):
    watcher = as_role(Role.SUPERVISOR)
    before = rows(app)
    for path in ("call", "scene", "adjustments", "release", "release/withdraw", "sheets/return", "strays/a/decision"):
        refused = watcher.post(f"/ops/xinghe/{path}", data={"appearance": first}, headers=SCRIPT)
        assert (path, refused.status_code, refused.json["error"]["code"]) == (path, 403, "not_permitted")
    with app.app_context(), reading() as db:
        assert (rows(app), db.scalars(select(Stage)).one().appearance_id) == (before, None)
