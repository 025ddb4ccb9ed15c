"""Reads of a contest's page: its dates with today's mark, what is marked and how, its files and divisions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from contest import answers, queries
from contest.models import (
    Attachment,
    Contest,
    DivisionNote,
    Entry,
    Milestone,
    Registration,
    RegistrationState,
    StoredFile,
)
from contest.rules import AdjustmentKind, AwardSize, RoundRules, Rules, written

REGISTERED = (RegistrationState.SUBMITTED, RegistrationState.RETURNED, RegistrationState.APPROVED)


@dataclass(frozen=True)
class Date:
    """A point of the timeline; `state` is "past", "next" (the first to come) or "later". `id` stays when it moves."""

    id: str
    title: str
    at: datetime
    ends_at: datetime | None
    state: str


@dataclass(frozen=True)
class Timeline:
    """The dates in order, and where today stands: `today` in hundredths of the whole line, None outside of it."""

    dates: Sequence[Date]
    done: float
    today: float | None
    behind: int


@dataclass(frozen=True)
class Part:
    """Something that is marked, or taken off: its title, what is looked at or how long it lasts, and what it counts."""

    title: str
    about: str
    points: Decimal | None
    seconds: int | None = None


@dataclass(frozen=True)
class RoundWords:
    """How one round is marked: its parts and timed parts, what is taken off, the panel's rule in numbers."""

    title: str
    parts: Sequence[Part]
    clocks: Sequence[Part]
    costs: Sequence[tuple[str, Decimal]]
    judges: int | None
    drop_high: int
    drop_low: int
    total: Decimal | None


@dataclass(frozen=True)
class Prize:
    """An award, and how many there are: `size` is count, share (in per cent), top (places) or rest."""

    title: str
    size: str
    number: int | str


@dataclass(frozen=True)
class Division:
    """A division, in words and in numbers."""

    title: str
    note: str
    registered: int


def timeline(db: Session, contest: Contest, rules: Rules, now: datetime, lang: str) -> Timeline:
    """Registration, the organizer's own dates, the day, the notice: each once, the organizer's own word first."""
    found: dict[datetime, tuple[str, str, datetime | None]] = {}
    own = db.scalars(select(Milestone).where(Milestone.contest_id == contest.id).order_by(Milestone.at, Milestone.id))
    for each in own:
        title = each.title_en if lang == "en" and each.title_en else each.title
        found.setdefault(each.at, (each.public_id, title, each.ends_at))
    last = rules.rounds[rules.result.rounds[-1]]
    for at, id, title, ends in (
        (contest.registration_opens_at, "opens", _("报名开始"), None),
        (contest.registration_closes_at, "closes", _("报名截止"), None),
        (contest.starts_at, "day", last.title.in_(lang), None),
        (contest.awards_published_at, "notice", _("结果公示"), contest.notice_closes_at),
    ):  # fmt: skip
        if at is not None and title not in [known for _id, known, _ends in found.values()]:
            found.setdefault(at, (id, title, ends))
    order = sorted(found)
    behind = sum(at <= now for at in order)
    dates = [
        Date(*found[at][:2], at, found[at][2], "past" if index < behind else "next" if index == behind else "later")
        for index, at in enumerate(order)
    ]
    return Timeline(dates, *_progress(order, behind, now), behind)


def _progress(order: Sequence[datetime], behind: int, now: datetime) -> tuple[float, float | None]:
    """How much of the line is behind us, and today's place on it, in hundredths; the dates stand at equal distances."""
    if not behind:
        return 0, None
    step = 100 / len(order)
    if behind == len(order):
        return (behind - 1) * step, None
    before, after = order[behind - 1], order[behind]
    share = (now - before) / (after - before)
    place = round((behind - 1 + share) * step, 1)
    return place, place


def marking(rules: Rules, lang: str) -> list[RoundWords]:
    """How the rounds that decide are marked."""
    return [_round(rules.rounds[code], lang) for code in rules.result.rounds]


def _round(round_: RoundRules, lang: str) -> RoundWords:
    parts = [
        Part(each.title.in_(lang), each.hint.in_(lang) if each.hint else "", each.max) for each in round_.criteria
    ]
    clocks = [
        Part(kind.clock.title.in_(lang), "", None, kind.clock.limit)
        for kind in round_.adjustments if kind.clock is not None
    ]  # fmt: skip
    costs = [(kind.title.in_(lang), cost) for kind in round_.adjustments if (cost := _cost(kind)) is not None]
    panel = round_.panel
    return RoundWords(
        round_.title.in_(lang), parts, clocks, costs, panel.size, panel.trim.high, panel.trim.low, round_.sheet_max
    )


def _cost(kind: AdjustmentKind) -> Decimal | None:
    """What one press of this penalty takes off; None for a bonus, a factor or a free value."""
    if kind.choices and all(value < 0 for value in kind.choices):
        return max(kind.choices)
    return None


def prizes(rules: Rules, lang: str) -> list[Prize]:
    """The awards of the rule file, as the page lists them."""
    return [
        Prize(
            award.title.in_(lang), award.size.value,
            written(award.share) if award.size is AwardSize.SHARE and award.share is not None else int(award.number),
        )
        for award in rules.awards
    ]


def attachments(db: Session, contest: Contest) -> list[Attachment]:
    """The files for everybody."""
    statement = select(Attachment).where(Attachment.contest_id == contest.id).options(joinedload(Attachment.file))
    return list(db.scalars(statement.order_by(Attachment.position, Attachment.id)))


def attachment_of(db: Session, contest: Contest, public_id: str) -> StoredFile:
    """A file for everybody by its public id. Raises NotFound."""
    return queries.only(
        db,
        select(Attachment).where(Attachment.contest_id == contest.id, Attachment.public_id == public_id)
        .options(joinedload(Attachment.file)),
    ).file  # fmt: skip


def registered(db: Session, contest: Contest) -> Counter[str]:
    """How many have registered, by division code: submitted forms, and entries that came without a form."""
    forms = db.execute(
        select(Registration.answers, Entry.division).outerjoin(Registration.entry)
        .where(Registration.contest_id == contest.id, Registration.state.in_(REGISTERED))
    )  # fmt: skip
    counted = Counter(division or answers.read(text).get("division", "") for text, division in forms)
    with_form = select(Registration.entry_id).where(Registration.entry_id.is_not(None))
    counted.update(
        division or ""
        for division in db.scalars(
            select(Entry.division).where(Entry.contest_id == contest.id, Entry.id.not_in(with_form))
        )
    )
    return counted


def divisions(db: Session, contest: Contest, rules: Rules, counted: Counter[str], lang: str) -> list[Division]:
    """The divisions of the rule file with their notes."""
    notes = {note.division: note for note in db.scalars(
        select(DivisionNote).where(DivisionNote.contest_id == contest.id)
    )}  # fmt: skip
    found = []
    for code in rules.divisions:
        note = notes.get(code)
        words = "" if note is None else note.text_en if lang == "en" and note.text_en else note.text
        found.append(Division(rules.division_title(code, lang), words, counted[code]))
    return found
