"""The scorekeeper's confirmation: what the clock proposes becomes a deduction, and what was entered is confirmed."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from contest import clocking, ledger, queries, showing
from contest.clocking import Segment
from contest.errors import AlreadyReleased, ClockRunning, RoundNotJudging
from contest.ledger import Actor
from contest.models import Adjustment, Appearance, Contest
from contest.rules import RoundRules


@dataclass(frozen=True)
class TimeLine:
    """A timed part, what the rule proposes for it, and what is entered of its kind."""

    part: Segment
    entered: Sequence[Adjustment]

    @property
    def due(self) -> Decimal | None:
        """The proposed deduction that nobody has entered yet."""
        return self.part.proposed if self.part.proposed and not self.entered else None


def time_lines(parts: Sequence[Segment], entered: Sequence[Adjustment]) -> list[TimeLine]:
    """The timed parts with what is entered of their kinds."""
    return [TimeLine(part, [each for each in entered if each.kind == part.id]) for part in parts]


def entered_for(db: Session, appearance: Appearance) -> Sequence[Adjustment]:
    """What is entered for an appearance and not cancelled, oldest first."""
    return db.scalars(
        select(Adjustment).where(Adjustment.appearance_id == appearance.id, Adjustment.cancelled_at.is_(None))
        .order_by(Adjustment.id)
    ).all()  # fmt: skip


def confirm(
    db: Session, contest: Contest, *, appearance: Appearance, reasons: Mapping[str, str], by: Actor, now: datetime
) -> Appearance:
    """Confirm the deductions of an appearance, the proposed ones entered with these reasons, by part.

    A part without a reason here is not deducted for: the scorekeeper decided so. Confirmed twice changes nothing.
    Raises ClockRunning, RoundNotJudging, AlreadyReleased.
    """
    ledger.lock(db, contest)
    if appearance.checked_at is not None:
        return appearance
    if not appearance.round.is_judging:
        raise RoundNotJudging(state=appearance.round.state.value)
    if appearance.is_released:
        raise AlreadyReleased
    parts = clocking.read(db, _rules(db, contest, appearance), appearance)
    if any(part.runs for part in parts):
        raise ClockRunning(number=appearance.number)
    for line in time_lines(parts, entered_for(db, appearance)):
        if line.due is not None and reasons.get(line.part.id):
            showing.adjust(
                db, contest, appearance=appearance, kind=line.part.id, value=format(line.due, "f"),
                reason=reasons[line.part.id], press=str(uuid.uuid4()), by=by, now=now,
            )  # fmt: skip
    appearance.checked_at = now
    return appearance


def take_back(db: Session, contest: Contest, *, appearance: Appearance) -> Appearance:
    """Undo the confirmation, to change what it rests on. Raises RoundNotJudging, AlreadyReleased."""
    ledger.lock(db, contest)
    if not appearance.round.is_judging:
        raise RoundNotJudging(state=appearance.round.state.value)
    if appearance.is_released:
        raise AlreadyReleased
    appearance.checked_at = None
    return appearance


def _rules(db: Session, contest: Contest, appearance: Appearance) -> RoundRules:
    return queries.round_rules(queries.rules_of(queries.rule_version(db, contest)), appearance)
