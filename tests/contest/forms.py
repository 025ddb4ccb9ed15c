"""What the tests of registration forms share: good answers, an open contest, a form, saving, adding a file."""

from __future__ import annotations

from datetime import timedelta

import pytest

from contest import registering
from contest.models import Material, Registration, Slot, StoredFile
from tests.builders import NOW

GOOD = {
    "name": "沈知遥", "birth_date": "2008-03-04", "phone": "13800138000", "unit": "星河中学",
    "title": "月球的土，能种菜吗？", "portrait": "yes", "truthful": "yes",
}  # fmt: skip
DAY = timedelta(days=1)


def code_for(public_id: str, generation: int) -> str:
    return f"{public_id}-{generation}"


@pytest.fixture
def open_contest(contest):
    """The final of the tests, taking registrations for five days more, held in ten."""
    contest.registration_opens_at, contest.registration_closes_at = NOW - DAY, NOW + 5 * DAY
    contest.starts_at = NOW + 10 * DAY
    return contest


@pytest.fixture
def form(db, open_contest) -> Registration:
    return registering.start_registration(db, open_contest, code_for=code_for, now=NOW)


def save(db, form, changes, *, version=None, base=None, now=NOW):
    registering.save_answers(db, form, changes=changes, version=version or form.version, base=base, now=now)


def add_file(db, form, slot=Slot.PHOTO, name="photo.jpg", now=NOW) -> Material:
    file = StoredFile(
        contest_id=form.contest_id, sha256="0" * 64, name=name, media_type="image/jpeg", size=1, stored_at=now
    )
    db.add(file)
    db.flush()
    return registering.add_material(db, form, slot=slot, file=file, now=now)


@pytest.fixture
def ready(db, form) -> Registration:
    """A form that lacks nothing."""
    save(db, form, GOOD)
    add_file(db, form)
    return form


def codes(db, form, now=NOW):
    return [(fault.field, fault.code) for fault in registering.problems(db, form, now=now)]
