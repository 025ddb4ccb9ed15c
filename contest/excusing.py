"""Take a seat off the panel, for one appearance or from now on, and put it back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from contest import ledger, queries
from contest.errors import AlreadyReleased, Malformed, NotFound, ReasonMissing, RoundNotJudging
from contest.ledger import Actor
from contest.models import Action, Appearance, Contest, Ruling, RulingKind, Sitting

KINDS = (RulingKind.ABSENT, RulingKind.RECUSED)


def excuse(
    db: Session, contest: Contest, *, appearance: Appearance, seat: str, kind: RulingKind, reason: str, onwards: bool,
    by: Actor, now: datetime,
) -> list[Ruling]:  # fmt: skip
    """Let a seat not count for an appearance, or for it and all that follow it in the round; what is off stays off.

    `seat` is a public id. Nothing that is released changes. Raises NotFound, ReasonMissing, RoundNotJudging,
    AlreadyReleased, Malformed for another kind than absent or recused.
    """
    ledger.lock(db, contest)
    if kind not in KINDS:
        raise Malformed(what="kind")
    if not reason.strip():
        raise ReasonMissing
    sitting = _sitting(db, appearance, seat)
    _must_be_open(appearance)
    made = []
    for each in _meant(db, appearance, onwards):
        if _standing(db, each, sitting):
            continue
        made.append(Ruling(
            contest_id=contest.id, round_id=each.round_id, entry_id=each.entry_id, sitting_id=sitting.id, kind=kind,
            reason=reason.strip(), created_at=now,
        ))  # fmt: skip
        db.add(made[-1])
        each.checked_at = None
    db.flush()
    _note(db, contest, Action.RULED, appearance, sitting, made, by, now, reason=reason.strip())
    return made


def take_back(
    db: Session, contest: Contest, *, appearance: Appearance, seat: str, onwards: bool, by: Actor, now: datetime
) -> list[Ruling]:
    """Put a seat back on the panel of an appearance, or of it and all that follow; the rulings stay, cancelled.

    Raises NotFound, RoundNotJudging, AlreadyReleased.
    """
    ledger.lock(db, contest)
    sitting = _sitting(db, appearance, seat)
    _must_be_open(appearance)
    standing = [ruling for each in _meant(db, appearance, onwards) for ruling in _standing(db, each, sitting)]
    for ruling in standing:
        ruling.cancelled_at = now
    _note(db, contest, Action.RULING_CANCELLED, appearance, sitting, standing, by, now)
    return standing


def _meant(db: Session, appearance: Appearance, onwards: bool) -> Sequence[Appearance]:
    if not onwards:
        return [appearance]
    return [
        each for each in queries.appearances_in_order(db, appearance.round)
        if each.position >= appearance.position and each.panel_id == appearance.panel_id and not each.is_released
    ]  # fmt: skip


def _standing(db: Session, appearance: Appearance, sitting: Sitting) -> Sequence[Ruling]:
    return db.scalars(
        select(Ruling).where(
            Ruling.sitting_id == sitting.id, Ruling.entry_id == appearance.entry_id, Ruling.kind.in_(KINDS),
            Ruling.round_id == appearance.round_id, Ruling.cancelled_at.is_(None),
        )
    ).all()  # fmt: skip


def _sitting(db: Session, appearance: Appearance, seat: str) -> Sitting:
    for sitting in queries.sittings_for(db, appearance):
        if sitting.seat.public_id == seat:
            return sitting
    raise NotFound


def _must_be_open(appearance: Appearance) -> None:
    if not appearance.round.is_judging:
        raise RoundNotJudging(state=appearance.round.state.value)
    if appearance.is_released:
        raise AlreadyReleased


def _note(
    db: Session, contest: Contest, action: Action, appearance: Appearance, sitting: Sitting, rulings: Sequence[Ruling],
    by: Actor, now: datetime, **more: str,
) -> None:  # fmt: skip
    if not rulings:
        return
    payload: dict[str, object] = {
        "sitting": sitting.public_id, "kind": rulings[0].kind.value, "rulings": [each.public_id for each in rulings],
    }  # fmt: skip
    ledger.append(
        db, contest, by=by, action=action, subject=f"appearance:{appearance.public_id}", payload=payload | more, now=now
    )
