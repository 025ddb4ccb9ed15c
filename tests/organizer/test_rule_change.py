"""The page of a rule change: a file becomes the draft, one person proposes it, another confirms it; all versions."""

from __future__ import annotations

import io
import re

import pytest
from sqlalchemy import select

from contest import drafting, queries, settling, showing
from contest.ledger import SYSTEM
from contest.models import Role, RoundState, RuleChange
from tests import builders
from tests.amended import ALL_COUNT, lowered
from web.db import reading, writing

PAGE = "/admin/contests/xinghe/rubric/change"
SCRIPT = {"Accept": "application/json"}
WORDS = "通知写的是全部评委平均"


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


@pytest.fixture
def two(app, final):
    """Two organizers' browsers; 01 leads by its dropped low sheet, 02 is second, both are out."""
    first, second, _third = builders.appearances(app)
    builders.give_sheets(app, first, seats=range(1, 7), content="27.00")
    builders.give_sheets(app, first, seats=[7], content="10.00")
    builders.give_sheets(app, second, content="26.00")
    with app.app_context(), writing() as db:
        contest = queries.contest_by_slug(db, final)
        for each in (first, second):
            found = queries.appearance_of(db, contest, each)
            showing.release(db, contest, appearance=found, by=SYSTEM, now=builders.NOW)
    return tuple(
        builders.client_of(app, builders.make_account(app, name, Role.ORGANIZER, contest=final, name=shown))
        for name, shown in (("one", "江晚"), ("two", "程岫"))
    )


def seen(client) -> str:
    found = re.search(r'name="seen" value="([^"]*)"', client.get(PAGE).text)
    return found[1] if found else ""


def upload(client, data: bytes, **form):
    form = {"seen": seen(client)} | form
    return client.post(f"{PAGE}/file", data={"file": (io.BytesIO(data), "rules.toml"), **form})


def propose(client, reason: str = WORDS, **form):
    return client.post(PAGE, data={"reason": reason, "seen": seen(client)} | form)


def change(app) -> RuleChange | None:
    with app.app_context(), reading() as db:
        return db.scalars(select(RuleChange).order_by(RuleChange.id.desc())).first()


def version(app) -> int:
    with app.app_context(), reading() as db:
        return queries.rule_version(db, queries.contest_by_slug(db, "xinghe")).number


def test_a_file_is_looked_at_proposed_and_confirmed_by_a_second_person(app, two):
    one, other = two
    assert "没有要启用的修改" in one.get(PAGE).text
    assert upload(one, ALL_COUNT).status_code == 303
    page = words(one.get(PAGE).text)
    assert "决赛：去 1 高 1 低 → 去 0 高 0 低" in page
    assert "02 周以宁 2 1" in page and "01 沈知遥 1 2" in page
    assert "其中 2 个成绩已经发布" in page or "其中 1 个成绩已经发布" in page
    assert "drop_high = 0" in page
    assert propose(one).status_code == 303
    made = change(app)
    page = one.get(PAGE).text
    assert "您已提出，不能自己确认" in page and f"{made.public_id}/confirm" not in page
    assert one.post(f"{PAGE}/{made.public_id}/confirm", headers=SCRIPT).json["error"]["code"] == "second_person_needed"
    assert version(app) == 1
    assert f"{made.public_id}/confirm" in other.get(PAGE).text
    assert other.post(f"{PAGE}/{made.public_id}/confirm").status_code == 303
    assert version(app) == 2
    rows = app.test_client().get("/contests/xinghe/board.json").json["rounds"][0]["rows"]
    assert [row["entry"] for row in rows] == ["02", "01"]
    page = words(other.get(PAGE).text)
    assert "由 江晚 提出、程岫 确认 · 2 个名次变化" in page and WORDS in page and "没有要启用的修改" in page
    again = other.post(f"{PAGE}/{made.public_id}/confirm", headers=SCRIPT)
    assert (again.status_code, again.json["error"]["code"], version(app)) == (409, "nothing_proposed", 2)


def test_the_minutes_name_version_people_reason_and_places(app, two):
    upload(two[0], ALL_COUNT)
    propose(two[0])
    two[1].post(f"{PAGE}/{change(app).public_id}/confirm")
    page = words(two[0].get("/admin/contests/xinghe/rounds/final/minutes").text)
    assert f"第 2 版 · 由 江晚 提出、程岫 确认 · 原因：{WORDS} · 本轮 2 个名次变化" in page
    english = words(two[0].get("/admin/contests/xinghe/rounds/final/minutes?lang=en").text)
    assert "2 places moved in this round" in english


def test_one_person_alone_is_named_as_such(app, two):
    with app.app_context(), writing() as db:
        settling.set_office(
            db, queries.contest_by_slug(db, "xinghe"), alone=True, by=SYSTEM, now=builders.NOW
        )
    upload(two[0], ALL_COUNT)
    assert "按下后新规则立刻启用" in two[0].get(PAGE).text
    propose(two[0])
    assert version(app) == 2
    assert "一人办公：由 江晚 单独修改" in words(two[0].get(PAGE).text)
    assert "一人办公：由 江晚 单独修改" in words(two[0].get("/admin/contests/xinghe/rounds/final/minutes").text)


def test_a_reason_is_asked_for_beside_its_field(app, two):
    upload(two[0], ALL_COUNT)
    refused = propose(two[0], "  ")
    assert refused.status_code == 422 and "请写明原因" in refused.text
    assert propose(two[0], "长" * 501).status_code == 422
    assert change(app) is None


def test_a_withdrawn_proposal_leaves_the_draft(app, two):
    upload(two[0], ALL_COUNT)
    propose(two[0])
    made = change(app)
    assert two[0].post(PAGE, data={"reason": WORDS}, headers=SCRIPT).status_code == 409
    assert two[1].post(f"{PAGE}/{made.public_id}/withdraw").status_code == 303
    assert two[1].post(f"{PAGE}/{made.public_id}/withdraw", headers=SCRIPT).status_code == 409
    assert "提出修改" in two[1].get(PAGE).text
    assert version(app) == 1


def test_what_does_not_fit_is_listed_and_cannot_be_proposed(app, two):
    upload(two[0], lowered(b"26.5").data)
    page = words(two[0].get(PAGE).text)
    assert "决赛第 01 号，第 1 席「内容陈述」27.00 分，高于新的满分 26.5。" in page
    assert "现在还不能提出" in page
    refused = two[0].post(PAGE, data={"reason": WORDS, "seen": seen(two[0])}, headers=SCRIPT)
    assert (refused.status_code, refused.json["error"]["code"]) == (409, "rules_unfit")
    assert "above the new maximum 26.5" in words(two[0].get(f"{PAGE}?lang=en").text)


def test_a_sealed_round_is_named(app, two):
    with app.app_context(), writing() as db:
        queries.round_of(db, queries.contest_by_slug(db, "xinghe"), "final").state = RoundState.SEALED
    upload(two[0], ALL_COUNT)
    page = words(two[0].get(PAGE).text)
    assert "「决赛」已经封存" in page and "02 周以宁" in page
    assert two[0].post(PAGE, data={"reason": WORDS, "seen": seen(two[0])}, headers=SCRIPT).status_code == 409


def test_a_draft_that_was_saved_again_meanwhile_is_not_proposed(app, two):
    upload(two[0], ALL_COUNT)
    old = seen(two[0])
    upload(two[1], ALL_COUNT + b"\n# more\n")
    refused = two[0].post(PAGE, data={"reason": WORDS, "seen": old}, headers=SCRIPT)
    assert (refused.status_code, refused.json["error"]["code"]) == (409, "draft_moved")
    assert upload(two[0], ALL_COUNT, seen=old).status_code == 422


@pytest.mark.parametrize("data", [b"", b"\xff\xfe", b"format = 2", b"x" * 200_000, b"[rounds]", b"\x00"])
def test_a_file_that_is_no_rule_file_is_refused_beside_its_field(app, two, data):
    refused = upload(two[0], data)
    assert refused.status_code == 422 and 'id="file-error"' in refused.text
    with app.app_context(), reading() as db:
        assert drafting.read_draft(db, queries.contest_by_slug(db, "xinghe")) is None


def test_no_file_at_all_is_refused_too(two):
    assert two[0].post(f"{PAGE}/file", data={}).status_code == 422
    assert two[0].post(PAGE, data={"reason": WORDS}, headers=SCRIPT).json["error"]["code"] == "nothing_proposed"
    assert two[0].post(f"{PAGE}/unknown/confirm", headers=SCRIPT).status_code == 404


def test_every_version_can_be_downloaded_as_it_counted(app, two):
    file = two[0].get("/admin/contests/xinghe/rubric/versions/1.toml")
    assert (file.data, file.mimetype) == (builders.RULES, "application/toml")
    assert "attachment" in file.headers["Content-Disposition"]
    assert two[0].get("/admin/contests/xinghe/rubric/versions/2.toml").status_code == 404


@pytest.mark.parametrize("role, page, acts", [
    (Role.CHIEF, 200, 403), (Role.SUPERVISOR, 200, 403), (Role.STEWARD, 403, 403), (None, 404, 404),
])  # fmt: skip
def test_who_may_read_and_who_may_propose(as_role, role, page, acts):
    client = as_role(role)
    assert client.get(PAGE).status_code == page
    assert client.get("/admin/contests/xinghe/rubric/versions/1.toml").status_code == page
    assert client.post(PAGE, data={"reason": WORDS}).status_code == acts
    assert client.post(f"{PAGE}/file").status_code == acts


def test_the_settings_lead_here_once_somebody_has_marked(two):
    assert PAGE in two[0].get("/admin/contests/xinghe/setup").text
    step = two[0].get("/admin/contests/xinghe/setup/rules").text
    assert PAGE in step and "修改评分规则" in step
    assert PAGE in two[0].get("/admin/contests/xinghe/rounds").text
