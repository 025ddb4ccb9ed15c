"""The desk's log: the newest rows of the ledger in words, without any mark."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from contest.models import Account, Action, Appearance, Contest, LedgerRow, Message, Round, RoundState, Seat, Sitting
from contest.rules import Rules
from web.words import state_word

LINES = 8
# Why a sheet that was confirmed before the server was restored from a copy waits for the chief judge.
RESTORED = "restored"


@dataclass(frozen=True)
class LogLine:
    """When, what, who."""

    at: datetime
    what: str
    who: str


def last(db: Session, contest: Contest, rules: Rules, lang: str) -> list[LogLine]:
    """The newest acts, the newest first."""
    rows = db.scalars(
        select(LedgerRow).where(LedgerRow.contest_id == contest.id).order_by(LedgerRow.seq.desc()).limit(LINES)
    ).all()  # fmt: skip
    named = _names(db, rows, rules, lang)
    actors = _actors(db, rows)
    return [
        LogLine(row.at, _sentence(row, named.get(row.subject, "")), actors.get(row.actor, _("系统"))) for row in rows
    ]  # fmt: skip


def submits(message: Message) -> bool:
    """Whether the judge had pressed submit."""
    return bool(json.loads(message.body).get("kind") == "submit")


def reason_of(message: Message) -> str:
    """Why a message could not count when it came."""
    answer: Mapping[str, Any] = json.loads(message.answer)
    words: dict[str, str] = {
        "round_closed": _("当时本轮不在评分"),
        "sheet_locked": _("这张评分表当时已经锁定"),
        "newer_version": _("另一台设备或工作人员改过这张评分表"),
        "outside_sitting": _("这位评委不评这位选手"),
        "card_revoked": _("评委卡已停用"),
        "rules_changed": _("评分规则在此之后改过"),
        RESTORED: _("服务器从备份恢复之前已确认，备份里没有这一版"),
    }
    return words.get(_code(answer), str(_("当时不能计入")))


def suggestion(message: Message) -> str:
    """The reason that a chief judge would write beside this stray each time; empty where every case is its own."""
    return _("备份恢复后补回平板上已确认的评分") if _code(json.loads(message.answer)) == RESTORED else ""


def _code(answer: Mapping[str, Any]) -> str:
    return str((answer.get("reason") or {}).get("code"))


def _ids(rows: Sequence[LedgerRow], kind: str) -> set[str]:
    texts = [text for row in rows for text in (row.subject, row.actor)]
    return {text.partition(":")[2] for text in texts if text.startswith(f"{kind}:")}


def _names(db: Session, rows: Sequence[LedgerRow], rules: Rules, lang: str) -> dict[str, str]:
    """What the rows are about, by their subject."""
    found: dict[str, str] = {}
    for appearance in db.scalars(select(Appearance).where(Appearance.public_id.in_(_ids(rows, "appearance")))):
        found[f"appearance:{appearance.public_id}"] = appearance.number
    for seat in db.scalars(select(Seat).where(Seat.public_id.in_(_ids(rows, "seat")))):
        found[f"seat:{seat.public_id}"] = str(seat.number)
    for round_ in db.scalars(select(Round).where(Round.public_id.in_(_ids(rows, "round")))):
        found[f"round:{round_.public_id}"] = rules.rounds[round_.code].title.in_(lang)
    return found


def _actors(db: Session, rows: Sequence[LedgerRow]) -> dict[str, str]:
    found = {
        f"account:{account.public_id}": account.display_name
        for account in db.scalars(select(Account).where(Account.public_id.in_(_ids(rows, "account"))))
    }
    sitting = select(Sitting).where(Sitting.public_id.in_(_ids(rows, "sitting")))
    for each in db.scalars(sitting.options(joinedload(Sitting.seat), joinedload(Sitting.person))):
        who = _("第 %(seat)s 席 %(judge)s", seat=each.seat.number, judge=each.person.name)
        found[f"sitting:{each.public_id}"] = who
    return found


def _sentence(row: LedgerRow, name: str) -> str:
    payload: Mapping[str, Any] = json.loads(row.payload) if row.payload else {}
    to = payload.get("to")
    state = state_word(RoundState(to)) if to else ""
    about_rules = payload.get("act") == "rules"
    words: dict[Action, str] = {
        Action.CONTEST_IMPORTED: _("导入比赛数据"),
        Action.RULES_ADOPTED: _("启用第 %(number)s 版评分规则", number=payload.get("number", "")),
        Action.ROUND_MOVED: _("%(round)s转为「%(state)s」", round=name, state=state),
        Action.SHEET_SUBMITTED: _("第 %(number)s 号评分已提交", number=name),
        Action.SHEET_RETURNED: _("退回第 %(number)s 号的一张评分表", number=name),
        Action.SHEET_CORRECTED: _("更正第 %(number)s 号的一张评分表", number=name),
        Action.MESSAGE_STRAYED: _("第 %(number)s 号收到一条待定评分", number=name),
        Action.STRAY_DECIDED: _("第 %(number)s 号的待定评分已处理", number=name),
        Action.CARD_REVOKED: _("停用第 %(seat)s 席的评委卡", seat=name),
        Action.SEAT_TAKEN: _("第 %(seat)s 席入座", seat=name),
        Action.ADJUSTED: _("第 %(number)s 号记 %(value)s", number=name, value=_signed(str(payload.get("value", "")))),
        Action.ADJUSTMENT_CANCELLED: _("撤销第 %(number)s 号的一项记录", number=name),
        Action.RULED: _("记录一项裁定"),
        Action.RULING_CANCELLED: _("撤销一项裁定"),
        Action.RELEASED: _("发布第 %(number)s 号成绩", number=name),
        Action.RELEASE_WITHDRAWN: _("撤回第 %(number)s 号成绩", number=name),
        Action.APPROVAL_PROPOSED: _("提出修改评分规则") if about_rules else _("%(round)s：提出双人确认", round=name),
        Action.APPROVAL_WITHDRAWN: _("撤回修改评分规则") if about_rules else _("%(round)s：撤回双人确认", round=name),
        Action.ROUND_SEALED: _("%(round)s已封存", round=name),
        Action.ROUND_REOPENED: _("%(round)s重新打开", round=name),
        Action.CLOCK_PRESSED: _("第 %(number)s 号开始计时", number=name) if payload.get("act") == "start"
        else _("第 %(number)s 号停表", number=name),
        Action.CLOCK_UNDONE: _("撤销第 %(number)s 号的一次按表", number=name),
        Action.ENTRY_ACCEPTED: _("接受一项报名"),
        Action.ENTRY_CORRECTED: _("更正一项参赛信息"),
        Action.ROWS_IMPORTED: _("导入一份表格"),
        Action.IMPORT_UNDONE: _("撤销一次导入"),
        Action.CHECKED_IN: _("一位选手签到"),
        Action.CHECK_IN_UNDONE: _("撤销一次签到"),
        Action.ORDER_DRAWN: _("抽签排定出场顺序"),
        Action.ORDER_CHANGED: _("调整出场顺序"),
        Action.ENTRIES_ADVANCED: _("确定晋级名单"),
        Action.PANEL_CHANGED: _("调整评委席"),
        Action.OFFICE_CHANGED: _("修改比赛设置"),
        Action.AWARDS_GIVEN: _("评定奖项"),
        Action.AWARDS_PUBLISHED: _("公布奖项"),
        Action.AWARDS_HIDDEN: _("撤下奖项公布"),
        Action.CERTIFICATE_ISSUED: _("签发证书"),
        Action.CERTIFICATE_CORRECTED: _("更正证书"),
        Action.CERTIFICATE_REVOKED: _("撤销证书"),
        Action.ADDRESS_CHANGED: _("评分中改了服务器地址"),
    }
    return words.get(row.action, row.action.value)


def _signed(value: str) -> str:
    return f"−{value[1:]}" if value.startswith("-") else f"+{value}"
