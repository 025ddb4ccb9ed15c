"""The desk's log: the newest rows of the ledger in words, without any mark."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from contest import changes
from contest.models import Contest, LedgerRow, Message
from contest.rules import Rules
from web import changes as words

LINES = 8
# Why a sheet that was confirmed before the server was restored from a copy waits for the chief judge.
RESTORED = "restored"


@dataclass(frozen=True)
class LogLine:
    """When, what, who."""

    at: datetime
    what: str
    who: str


def last(db: Session, contest: Contest, rules: Rules) -> list[LogLine]:
    """The newest acts, the newest first."""
    rows = db.scalars(
        select(LedgerRow).where(LedgerRow.contest_id == contest.id).order_by(LedgerRow.seq.desc()).limit(LINES)
    ).all()  # fmt: skip
    record = changes.read(db, contest, rows, history=False)
    return [
        LogLine(each.at, words.sentence(each, rules), words.who(each.actor, record.named)) for each in record.changes
    ]


def submits(message: Message) -> bool:
    """Whether the judge had pressed submit."""
    return bool(json.loads(message.body).get("kind") == "submit")


def reason_of(message: Message) -> str:
    """Why a message could not count when it came."""
    answer: Mapping[str, Any] = json.loads(message.answer)
    why: dict[str, str] = {
        "round_closed": _("当时本轮不在评分"),
        "sheet_locked": _("这张评分表当时已经锁定"),
        "newer_version": _("另一台设备或工作人员改过这张评分表"),
        "outside_sitting": _("这位评委不评这位选手"),
        "card_revoked": _("评委卡已停用"),
        "rules_changed": _("评分规则在此之后改过"),
        RESTORED: _("服务器从备份恢复之前已确认，备份里没有这一版"),
    }
    return why.get(_code(answer), str(_("当时不能计入")))


def suggestion(message: Message) -> str:
    """The reason that a chief judge would write beside this stray each time; empty where every case is its own."""
    return _("备份恢复后补回平板上已确认的评分") if _code(json.loads(message.answer)) == RESTORED else ""


def _code(answer: Mapping[str, Any]) -> str:
    return str((answer.get("reason") or {}).get("code"))
