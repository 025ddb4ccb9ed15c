"""After the draw: somebody withdraws (弃权), is not there and comes last, or comes late. Numbers are never given anew.

A move to the end changes the position alone, a withdrawal leaves a gap, a late entry gets the next number at the end.
Nothing changes for whoever was on stage already.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from contest import ledger, ordering, queries
from contest.errors import NotFound, ReasonMissing, RoundNotJudging
from contest.ledger import Actor
from contest.models import (
    Action,
    Appearance,
    AppearanceStatus,
    Contest,
    Entry,
    Round,
    RoundState,
    Ruling,
    RulingKind,
)  # fmt: skip
from contest.naming import clean_paragraphs
from contest.refusals import AlreadyInRound, AlreadyWithdrawn, NobodyTakesPart, OrderFixed

RUNNING = (*ordering.LAID, RoundState.JUDGING)


def withdraw(
    db: Session, contest: Contest, *, round_: Round, entry: Entry, reason: str, by: Actor, now: datetime
) -> Ruling:
    """弃权: the entry leaves the round, its number stays as a gap.

    Raises ReasonMissing, RoundNotJudging once it is locked, AlreadyWithdrawn, OrderFixed for who was on stage.
    """
    ledger.lock(db, contest)
    reason = _reason(reason)
    _must_run(round_)
    appearance = _appearance(db, round_, entry)
    if appearance is not None:
        _must_wait(appearance)
    if entry.id in ordering.withdrawn(db, contest, round_):
        raise AlreadyWithdrawn(number=appearance.number if appearance else entry.code)
    ruling = Ruling(
        contest_id=contest.id, round_id=round_.id, entry_id=entry.id, kind=RulingKind.WITHDRAWN, reason=reason,
        created_at=now,
    )  # fmt: skip
    db.add(ruling)
    db.flush()
    ledger.append(
        db, contest, by=by, action=Action.RULED, subject=f"ruling:{ruling.public_id}", now=now,
        payload={"kind": "withdrawn", "round": round_.code, "entry": entry.public_id, "reason": reason},
    )  # fmt: skip
    return ruling


def reinstate(
    db: Session, contest: Contest, *, round_: Round, entry: Entry, reason: str, by: Actor, now: datetime
) -> Ruling:
    """Take a withdrawal back; the entry is where it was. Raises ReasonMissing, RoundNotJudging, NotFound."""
    ledger.lock(db, contest)
    reason = _reason(reason)
    _must_run(round_)
    ruling = ordering.withdrawn(db, contest, round_).get(entry.id)
    if ruling is None:
        raise NotFound
    ruling.cancelled_at = now
    ledger.append(
        db, contest, by=by, action=Action.RULING_CANCELLED, subject=f"ruling:{ruling.public_id}", now=now,
        payload={"kind": "withdrawn", "round": round_.code, "entry": entry.public_id, "reason": reason},
    )  # fmt: skip
    return ruling


def to_end(
    db: Session, contest: Contest, *, appearance: Appearance, reason: str, by: Actor, now: datetime
) -> Appearance:
    """Somebody was not there when called: they come last, under the same number.

    Raises ReasonMissing, RoundNotJudging, AlreadyWithdrawn, OrderFixed for who was on stage.
    """
    ledger.lock(db, contest)
    reason = _reason(reason)
    round_ = appearance.round
    _must_run(round_)
    _must_wait(appearance)
    if appearance.entry_id in ordering.withdrawn(db, contest, round_):
        raise AlreadyWithdrawn(number=appearance.number)
    before, last = appearance.position, ordering.last_position(db, round_)
    if before == last:
        return appearance
    appearance.position, appearance.status = last + 1, AppearanceStatus.WAITING
    db.flush()
    ordering.record(
        db, contest, round_, "to_end", by, now, appearance=appearance.public_id, before=before,
        after=appearance.position, reason=reason,
    )
    return appearance


def add_late(
    db: Session, contest: Contest, *, round_: Round, entry: Entry, reason: str, by: Actor, now: datetime
) -> Appearance:
    """An entry that comes after the draw: the next number, at the end.

    Raises ReasonMissing, RoundNotJudging, AlreadyInRound, NobodyTakesPart where there is no order yet.
    """
    ledger.lock(db, contest)
    reason = _reason(reason)
    _must_run(round_)
    order = queries.appearances_in_order(db, round_)
    if not order:
        raise NobodyTakesPart
    there = next((each for each in order if each.entry_id == entry.id), None)
    if there is not None:
        raise AlreadyInRound(number=there.number)
    numbers = [each.number for each in order]
    taken = [int(number) for number in numbers if number.isascii() and number.isdecimal() and len(number) < 9]
    digits = max((len(number) for number in numbers), default=2)
    appearance = Appearance(
        round_id=round_.id, entry_id=entry.id, panel_id=order[-1].panel_id,
        position=ordering.last_position(db, round_) + 1, number=f"{max(taken, default=len(numbers)) + 1:0{digits}d}",
    )  # fmt: skip
    db.add(appearance)
    db.flush()
    ordering.record(
        db, contest, round_, "late", by, now, appearance=appearance.public_id, after=appearance.position, reason=reason
    )
    return appearance


def _appearance(db: Session, round_: Round, entry: Entry) -> Appearance | None:
    return db.scalars(
        select(Appearance).where(Appearance.round_id == round_.id, Appearance.entry_id == entry.id)
    ).one_or_none()  # fmt: skip


def _reason(text: str) -> str:
    cleaned = clean_paragraphs(text, field="reason", most=ordering.LONGEST_REASON)
    if not cleaned:
        raise ReasonMissing
    return cleaned


def _must_run(round_: Round) -> None:
    if round_.state not in RUNNING:
        raise RoundNotJudging(state=round_.state.value)


def _must_wait(appearance: Appearance) -> None:
    if appearance.status in ordering.ON_OR_PAST or appearance.is_released:
        raise OrderFixed(why="on_stage", number=appearance.number)
