"""Play the demo final by itself, a press at a time: sheets come in, deductions, the score is out, the next is called.

Each move looks at what is there and does what would come next, so people may act in between: a judge who sits on a
seat of the demo is waited for, and a score that somebody released is not released twice.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from contest import judging, queries, releasing, showing
from contest.ledger import SYSTEM
from contest.models import (
    Adjustment,
    Appearance,
    AppearanceStatus,
    Contest,
    RoundState,
    Scene,
    Sheet,
    SheetState,
    Sitting,
    Stage,
)  # fmt: skip
from contest.rules import Criterion

SHEETS_AT_ONCE = 2
QUIZ = "quiz"
# The sheet that the folder leaves open: 90.00.
GIVEN = {
    ("17", 6): {"content": Decimal("27.00"), "delivery": Decimal("27.00"), "presence": Decimal("9.00"),
                "random": Decimal("27.00")},
}  # fmt: skip
# Somebody sits on a seat where its tablet was heard of within this time; so long is then waited for their sheet.
SITS_WITHIN, WAITS = timedelta(seconds=20), timedelta(seconds=45)


@dataclass(frozen=True)
class Move:
    """What was done, and how many seconds it is looked at; `called` begins a contestant, `over` ends the play."""

    seconds: float
    called: bool = False
    over: bool = False


def move(db: Session, contest: Contest, *, since: datetime, now: datetime) -> Move:
    """Do what comes next on stage. `since`: when this contestant's turn began, from which people are waited for."""
    stage = showing.stage_of(db, contest)
    if not stage.automatic:
        stage = showing.choose_scene(db, contest, scene=None, now=now)
    on = stage.appearance
    if on is None or on.is_released or not on.round.is_judging:
        return _next(db, contest, stage, now)
    missing = showing.missing_seats(db, on)
    if missing:
        return _sheets(db, contest, on, missing, since, now)
    if _misses(on) and not _adjusted(db, on):
        showing.adjust(
            db, contest, appearance=on, kind=QUIZ, value="-1", reason="科技常识答错 1 题", press="", by=SYSTEM, now=now
        )
        return Move(1.5)
    if not releasing.is_settled(db, contest, on):
        # Somebody times this talk: they stop the clock and confirm it, or the play is over.
        return Move(1.5) if now - since < WAITS else Move(0, over=True)
    showing.release(db, contest, appearance=on, by=SYSTEM, now=now)
    return Move(4.5)


def finish(db: Session, contest: Contest, *, now: datetime) -> None:
    """Leave the ranking on the screen."""
    showing.choose_scene(db, contest, scene=Scene.RANKING, now=now)


def _next(db: Session, contest: Contest, stage: Stage, now: datetime) -> Move:
    coming = _coming(db, stage)
    if coming is None:
        return Move(0, over=True)
    showing.call(db, contest, appearance=coming, now=now)
    return Move(3, called=True)


def _coming(db: Session, stage: Stage) -> Appearance | None:
    """The first that waits after the one on stage, if the round is still judged."""
    if stage.round is None or stage.round.state is not RoundState.JUDGING:
        return None
    last = stage.appearance.position if stage.appearance else 0
    waiting = (AppearanceStatus.WAITING, AppearanceStatus.ARRIVED, AppearanceStatus.STANDBY)
    for each in queries.appearances_in_order(db, stage.round):
        if each.position > last and each.status in waiting and not showing.is_out(db, each):
            return each
    return None


def _sheets(
    db: Session, contest: Contest, on: Appearance, missing: list[int], since: datetime, now: datetime
) -> Move:
    """Submit a few of the missing sheets; seats with a person come last and get their time."""
    seen = queries.last_seen(db, contest)
    waiting = [each for each in queries.sittings_for(db, on) if each.seat.number in missing]
    taken = [each for each in waiting if (at := seen.get(each.seat_id)) is not None and now - at < SITS_WITHIN]
    free = [each for each in waiting if each not in taken]
    if not free and now - since < WAITS:
        return Move(1.5)
    for sitting in (free or taken)[:SHEETS_AT_ONCE]:
        _submit(db, contest, on, sitting, now)
    showing.follow(db, contest, appearance=on, now=now)
    return Move(1.2)


def _submit(db: Session, contest: Contest, on: Appearance, sitting: Sitting, now: datetime) -> None:
    version = queries.rule_version(db, contest)
    rules = queries.round_rules(queries.rules_of(version), on)
    sheet = queries.sheets_of(db, on).get(sitting.id)
    if sheet is None:
        sheet = Sheet(
            appearance_id=on.id, sitting_id=sitting.id, version=1, foreign_version=1, rule_version_id=version.id,
            updated_at=now, state=SheetState.DRAFT,
        )  # fmt: skip
        db.add(sheet)
        db.flush()
    else:
        # A tablet that has begun this sheet learns that somebody else finished it.
        sheet.version += 1
        sheet.foreign_version, sheet.lease_id, sheet.updated_at = sheet.version, None, now
    given = GIVEN.get((on.number, sitting.seat.number), {})
    marks = {each.id: given.get(each.id) or _mark(each, on, sitting) for each in rules.criteria}
    judging.write_marks(db, sheet, marks)
    judging.submit(db, contest, sheet=sheet, version=version, by=SYSTEM, now=now)


def _mark(criterion: Criterion, on: Appearance, sitting: Sitting) -> Decimal:
    """An invented mark between 80 % and 96 % of the most, the same each time the demo is played."""
    talk, taste = _share(f"{on.number}"), _share(f"{on.number}:{sitting.seat.number}:{criterion.id}")
    share = Decimal("0.82") + talk * Decimal("0.10") + taste * Decimal("0.06") - Decimal("0.02")
    return (criterion.max * share / Decimal("0.5")).quantize(Decimal(1)) * Decimal("0.50")


def _share(text: str) -> Decimal:
    return Decimal(int.from_bytes(hashlib.sha256(text.encode()).digest()[:2])) / Decimal(65535)


def _misses(on: Appearance) -> bool:
    return on.position % 3 == 0


def _adjusted(db: Session, on: Appearance) -> bool:
    return db.scalar(select(Adjustment.id).where(Adjustment.appearance_id == on.id).limit(1)) is not None
