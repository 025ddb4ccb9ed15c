"""An accepted entry: its row with the next number, author and teachers, however it came in; and taking it away."""

from __future__ import annotations

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from contest import answers as forms
from contest.answers import Answers
from contest.models import (
    Appearance,
    Award,
    CheckIn,
    Contest,
    Delegation,
    Entry,
    Member,
    MemberRole,
    Person,
    Ruling,
)  # fmt: skip

TWO_DIGITS = 99
SEPARATORS = re.compile("[、，,;；/]")


def day_of(contest: Contest, now: datetime) -> date:
    """The day on which ages are counted: the contest's first, in its own time zone; today while it has none."""
    return (contest.starts_at or now).astimezone(ZoneInfo(contest.time_zone)).date()


def add_entry(db: Session, contest: Contest, *, answers: Answers, photo_id: int | None, now: datetime) -> Entry:
    """An entry with the next number, its author and teachers. Whose age is not known is treated as a minor."""
    born = forms.birth_date(answers)
    last = db.scalar(select(func.max(Entry.position)).where(Entry.contest_id == contest.id)) or 0
    entry = Entry(
        contest_id=contest.id, code=_next_code(db, contest), position=last + 1,
        division=answers.get("division") or None, unit=answers.get("unit") or None, name=answers.get("name") or None,
        title=answers.get("title") or None, reading=answers.get("reading", ""), photo_id=photo_id,
        masked=born is None or forms.age_on(born, day_of(contest, now)) < contest.mask_below,
    )  # fmt: skip
    people = [(Person(name=answers.get("name", ""), birth_date=born), MemberRole.AUTHOR)]
    teachers = [name.strip() for name in SEPARATORS.split(answers.get("teacher", ""))]
    people += [(Person(name=name), MemberRole.TEACHER) for name in teachers if name]
    db.add(entry)
    db.add_all([
        Member(entry=entry, person=person, position=at, role=role) for at, (person, role) in enumerate(people, start=1)
    ])
    db.flush()
    return entry


def in_use(db: Session, entry: Entry) -> bool:
    """Whether the entry has an appearance, a ruling, an award or came through the door."""
    uses = (
        select(Appearance.id).where(Appearance.entry_id == entry.id),
        select(Ruling.id).where(Ruling.entry_id == entry.id),
        select(Award.id).where(Award.entry_id == entry.id),
        select(CheckIn.id).where(CheckIn.entry_id == entry.id, CheckIn.undone_at.is_(None)),
    )
    return any(db.scalar(use.limit(1)) is not None for use in uses)


def remove_entry(db: Session, entry: Entry) -> None:
    """Take away an entry that was accepted by mistake, with its people; nothing may use it any more (`in_use`)."""
    people = list(db.scalars(select(Member.person_id).where(Member.entry_id == entry.id)))
    db.execute(delete(CheckIn).where(CheckIn.entry_id == entry.id))
    db.execute(delete(Member).where(Member.entry_id == entry.id))
    db.execute(delete(Entry).where(Entry.id == entry.id))
    db.execute(delete(Person).where(Person.id.in_(people)))
    db.expunge(entry)


def _next_code(db: Session, contest: Contest) -> str:
    """The next number, in two digits or, where the contest may hold more than 99 entries, three."""
    codes = db.scalars(select(Entry.code).where(Entry.contest_id == contest.id))
    numbers = [int(code) for code in codes if code.isascii() and code.isdecimal() and len(code) < 9]
    quotas = db.scalars(select(Delegation.quota).where(Delegation.contest_id == contest.id))
    places = max(contest.quota or 0, sum(quota or 0 for quota in quotas))
    return f"{max(numbers, default=0) + 1:0{2 if places <= TWO_DIGITS else 3}d}"
