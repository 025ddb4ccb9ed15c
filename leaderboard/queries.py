"""Reads of the public home page."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from contest.models import Audience, Contest, Frame, RoundState


@dataclass(frozen=True)
class Listed:
    """A contest as the home page shows it."""

    slug: str
    title: str
    organization: str
    round: str | None
    released: int
    appearances: int
    starts_at: datetime | None
    time_zone: str
    place: str


def contests(db: Session, language: str) -> dict[str, list[Listed]]:
    """The contests that are published, newest first: running, to come, and done. Rehearsals are not shown."""
    statement = (
        select(Contest).where(Contest.rehearsal.is_(False), Contest.published_at.is_not(None))
        .order_by(Contest.created_at.desc())
        .options(joinedload(Contest.organization), selectinload(Contest.rounds))
    )  # fmt: skip
    frames = {
        frame.contest_id: json.loads(frame.frame)
        for frame in db.scalars(select(Frame).where(Frame.audience == Audience.PUBLIC))
    }
    found: dict[str, list[Listed]] = {"now": [], "soon": [], "done": []}
    for contest in db.scalars(statement):
        states = {round_.state for round_ in contest.rounds}
        frame = frames.get(contest.id) or {"round": None, "counts": {"released": 0, "appearances": 0}}
        title = frame["round"]["title"][language] if frame["round"] else None
        shown = contest.title_en if language == "en" and contest.title_en else contest.title
        found[_when(states)].append(Listed(
            contest.slug, shown, contest.organization.name, title, starts_at=contest.starts_at,
            time_zone=contest.time_zone, place=contest.place, **frame["counts"],
        ))  # fmt: skip
    return found


def _when(states: set[RoundState]) -> str:
    if states & {RoundState.JUDGING, RoundState.LOCKED}:
        return "now"
    return "soon" if states & {RoundState.DRAFT, RoundState.OPEN} or not states else "done"
