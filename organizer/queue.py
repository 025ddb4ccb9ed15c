"""The review's reads: the queue at the left, and all that is to be known about one form or one accepted entry."""

from __future__ import annotations

import json
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from difflib import SequenceMatcher

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from contest import accepting, consenting, reviewing
from contest import answers as forms
from contest import queries as shared
from contest.models import (
    Contest,
    Decision,
    Entry,
    Material,
    Registration,
    RegistrationState,
    Slot,
    Submission,
)  # fmt: skip

# The filters in the order people work through them.
STATES = (
    RegistrationState.SUBMITTED, RegistrationState.RETURNED, RegistrationState.APPROVED, RegistrationState.DRAFT,
    RegistrationState.WITHDRAWN,
)  # fmt: skip
FILES = (Slot.PHOTO, Slot.SLIDES, Slot.VIDEO, Slot.CONSENT)
SIMILAR = 0.6
NOT_SHOWN = ("portrait", "truthful")
# All that the office sees of a form nobody has submitted: enough to know whose it is, nothing personal beyond that.
SHOWN_UNSENT = ("name", "unit", "division", "title", "delegation")


@dataclass(frozen=True)
class Line:
    """A row of the queue: a form, or an entry that came without one."""

    registration: Registration | None
    entry: Entry | None
    name: str
    division: str
    title: str
    at: datetime | None
    again: bool = False
    rare: bool = False
    lacks_photo: bool = False

    @property
    def public_id(self) -> str:
        """The form's public id, or the entry's."""
        row = self.registration or self.entry
        return row.public_id if row is not None else ""


@dataclass(frozen=True)
class Queue:
    """The queue as it is filtered, with how many stand in each state."""

    state: RegistrationState
    asked: str
    counts: Mapping[RegistrationState, int]
    lines: Sequence[Line]


@dataclass(frozen=True)
class Answer:
    """An answer as it stands, and as it was when the form was returned where it has changed since."""

    name: str
    value: str
    before: str | None = None

    @property
    def changed(self) -> bool:
        """Whether it differs from what was returned."""
        return self.before is not None


@dataclass(frozen=True)
class File:
    """What lies in a slot now, and whether it came after the last return."""

    slot: Slot
    material: Material | None
    changed: bool


@dataclass(frozen=True)
class Review:
    """One form with everything the reviewer weighs."""

    registration: Registration
    answers: Sequence[Answer]
    files: Sequence[File]
    returned: Submission | None
    age: int | None
    consent: str
    quota: tuple[int, int] | None
    similar: Sequence[tuple[str, str, int]]
    may_take_back: bool
    unsent: bool
    history: Sequence[Submission] = field(default_factory=tuple)

    @property
    def values(self) -> dict[str, str]:
        """The answers by field."""
        return {answer.name: answer.value for answer in self.answers}

    @property
    def changes(self) -> int:
        """How many answers and files were changed since the last return."""
        return sum(answer.changed for answer in self.answers) + sum(file.changed for file in self.files)


def divisions(db: Session, contest: Contest, lang: str) -> dict[str, str]:
    """The divisions of the rule file by code, in words."""
    rules = shared.rules_of(shared.rule_version(db, contest))
    return {code: title.in_(lang) for code, title in rules.divisions.items()}


def queue(db: Session, contest: Contest, *, state: RegistrationState, asked: str, words: Mapping[str, str]) -> Queue:
    """The forms in a state, the earliest submitted first; with the approved ones the entries that had no form."""
    counted = db.execute(
        select(Registration.state, func.count()).where(Registration.contest_id == contest.id)
        .group_by(Registration.state)
    )  # fmt: skip
    counts: Counter[RegistrationState] = Counter({row[0]: row[1] for row in counted})
    found = db.scalars(
        select(Registration).where(Registration.contest_id == contest.id, Registration.state == state)
        .order_by(Registration.submitted_at, Registration.id)
        .options(selectinload(Registration.submissions), selectinload(Registration.materials),
                 selectinload(Registration.entry))
    ).all()  # fmt: skip
    lines = [_line(each, words) for each in found]
    formless = db.scalars(
        select(Entry).where(Entry.contest_id == contest.id, Entry.id.notin_(
            select(Registration.entry_id).where(Registration.entry_id.is_not(None))
        ))
    ).all()  # fmt: skip
    counts[RegistrationState.APPROVED] += len(formless)
    if state is RegistrationState.APPROVED:
        lines += [_entry_line(each, words) for each in formless]
        lines.sort(key=lambda line: line.entry.position if line.entry else 0)
    return Queue(state, asked, counts, [line for line in lines if _matches(line, asked)])


def review(db: Session, contest: Contest, registration: Registration, *, now: datetime) -> Review:
    """One form: its answers beside what was returned, its files, consent, quota, and titles much like its own.

    Of a draft only whose it is: what has not been submitted is still its writer's own.
    """
    unsent = registration.state is RegistrationState.DRAFT
    submissions = registration.submissions
    open_ = registration.state in (RegistrationState.DRAFT, RegistrationState.RETURNED)
    now_ = forms.read(registration.answers if open_ or not submissions else submissions[-1].answers)
    returned = next((each for each in reversed(submissions) if each.decision is Decision.RETURNED), None)
    old = forms.read(returned.answers) if returned is not None and not open_ else now_
    changed = forms.changed(old, now_)
    born = forms.birth_date(now_)
    quota = reviewing.quota_of(db, contest, now_.get("delegation", ""))
    return Review(
        registration=registration,
        answers=[
            Answer(name, now_.get(name, ""), old.get(name, "") if name in changed else None)
            for name in (SHOWN_UNSENT if unsent else forms.FIELDS)
            if name not in NOT_SHOWN and (now_.get(name) or name in changed)
        ],
        files=[] if unsent else [_file(registration, slot, None if open_ else returned) for slot in FILES],
        returned=None if open_ and registration.state is not RegistrationState.RETURNED else returned,
        age=forms.age_on(born, accepting.day_of(contest, now)) if born and not unsent else None,
        consent=_consent(registration, now), quota=quota,
        similar=_similar(db, contest, registration, now_.get("title", "")),
        may_take_back=registration.entry is not None and not accepting.in_use(db, registration.entry),
        unsent=unsent, history=submissions,
    )  # fmt: skip


def neighbours(lines: Sequence[Line], public_id: str) -> tuple[Line | None, Line | None]:
    """Who stands before and after this one in the queue; beside none of them, the first comes next."""
    at = next((at for at, line in enumerate(lines) if line.public_id == public_id), None)
    if at is None:
        return None, lines[0] if lines else None
    return (lines[at - 1] if at else None), (lines[at + 1] if at + 1 < len(lines) else None)


def unlocked(submission: Submission) -> list[str]:
    """The names of the fields and slots that a return unlocked."""
    names: list[str] = json.loads(submission.fields)
    return names


def is_rare(name: str) -> bool:
    """Whether a name has a character outside the common set (GB 2312): a font or the MC may not know it."""
    return any(not _common(letter) for letter in name)


def _common(letter: str) -> bool:
    if not unicodedata.category(letter).startswith("Lo"):
        return True
    try:
        letter.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def _line(registration: Registration, words: Mapping[str, str]) -> Line:
    answers = forms.read(registration.answers)
    photo = any(each.slot is Slot.PHOTO and each.replaced_at is None for each in registration.materials)
    entry = registration.entry
    name, title = (entry.name, entry.title) if entry else (answers.get("name"), answers.get("title"))
    division = answers.get("division", "")
    draft = registration.state is RegistrationState.DRAFT
    return Line(
        registration, entry, name or "", words.get(division, division), title or "",
        registration.updated_at if draft else registration.submitted_at,
        again=registration.state is RegistrationState.SUBMITTED and len(registration.submissions) > 1,
        rare=is_rare(name or ""), lacks_photo=not photo and registration.state is RegistrationState.SUBMITTED,
    )  # fmt: skip


def _entry_line(entry: Entry, words: Mapping[str, str]) -> Line:
    division = entry.division or ""
    return Line(
        None, entry, entry.name or "", words.get(division, division), entry.title or "", None,
        rare=is_rare(entry.name or ""),
    )


def _matches(line: Line, asked: str) -> bool:
    """Whether every word that was asked for is in the name, unit, title, delegation, receipt or number."""
    texts = [line.name, line.title, line.division]
    if line.registration is not None:
        answers = forms.read(line.registration.answers)
        texts += [answers.get("unit", ""), answers.get("delegation", ""), line.registration.receipt or ""]
    if line.entry is not None:
        texts += [line.entry.unit or "", line.entry.code]
    whole = " ".join(texts).casefold()
    return all(word in whole for word in asked.casefold().split())


def _file(registration: Registration, slot: Slot, returned: Submission | None) -> File:
    material = next((m for m in registration.materials if m.slot is slot and m.replaced_at is None), None)
    since = returned.decided_at if returned is not None else None
    return File(slot, material, material is not None and since is not None and material.added_at > since)


def _consent(registration: Registration, now: datetime) -> str:
    """How it stands with a guardian's consent: "unneeded", "missing", "withdrawn", "link" or "form"."""
    standing = consenting.standing_consent(registration)
    if standing is not None:
        return standing.method.value
    if not consenting.needs_consent(registration, now=now):
        return "unneeded"
    return "withdrawn" if registration.consents else "missing"


def _similar(db: Session, contest: Contest, registration: Registration, title: str) -> list[tuple[str, str, int]]:
    """Names, titles and likeness in percent of other forms whose title is much like this one."""
    if not title:
        return []
    others = db.scalars(
        select(Registration.answers).where(
            Registration.contest_id == contest.id, Registration.id != registration.id,
            Registration.state.in_((RegistrationState.SUBMITTED, RegistrationState.APPROVED)),
        )
    )  # fmt: skip
    found = []
    for other in map(forms.read, others):
        share = SequenceMatcher(None, title, other.get("title", "")).ratio()
        if share >= SIMILAR:
            found.append((other.get("name", ""), other.get("title", ""), round(share * 100)))
    return sorted(found, key=lambda row: -row[2])[:3]
