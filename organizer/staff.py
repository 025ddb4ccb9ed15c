"""Reads of the people behind a contest: the accounts that have a part in it, and what each does."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from contest import paneling
from contest import queries as shared
from contest.models import (
    Account,
    Contest,
    Duty,
    Membership,
    Panel,
    Role,
    Ruling,
    Seat,
    Sitting,
    Span,
)  # fmt: skip


@dataclass(frozen=True)
class Colleague:
    """An account with its roles in the contest; `works_here`: it works for the organization and organizes anyway."""

    account: Account
    roles: Sequence[Role]
    works_here: bool


def colleagues(db: Session, contest: Contest) -> list[Colleague]:
    """Everybody with a part in the contest, in the order in which their accounts were made."""
    roles: dict[int, set[Role]] = defaultdict(set)
    for account_id, role in db.execute(select(Duty.account_id, Duty.role).where(Duty.contest_id == contest.id)):
        roles[account_id].add(role)
    works = set(
        db.scalars(select(Membership.account_id).where(Membership.organization_id == contest.organization_id))
    )
    accounts = db.scalars(select(Account).where(Account.id.in_(set(roles) | works)).order_by(Account.id))
    return [
        Colleague(account, [role for role in Role if role in roles[account.id]], account.id in works)
        for account in accounts
    ]


@dataclass(frozen=True)
class SeatLine:
    """A seat: who sits on it in turn, when its device was last heard of, and the rounds a judge is absent from."""

    seat: Seat
    sittings: Sequence[Sitting]
    seen_at: datetime | None
    absent: Sequence[tuple[Ruling, str]]


def panels(db: Session, contest: Contest, *, lang: str) -> list[tuple[Panel, Sequence[SeatLine]]]:
    """The panels with their seats, sittings and absences."""
    rules = shared.rules_of(shared.rule_version(db, contest))
    titles = {round_.id: rules.rounds[round_.code].title.in_(lang) for round_ in contest.rounds}
    away: dict[int, list[tuple[Ruling, str]]] = defaultdict(list)
    for ruling in paneling.absences(db, contest):
        away[ruling.sitting_id or 0].append((ruling, titles.get(ruling.round_id or 0, "")))
    seen = shared.last_seen(db, contest)
    sittings = selectinload(Panel.seats).selectinload(Seat.sittings)
    found = db.scalars(
        select(Panel).where(Panel.contest_id == contest.id).order_by(Panel.code)
        .options(sittings.joinedload(Sitting.person), sittings.selectinload(Sitting.spans).joinedload(Span.round))
    ).all()  # fmt: skip
    return [
        (panel, [
            SeatLine(
                seat, seat.sittings, seen.get(seat.id), [each for one in seat.sittings for each in away[one.id]]
            )
            for seat in panel.seats
        ])
        for panel in found
    ]  # fmt: skip


def owners(db: Session, contest: Contest) -> list[str]:
    """The names a task's owner field offers."""
    return [each.account.display_name for each in colleagues(db, contest) if each.account.disabled_at is None]
