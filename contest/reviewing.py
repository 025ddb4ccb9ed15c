"""What the review decides: approve a registration as an entry, return it, take an approval back, correct an entry."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from contest import accepting, consenting, ledger
from contest import answers as forms
from contest.answers import Answers
from contest.errors import ReasonMissing
from contest.ledger import Actor
from contest.models import (
    Account,
    Action,
    Contest,
    Decision,
    Delegation,
    Entry,
    MemberRole,
    Registration,
    RegistrationState,
    Slot,
    Submission,
)  # fmt: skip
from contest.naming import clean_line, clean_paragraphs
from contest.refusals import (
    AlreadyDecided,
    ConsentMissing,
    DeadlinePast,
    EntryInUse,
    FormChanged,
    NothingUnlocked,
    QuotaFull,
)

LONGEST_REASON = 500
FILES = (Slot.PHOTO, Slot.SLIDES, Slot.VIDEO)
# What may be corrected of an accepted entry, and how long it may be.
CORRECTABLE = {"name": 60, "reading": 60, "unit": 100, "title": 200}


def approve(
    db: Session, contest: Contest, *, registration: Registration, account: Account, seen: int, exception: str = "",
    by: Actor, now: datetime,
) -> Entry:  # fmt: skip
    """Make a submitted registration an entry with the next number. `seen` is the version the reviewer looked at.

    `exception` is the reason for which a delegation may send one more than its quota.
    Raises AlreadyDecided, FormChanged, ConsentMissing, QuotaFull.
    """
    ledger.lock(db, contest)
    submission = _waiting(registration, seen)
    answers = forms.read(submission.answers)
    if consenting.needs_consent(registration, now=now) and not consenting.has_consent(registration):
        raise ConsentMissing
    exception = clean_paragraphs(exception, field="exception", most=LONGEST_REASON)
    _check_quota(db, contest, answers, exception)
    photo = [each for each in registration.materials if each.slot is Slot.PHOTO and each.replaced_at is None]
    entry = accepting.add_entry(
        db, contest, answers=answers, photo_id=photo[-1].file_id if photo else None, now=now
    )
    registration.state, registration.entry_id, registration.updated_at = RegistrationState.APPROVED, entry.id, now
    registration.version += 1
    _decide(submission, Decision.APPROVED, account, now)
    db.flush()
    payload: dict[str, object] = {
        "registration": registration.public_id, "code": entry.code, "submission": submission.number,
    }  # fmt: skip
    ledger.append(
        db, contest, by=by, action=Action.ENTRY_ACCEPTED, subject=f"entry:{entry.public_id}", now=now,
        payload=payload | ({"exception": exception} if exception else {}),
    )  # fmt: skip
    return entry


def return_to(
    db: Session, contest: Contest, *, registration: Registration, account: Account, seen: int, reason: str,
    fields: Collection[str], now: datetime,
) -> Submission:  # fmt: skip
    """Give a submitted registration back with a reason; only the named fields and file slots can be changed then.

    Raises AlreadyDecided, FormChanged, ReasonMissing, NothingUnlocked.
    """
    ledger.lock(db, contest)
    submission = _waiting(registration, seen)
    reason = clean_paragraphs(reason, field="reason", most=LONGEST_REASON)
    if not reason:
        raise ReasonMissing
    unlocked = [name for name in (*forms.FIELDS, *(slot.value for slot in FILES)) if name in fields]
    if not unlocked:
        raise NothingUnlocked
    registration.state, registration.updated_at = RegistrationState.RETURNED, now
    registration.version += 1
    _decide(submission, Decision.RETURNED, account, now)
    submission.reason, submission.fields = reason, json.dumps(unlocked)
    db.flush()
    return submission


def take_back(
    db: Session, contest: Contest, *, registration: Registration, reason: str, by: Actor, now: datetime
) -> Registration:
    """Undo an approval by mistake: the entry goes, the form waits for review again.

    Raises ReasonMissing, AlreadyDecided where it is not approved, EntryInUse once the entry takes part in anything.
    """
    ledger.lock(db, contest)
    reason = clean_paragraphs(reason, field="reason", most=LONGEST_REASON)
    if not reason:
        raise ReasonMissing
    entry = registration.entry
    if registration.state is not RegistrationState.APPROVED or entry is None:
        raise _decided(registration)
    if accepting.in_use(db, entry):
        raise EntryInUse(number=entry.code)
    registration.state, registration.entry_id, registration.updated_at = RegistrationState.SUBMITTED, None, now
    registration.version += 1
    for submission in registration.submissions[-1:]:
        submission.decision = submission.decided_at = submission.reviewer_id = None
    db.flush()
    db.expire(registration, ["entry"])
    accepting.remove_entry(db, entry)
    ledger.append(
        db, contest, by=by, action=Action.ENTRY_CORRECTED, subject=f"entry:{entry.public_id}", now=now,
        payload={"registration": registration.public_id, "taken_back": entry.code, "reason": reason},
    )  # fmt: skip
    return registration


def correct(
    db: Session, contest: Contest, *, entry: Entry, changes: Mapping[str, str], reason: str, by: Actor, now: datetime
) -> list[str]:
    """Correct an accepted entry's name, reading, unit or title; return the names of what changed.

    The ledger keeps which of them; the words before and after lie beside it. Raises TextRefused, ReasonMissing.
    """
    ledger.lock(db, contest)
    cleaned = {
        name: clean_line(changes[name], field=name, most=most, needed=name in ("name", "title"))
        for name, most in CORRECTABLE.items() if name in changes
    }  # fmt: skip
    changed = [name for name, text in cleaned.items() if text != (getattr(entry, name) or "")]
    if not changed:
        return []
    reason = clean_paragraphs(reason, field="reason", most=LONGEST_REASON)
    if not reason:
        raise ReasonMissing
    before = entry.name
    words = {name: [getattr(entry, name) or "", cleaned[name]] for name in changed}
    for name in changed:
        setattr(entry, name, cleaned[name] if name == "reading" else cleaned[name] or None)
    if "name" in changed:
        for member in entry.members:
            if member.role is MemberRole.AUTHOR and member.person.name == before:
                member.person.name = cleaned["name"]
    db.flush()
    ledger.append(
        db, contest, by=by, action=Action.ENTRY_CORRECTED, subject=f"entry:{entry.public_id}", now=now,
        payload={"fields": changed, "reason": reason}, words=words,
    )  # fmt: skip
    return changed


def extend(db: Session, contest: Contest, *, registration: Registration, until: datetime, now: datetime) -> None:
    """Let one form in until a time of its own, after the contest's deadline. Raises DeadlinePast, AlreadyDecided."""
    ledger.lock(db, contest)
    if registration.state in (RegistrationState.APPROVED, RegistrationState.WITHDRAWN):
        raise _decided(registration)
    if until <= now:
        raise DeadlinePast
    registration.extended_until, registration.updated_at = until, now
    db.flush()


def quota_of(db: Session, contest: Contest, delegation: str) -> tuple[int, int] | None:
    """How many of a delegation's places are used, and how many it has; None where nothing limits it."""
    quota = db.scalar(
        select(Delegation.quota).where(Delegation.contest_id == contest.id, Delegation.name == delegation)
    )
    if quota is None:
        return None
    approved = db.scalars(
        select(Registration.answers).where(
            Registration.contest_id == contest.id, Registration.state == RegistrationState.APPROVED
        )
    )  # fmt: skip
    return sum(forms.read(text).get("delegation") == delegation for text in approved), quota


def _waiting(registration: Registration, seen: int) -> Submission:
    """The submission to decide about. Raises AlreadyDecided, FormChanged."""
    if registration.state is not RegistrationState.SUBMITTED or not registration.submissions:
        raise _decided(registration)
    if registration.version != seen:
        raise FormChanged
    return registration.submissions[-1]


def _decided(registration: Registration) -> AlreadyDecided:
    last = registration.submissions[-1] if registration.submissions else None
    who = last.reviewer.display_name if last is not None and last.reviewer is not None else ""
    return AlreadyDecided(
        who=who, at=last.decided_at if last is not None else None, state=registration.state.value,
        zone=registration.contest.time_zone,
    )  # fmt: skip


def _decide(submission: Submission, decision: Decision, account: Account, now: datetime) -> None:
    submission.decision, submission.reviewer, submission.decided_at = decision, account, now


def _check_quota(db: Session, contest: Contest, answers: Answers, exception: str) -> None:
    delegation = answers.get("delegation", "")
    places = quota_of(db, contest, delegation)
    if places is not None and places[0] >= places[1] and not exception:
        raise QuotaFull(delegation=delegation, used=places[0], quota=places[1])
