"""Which unfinished registration this browser holds for a contest: what the contest's page offers to go on with."""

from __future__ import annotations

from flask import session
from sqlalchemy import select
from sqlalchemy.orm import Session

from contest.models import Contest, Registration, RegistrationState

UNFINISHED = (RegistrationState.DRAFT, RegistrationState.RETURNED)


def registrations(db: Session, contest: Contest) -> list[Registration]:
    """The registrations of a contest that this browser has opened and whose code card still holds, the newest first."""
    kept = dict(str(each).rsplit(".", 1) for each in session.get("registrations", []) if "." in str(each))
    found = db.scalars(
        select(Registration).where(Registration.public_id.in_(kept), Registration.contest_id == contest.id)
        .order_by(Registration.updated_at.desc(), Registration.id.desc())
    )  # fmt: skip
    return [each for each in found if kept[each.public_id] == str(each.generation)]
