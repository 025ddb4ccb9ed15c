"""A guardian's consent to a young contestant's data: who needs it, how it is given, and how it is taken back."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from contest import answers, ledger
from contest.errors import Malformed
from contest.models import Consent, ConsentBy, Material, Registration, RegistrationState, Slot, StoredFile
from contest.naming import clean_line

# 个人信息保护法, article 31: below fourteen the guardian decides.
CONSENT_BELOW = 14
# The text that guardians read (templates/registration/consent_text.html); a change of what it says is a new version.
WORDING = "2026-1"
RELATIONS = ("father", "mother", "guardian")


def needs_consent(registration: Registration, *, now: datetime) -> bool:
    """Whether the contestant is younger than CONSENT_BELOW on the day of the contest; today, where that is not set.

    A form without a usable date of birth needs none yet: the date itself stands in the way of submitting it.
    """
    born = answers.birth_date(answers.read(registration.answers))
    if born is None:
        return False
    day = (registration.contest.starts_at or now).astimezone(ZoneInfo(registration.contest.time_zone)).date()
    return answers.age_on(born, day) < CONSENT_BELOW


def standing_consent(registration: Registration) -> Consent | None:
    """The newest consent that was not withdrawn."""
    return next((each for each in reversed(registration.consents) if each.withdrawn_at is None), None)


def has_consent(registration: Registration) -> bool:
    """Whether a guardian agreed and has not withdrawn it."""
    return standing_consent(registration) is not None


def lost_consent(registration: Registration, *, now: datetime) -> Consent | None:
    """The consent that was withdrawn after the entry was accepted and never given again: the organizer must act."""
    if registration.state is not RegistrationState.APPROVED or has_consent(registration):
        return None
    if not registration.consents or not needs_consent(registration, now=now):
        return None
    return registration.consents[-1]


def give_by_link(
    db: Session, registration: Registration, *, guardian: str, relation: str, now: datetime
) -> Consent:
    """A guardian agreed on their own phone; a second time changes nothing. Raises TextRefused, Malformed."""
    name, relation = check(guardian, relation)
    ledger.lock(db, registration.contest)
    standing = standing_consent(registration)
    return standing or _add(db, registration, ConsentBy.LINK, name, relation, None, now)


def give_by_form(
    db: Session, registration: Registration, *, guardian: str, relation: str, file: StoredFile, now: datetime
) -> Consent:
    """A signed form was uploaded: it is kept, and a newer one takes its place. Raises TextRefused, Malformed."""
    name, relation = check(guardian, relation)
    ledger.lock(db, registration.contest)
    for older in registration.materials:
        if older.slot is Slot.CONSENT and older.replaced_at is None:
            older.replaced_at = now
    material = Material(registration_id=registration.id, slot=Slot.CONSENT, file_id=file.id, added_at=now)
    db.add(material)
    db.flush()
    db.expire(registration, ["materials"])
    return _add(db, registration, ConsentBy.FORM, name, relation, material, now)


def withdraw_consent(db: Session, registration: Registration, *, now: datetime) -> None:
    """Take every standing consent back. A form that waits for review is incomplete again; an accepted entry stays,
    and its organizer is told (`lost_consent`). A second time changes nothing.
    """
    ledger.lock(db, registration.contest)
    standing = [each for each in registration.consents if each.withdrawn_at is None]
    for each in standing:
        each.withdrawn_at = now
    if standing and registration.state is RegistrationState.SUBMITTED:
        registration.state = RegistrationState.DRAFT
    if standing:
        registration.version += 1
        registration.updated_at = now
    db.flush()


def check(guardian: str, relation: str) -> tuple[str, str]:
    """A guardian's name, cleaned, and relation. Raises TextRefused, Malformed."""
    if relation not in RELATIONS:
        raise Malformed(what="relation")
    return clean_line(guardian, field="guardian", most=60), relation


def _add(
    db: Session, registration: Registration, method: ConsentBy, guardian: str, relation: str,
    material: Material | None, now: datetime,
) -> Consent:  # fmt: skip
    consent = Consent(
        registration_id=registration.id, method=method, guardian=guardian, relation=relation, wording=WORDING,
        material_id=material.id if material else None, given_at=now,
    )  # fmt: skip
    db.add(consent)
    db.flush()
    db.expire(registration, ["consents"])
    return consent
