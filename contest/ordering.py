"""The running order of a round: who takes part, in which order by hand, with which breaks, and since when it is known.

Numbers are given when the order is laid and never change once it is published: what is printed stays true.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from contest import ledger, queries
from contest.errors import Malformed, ReasonMissing
from contest.ledger import Actor
from contest.models import (
    Account,
    Action,
    Appearance,
    AppearanceStatus,
    Break,
    Contest,
    Draw,
    Entry,
    Panel,
    Round,
    RoundState,
    Ruling,
    RulingKind,
    Sheet,
    Stage,
)  # fmt: skip
from contest.naming import clean_line, clean_paragraphs
from contest.refusals import BreakTaken, NobodyTakesPart, OrderFixed

LONGEST_REASON = 500
LAID = (RoundState.DRAFT, RoundState.OPEN)
ON_OR_PAST = (AppearanceStatus.ON_STAGE, AppearanceStatus.DONE)


def withdrawn(db: Session, contest: Contest, round_: Round) -> dict[int, Ruling]:
    """The standing withdrawals of a round (or of the whole contest), by entry id."""
    rulings = db.scalars(
        select(Ruling).where(
            Ruling.contest_id == contest.id, Ruling.kind == RulingKind.WITHDRAWN, Ruling.cancelled_at.is_(None),
            (Ruling.round_id == round_.id) | Ruling.round_id.is_(None),
        )
    )  # fmt: skip
    return {ruling.entry_id: ruling for ruling in rulings if ruling.entry_id is not None}


def taking_part(db: Session, contest: Contest, round_: Round) -> list[Entry]:
    """Who takes part, by number: in the first round every accepted entry, in a later one whoever was sent on."""
    statement = select(Entry).where(Entry.contest_id == contest.id).order_by(Entry.position)
    if round_.position > 1:
        sent_on = select(Ruling.entry_id).where(
            Ruling.round_id == round_.id, Ruling.kind == RulingKind.ADVANCE, Ruling.cancelled_at.is_(None)
        )
        here = select(Appearance.entry_id).where(Appearance.round_id == round_.id)
        statement = statement.where(Entry.id.in_(sent_on) | Entry.id.in_(here))
    return list(db.scalars(statement))


def to_lay(db: Session, contest: Contest, round_: Round) -> list[Entry]:
    """Who can be brought into an order: whoever takes part and has not withdrawn. Raises NobodyTakesPart."""
    out = withdrawn(db, contest, round_)
    entries = [entry for entry in taking_part(db, contest, round_) if entry.id not in out]
    if not entries:
        raise NobodyTakesPart
    return entries


def must_not_have_begun(db: Session, round_: Round) -> None:
    """Raise OrderFixed once the round is judging or anybody was on stage or has marks in it."""
    busy = select(Appearance.id).where(Appearance.round_id == round_.id, Appearance.status.in_(ON_OR_PAST)).limit(1)
    marked = select(Sheet.id).join(Sheet.appearance).where(Appearance.round_id == round_.id).limit(1)
    if round_.state not in LAID or db.scalar(busy) is not None or db.scalar(marked) is not None:
        raise OrderFixed(why="begun")


def last_draw(db: Session, round_: Round) -> Draw | None:
    """The newest draw or arrangement, prepared ones included."""
    return db.scalars(
        select(Draw).where(Draw.round_id == round_.id).order_by(Draw.number.desc()).limit(1)
    ).one_or_none()  # fmt: skip


def lay(db: Session, round_: Round, panel: Panel, entries: Sequence[Entry]) -> list[Appearance]:
    """Give entries their positions and numbers in this order; an appearance that was there keeps its identity."""
    known = {each.entry_id: each for each in queries.appearances_in_order(db, round_)}
    wanted = {entry.id for entry in entries}
    stage = db.scalars(select(Stage).where(Stage.contest_id == round_.contest_id)).one()
    for entry_id, each in list(known.items()):
        if entry_id not in wanted:
            if stage.appearance_id == each.id:
                stage.appearance = None
            db.delete(known.pop(entry_id))
    for at, each in enumerate(known.values(), start=1):
        each.position, each.number = -at, f"~{at}"  # Out of the way of the places that are given below.
    db.flush()
    digits = max(2, len(str(len(entries))))
    for at, entry in enumerate(entries, start=1):
        appearance = known.get(entry.id)
        if appearance is None:
            appearance = Appearance(round_id=round_.id, entry_id=entry.id)
            db.add(appearance)
        appearance.panel_id, appearance.position, appearance.number = panel.id, at, f"{at:0{digits}d}"
    db.flush()
    return list(queries.appearances_in_order(db, round_))


def arrange(
    db: Session, contest: Contest, *, round_: Round, panel: Panel, entries: Sequence[Entry], account: Account,
    reason: str, by: Actor, now: datetime,
) -> Draw:  # fmt: skip
    """Set the order by hand instead of drawing it; after a draw that needs a reason.

    Raises OrderFixed once it is published or the round has begun, Malformed unless everybody is named exactly once.
    """
    ledger.lock(db, contest)
    must_not_have_begun(db, round_)
    reason = clean_paragraphs(reason, field="reason", most=LONGEST_REASON)
    last = last_draw(db, round_)
    if last is not None and last.published_at is not None:
        raise OrderFixed(why="published")
    if last is not None and not last.by_hand and last.is_drawn and not reason:
        raise ReasonMissing
    if sorted(entry.id for entry in entries) != sorted(entry.id for entry in to_lay(db, contest, round_)):
        raise Malformed(what="order")
    lay(db, round_, panel, entries)
    if last is None or not last.by_hand:
        last = Draw(
            round_id=round_.id, number=1 + (last.number if last else 0), seed="", commitment="", drawn_at=now, order=""
        )
        db.add(last)
    last.order, last.account_id, last.drawn_at = json.dumps([[entry.code for entry in entries]]), account.id, now
    db.flush()
    codes = [entry.code for entry in entries]
    record(db, contest, round_, "arranged", by, now, draw=last.public_id, reason=reason, order=codes)
    return last


def place(
    db: Session, contest: Contest, *, appearance: Appearance, position: int, account: Account, reason: str, by: Actor,
    now: datetime,
) -> Draw:  # fmt: skip
    """Move one to the n-th place, before publication; numbers follow. Raises as arrange does."""
    ledger.lock(db, contest)
    order = list(queries.appearances_in_order(db, appearance.round))
    order.remove(appearance)
    order.insert(min(max(position, 1), len(order) + 1) - 1, appearance)
    return arrange(
        db, contest, round_=appearance.round, panel=appearance.panel, entries=[each.entry for each in order],
        account=account, reason=reason, by=by, now=now,
    )  # fmt: skip


def publish(db: Session, contest: Contest, *, round_: Round, by: Actor, now: datetime) -> Draw:
    """Make the order known; from now on its numbers stay. A second press changes nothing. Raises NobodyTakesPart."""
    ledger.lock(db, contest)
    last = last_draw(db, round_)
    if last is None or not last.is_drawn:
        raise NobodyTakesPart
    if last.published_at is None:
        last.published_at = now
        record(db, contest, round_, "published", by, now, draw=last.public_id)
    return last


def add_break(
    db: Session, contest: Contest, *, round_: Round, after: int, title: str, minutes: int | None
) -> Break:
    """A pause after the n-th place. Raises BreakTaken, TextRefused, Malformed."""
    ledger.lock(db, contest)
    if not 1 <= after <= max(last_position(db, round_), 1) or (minutes is not None and not 1 <= minutes <= 999):
        raise Malformed(what="after" if minutes is None or 1 <= minutes <= 999 else "minutes")
    taken = select(Break.id).where(Break.round_id == round_.id, Break.after == after)
    if db.scalar(taken) is not None:
        raise BreakTaken(after=after)
    added = Break(
        round_id=round_.id, after=after, minutes=minutes, title=clean_line(title, field="title", most=60)
    )
    db.add(added)
    db.flush()
    return added


def remove_break(db: Session, contest: Contest, *, round_: Round, public_id: str) -> None:
    """Take a pause out again; pressed twice, it is gone once."""
    ledger.lock(db, contest)
    found = db.scalars(select(Break).where(Break.public_id == public_id, Break.round_id == round_.id)).one_or_none()
    if found is not None:
        db.delete(found)
        db.flush()


def last_position(db: Session, round_: Round) -> int:
    """The position of whoever comes last; 0 in a round without an order."""
    return db.scalar(select(func.max(Appearance.position)).where(Appearance.round_id == round_.id)) or 0


def record(
    db: Session, contest: Contest, round_: Round, what: str, by: Actor, now: datetime, **payload: object
) -> None:
    """Append a change of the order to the ledger."""
    ledger.append(
        db, contest, by=by, action=Action.ORDER_CHANGED, subject=f"round:{round_.public_id}", now=now,
        payload={"change": what} | payload,
    )  # fmt: skip
