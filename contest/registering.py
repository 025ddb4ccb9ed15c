"""A contestant's form on its way: started, filled in on any device, submitted, taken back.

Whoever holds the form's code acts; there is no account. What is submitted is kept as a Submission of its own, so that
nothing of what the review has seen is overwritten.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from contest import answers, consenting, eligibility, ledger
from contest.answers import FIELDS
from contest.eligibility import NEEDED_TO_SUBMIT, Fault
from contest.models import (
    Contest,
    Delegation,
    Entry,
    Material,
    Registration,
    RegistrationState,
    Slot,
    StoredFile,
    Submission,
    new_public_id,
)  # fmt: skip
from contest.refusals import AnswersChanged, DeadlinePast, FieldLocked, NotReady, RegistrationClosed
from contest.staffing import code_hash

CHECK_PAGE = 4
CodeFor = Callable[[str, int], str]


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


def start_registration(
    db: Session, contest: Contest, *, code_for: CodeFor, now: datetime, extended_until: datetime | None = None
) -> Registration:
    """An empty form. `code_for(public_id, generation)` is the code on its card.

    `extended_until`: the organizer lets this one in until then, whatever the contest's own time and places say.
    Raises RegistrationClosed, DeadlinePast.
    """
    ledger.lock(db, contest)
    why = why_closed(db, contest, now=now) if extended_until is None else None
    if why is not None:
        raise RegistrationClosed(why=why)
    if extended_until is not None and extended_until <= now:
        raise DeadlinePast
    public_id = new_public_id()
    registration = Registration(
        public_id=public_id, contest=contest, code_hash=code_hash(code_for(public_id, 1)), created_at=now,
        updated_at=now, extended_until=extended_until,
    )  # fmt: skip
    db.add(registration)
    db.flush()
    return registration


def save_answers(
    db: Session, registration: Registration, *, changes: Mapping[str, str], version: int, now: datetime,
    base: Mapping[str, str] | None = None,
) -> None:  # fmt: skip
    """Keep answers as typed. `version` is the one they were typed over, `base` what the fields held then.

    Raises AnswersChanged where another device changed the same fields since, FieldLocked, RegistrationClosed.
    """
    _begin(db, registration, now)
    stored = answers.read(registration.answers)
    typed = {name: answers.storable(text) for name, text in changes.items() if name in FIELDS}
    changed = {name: text for name, text in typed.items() if text != stored.get(name, "")}
    may = unlocked(registration)
    for name in changed:
        if name not in may:
            raise FieldLocked(field=name)
    if version != registration.version:
        differing = [name for name in changed if base is None or base.get(name, "") != stored.get(name, "")]
        if differing:
            fields = {name: stored.get(name, "") for name in differing}
            raise AnswersChanged(fields=fields, version=registration.version)
    if changed:
        registration.answers = answers.write(stored | changed)
        _changed(registration, now)
    db.flush()


def reach_page(db: Session, registration: Registration, page: int) -> None:
    """Remember the furthest page, where the form opens again."""
    registration.page = min(max(registration.page, page), CHECK_PAGE)
    db.flush()


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


def add_material(db: Session, registration: Registration, *, slot: Slot, file: StoredFile, now: datetime) -> Material:
    """Put a stored file into a slot; what was there stays as history. Raises FieldLocked."""
    remove_material(db, registration, slot=slot, now=now)
    made = Material(registration=registration, slot=slot, file=file, added_at=now)
    db.add(made)
    db.flush()
    return made


def remove_material(db: Session, registration: Registration, *, slot: Slot, now: datetime) -> None:
    """Take the file out of a slot; it stays as history. Raises FieldLocked."""
    db.refresh(registration, with_for_update=True)
    if not may_take(registration, slot, now=now):
        raise FieldLocked(field=slot.value)
    for standing in registration.materials:
        if standing.slot is slot and standing.replaced_at is None:
            standing.replaced_at = now
    _changed(registration, now)
    db.flush()


def material(registration: Registration, slot: Slot) -> Material | None:
    """The file in a slot now."""
    standing = [each for each in registration.materials if each.slot is slot and each.replaced_at is None]
    return standing[-1] if standing else None


def problems(db: Session, registration: Registration, *, now: datetime) -> list[Fault]:
    """Everything that stands in the way of submitting, in the form's order; empty when nothing does."""
    form = eligibility.form_of(db, registration.contest, now=now)
    given = answers.read(registration.answers)
    found = list(eligibility.faults(form, given))
    found += [Fault(slot.value, "no_file") for slot in NEEDED_TO_SUBMIT if material(registration, slot) is None]
    if form.is_child(given) and not consenting.has_consent(registration):
        found.append(Fault(Slot.CONSENT.value, "no_consent"))
    if not any(fault.field == "delegation" for fault in found):
        found += _delegation_full(db, registration, given.get("delegation", ""))
    return sorted(found, key=lambda fault: fault.page)


def submit(db: Session, registration: Registration, *, now: datetime) -> Submission:
    """Hand the form in, its answers cleaned. Raises RegistrationClosed, NotReady."""
    contest = registration.contest
    ledger.lock(db, contest)
    _begin(db, registration, now)
    found = problems(db, registration, now=now)
    if found:
        raise NotReady(count=len(found))
    if registration.receipt is None:
        if contest.quota is not None and places_taken(db, contest) >= contest.quota:
            raise RegistrationClosed(why="full")
        registration.receipt = _next_receipt(db, contest)
    registration.answers = answers.write(answers.cleaned(answers.read(registration.answers)))
    registration.state, registration.submitted_at = RegistrationState.SUBMITTED, now
    _changed(registration, now)
    number = len(registration.submissions) + 1
    made = Submission(registration=registration, number=number, answers=registration.answers, submitted_at=now)
    db.add(made)
    db.flush()
    return made


def may_reopen(registration: Registration, *, now: datetime) -> bool:
    """Whether a submitted form can still be made a draft again: until the deadline, and before it was decided."""
    ends = deadline(registration.contest, registration)
    return registration.state is RegistrationState.SUBMITTED and (ends is None or now < ends)


def reopen(db: Session, registration: Registration, *, now: datetime) -> None:
    """Make a submitted form a draft again, which keeps its receipt and its place. Raises RegistrationClosed."""
    db.refresh(registration, with_for_update=True)
    if not may_reopen(registration, now=now):
        submitted = registration.state is RegistrationState.SUBMITTED
        raise RegistrationClosed(why="closed" if submitted else registration.state.value)
    registration.state = RegistrationState.DRAFT
    _changed(registration, now)
    db.flush()


def withdraw(db: Session, registration: Registration, *, now: datetime) -> None:
    """Give up a registration that was not accepted yet; its place is free. Raises RegistrationClosed."""
    ledger.lock(db, registration.contest)
    db.refresh(registration, with_for_update=True)
    if registration.state in (RegistrationState.APPROVED, RegistrationState.WITHDRAWN):
        raise RegistrationClosed(why=registration.state.value)
    registration.state = RegistrationState.WITHDRAWN
    _changed(registration, now)
    db.flush()


def new_code(db: Session, registration: Registration, *, code_for: CodeFor, now: datetime) -> None:
    """Give the form a new code card; the old code and the devices it opened know nothing of the form any more."""
    db.refresh(registration, with_for_update=True)
    registration.generation += 1
    registration.code_hash = code_hash(code_for(registration.public_id, registration.generation))
    _changed(registration, now)
    db.flush()


def _begin(db: Session, registration: Registration, now: datetime) -> None:
    db.refresh(registration, with_for_update=True)
    why = why_locked(registration, now=now)
    if why is not None:
        raise RegistrationClosed(why=why)


def _changed(registration: Registration, now: datetime) -> None:
    registration.version += 1
    registration.updated_at = now


def _next_receipt(db: Session, contest: Contest) -> str:
    given = db.scalars(
        select(Registration.receipt).where(Registration.contest_id == contest.id, Registration.receipt.is_not(None))
    )
    return f"R-{max((int(str(each).rpartition('-')[2]) for each in given), default=0) + 1:04d}"


def _delegation_full(db: Session, registration: Registration, name: str) -> list[Fault]:
    """A delegation that has sent as many as it may, this form aside."""
    quota = db.scalar(
        select(Delegation.quota).where(Delegation.contest_id == registration.contest_id, Delegation.name == name)
    )
    if quota is None or (registration.receipt is not None and registration.submissions and (
        answers.read(registration.submissions[-1].answers).get("delegation") == name
    )):  # fmt: skip
        return []
    others = db.scalars(
        select(Registration.answers).where(
            Registration.contest_id == registration.contest_id, Registration.id != registration.id,
            Registration.receipt.is_not(None), Registration.state != RegistrationState.WITHDRAWN,
        )
    )  # fmt: skip
    sent = sum(answers.read(each).get("delegation") == name for each in others)
    return [Fault("delegation", "quota_full", {"quota": quota})] if sent >= quota else []
