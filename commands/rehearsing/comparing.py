"""What the database says after a rehearsal, against every message: there once, with the receipt that was given."""

from __future__ import annotations

import json
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from commands.replaying import checking
from commands.replaying.checking import Stored
from commands.replaying.plan import Plan
from commands.replaying.tablet import Sent
from contest.models import Appearance, Contest, LedgerRow, Message, Round, Sheet, Sitting


def read_back(db: Session, contest: Contest, plan: Plan, sent: Sequence[Sent]) -> Stored:
    """The replay's comparison, and what only a rehearsal asks.

    Lost is also a message that is nowhere, answered or not; a sheet older than the version that was acknowledged; a
    receipt that the ledger does not honour. Doubled is also a message that nobody sent.
    """
    found = checking.read_back(db, contest, plan, sent)
    rows = db.execute(
        select(Message.sitting_id, Message.uid).join(Sitting, Message.sitting_id == Sitting.id)
        .where(Sitting.id.in_({each.sheet.sitting for each in sent}))
    ).all()  # fmt: skip
    there, mine = {(sitting, uid) for sitting, uid in rows}, {(each.sheet.sitting, each.uid) for each in sent}
    lost = found.lost + len(mine - there) + _behind(db, contest, sent) + _broken_receipts(db, contest, sent)
    return Stored(found.stored, lost, found.doubled + len(rows) - len(there & mine))


def _behind(db: Session, contest: Contest, sent: Sequence[Sent]) -> int:
    """Sheets that are of an older version than a tablet was told."""
    told: dict[tuple[str, int], int] = {}
    for each in sent:
        if each.is_acknowledged:
            key = (each.sheet.appearance, each.sheet.sitting)
            told[key] = max(told.get(key, 0), each.version)
    rows = db.execute(
        select(Appearance.public_id, Sheet.sitting_id, Sheet.version)
        .join(Sheet.appearance).join(Appearance.round).where(Round.contest_id == contest.id)
    )  # fmt: skip
    stored = {(appearance, sitting): version for appearance, sitting, version in rows}
    return sum(stored.get(key, 0) < version for key, version in told.items())


def _broken_receipts(db: Session, contest: Contest, sent: Sequence[Sent]) -> int:
    """Submissions whose ledger row is not the one the tablet was told, or does not carry what it sent."""
    rows = {row.seq: row for row in db.scalars(select(LedgerRow).where(LedgerRow.contest_id == contest.id))}
    return sum(not _holds(rows, each) for each in sent if each.result == "submitted")


def _holds(rows: dict[int, LedgerRow], sent: Sent) -> bool:
    row = rows.get(sent.receipt["seq"]) if sent.receipt else None
    if row is None or sent.receipt is None or row.payload is None:
        return False
    payload = json.loads(row.payload)
    marks = {criterion: mark for criterion, mark in sent.snapshot.marks.items() if mark is not None}
    said = (row.hash, row.subject, payload.get("version"), payload.get("marks"))
    return said == (sent.receipt["hash"], f"appearance:{sent.sheet.appearance}", sent.version, marks)
