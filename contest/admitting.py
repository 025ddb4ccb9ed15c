"""When a registration form is open, for which of its fields and files, and how many places a contest has left."""

from __future__ import annotations

import json
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from contest.answers import FIELDS
from contest.models import Contest, Entry, Material, Registration, RegistrationState, Slot


def deadline(contest: Contest, registration: Registration | None = None) -> datetime | None:
    """Until when a form can be submitted; a form that was let in late has its own time."""
    closes, extended = contest.registration_closes_at, registration.extended_until if registration else None
    return max(closes, extended) if closes and extended else closes


def why_closed(db: Session, contest: Contest, *, now: datetime) -> str | None:
    """Why no new form can be started now: "before", "closed" or "full"; None while it can."""
    if contest.registration_opens_at is not None and now < contest.registration_opens_at:
        return "before"
    ends = deadline(contest)
    if ends is not None and now >= ends:
        return "closed"
    return "full" if contest.quota is not None and places_taken(db, contest) >= contest.quota else None


def places_taken(db: Session, contest: Contest) -> int:
    """How many places are gone: entries, and forms once submitted that were neither accepted nor withdrawn."""
    waiting = select(func.count()).select_from(Registration).where(
        Registration.contest_id == contest.id, Registration.receipt.is_not(None), Registration.entry_id.is_(None),
        Registration.state != RegistrationState.WITHDRAWN,
    )  # fmt: skip
    entered = select(func.count()).select_from(Entry).where(Entry.contest_id == contest.id)
    return (db.scalar(waiting) or 0) + (db.scalar(entered) or 0)


def why_locked(registration: Registration, *, now: datetime) -> str | None:
    """Why this form cannot be changed now: "closed" or its state; None while it can.

    A returned form is open past the deadline, until the contest begins: the review asked for the change.
    """
    contest, state = registration.contest, registration.state
    if state not in (RegistrationState.DRAFT, RegistrationState.RETURNED):
        return str(state.value)
    ends = deadline(contest, registration)
    if state is RegistrationState.RETURNED:
        times = (contest.starts_at, registration.extended_until)
        ends = max((each for each in times if each is not None), default=None)
    return "closed" if ends is not None and now >= ends else None


def is_late(registration: Registration, *, now: datetime) -> bool:
    """Whether the form is open past the contest's deadline, because it was let in."""
    closes, state = registration.contest.registration_closes_at, registration.state
    draft = state is RegistrationState.DRAFT and why_locked(registration, now=now) is None
    return draft and closes is not None and now >= closes


def unlocked(registration: Registration) -> frozenset[str]:
    """The fields and file slots that may be changed: in a returned form those the review named, else all."""
    every = frozenset(FIELDS) | {slot.value for slot in Slot}
    if registration.state is not RegistrationState.RETURNED or not registration.submissions:
        return every
    named = frozenset(str(name) for name in json.loads(registration.submissions[-1].fields))
    # Another date of birth may make a guardian's consent necessary.
    guardian = {"guardian", "guardian_phone", "consent"} if "birth_date" in named else set()
    return (named | guardian) & every if named else every


def may_take(registration: Registration, slot: Slot, *, now: datetime) -> bool:
    """Whether a file may be put into this slot now: slides and video until the contest begins, the rest with the form.

    The slides of a talk are finished last: they may follow a submitted form.
    """
    if why_locked(registration, now=now) is None and slot.value in unlocked(registration):
        return True
    later = slot in (Slot.SLIDES, Slot.VIDEO) and registration.state in (
        RegistrationState.SUBMITTED, RegistrationState.RETURNED, RegistrationState.APPROVED
    )  # fmt: skip
    begins = registration.contest.starts_at
    return later and begins is not None and now < begins


def may_reopen(registration: Registration, *, now: datetime) -> bool:
    """Whether a submitted form can still be made a draft again: until the deadline, and before it was decided."""
    ends = deadline(registration.contest, registration)
    return registration.state is RegistrationState.SUBMITTED and (ends is None or now < ends)


def material(registration: Registration, slot: Slot) -> Material | None:
    """The file in a slot now."""
    standing = [each for each in registration.materials if each.slot is slot and each.replaced_at is None]
    return standing[-1] if standing else None
