"""The record: who reads it, what each change was before and after, what stays hidden."""

from __future__ import annotations

import re

from sqlalchemy import select

from contest import (
    correcting,
    excusing,
    judging,
    ordering,
    overruling,
    paneling,
    queries,
    reviewing,
    settling,
    showing,
)  # fmt: skip
from contest.models import Account, Action, Decides, LedgerRow, ReleaseMode, Role, RoundState, RulingKind
from organizer import audit_lines
from tests import builders
from tests.fixtures_record import ROOM, lines, seat
from web.changes import KINDS, kind_words, sentence
from web.db import reading


def test_the_supervisor_the_chief_and_the_organizer_read_it_and_nobody_else(app, final, as_role):
    for role in Role:
        allowed = role in (Role.SUPERVISOR, Role.CHIEF, Role.ORGANIZER)
        client = as_role(role)
        for part in ("", "/minutes", "/record.csv", "/record.xlsx", "/proof"):
            assert client.get(f"{ROOM}{part}").status_code == (200 if allowed else 403), (role, part)
        assert client.post(ROOM).status_code == 405
        assert (f'href="{ROOM}"' in client.get("/admin/contests/xinghe").text) == allowed, role
    assert builders.client_of(app).get(ROOM, headers={"Accept": "text/html"}).status_code == 302


def test_every_action_is_of_one_kind_and_has_a_sentence_in_both_languages(app, final):
    assert sorted(each.value for kind in KINDS.values() for each in kind) == sorted(each.value for each in Action)
    with app.test_request_context("/"):
        assert kind_words().keys() == KINDS.keys()
    with app.app_context(), reading() as db:
        contest = queries.contest_by_slug(db, final)
        rules = queries.rules_of(queries.rule_version(db, contest))
        row = db.scalars(select(LedgerRow)).first()
        record = audit_lines.changes.read(db, contest, [row])
    for lang in ("zh", "en"):
        with app.test_request_context(f"/?lang={lang}"):
            for action in Action:
                said = sentence(record.changes[0].__class__(
                    **{**vars(record.changes[0]), "action": action, "payload": {}}
                ), rules)  # fmt: skip
                assert said
                assert bool(re.search("[\u4e00-\u9fff]", said)) == (lang == "zh"), (lang, said)


def test_marks_are_shown_once_the_score_is_out_and_hidden_again_when_it_is_withdrawn(app, final, supervisor, act):
    first = builders.appearances(app)[0]
    builders.give_sheets(app, first, content="27.31")
    page = supervisor.get(ROOM).text
    assert ("第 01 号评分已提交" in page, "成绩发布后才显示" in page, "27.31" in page) == (True, True, False)
    act(lambda db, contest, appearance, how: showing.release(db, contest, appearance=appearance, **how))
    assert "内容陈述 27.31，表达效果 26.00" in supervisor.get(ROOM).text
    act(lambda db, contest, appearance, how: showing.withdraw_release(
        db, contest, appearance=appearance, note="读错了分", **how
    ))  # fmt: skip
    page = supervisor.get(ROOM)
    assert "27.31" not in page.text
    newest = lines(page)[0]
    assert "赵总裁 总裁判" in newest
    assert "撤回第 01 号成绩 决赛 · 01 · 沈知遥 成绩 已发布 → 未发布 读错了分" in newest


def test_a_returned_sheet_shows_what_it_said_and_what_came_in_its_place(app, final, supervisor, act):
    first = builders.appearances(app)[0]
    builders.give_sheets(app, first, content="27.00")
    act(lambda db, contest, appearance, how: correcting.return_sheet(
        db, contest, appearance=appearance, reason="填错一行", **how,
        seat=seat(db, contest, appearance, 3).seat.public_id,
    ))  # fmt: skip

    def again(db, contest, appearance, how):
        sheet = queries.sheets_of(db, appearance)[seat(db, contest, appearance, 3).id]
        judging.write_marks(db, sheet, {mark.criterion: mark.value - 1 for mark in sheet.marks})
        judging.submit(db, contest, sheet=sheet, version=queries.rule_version(db, contest), **how)
        showing.release(db, contest, appearance=appearance, **how)

    act(again)
    found = lines(supervisor.get(f"{ROOM}?kind=marks"))
    assert "内容陈述 27.00，表达效果 26.00，整体形象 8.50，随机命题 26.00 → 内容陈述 26.00" in found[0]
    assert "退回第 01 号的一张评分表 决赛 · 01 · 沈知遥 · 第 3 席" in found[1]
    assert found[1].endswith("内容陈述 27.00，表达效果 26.00，整体形象 8.50，随机命题 26.00 → 无 填错一行")


def test_what_was_cancelled_says_what_it_had_been(supervisor, act):
    made = act(lambda db, contest, appearance, how: showing.adjust(
        db, contest, appearance=appearance, kind="quiz", value="-1", reason="答错一题", press="", **how
    ).public_id)  # fmt: skip
    act(lambda db, contest, appearance, how: showing.cancel_adjustment(db, contest, public_id=made, **how))
    one = act(lambda db, contest, appearance, how: seat(db, contest, appearance, 2).seat.public_id)
    act(lambda db, contest, appearance, how: excusing.excuse(
        db, contest, appearance=appearance, seat=one, onwards=False, kind=RulingKind.RECUSED,
        reason="学生家长", **how
    ), at=1)  # fmt: skip
    act(lambda db, contest, appearance, how: excusing.take_back(
        db, contest, appearance=appearance, seat=one, onwards=False, **how
    ), at=1)  # fmt: skip
    back, away, undone, noted = lines(supervisor.get(ROOM))[:4]
    assert "记录 科技常识答错 −1 答错一题" in noted
    assert "撤销第 01 号的一项记录 决赛 · 01 · 沈知遥 记录 科技常识答错 −1 → 无" in undone
    assert "02 · 周以宁 · 第 2 席" in away
    assert away.endswith("学生家长")
    assert re.search(r"撤销一项裁定 .* 裁定 \S+ → 无$", back), back


def test_words_that_were_put_right_are_told_before_and_after_and_stay_out_of_the_ledger(app, final, supervisor, act):
    def change(db, contest, appearance, how):
        reviewing.correct(
            db, contest, entry=appearance.entry, changes={"name": "沈知瑶"}, reason="身份证为准", **how
        )
        paneling.rename_judge(db, contest, sitting=seat(db, contest, appearance, 1), name="许清禾", **how)
        settling.set_release_mode(db, contest, mode=ReleaseMode.HELD, **how)
        ordering.record(
            db, contest, appearance.round, "to_end", how["by"], how["now"], appearance=appearance.public_id, before=1,
            after=3, reason="迟到",
        )  # fmt: skip

    act(change)
    moved, mode, renamed, corrected = lines(supervisor.get(ROOM))[:4]
    assert "姓名 沈知遥 → 沈知瑶 身份证为准" in corrected
    assert "第 1 席评委改名 第 1 席 评委 许清和 → 许清禾" in renamed
    assert "成绩公布方式 即时公布 → 颁奖时公布" in mode
    assert "移到最后出场 决赛 · 01 · 沈知瑶 出场位次 第 1 位 → 第 3 位 迟到" in moved
    with app.app_context(), reading() as db:
        assert [text for text in db.scalars(select(LedgerRow.payload)) if "许清" in text or "沈知" in text] == []


def test_a_decision_on_an_award_is_told_from_its_proposal_to_its_end(app, final, supervisor, act):
    def decide(value):
        def do(db, contest, appearance, how):
            appearance.round.state, contest.one_person = RoundState.LOCKED, True
            overruling.propose(
                db, contest, round_=appearance.round, entry=appearance.entry, kind=Decides.AWARD, value=value,
                reason="评审委员会决定", account=db.scalars(select(Account)).first(), **how,
            )  # fmt: skip
        return do

    act(decide("first"))
    act(decide(None))
    gone, asked, ruled, proposed = lines(supervisor.get(ROOM))[:4]
    assert "决赛：提出裁定名次或奖项 决赛 · 01 · 沈知遥 提出 裁定奖项 一等奖 评审委员会决定" in proposed
    assert "裁定：裁定奖项 决赛 · 01 · 沈知遥 裁定 裁定奖项 一等奖 评审委员会决定" in ruled
    assert "提出 裁定奖项 撤销裁定，按计算结果" in asked
    assert "裁定 裁定奖项 一等奖 → 无" in gone
    assert len(lines(supervisor.get(f"{ROOM}?contestant=沈知遥"))) == 4
