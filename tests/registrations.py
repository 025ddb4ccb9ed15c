"""Builders of registration forms in any state, and of the accounts that review them."""

from __future__ import annotations

from sqlalchemy.orm import Session

from contest import answers as forms
from contest.models import (
    Account,
    Contest,
    Material,
    Registration,
    RegistrationState,
    Slot,
    StoredFile,
    Submission,
)
from tests.builders import NOW

ANSWERS = {
    "name": "艾山江·吐尔逊", "birth_date": "2001-03-04", "phone": "13800006217", "unit": "望海县交通运输局",
    "division": "public", "title": "沙漠公路为什么不被埋", "delegation": "望海县", "teacher": "许清和",
    "portrait": "yes", "truthful": "yes",
}  # fmt: skip
_made = iter(range(1, 1_000_000))


def add_reviewer(db: Session, username: str = "jiangwan", name: str = "江晚") -> Account:
    """An account that reviews."""
    account = Account(username=username, display_name=name, password_hash="", created_at=NOW)
    db.add(account)
    db.flush()
    return account


def add_registration(
    db: Session, contest: Contest, *, state: RegistrationState = RegistrationState.SUBMITTED, **changed: str
) -> Registration:
    """A form with these answers changed, in this state (not approved: that makes an entry), submitted once."""
    answers = forms.write({**ANSWERS, **changed})
    number = next(_made)
    submitted = state is not RegistrationState.DRAFT
    made = Registration(
        contest_id=contest.id, state=state, answers=answers, code_hash=f"code {number}", created_at=NOW, updated_at=NOW,
        receipt=f"KP-{number:04d}" if submitted else None, submitted_at=NOW if submitted else None,
    )  # fmt: skip
    db.add(made)
    db.flush()
    if submitted:
        submit(db, made, **changed)
    return made


def submit(db: Session, registration: Registration, **changed: str) -> Submission:
    """Hand the form in (again) with these answers changed."""
    answers = {**forms.read(registration.answers), **changed}
    registration.answers, registration.state = forms.write(answers), RegistrationState.SUBMITTED
    made = Submission(
        registration_id=registration.id, number=len(registration.submissions) + 1, answers=registration.answers,
        submitted_at=NOW,
    )  # fmt: skip
    registration.submissions.append(made)
    db.flush()
    return made


def add_file(db: Session, registration: Registration, slot: Slot, *, name: str = "照片.jpg") -> Material:
    """A file in a slot of the form; its bytes are not on the disk."""
    file = StoredFile(
        contest_id=registration.contest_id, sha256="0" * 64, name=name, media_type="image/jpeg", size=1, stored_at=NOW
    )
    db.add(file)
    db.flush()
    made = Material(slot=slot, file_id=file.id, added_at=NOW)
    registration.materials.append(made)
    db.flush()
    return made
