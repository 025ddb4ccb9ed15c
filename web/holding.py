"""Which registrations this browser holds: whoever opened one by its code keeps it until they let it go.

The session keeps "public_id.generation"; a new code card raises the generation, so that every device which the old
card opened knows nothing of the form any more.
"""

from __future__ import annotations

from flask import session
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from contest.errors import NotFound
from contest.models import Contest, Registration

KEY = "registrations"
# What fits into a cookie with room to spare; a teacher who helps more children opens the older ones by their codes.
MOST = 30


def held(db: Session, *, contest: Contest | None = None) -> list[Registration]:
    """The registrations of this browser, the newest first; those of one contest where it is named."""
    kept = dict(each.rsplit(".", 1) for each in _kept())
    statement = (
        select(Registration).where(Registration.public_id.in_(kept)).order_by(Registration.id.desc())
        .options(joinedload(Registration.contest), joinedload(Registration.entry))
    )  # fmt: skip
    if contest is not None:
        statement = statement.where(Registration.contest_id == contest.id)
    return [each for each in db.scalars(statement) if kept[each.public_id] == str(each.generation)]


def held_one(db: Session, public_id: str) -> Registration:
    """A registration of this browser by its public id. Raises NotFound for everybody else's."""
    found = next((each for each in held(db) if each.public_id == public_id), None)
    if found is None:
        raise NotFound
    return found


def hold(registration: Registration) -> None:
    """Let this browser hold a registration from now on."""
    others = [each for each in _kept() if not each.startswith(f"{registration.public_id}.")]
    session[KEY] = [*others, f"{registration.public_id}.{registration.generation}"][-MOST:]
    session.permanent = True


def let_go(registration: Registration) -> None:
    """Let this browser hold a registration no longer; the code card opens it again."""
    session[KEY] = [each for each in _kept() if not each.startswith(f"{registration.public_id}.")]


def _kept() -> list[str]:
    return [str(each) for each in session.get(KEY, []) if "." in str(each)]
