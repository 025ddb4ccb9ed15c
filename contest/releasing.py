"""When a score may go out: the contest's release mode, the stopped clock and the scorekeeper's confirmation."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from contest import calling, clocking, queries
from contest.errors import ClockRunning, NotChecked, ReleaseTooEarly
from contest.models import Appearance, AppearanceStatus, Contest, ReleaseMode, Round, Visibility


def is_settled(db: Session, contest: Contest, appearance: Appearance) -> bool:
    """Whether nothing of the talk's time waits for a person."""
    try:
        must_be_settled(db, contest, appearance)
    except (ClockRunning, NotChecked):
        return False
    return True


def must_be_settled(db: Session, contest: Contest, appearance: Appearance) -> None:
    """A talk that was timed goes out once its clock stands and the scorekeeper has confirmed what it costs.

    Raises ClockRunning, NotChecked. A talk that nobody timed waits for neither.
    """
    rules = queries.round_rules(queries.rules_of(queries.rule_version(db, contest)), appearance)
    parts = clocking.read(db, rules, appearance)
    if any(part.runs for part in parts):
        raise ClockRunning(number=appearance.number)
    if any(part.pressed for part in parts) and appearance.checked_at is None:
        raise NotChecked(number=appearance.number)


def is_time(db: Session, contest: Contest, appearance: Appearance) -> bool:
    """Whether the contest's release mode lets this score out now."""
    try:
        must_be_time(db, contest, appearance, opening=False)
    except ReleaseTooEarly:
        return False
    return True


def must_be_time(db: Session, contest: Contest, appearance: Appearance, *, opening: bool) -> None:
    """Raise ReleaseTooEarly where the contest's mode does not let this score out yet.

    lag-1: the next contestant has to be on first, or nobody is left to come. held: the chief judge opens the results
    (`opening`); what was out once, opens too. A score that was out before and was corrected may always go out again.
    """
    if appearance.released_at is not None or contest.release_mode is ReleaseMode.IMMEDIATE:
        return
    if contest.release_mode is ReleaseMode.LAG_1:
        early = appearance.status is not AppearanceStatus.DONE and _somebody_comes(db, appearance)
    else:
        early = not opening and not is_opened(db, appearance.round)
    if early:
        raise ReleaseTooEarly(mode=contest.release_mode.value, number=appearance.number)


def any_released(db: Session, round_: Round) -> bool:
    """Whether a score of the round is out."""
    out = select(Appearance.id).where(Appearance.round_id == round_.id, Appearance.visibility == Visibility.RELEASED)
    return db.scalar(out.limit(1)) is not None


def is_opened(db: Session, round_: Round) -> bool:
    """Whether a score of the round has ever been out."""
    out = select(Appearance.id).where(Appearance.round_id == round_.id, Appearance.released_at.is_not(None))
    return db.scalar(out.limit(1)) is not None


def _somebody_comes(db: Session, appearance: Appearance) -> bool:
    order = queries.appearances_in_order(db, appearance.round)
    out = calling.out_of(db, appearance.round)
    return any(each.id != appearance.id for each in calling.to_come(order, None, out))
