"""Builders of a judge's side: a tablet on a seat that numbers its messages as the page does, and what they carry."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from contest import ledger, queries, seating
from contest.judging import record_messages
from contest.models import Appearance, Contest, LedgerRow, Sheet, Sitting, Stage
from tests.builders import NOW

MARKS = {"content": "27.50", "delivery": "26.00", "presence": "8.50", "random": "25.25"}
Answer = dict[str, Any]


@dataclass
class Tablet:
    """One device on one sitting; `n` rises with every message it makes."""

    db: Session
    sitting: Sitting
    lease_id: str
    secret: str
    n: int = 0
    sent: list[dict[str, Any]] = field(default_factory=list)

    def message(self, appearance: Appearance, kind: str = "save", **changed: object) -> dict[str, Any]:
        """The next message about an appearance; named parts are replaced."""
        self.n += 1
        made: dict[str, Any] = {
            "id": str(uuid.uuid4()), "n": self.n, "kind": kind, "sheet": "mark", "round": appearance.round.code,
            "entry": appearance.entry.code, "attempt": 1, "rules": 1, "base": 0, "marks": dict(MARKS), "note": "",
            "tapped_at": "2026-05-16T06:31:00.000000Z",
        }  # fmt: skip
        return made | changed

    def raw(self, *messages: object, now: datetime = NOW) -> list[str]:
        """The answers to a batch, as the stored bytes."""
        lease = seating.lease_of(self.db, seat=self.sitting.seat.public_id, lease=self.lease_id, secret=self.secret)
        return record_messages(self.db, lease=lease, messages=messages, now=now)

    def send(self, *messages: object, now: datetime = NOW) -> list[Answer]:
        """The answers to a batch, read."""
        return [json.loads(answer) for answer in self.raw(*messages, now=now)]

    def save(self, appearance: Appearance, **changed: object) -> Answer:
        """Send a draft and return its answer."""
        return self.send(self.message(appearance, "save", **changed))[0]

    def submit(self, appearance: Appearance, **changed: object) -> Answer:
        """Send a final sheet and return its answer."""
        return self.send(self.message(appearance, "submit", **changed))[0]


def sit(db: Session, contest: Contest, seat: int, *, judge: str | None = None, panel: str = "A") -> Tablet:
    """A tablet whose judge has sat down on this seat number; `judge` names the sitting where a seat has several."""
    sitting = next(
        each for each in db.scalars(select(Sitting).order_by(Sitting.id))
        if each.seat.number == seat and each.seat.panel.code == panel and each.seat.panel.contest_id == contest.id
        and judge in (None, each.code)
    )  # fmt: skip
    new = seating.sit_down(
        db, contest, seat=sitting.seat, generation=sitting.seat.card_generation, sitting=sitting, device="tablet",
        now=NOW,
    )  # fmt: skip
    return Tablet(db, sitting, new.lease.public_id, new.secret)


def running(db: Session, contest: Contest, code: str = "final") -> list[Appearance]:
    """A round's appearances in running order."""
    return list(queries.appearances_in_order(db, queries.round_of(db, contest, code)))


def sheets(db: Session, appearance: Appearance) -> dict[str, tuple[str, int, Mapping[str, str]]]:
    """An appearance's sheets as they are stored: judge → state, version, marks."""
    found = db.scalars(select(Sheet).where(Sheet.appearance_id == appearance.id))
    return {
        sheet.sitting.code: (sheet.state.value, sheet.version, {m.criterion: str(m.value) for m in sheet.marks})
        for sheet in found
    }  # fmt: skip


def actions(db: Session, contest: Contest) -> list[str]:
    """What the ledger says happened, oldest first; the chain must verify."""
    assert ledger.verify(db, contest) is None
    rows = select(LedgerRow).where(LedgerRow.contest_id == contest.id).order_by(LedgerRow.seq)
    return [row.action.value for row in db.scalars(rows)]


def submit_all(db: Session, contest: Contest, appearance: Appearance, **marks: str) -> None:
    """Every seat submits a whole sheet for an appearance; named marks replace the usual ones."""
    for sitting in queries.sittings_for(db, appearance):
        tablet = sit(db, contest, sitting.seat.number, judge=sitting.code, panel=sitting.seat.panel.code)
        answer = tablet.submit(appearance, marks=MARKS | marks)
        assert answer["result"] == "submitted", answer


def stage_of(db: Session, contest: Contest) -> tuple[str, str | None]:
    """The scene and the entry on stage."""
    stage = db.scalars(select(Stage).where(Stage.contest_id == contest.id)).one()
    return stage.scene.value, stage.appearance.entry.code if stage.appearance else None
