"""Verbs: seat the judges: seats and names, a substitute from a number on, a judge who is absent for a whole round."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from contest import ledger, queries
from contest.errors import NotFound, ReasonMissing, RoundNotJudging
from contest.ledger import Actor
from contest.models import (
    Action,
    Adjustment,
    Appearance,
    Assignment,
    Contest,
    Lease,
    Message,
    Panel,
    Person,
    Round,
    Ruling,
    RulingKind,
    Seat,
    Sheet,
    Sitting,
    Span,
)  # fmt: skip
from contest.naming import clean_line, clean_paragraphs
from contest.refusals import JudgeHasMarked, SeatInUse, SubstituteMisplaced

ONLY_PANEL = "A"
LONGEST_NAME = 60


def panel_of(db: Session, contest: Contest, public_id: str | None) -> Panel:
    """A panel of the contest; the first one, made where there is none, if no id is given. Raises NotFound."""
    statement = select(Panel).where(Panel.contest_id == contest.id)
    if public_id is not None:
        return queries.only(db, statement.where(Panel.public_id == public_id))
    found = db.scalars(statement.order_by(Panel.id).limit(1)).one_or_none()
    if found is None:
        found = Panel(contest_id=contest.id, code=ONLY_PANEL)
        db.add(found)
        db.flush()
    return found


def sitting_of(db: Session, contest: Contest, public_id: str) -> Sitting:
    """A judge on a seat of the contest. Raises NotFound."""
    statement = (
        select(Sitting).join(Sitting.seat).join(Seat.panel)
        .where(Panel.contest_id == contest.id, Sitting.public_id == public_id)
    )  # fmt: skip
    return queries.only(db, statement)


def add_judge(db: Session, contest: Contest, *, panel: Panel, name: str, by: Actor, now: datetime) -> Sitting:
    """A new seat at the end of the panel with this judge on it. Raises TextRefused."""
    ledger.lock(db, contest)
    name = clean_line(name, field="name", most=LONGEST_NAME)
    numbers = db.scalars(select(Seat.number).where(Seat.panel_id == panel.id)).all()
    number = max(numbers, default=0) + 1
    code = _free_code(db, contest, number)
    seat = Seat(panel_id=panel.id, number=number)
    sitting = Sitting(seat=seat, person=Person(name=name), code=code)
    db.add_all([seat, sitting])
    db.flush()
    db.expire(panel, ["seats"])
    _note(db, contest, sitting, "added", by, now, names=("", name))
    return sitting


def seat_judges(db: Session, contest: Contest, *, names: Sequence[str], by: Actor, now: datetime) -> None:
    """Let these judges be the first panel, in this order: seats are renamed, added and, where unused, removed.

    Raises TextRefused, SeatInUse where a seat that is left over has given marks.
    """
    panel = panel_of(db, contest, None)
    seats = db.scalars(select(Seat).where(Seat.panel_id == panel.id).order_by(Seat.number)).all()
    for seat, name in zip(seats, names, strict=False):
        if seat.sittings:
            rename_judge(db, contest, sitting=seat.sittings[-1], name=name, by=by, now=now)
        else:
            code = _free_code(db, contest, seat.number)
            person = Person(name=clean_line(name, field="name", most=LONGEST_NAME))
            sitting = Sitting(seat=seat, person=person, code=code)
            db.add(sitting)
            db.flush()
            _note(db, contest, sitting, "added", by, now, names=("", person.name))
    for name in names[len(seats) :]:
        add_judge(db, contest, panel=panel, name=name, by=by, now=now)
    for seat in reversed(seats[len(names) :]):
        remove_seat(db, contest, seat=seat, by=by, now=now)
    db.flush()


def rename_judge(db: Session, contest: Contest, *, sitting: Sitting, name: str, by: Actor, now: datetime) -> None:
    """Write a judge's name differently: the person stays. Raises TextRefused."""
    ledger.lock(db, contest)
    name = clean_line(name, field="name", most=LONGEST_NAME)
    if sitting.person.name == name:
        return
    before, sitting.person.name = sitting.person.name, name
    _note(db, contest, sitting, "renamed", by, now, names=(before, name))


def remove_seat(db: Session, contest: Contest, *, seat: Seat, by: Actor, now: datetime) -> None:
    """Take a seat off its panel with whoever sits on it. Raises SeatInUse once anything came from it."""
    ledger.lock(db, contest)
    sittings = select(Sitting.id).where(Sitting.seat_id == seat.id)
    used = [select(kind.id).where(kind.sitting_id.in_(sittings)) for kind in (Sheet, Message, Ruling, Adjustment)]
    if any(db.scalar(each.limit(1)) is not None for each in used):
        raise SeatInUse(seat=seat.number)
    for sitting in seat.sittings:
        _note(db, contest, sitting, "removed", by, now, names=(sitting.person.name, ""))
    for kind in (Span, Lease, Assignment):
        db.execute(delete(kind).where(kind.sitting_id.in_(sittings)))
    db.execute(delete(Sitting).where(Sitting.seat_id == seat.id))
    db.execute(delete(Seat).where(Seat.id == seat.id))
    db.expire_all()


def substitute(
    db: Session, contest: Contest, *, seat: Seat, round_: Round, first: int, name: str, by: Actor, now: datetime
) -> Sitting:
    """From this running-order number of a round on, somebody else sits here, and in the rounds after it.

    Who sat here before keeps what came before. Raises TextRefused, RoundNotJudging for a sealed round, NotFound for an
    empty seat, SubstituteMisplaced where `first` is not after the last change, JudgeHasMarked where the judge has
    marked somebody from `first` on.
    """
    ledger.lock(db, contest)
    name = clean_line(name, field="name", most=LONGEST_NAME)
    if round_.is_official:
        raise RoundNotJudging(state=round_.state.value)
    if not seat.sittings:
        raise NotFound
    before = seat.sittings[-1]
    begun = max((span.first or 1 for span in before.spans if span.round_id == round_.id), default=1)
    if first <= begun:
        raise SubstituteMisplaced(first=begun + 1)
    _must_not_have_marked(db, before, round_, first)
    rounds = db.scalars(select(Round).where(Round.contest_id == contest.id).order_by(Round.position)).all()
    after = Sitting(seat=seat, person=Person(name=name), code=_next_code(seat))
    own = {span.round_id: span for span in before.spans}
    for each in rounds:
        if own and each.id not in own:
            continue  # The seat does not judge that round.
        kept = own.get(each.id)
        if each.position < round_.position and kept is None:
            db.add(Span(sitting=before, round=each))
        elif each.position == round_.position:
            kept = kept or Span(sitting=before, round=each)
            kept.last = first - 1
            db.add_all([kept, Span(sitting=after, round=each, first=first)])
        elif each.position > round_.position:
            if kept is not None:
                db.delete(kept)
            db.add(Span(sitting=after, round=each))
    db.add(after)
    db.flush()
    db.expire(before, ["spans"])
    _note(
        db, contest, after, "substitute", by, now, names=(before.person.name, name), round=round_.code, first=first,
        before=before.public_id,
    )
    return after


def note_absent(
    db: Session, contest: Contest, *, sitting: Sitting, round_: Round, reason: str, by: Actor, now: datetime
) -> Ruling:
    """A judge is not there for a whole round: nobody waits for the seat. Noted twice, it is noted once.

    Raises ReasonMissing, RoundNotJudging for a sealed round, JudgeHasMarked.
    """
    ledger.lock(db, contest)
    reason = clean_paragraphs(reason, field="reason", most=500)
    if not reason:
        raise ReasonMissing
    if round_.is_official:
        raise RoundNotJudging(state=round_.state.value)
    _must_not_have_marked(db, sitting, round_, 1)
    for standing in absences(db, contest):
        if (standing.sitting_id, standing.round_id) == (sitting.id, round_.id):
            return standing
    ruling = Ruling(
        contest_id=contest.id, round_id=round_.id, sitting_id=sitting.id, kind=RulingKind.ABSENT, reason=reason,
        created_at=now,
    )  # fmt: skip
    db.add(ruling)
    db.flush()
    ledger.append(
        db, contest, by=by, action=Action.RULED, subject=f"ruling:{ruling.public_id}", now=now,
        payload={"kind": "absent", "round": round_.code, "sitting": sitting.public_id},
    )  # fmt: skip
    return ruling


def absences(db: Session, contest: Contest) -> Sequence[Ruling]:
    """The standing absences of judges for whole rounds."""
    return db.scalars(
        select(Ruling).where(
            Ruling.contest_id == contest.id, Ruling.kind == RulingKind.ABSENT, Ruling.entry_id.is_(None),
            Ruling.sitting_id.is_not(None), Ruling.cancelled_at.is_(None),
        ).order_by(Ruling.id)
    ).all()  # fmt: skip


def cancel_absence(db: Session, contest: Contest, *, public_id: str, by: Actor, now: datetime) -> Ruling:
    """The judge came after all. Raises NotFound, RoundNotJudging for a sealed round."""
    ledger.lock(db, contest)
    ruling = next((each for each in absences(db, contest) if each.public_id == public_id), None)
    if ruling is None:
        raise NotFound
    round_ = db.get(Round, ruling.round_id)
    if round_ is not None and round_.is_official:
        raise RoundNotJudging(state=round_.state.value)
    ruling.cancelled_at = now
    ledger.append(
        db, contest, by=by, action=Action.RULING_CANCELLED, subject=f"ruling:{ruling.public_id}", now=now, payload={}
    )
    return ruling


def _must_not_have_marked(db: Session, sitting: Sitting, round_: Round, first: int) -> None:
    number = db.scalar(
        select(Appearance.number).join(Sheet, Sheet.appearance_id == Appearance.id)
        .where(Sheet.sitting_id == sitting.id, Appearance.round_id == round_.id, Appearance.position >= first)
        .order_by(Appearance.position).limit(1)
    )  # fmt: skip
    if number is not None:
        raise JudgeHasMarked(number=number)


def _free_code(db: Session, contest: Contest, number: int) -> str:
    """J and the seat's number, or the next one that no judge of the contest has."""
    taken = set(
        db.scalars(select(Sitting.code).join(Sitting.seat).join(Seat.panel).where(Panel.contest_id == contest.id))
    )
    while f"J{number}" in taken:
        number += 1
    return f"J{number}"


def _next_code(seat: Seat) -> str:
    """J4, then J4b, J4c: the seat's first code and a letter."""
    taken = {sitting.code for sitting in seat.sittings}
    base = seat.sittings[0].code
    names = [f"{base}{letter}" for letter in "bcdefghijklmnopqrstuvwxyz"] + [f"{base}-{n}" for n in range(27, 999)]
    return next(code for code in names if code not in taken)


def _note(
    db: Session, contest: Contest, sitting: Sitting, what: str, by: Actor, now: datetime, *,
    names: tuple[str, str], **more: object,
) -> None:  # fmt: skip
    """Note a change of the panel; `names`: who sat there before and who sits there now, "" where nobody."""
    seat = sitting.seat
    ledger.append(
        db, contest, by=by, action=Action.PANEL_CHANGED, subject=f"sitting:{sitting.public_id}",
        payload={"what": what, "seat": seat.public_id, "panel": seat.panel.code, "number": seat.number, **more},
        words={"judge": names}, now=now,
    )  # fmt: skip
