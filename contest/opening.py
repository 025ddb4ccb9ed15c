"""Open the results of a contest that holds its scores: the whole round goes out, or nothing does."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from contest import ledger, queries, releasing, showing
from contest.errors import ScoresNotReady
from contest.ledger import Actor
from contest.models import Appearance, Contest, Round, Scene


def release_all(db: Session, contest: Contest, *, round_: Round, by: Actor, now: datetime) -> list[Appearance]:
    """Open the results: every score of the round goes out, in running order, or none does.

    Raises RoundNotJudging, ReleaseTooEarly, ScoresNotReady with the numbers that wait for sheets or a confirmation.
    """
    ledger.lock(db, contest)
    held = [each for each in queries.appearances_in_order(db, round_) if not each.is_released]
    waiting = [each.number for each in held if not _ready(db, contest, each)]
    if waiting:
        raise ScoresNotReady(numbers=waiting)
    for each in held:
        showing.release(db, contest, appearance=each, by=by, now=now, opening=True)
    stage = showing.stage_of(db, contest)
    if stage.automatic and held:
        stage.scene, stage.changed_at = Scene.RANKING, now
    return held


def _ready(db: Session, contest: Contest, appearance: Appearance) -> bool:
    if showing.is_out(db, appearance):
        return True
    judged = bool(queries.sittings_for(db, appearance)) and not showing.missing_seats(db, appearance)
    return judged and releasing.is_settled(db, contest, appearance)
