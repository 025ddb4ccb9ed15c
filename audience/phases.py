"""Where a contest stands for whoever opens its page, and the one button that goes with it."""

from __future__ import annotations

import enum
from collections.abc import Collection
from datetime import datetime
from zoneinfo import ZoneInfo

from contest.models import Contest, RoundState


class Phase(enum.Enum):
    """What a visitor can do now."""

    SOON = "soon"  # registration has not begun
    REGISTERING = "registering"
    BETWEEN = "between"  # registration is over, the day has not come
    RUNNING = "running"  # judged today
    OVER = "over"  # judged, not announced
    ANNOUNCED = "announced"  # the awards are public


def phase_of(contest: Contest, states: Collection[RoundState], now: datetime) -> Phase:
    """The contest's phase, from its rounds first and its dates after them."""
    if contest.awards_published_at is not None:
        return Phase.ANNOUNCED
    if RoundState.JUDGING in states:
        return Phase.RUNNING
    done = {RoundState.LOCKED, RoundState.SEALED, RoundState.PUBLISHED}
    if states and set(states) <= done:
        return Phase.OVER
    opens, closes, starts = contest.registration_opens_at, contest.registration_closes_at, contest.starts_at
    if starts is not None and _day(starts, contest) == _day(now, contest):
        return Phase.RUNNING
    if opens is not None and now < opens:
        return Phase.SOON
    if closes is not None:
        return Phase.REGISTERING if now < closes else Phase.BETWEEN
    if opens is not None:
        return Phase.REGISTERING
    return Phase.SOON if starts is None or now < starts else Phase.BETWEEN


def target(contest: Contest, phase: Phase) -> datetime | None:
    """What the card counts down to: the next date that matters in this phase."""
    dates = {
        Phase.SOON: contest.registration_opens_at or contest.starts_at,
        Phase.REGISTERING: contest.registration_closes_at, Phase.BETWEEN: contest.starts_at,
    }  # fmt: skip
    return dates.get(phase)


def _day(at: datetime, contest: Contest) -> object:
    return at.astimezone(ZoneInfo(contest.time_zone)).date()
