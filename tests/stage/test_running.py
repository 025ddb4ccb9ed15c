"""The routes of calls, clock, checks, scenes, releases and seats: what each does, by whom, twice, with bad input."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from contest import queries
from contest.models import Adjustment, ClockPress, ReleaseMode, Role, Stage
from tests import builders
from web.db import reading, writing

SCRIPT = {"Accept": "application/json"}


@pytest.fixture
def desk(as_role):
    """The desk of a chief judge: every button."""
    return as_role(Role.CHIEF)


@pytest.fixture
def order(app: Flask, final: str) -> list[str]:
    """The appearances in running order."""
    return builders.appearances(app)


def press(client, path: str, **sent: str):
    return client.post(f"/ops/xinghe/{path}", data=sent, headers=SCRIPT)


def state(app: Flask, public_id: str):
    with app.app_context(), reading() as db:
        found = queries.appearance_of(db, queries.contest_by_slug(db, "xinghe"), public_id)
        return found.status.value, found.calls, found.position


def count(app: Flask, table) -> int:
    with app.app_context(), reading() as db:
        return db.scalar(select(func.count()).select_from(table))


def mode(app: Flask, chosen: ReleaseMode) -> None:
    with app.app_context(), writing() as db:
        queries.contest_by_slug(db, "xinghe").release_mode = chosen


def test_a_caller_marks_calls_and_takes_back_on_a_page_of_their_own(app, as_role, order):
    caller = as_role(Role.CALLER)
    page = caller.get("/ops/xinghe/call").text
    assert [number in page for number in ("01", "02", "03")] == [True] * 3
    marked = press(caller, "marks", appearance=order[1], status="standby")
    assert marked.json["undo"]["fields"] == {"appearance": order[1], "status": "waiting"}
    for _ in range(2):
        assert press(caller, "calls", appearance=order[0], nth="1").status_code == 200
    assert (state(app, order[1])[0], state(app, order[0])[1]) == ("standby", 1)
    assert "已呼叫 1 次" in caller.get("/ops/xinghe/call?parts=1").text
    press(caller, "calls/undo", appearance=order[0], nth="1")
    assert state(app, order[0])[1] == 0
    back = caller.post("/ops/xinghe/call", data={"appearance": order[0], "page": "call"})
    assert (back.status_code, back.location) == (303, "/ops/xinghe/call")


def test_three_calls_in_vain_lead_to_the_end_or_to_a_withdrawal_that_can_be_undone(app, as_role, order):
    caller = as_role(Role.CALLER)
    for public_id in order[:2]:
        for nth in ("1", "2", "3"):
            press(caller, "calls", appearance=public_id, nth=nth)
    assert caller.get("/ops/xinghe/call").text.count("记弃权") == 2
    assert press(caller, "absent/end", appearance=order[0], reason=" ").status_code == 422
    assert press(caller, "absent/end", appearance=order[0], reason="三次呼叫未到").status_code == 200
    assert state(app, order[0]) == ("waiting", 0, 4)
    gone = press(caller, "absent/withdraw", appearance=order[1], reason="三次呼叫未到")
    assert press(caller, "absent/withdraw", appearance=order[1], reason="三次呼叫未到").status_code == 409
    assert re.findall(r'caller__number num">(\d+)', caller.get("/ops/xinghe/call").text) == ["03", "01"]
    assert caller.post(gone.json["undo"]["url"], data=gone.json["undo"]["fields"], headers=SCRIPT).status_code == 200
    assert "02" in re.findall(r'caller__number num">(\d+)', caller.get("/ops/xinghe/call").text)


def test_the_timer_starts_stops_and_undoes_and_one_press_counts_once(app, as_role, desk, order):
    press(desk, "call", appearance=order[0])
    timer = as_role(Role.TIMER)
    sent = {"appearance": order[0], "segment": "time_own", "act": "start", "press": str(uuid.uuid4())}
    answers = [press(timer, "clock", **sent) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert count(app, ClockPress) == 1
    assert "计时中" in timer.get("/ops/xinghe/parts").text
    undo = answers[0].json["undo"]
    for _ in range(2):
        assert timer.post(undo["url"], data=undo["fields"], headers=SCRIPT).status_code == 200
    assert "计时中" not in timer.get("/ops/xinghe/parts").text
    frame = desk.get("/ops/xinghe/frame.json").json
    assert (frame["clock"]["parts"][0]["since"], frame["clock"]["parts"][0]["pressed"]) == (None, False)


def test_a_press_without_an_id_of_its_own_counts_each_time(app, desk, order):
    press(desk, "call", appearance=order[0])
    sent = {"appearance": order[0], "segment": "time_own", "press": " \n "}
    assert [press(desk, "clock", act=act, **sent).status_code for act in ("start", "pause")] == [200, 200]


@pytest.mark.parametrize("changed, code", [
    ({"segment": "quiz"}, "malformed"), ({"segment": ""}, "malformed"), ({"act": "stop"}, "malformed"),
    ({"press": "twice"}, "malformed"), ({"appearance": "unknown"}, "not_found"), ({"appearance": ""}, "malformed"),
])  # fmt: skip
def test_a_press_that_means_nothing_is_refused(app, desk, order, changed, code):
    press(desk, "call", appearance=order[0])
    sent = {"appearance": order[0], "segment": "time_own", "act": "start", "press": str(uuid.uuid4())}
    assert press(desk, "clock", **(sent | changed)).json["error"]["code"] == code
    assert count(app, ClockPress) == 0


def time_talk(app: Flask, desk, public_id: str, seconds: int) -> None:
    """The first part of a talk as if it had taken so long."""
    for act in ("start", "pause"):
        press(desk, "clock", appearance=public_id, segment="time_own", act=act, press=str(uuid.uuid4()))
    with app.app_context(), writing() as db:
        start, stop = db.scalars(select(ClockPress).order_by(ClockPress.id)).all()
        start.at = stop.at - timedelta(seconds=seconds)


def test_the_scorekeeper_confirms_what_the_clock_proposes_once(app, as_role, desk, order):
    press(desk, "call", appearance=order[0])
    builders.give_sheets(app, order[0])
    time_talk(app, desk, order[0], 252)
    keeper = as_role(Role.SCOREKEEPER)
    assert "超 12 秒，建议 −2" in keeper.get("/ops/xinghe/parts").text
    refused = press(desk, "release", appearance=order[0])
    assert refused.json["error"]["message"] == "第 01 号计过时，记分员确认扣分后才能发布。"
    for _ in range(2):
        assert press(keeper, "check", appearance=order[0], deduct="y").status_code == 200
    with app.app_context(), reading() as db:
        entered = db.scalars(select(Adjustment)).all()
        assert [(each.kind, each.value, each.reason) for each in entered] == [("time_own", -2, "计时 4:12")]
    assert press(keeper, "check/undo", appearance=order[0]).status_code == 200
    assert press(desk, "release", appearance=order[0]).status_code == 409
    press(keeper, "check", appearance=order[0], deduct="y")
    assert count(app, Adjustment) == 1
    assert press(desk, "release", appearance=order[0]).status_code == 200
    assert desk.get("/contests/xinghe/frame.json").json["release"]["score"] == "85.50"


def test_right_and_wrong_answers_are_entered_question_by_question(app, desk, order):
    press(desk, "call", appearance=order[0])
    for value, reason in (("0", "第 1 题答对"), ("-1", "第 2 题答错")):
        assert "科技常识答错 −1" in desk.get("/ops/xinghe/parts").text
        press(desk, "adjustments", appearance=order[0], kind="quiz", value=value, reason=reason)
    page = desk.get("/ops/xinghe/parts").text
    assert ("科技常识答错 −1" in page, "第 1 题答对" in page, "第 2 题答错" in page) == (False, True, True)


def test_a_scene_is_prepared_and_taken_and_a_stale_take_says_what_changed(app, as_role, desk, order):
    operator = as_role(Role.OPERATOR)
    seen = re.search(r'name="seen" value="([^"]+)"', operator.get("/ops/xinghe").text)[1]
    press(operator, "preview", scene="ranking")
    assert desk.get("/ops/xinghe/frame.json").json["scene"]["name"] == "waiting"
    assert press(operator, "take", scene="ranking", seen=seen).status_code == 200
    assert desk.get("/ops/xinghe/frame.json").json["scene"]["name"] == "ranking"
    assert "接管并切到直播" in desk.get("/ops/xinghe").text
    stale = press(desk, "take", scene="pause", seen=seen)
    assert (stale.status_code, stale.json["error"]["code"]) == (409, "stage_moved")
    assert "operator切到「排名」" in stale.json["error"]["message"]
    assert press(desk, "take", scene="pause", seen="").status_code == 400
    assert press(desk, "scene", scene="black").status_code == 200
    refused = press(operator, "scene", scene="score")
    assert refused.json["error"]["code"] == "scene_not_ready"


def test_a_message_is_prepared_and_an_overlong_one_refused(app, desk):
    assert press(desk, "message", text="字" * 201).status_code == 422
    assert press(desk, "message", text="休息十分钟").status_code == 200
    assert "休息十分钟" not in desk.get("/contests/xinghe/frame.json").text
    with app.app_context(), reading() as db:
        seen = db.scalars(select(Stage)).one()
        assert (seen.prepared, seen.message) == ("休息十分钟", "")


def test_held_scores_are_opened_by_the_chief_alone(app, as_role, desk, order):
    mode(app, ReleaseMode.HELD)
    for public_id in order:
        press(desk, "call", appearance=public_id)
        builders.give_sheets(app, public_id)
    assert press(desk, "release", appearance=order[0]).json["error"]["code"] == "release_too_early"
    assert press(as_role(Role.SCOREKEEPER), "release/open", round="final").status_code == 403
    assert "确认公布全部 3 位" in desk.get("/ops/xinghe/parts").text
    assert press(desk, "release/open").status_code == 400
    assert press(desk, "release/open", round="final").json["message"] == "已公布 3 位的成绩。"
    assert desk.get("/contests/xinghe/frame.json").json["counts"]["released"] == 3


def test_one_behind_the_desk_says_why_it_waits(app, desk, order):
    mode(app, ReleaseMode.LAG_1)
    press(desk, "call", appearance=order[0])
    builders.give_sheets(app, order[0])
    assert "下一位上台后才能发布" in desk.get("/ops/xinghe/parts").text
    assert press(desk, "release", appearance=order[0]).status_code == 409
    press(desk, "call", appearance=order[1])
    assert f"lagging-{order[0]}" in desk.get("/ops/xinghe/parts").text
    assert press(desk, "release", appearance=order[0]).status_code == 200


def test_the_chief_takes_a_seat_off_and_puts_it_back(app, as_role, desk, order):
    press(desk, "call", appearance=order[0])
    builders.give_sheets(app, order[0], seats=[1, 2, 3, 4, 5, 7])
    with app.app_context(), reading() as db:
        found = queries.appearance_of(db, queries.contest_by_slug(db, "xinghe"), order[0])
        seat = queries.sittings_for(db, found)[5].seat.public_id
    sent = {"appearance": order[0], "seat": seat, "kind": "absent", "scope": "onwards", "reason": "突发不适"}
    assert press(as_role(Role.SCOREKEEPER), "seats/excuse", **sent).status_code == 403
    assert press(desk, "seats/excuse", **(sent | {"reason": ""})).status_code == 422
    assert press(desk, "seats/excuse", **(sent | {"kind": "zero"})).status_code == 400
    assert press(desk, "seats/excuse", **sent).status_code == 200
    assert "停评" in desk.get("/ops/xinghe/parts").text
    assert press(desk, "release", appearance=order[0]).status_code == 200
    back = {"appearance": order[1], "seat": seat, "scope": "this"}
    assert press(desk, "seats/restore", **back).status_code == 200


def test_the_mc_reads_the_released_score_and_never_one_that_is_not_out(app, as_role, desk, order):
    mc = as_role(Role.MC)
    assert "比赛即将开始" in mc.get("/ops/xinghe/mc").text
    press(desk, "call", appearance=order[0])
    builders.give_sheets(app, order[0])
    page = mc.get("/ops/xinghe/mc").text
    assert ("沈知遥" in page, "87.50" in page, "评委正在评分" in page) == (True, False, True)
    assert "87.50" not in mc.get("/ops/xinghe/beside/frame.json").text
    press(desk, "adjustments", appearance=order[0], kind="quiz", value="-1", reason="第 2 题答错")
    press(desk, "release", appearance=order[0])
    said = re.findall(r"<li[^>]*>([^<]+)</li>", mc.get("/ops/xinghe/mc?parts=1").text)
    assert said == [
        "去掉一个最高分 87.50 分", "去掉一个最低分 87.50 分", "平均分 87.50 分", "科技常识答错，扣 1.00 分",
        "最后得分 86.50 分", "目前排名第 1 名",
    ]  # fmt: skip


def test_whoever_meets_the_audience_is_not_let_to_the_desk_that_shows_results(as_role):
    for role in (Role.MC, Role.CALLER, Role.STEWARD):
        client = as_role(role)
        answers = [client.get(f"/ops/xinghe{path}").status_code for path in ("", "/parts", "/frame.json")]
        assert answers == [403] * 3, role


def test_the_server_tells_its_time_to_anybody(app):
    told = app.test_client().get("/time.json")
    assert (told.status_code, told.headers["Cache-Control"]) == (200, "no-store")
    assert told.json["now"] > 1_700_000_000_000
