"""Reads of the public home page."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from contest.models import Contest, RoundState


def contests(db: Session) -> dict[str, list[Contest]]:
    """The contests that the public may know of, newest first: running, to come, and done. Rehearsals are not shown."""
    statement = (
        select(Contest).where(Contest.rehearsal.is_(False)).order_by(Contest.created_at.desc())
        .options(joinedload(Contest.organization), selectinload(Contest.rounds))
    )  # fmt: skip
    found: dict[str, list[Contest]] = {"now": [], "soon": [], "done": []}
    for contest in db.scalars(statement):
        states = {round_.state for round_ in contest.rounds}
        if states <= {RoundState.DRAFT}:
            continue
        if states & {RoundState.JUDGING, RoundState.LOCKED}:
            found["now"].append(contest)
        else:
            found["soon" if RoundState.OPEN in states else "done"].append(contest)
    return found
