"""Note that an event went to another address while it was judged: what was unsent under the old one is missing."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from contest import ledger
from contest.ledger import SYSTEM
from contest.models import Action, Contest, Round, RoundState


def note_move(db: Session, *, old: str, new: str, now: datetime) -> int:
    """Write a ledger row for each contest that has a round judging; returns how many there are."""
    judging = select(Round.contest_id).where(Round.state == RoundState.JUDGING)
    contests = db.scalars(select(Contest).where(Contest.id.in_(judging)).order_by(Contest.id)).all()
    for contest in contests:
        ledger.append(
            db, contest, by=SYSTEM, action=Action.ADDRESS_CHANGED, subject=f"contest:{contest.public_id}",
            payload={"old": old, "new": new}, now=now,
        )  # fmt: skip
    return len(contests)
