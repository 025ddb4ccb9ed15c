"""Reads of a contest's home: registrations as one bar, tasks, quotas, days, what comes next."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from contest.models import Contest, Delegation, Milestone, Registration, RegistrationState, Submission, Task

LONG_WAIT = timedelta(days=3)
MOST_DAYS = 28
MOST_NEXT = 5
MOST_DONE = 3
COUNTED = (RegistrationState.SUBMITTED, RegistrationState.RETURNED, RegistrationState.APPROVED)


@dataclass(frozen=True)
class Part:
    """A stretch of the registrations' bar: its state, its count, where it begins and how long it is of 1000."""

    state: str
    count: int
    start: float
    length: float


@dataclass(frozen=True)
class Registrations:
    """How many forms are where; drafts are counted apart, for they are nobody's but their owner's."""

    total: int
    parts: Sequence[Part]
    waiting: int
    waiting_long: int
    returned_long: int
    drafts: int


@dataclass(frozen=True)
class TaskLine:
    """A task with how it stands: "done", "overdue", "today" or "open", and by how many days it is overdue."""

    task: Task
    state: str
    days: int


@dataclass(frozen=True)
class QuotaLine:
    """A delegation: how many forms name it, of how many it may send; `share` of 100."""

    name: str
    used: int
    quota: int | None
    share: int


@dataclass(frozen=True)
class Day:
    """A day of the chart: how many forms were first submitted; bar from `y` down, in a drawing of 100 high."""

    day: date
    count: int
    x: float
    y: float
    height: float


@dataclass(frozen=True)
class Next:
    """A date to come: what happens, when, in how many days."""

    title: str
    at: datetime
    days: int


@dataclass(frozen=True)
class Today:
    """All that a contest's home shows beside its alerts."""

    registrations: Registrations
    tasks: Sequence[TaskLine]
    quotas: Sequence[QuotaLine]
    days: Sequence[Day]
    next: Sequence[Next]

    @property
    def overdue(self) -> int:
        """How many tasks are overdue."""
        return sum(line.state == "overdue" for line in self.tasks)

    @property
    def due_today(self) -> int:
        """How many tasks are due today."""
        return sum(line.state == "today" for line in self.tasks)


def today(db: Session, contest: Contest, *, lang: str, now: datetime) -> Today:
    """A contest's home at this moment."""
    zone = ZoneInfo(contest.time_zone)
    rows = db.execute(
        select(Registration.state, Registration.answers, Registration.updated_at, Registration.submitted_at)
        .where(Registration.contest_id == contest.id)
    ).all()  # fmt: skip
    named = Counter(
        str(json.loads(answers).get("delegation", "")) for state, answers, *_rest in rows if state in COUNTED
    )
    return Today(
        registrations=_registrations([(state, updated, submitted) for state, _a, updated, submitted in rows], now),
        tasks=_tasks(db, contest, now, zone), quotas=_quotas(db, contest, named),
        days=_days(_first_submitted(db, contest), now, zone), next=_next(db, contest, lang, now, zone),
    )  # fmt: skip


def _registrations(
    rows: Sequence[tuple[RegistrationState, datetime, datetime | None]], now: datetime
) -> Registrations:
    counts = Counter(state for state, _updated, _submitted in rows)
    total = sum(counts.values()) - counts[RegistrationState.DRAFT]
    order = (
        RegistrationState.APPROVED, RegistrationState.SUBMITTED, RegistrationState.RETURNED,
        RegistrationState.WITHDRAWN,
    )  # fmt: skip
    parts, start = [], 0.0
    for state in order:
        length = 1000 * counts[state] / total if total else 0.0
        parts.append(Part(state.value, counts[state], round(start, 1), round(length, 1)))
        start += length
    waiting = [at for state, _u, at in rows if state is RegistrationState.SUBMITTED and at is not None]
    returned = [at for state, at, _s in rows if state is RegistrationState.RETURNED]
    return Registrations(
        total, parts, counts[RegistrationState.SUBMITTED], sum(at <= now - LONG_WAIT for at in waiting),
        sum(at <= now - LONG_WAIT for at in returned), counts[RegistrationState.DRAFT],
    )  # fmt: skip


def _tasks(db: Session, contest: Contest, now: datetime, zone: ZoneInfo) -> list[TaskLine]:
    """The open tasks, the most pressing first, and the ones ticked last below them."""
    here = now.astimezone(zone).date()
    opened, done = [], []
    for task in db.scalars(select(Task).where(Task.contest_id == contest.id).order_by(Task.id)):
        late = (here - task.due_at.astimezone(zone).date()).days if task.due_at else 0
        if task.done_at is not None:
            done.append(TaskLine(task, "done", 0))
        elif task.due_at is not None and task.due_at <= now:
            opened.append(TaskLine(task, "overdue", late))
        else:
            is_today = task.due_at is not None and late == 0
            opened.append(TaskLine(task, "today" if is_today else "open", 0))
    opened.sort(key=lambda line: (line.task.due_at is None, line.task.due_at or now, line.task.id))
    done.sort(key=lambda line: line.task.done_at or now, reverse=True)
    return [*opened, *done[:MOST_DONE]]


def _quotas(db: Session, contest: Contest, named: Mapping[str, int]) -> list[QuotaLine]:
    lines = []
    listed = select(Delegation).where(Delegation.contest_id == contest.id).order_by(Delegation.position, Delegation.id)
    for delegation in db.scalars(listed):
        used = named.get(delegation.name, 0)
        share = min(100, round(100 * used / delegation.quota)) if delegation.quota else 0
        lines.append(QuotaLine(delegation.name, used, delegation.quota, share))
    return lines


def _first_submitted(db: Session, contest: Contest) -> list[datetime]:
    first = (
        select(func.min(Submission.number), Submission.submitted_at).join(Submission.registration)
        .where(Registration.contest_id == contest.id, Submission.number == 1)
        .group_by(Submission.registration_id, Submission.submitted_at)
    )  # fmt: skip
    return [at for _number, at in db.execute(first)]


def _days(submitted: Sequence[datetime], now: datetime, zone: ZoneInfo) -> list[Day]:
    counts = Counter(at.astimezone(zone).date() for at in submitted)
    if not counts:
        return []
    last = max(max(counts), now.astimezone(zone).date())
    last = min(last, max(counts) + timedelta(days=7))
    first = max(min(counts), last - timedelta(days=MOST_DAYS - 1))
    first = min(first, last - timedelta(days=6))
    days = [first + timedelta(days=at) for at in range((last - first).days + 1)]
    most, wide = max(counts.values()), 1000 / len(days)
    return [
        Day(day, counts[day], round(at * wide, 1), round(100 - 100 * counts[day] / most, 1), 100 * counts[day] / most)
        for at, day in enumerate(days)
    ]


def _next(db: Session, contest: Contest, lang: str, now: datetime, zone: ZoneInfo) -> list[Next]:
    dated: list[tuple[str, datetime | None]] = [
        (_("报名开始"), contest.registration_opens_at), (_("报名截止"), contest.registration_closes_at),
        (_("比赛开始"), contest.starts_at), (_("公示截止"), contest.notice_closes_at),
    ]  # fmt: skip
    milestones = db.scalars(select(Milestone).where(Milestone.contest_id == contest.id)).all()
    # A date of the schedule at the very start of the contest names that moment better than "the contest starts".
    if contest.starts_at in [each.at for each in milestones]:
        dated = [(title, at) for title, at in dated if at != contest.starts_at]
    for milestone in milestones:
        dated.append((milestone.title_en if lang == "en" and milestone.title_en else milestone.title, milestone.at))
    here = now.astimezone(zone).date()
    coming = sorted((at, title) for title, at in dated if at is not None and at.astimezone(zone).date() >= here)
    return [Next(title, at, (at.astimezone(zone).date() - here).days) for at, title in coming[:MOST_NEXT]]
