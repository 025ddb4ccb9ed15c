"""Reads of 我的参赛: how far a registration has come, its one next thing to do, and what happened to it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from contest import admitting, answers, board, eligibility, queries, registering
from contest.eligibility import Fault, Form
from contest.models import (
    Appearance,
    Audience,
    Award,
    Certificate,
    CertificateKind,
    Contest,
    Decision,
    Registration,
    RegistrationState,
    Round,
    Slot,
    Submission,
)  # fmt: skip
from registration import questions
from registration.form import SOON

# From then on the pass comes before slides that are still missing.
A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Step:
    """One thing that a complete registration needs: `key` names it, `page` is where it is done."""

    key: str
    done: bool
    page: int


@dataclass(frozen=True)
class Event:
    """Something that happened, or will: `key` names it; `state` is "done", "now", "next" or "bad"."""

    key: str
    state: str
    at: datetime | None = None
    said: str = ""


@dataclass(frozen=True)
class Overview:
    """A registration as its card shows it. `next` names the one next thing to do.

    `ends`: until when the form can be submitted; `deadline`: until when the next thing can be done.
    """

    registration: Registration
    contest: Contest
    given: dict[str, str]
    division: str
    steps: list[Step]
    next: str
    returned: Submission | None
    to_mend: list[str]
    ends: datetime | None
    deadline: datetime | None
    days_left: int | None
    soon: bool
    appearance: Appearance | None
    result: dict[str, Any] | None
    certificate: str | None
    events: list[Event]
    slides_open: bool

    @property
    def missing(self) -> list[Step]:
        """What is not done yet."""
        return [step for step in self.steps if not step.done]


def overview(db: Session, found: Registration, *, now: datetime) -> Overview:
    """Everything the card of a registration shows."""
    contest, given = found.contest, answers.read(found.answers)
    form = eligibility.form_of(db, contest, now=now)
    faults = registering.problems(db, found, now=now) if admitting.why_locked(found, now=now) is None else []
    steps, appearance = steps_of(found, form, faults, given), appearance_of(db, found)
    result = result_of(db, found, appearance)
    returned = found.submissions[-1] if found.state is RegistrationState.RETURNED and found.submissions else None
    slides_open = admitting.may_take(found, Slot.SLIDES, now=now)
    closes = ends = admitting.deadline(contest, found)
    if found.state not in (RegistrationState.DRAFT, RegistrationState.WITHDRAWN):
        ends = contest.starts_at if slides_open else None
    certificate = certificate_of(db, found)
    return Overview(
        found, contest, given, questions.shown(form, "division", given.get("division", "")), steps,
        next_of(found, steps, now=now, slides_open=slides_open, result=result, certificate=certificate), returned,
        json.loads(returned.fields) if returned else [], closes, ends, max(0, (ends - now).days) if ends else None,
        ends is not None and timedelta(0) < ends - now < SOON, appearance, result, certificate,
        events_of(found, appearance, result, certificate), slides_open,
    )  # fmt: skip


def steps_of(found: Registration, form: Form, faults: list[Fault], given: dict[str, str]) -> list[Step]:
    """What a complete registration needs. A form that was handed in had no faults then."""
    wrong = {fault.field for fault in faults}
    pages = {page: not any(f.page == page and f.code not in ("no_file", "no_consent") for f in faults)
             for page in (1, 2, 3)}  # fmt: skip
    handed_in = found.state in (RegistrationState.SUBMITTED, RegistrationState.APPROVED)
    steps = [Step("about", pages[1], 1), Step("talk", pages[2], 2), Step("photo", "photo" not in wrong, 2),
             Step("promises", pages[3], 3)]  # fmt: skip
    if form.is_child(given):
        steps.append(Step("consent", "consent" not in wrong, 3))
    slides = admitting.material(found, Slot.SLIDES) is not None
    return [*steps, Step("submit", handed_in, 4), Step("slides", slides, 3)]


def next_of(
    found: Registration, steps: list[Step], *, now: datetime, slides_open: bool, result: dict[str, Any] | None,
    certificate: str | None,
) -> str:  # fmt: skip
    """The one next thing to do: a step's key, or where the registration stands."""
    state, missing = found.state, [step.key for step in steps if not step.done]
    if state is RegistrationState.WITHDRAWN:
        return "withdrawn"
    if state in (RegistrationState.DRAFT, RegistrationState.RETURNED):
        if admitting.why_locked(found, now=now) is not None:
            return "closed"
        return "returned" if state is RegistrationState.RETURNED else missing[0]
    if certificate is not None:
        return "certificate"
    if result is not None:
        return "result"
    begins = found.contest.starts_at
    on_the_day = state is RegistrationState.APPROVED and begins is not None and begins - now < A_DAY
    if "slides" in missing and slides_open and not on_the_day:
        return "slides"
    return "waiting" if state is RegistrationState.SUBMITTED else "accepted"


def appearance_of(db: Session, found: Registration) -> Appearance | None:
    """The entry's appearance in the latest round that it is in and whose running order is published."""
    if found.entry_id is None:
        return None
    statement = select(Appearance).join(Appearance.round).where(Appearance.entry_id == found.entry_id)
    rounds = db.scalars(statement.order_by(Round.position.desc()))
    return next((each for each in rounds if queries.order_is_known(db, each.round)), None)


def result_of(db: Session, found: Registration, appearance: Appearance | None) -> dict[str, Any] | None:
    """The public board's row of the entry, once its score is out: no one here knows more than the board tells."""
    if appearance is None or found.entry is None or not appearance.is_released:
        return None
    frame = board.frame_of(db, found.contest, Audience.PUBLIC)
    rounds = json.loads(frame.board)["rounds"] if frame else []
    rows = [row for each in rounds if each["code"] == appearance.round.code for row in each["rows"]]
    return next((row for row in rows if row.get("entry") == found.entry.code and row.get("score")), None)


def certificate_of(db: Session, found: Registration) -> str | None:
    """The check code of the entry's certificate, once the awards are published."""
    if found.entry_id is None or found.contest.awards_published_at is None:
        return None
    certificate = db.scalars(
        select(Certificate).join(Certificate.award)
        .where(
            Award.entry_id == found.entry_id, Certificate.revoked_at.is_(None),
            Certificate.kind == CertificateKind.AUTHOR,
        )
        .order_by(Award.rank, Certificate.id.desc()).limit(1)
    ).one_or_none()  # fmt: skip
    return certificate.versions[-1].code if certificate is not None and certificate.versions else None


def events_of(
    found: Registration, appearance: Appearance | None, result: dict[str, Any] | None, certificate: str | None
) -> list[Event]:
    """What happened, in its order, and what comes."""
    contest, done = found.contest, [Event("started", "done", found.created_at)]
    for handed in found.submissions:
        done.append(Event("submitted", "done", handed.submitted_at, found.receipt or ""))
        if handed.decision is Decision.RETURNED:
            done.append(Event("returned", "bad", handed.decided_at))
        elif handed.decision is Decision.APPROVED:
            done.append(Event("approved", "done", handed.decided_at))
    if found.state is RegistrationState.WITHDRAWN:
        return [*done, Event("withdrawn", "bad", found.updated_at)]
    coming = []
    if found.state in (RegistrationState.DRAFT, RegistrationState.RETURNED):
        coming.append(Event("submit", "now"))
    if found.state is not RegistrationState.APPROVED:
        coming.append(Event("review", "now" if found.state is RegistrationState.SUBMITTED else "next"))
    number = Event("drawn", "done", None, appearance.number) if appearance else Event("draw", "next")
    show = Event("on_stage", "done" if result else "next", contest.starts_at, contest.place)
    end = Event("results", "done" if certificate else "now" if result else "next")
    return [*done, *coming, number, show, end]
