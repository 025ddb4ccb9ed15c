"""Call the contestants to the stage: who has come, who stands by, how often somebody was called."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from contest import ledger
from contest.errors import AlreadyBeenOn, Malformed, RoundNotJudging
from contest.models import Appearance, AppearanceStatus, Contest, Round, RoundState, Ruling, RulingKind

# What a caller may mark, in the order of the way to the stage; coming on is a call of its own (contest/showing.py).
MARKS = (AppearanceStatus.WAITING, AppearanceStatus.ARRIVED, AppearanceStatus.STANDBY)
# After so many calls in vain the desk offers to note a withdrawal.
CALLS_IN_VAIN = 3
MOST_CALLS = 9
OUT = (RulingKind.WITHDRAWN, RulingKind.DISQUALIFIED)


def mark(db: Session, contest: Contest, *, appearance: Appearance, status: AppearanceStatus) -> Appearance:
    """Note that a contestant is not here, has come, or stands by; marking it back is the undo.

    Raises AlreadyBeenOn, RoundNotJudging (a round that is ready takes marks too), Malformed for any other status.
    """
    ledger.lock(db, contest)
    _must_wait(appearance)
    if status not in MARKS:
        raise Malformed(what="status")
    appearance.status = status
    return appearance


def call_out(db: Session, contest: Contest, *, appearance: Appearance, nth: int, now: datetime) -> Appearance:
    """Note the nth call of a contestant who is not at the stage. The same call is counted once.

    Raises AlreadyBeenOn, RoundNotJudging, Malformed for a call that is not the next one.
    """
    ledger.lock(db, contest)
    _must_wait(appearance)
    if nth <= appearance.calls:
        return appearance
    if nth != appearance.calls + 1 or nth > MOST_CALLS:
        raise Malformed(what="nth")
    appearance.calls, appearance.called_at = nth, now
    return appearance


def take_call_back(db: Session, contest: Contest, *, appearance: Appearance, nth: int) -> Appearance:
    """Undo the nth call, where it is still the last one."""
    ledger.lock(db, contest)
    if appearance.calls == nth >= 1:
        appearance.calls = nth - 1
        appearance.called_at = None if nth == 1 else appearance.called_at
    return appearance


def forget_calls(db: Session, contest: Contest, *, appearance: Appearance) -> Appearance:
    """Begin to count the calls anew: somebody who was moved to the end is called again when their turn comes."""
    ledger.lock(db, contest)
    appearance.calls, appearance.called_at = 0, None
    return appearance


def out_of(db: Session, round_: Round) -> set[int]:
    """The ids of the entries that a ruling puts outside this round."""
    found = db.scalars(
        select(Ruling.entry_id).where(
            Ruling.contest_id == round_.contest_id, Ruling.kind.in_(OUT), Ruling.cancelled_at.is_(None),
            (Ruling.round_id == round_.id) | Ruling.round_id.is_(None),
        )
    )  # fmt: skip
    return {entry_id for entry_id in found if entry_id is not None}


def to_come(order: Sequence[Appearance], on: Appearance | None, out: set[int]) -> list[Appearance]:
    """Who has not been on, the next one first: those after who is on, then whoever was left out before."""
    waiting = [each for each in order if each.status in MARKS and each.entry_id not in out]
    after = [each for each in waiting if on is not None and each.position > on.position]
    return after + [each for each in waiting if each not in after]


def _must_wait(appearance: Appearance) -> None:
    if appearance.round.state not in (RoundState.OPEN, RoundState.JUDGING):
        raise RoundNotJudging(state=appearance.round.state.value)
    if appearance.status not in MARKS:
        raise AlreadyBeenOn(number=appearance.number)
