"""A contestant's form on its way: started, filled in on any device, submitted, taken back.

Whoever holds the form's code acts; there is no account. What is submitted is kept as a Submission of its own, so that
nothing of what the review has seen is overwritten.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from contest import admitting, answers, consenting, eligibility, ledger
from contest.answers import FIELDS
from contest.eligibility import NEEDED_TO_SUBMIT, Fault
from contest.models import (
    Contest,
    Delegation,
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
# The form alone is locked: whatever it may have been read with is looked at, not changed.
OWN_ROW = {"of": Registration}
CodeFor = Callable[[str, int], str]


def start_registration(
    db: Session, contest: Contest, *, code_for: CodeFor, now: datetime, extended_until: datetime | None = None
) -> Registration:
    """An empty form. `code_for(public_id, generation)` is the code on its card.

    `extended_until`: the organizer lets this one in until then, whatever the contest's own time and places say.
    Raises RegistrationClosed, DeadlinePast.
    """
    ledger.lock(db, contest)
    why = admitting.why_closed(db, contest, now=now) if extended_until is None else None
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
    may = admitting.unlocked(registration)
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


def add_material(db: Session, registration: Registration, *, slot: Slot, file: StoredFile, now: datetime) -> Material:
    """Put a stored file into a slot; what was there stays as history. Raises FieldLocked."""
    remove_material(db, registration, slot=slot, now=now)
    made = Material(registration=registration, slot=slot, file=file, added_at=now)
    db.add(made)
    db.flush()
    return made


def remove_material(db: Session, registration: Registration, *, slot: Slot, now: datetime) -> None:
    """Take the file out of a slot; it stays as history. Raises FieldLocked."""
    db.refresh(registration, with_for_update=OWN_ROW)
    if not admitting.may_take(registration, slot, now=now):
        raise FieldLocked(field=slot.value)
    for standing in registration.materials:
        if standing.slot is slot and standing.replaced_at is None:
            standing.replaced_at = now
    _changed(registration, now)
    db.flush()


def problems(db: Session, registration: Registration, *, now: datetime) -> list[Fault]:
    """Everything that stands in the way of submitting, in the form's order; empty when nothing does."""
    form = eligibility.form_of(db, registration.contest, now=now)
    given = answers.read(registration.answers)
    found = list(eligibility.faults(form, given))
    missing = [slot for slot in NEEDED_TO_SUBMIT if admitting.material(registration, slot) is None]
    found += [Fault(slot.value, "no_file") for slot in missing]
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
        limited = contest.quota is not None and registration.extended_until is None
        if limited and admitting.places_taken(db, contest) >= (contest.quota or 0):
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


def reopen(db: Session, registration: Registration, *, now: datetime) -> None:
    """Make a submitted form a draft again, which keeps its receipt and its place. Raises RegistrationClosed."""
    db.refresh(registration, with_for_update=OWN_ROW)
    if not admitting.may_reopen(registration, now=now):
        submitted = registration.state is RegistrationState.SUBMITTED
        raise RegistrationClosed(why="closed" if submitted else registration.state.value)
    registration.state = RegistrationState.DRAFT
    _changed(registration, now)
    db.flush()


def withdraw(db: Session, registration: Registration, *, now: datetime) -> None:
    """Give up a registration that was not accepted yet; its place is free. Raises RegistrationClosed."""
    ledger.lock(db, registration.contest)
    db.refresh(registration, with_for_update=OWN_ROW)
    if registration.state in (RegistrationState.APPROVED, RegistrationState.WITHDRAWN):
        raise RegistrationClosed(why=registration.state.value)
    registration.state = RegistrationState.WITHDRAWN
    _changed(registration, now)
    db.flush()


def new_code(db: Session, registration: Registration, *, code_for: CodeFor, now: datetime) -> None:
    """Give the form a new code card; the old code and the devices it opened know nothing of the form any more."""
    db.refresh(registration, with_for_update=OWN_ROW)
    registration.generation += 1
    registration.code_hash = code_hash(code_for(registration.public_id, registration.generation))
    _changed(registration, now)
    db.flush()


def _begin(db: Session, registration: Registration, now: datetime) -> None:
    db.refresh(registration, with_for_update=OWN_ROW)
    why = admitting.why_locked(registration, now=now)
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
