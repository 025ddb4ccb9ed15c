"""What the database and the board say after a replay, against what the tablets were told and what the folder gives."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from commands.replaying.plan import Plan
from commands.replaying.tablet import APPLIED, Sent
from contest import board
from contest.models import (
    Action,
    Adjustment,
    Appearance,
    Contest,
    LedgerRow,
    Mark,
    Message,
    Round,
    Sheet,
    SheetState,
)  # fmt: skip
from contest.rules import Facts, Rules, Standing, compute

FINAL = (SheetState.SUBMITTED, SheetState.LOCKED)
Place = tuple[str, int | None, str | None]


@dataclass(frozen=True)
class Stored:
    """What the database holds of the acknowledged messages. All three are counts."""

    stored: int
    lost: int
    doubled: int


def read_back(db: Session, contest: Contest, plan: Plan, sent: Sequence[Sent]) -> Stored:
    """Compare what was acknowledged with what is stored, row by row."""
    acknowledged = [each for each in sent if each.is_acknowledged]
    return Stored(
        stored=_found(db, contest, acknowledged),
        lost=_lost(db, contest, acknowledged),
        doubled=_doubled_sheets(db, contest) + _doubled_rows(db, contest) + _doubled_presses(db, contest, plan)
        + sum(each.answered_differently for each in sent),
    )  # fmt: skip


def board_equals(http: httpx.Client, slug: str, frames: set[bytes], rules: Rules, facts: Facts, plan: Plan) -> bool:
    """Whether the last frame of every phone and the whole board behind its ETag are the recount of the folder."""
    if len(frames) != 1:
        return False
    frame = json.loads(next(iter(frames)))
    address = f"/contests/{slug}/board.json"
    whole = http.get(address)
    if whole.status_code != 200 or whole.json()["revision"] != frame["revision"]:
        return False
    if http.get(address, headers={"If-None-Match": whole.headers["ETag"]}).status_code != 304:
        return False
    shown = {each["code"]: _places(each["rows"]) for each in whole.json()["rounds"]}
    recount = compute(rules, facts)
    expected = {
        code: [_place(each) for each in of.standings if (code, each.entry) not in plan.held]
        for code, of in recount.rounds.items()
    }
    top = [row for row in expected[frame["round"]["code"]][: board.TOP] if row[1] is not None]
    if shown != expected or _places(frame["top"]) != top:
        return False
    held = {entry for _, entry in plan.held}
    if len(rules.rounds) == 1 or all(each.place is None for each in recount.standings):
        return whole.json()["result"] is None
    result = [row for row in _places(whole.json()["result"]["rows"]) if row[0] not in held]
    return result == [_place(each) for each in recount.standings if each.entry not in held]


def _places(rows: Iterable[Mapping[str, Any]]) -> list[Place]:
    return [(row["entry"], row["place"], row["score"]) for row in rows]


def _place(standing: Standing) -> Place:
    return standing.entry, standing.place, None if standing.score is None else format(standing.score, "f")


def _found(db: Session, contest: Contest, acknowledged: Sequence[Sent]) -> int:
    rows = db.execute(
        select(Message.sitting_id, Message.uid).join(Message.appearance).join(Appearance.round)
        .where(Round.contest_id == contest.id, Message.result.in_(APPLIED))
    )  # fmt: skip
    there = {(sitting, uid) for sitting, uid in rows}
    return sum((each.sheet.sitting, each.uid) in there for each in acknowledged)


def _lost(db: Session, contest: Contest, acknowledged: Sequence[Sent]) -> int:
    """Acknowledged sheets whose marks or state in the database are not those of the newest acknowledged message."""
    newest: dict[tuple[str, int], Sent] = {}
    for each in acknowledged:
        newest[each.sheet.appearance, each.sheet.sitting] = each
    states: dict[tuple[str, int], SheetState] = {}
    marks: dict[tuple[str, int], dict[str, str]] = {}
    for _id, _version, state, sitting, appearance in _sheets(db, contest):
        states[appearance, sitting] = state
        marks[appearance, sitting] = {}
    for appearance, sitting, criterion, value in db.execute(
        select(Appearance.public_id, Sheet.sitting_id, Mark.criterion, Mark.value)
        .join(Mark.sheet).join(Sheet.appearance).join(Appearance.round).where(Round.contest_id == contest.id)
    ):  # fmt: skip
        marks[appearance, sitting][criterion] = format(value, "f")
    lost = 0
    for key, sent in newest.items():
        wanted = {criterion: mark for criterion, mark in sent.snapshot.marks.items() if mark is not None}
        final = sent.result != "submitted" or states.get(key) in FINAL
        lost += marks.get(key) != wanted or not final
    return lost


def _doubled_sheets(db: Session, contest: Contest) -> int:
    """Sheets beyond one for a judge and an appearance, and messages that changed a sheet more than once."""
    versions: dict[int, int] = {}
    per_judge: Counter[tuple[str, int]] = Counter()
    for sheet_id, version, _state, sitting, appearance in _sheets(db, contest):
        versions[sheet_id] = version
        per_judge[appearance, sitting] += 1
    counts = db.execute(
        select(Message.sheet_id, func.count()).where(Message.sheet_id.in_(versions), Message.result.in_(APPLIED))
        .group_by(Message.sheet_id)
    )  # fmt: skip
    applied = {row[0]: row[1] for row in counts}
    too_often = sum(max(0, version - applied.get(sheet, 0)) for sheet, version in versions.items())
    return too_often + sum(count - 1 for count in per_judge.values())


def _doubled_rows(db: Session, contest: Contest) -> int:
    """Ledger rows beyond one for a judge's submission or an appearance's release."""
    once = (Action.SHEET_SUBMITTED, Action.RELEASED)
    rows = db.execute(
        select(LedgerRow.action, LedgerRow.subject, LedgerRow.actor)
        .where(LedgerRow.contest_id == contest.id, LedgerRow.action.in_(once))
    )  # fmt: skip
    return sum(count - 1 for count in Counter(tuple(row) for row in rows).values())


def _doubled_presses(db: Session, contest: Contest, plan: Plan) -> int:
    """Adjustments beyond those that the desk added once each."""
    rows = db.scalars(
        select(Appearance.public_id).select_from(Adjustment).join(Adjustment.appearance).join(Appearance.round)
        .where(Round.contest_id == contest.id, Adjustment.cancelled_at.is_(None))
    )  # fmt: skip
    there = Counter(rows)
    return sum(max(0, there[turn.appearance] - len(turn.adjustments)) for turn in plan.turns)


def _sheets(db: Session, contest: Contest) -> Sequence[tuple[int, int, SheetState, int, str]]:
    rows = db.execute(
        select(Sheet.id, Sheet.version, Sheet.state, Sheet.sitting_id, Appearance.public_id)
        .join(Sheet.appearance).join(Appearance.round).where(Round.contest_id == contest.id)
    )  # fmt: skip
    return [(sheet, version, state, sitting, appearance) for sheet, version, state, sitting, appearance in rows]
