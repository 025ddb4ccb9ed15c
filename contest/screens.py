"""Big screens: give one its private link, and take the link back."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from contest import ledger, queries
from contest.errors import Malformed, NameTaken
from contest.models import Contest, Screen

LONGEST_NAME = 60


def add_screen(db: Session, contest: Contest, *, name: str) -> Screen:
    """A screen with a link of its own. Raises NameTaken, Malformed for an empty or overlong name."""
    ledger.lock(db, contest)
    name = name.strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise Malformed(what="name")
    if db.scalar(select(Screen.id).where(Screen.contest_id == contest.id, Screen.name == name)) is not None:
        raise NameTaken(name=name)
    screen = Screen(contest_id=contest.id, name=name)
    db.add(screen)
    db.flush()
    return screen


def revoke_screen(db: Session, contest: Contest, *, public_id: str) -> Screen:
    """Make a screen's link invalid; it gets a new one. Raises NotFound."""
    ledger.lock(db, contest)
    screen = queries.only(db, select(Screen).where(Screen.contest_id == contest.id, Screen.public_id == public_id))
    screen.generation += 1
    return screen
