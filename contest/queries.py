"""Reads that two or more doors need. Every one is scoped by contest; what is not there raises NotFound."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache, lru_cache
from typing import Any, TypeVar

from sqlalchemy import Select, bindparam, func, or_, select
from sqlalchemy.orm import Session, joinedload

from contest.errors import NotFound, RulesUnusable
from contest.models import (
    Appearance,
    Approval,
    Assignment,
    Contest,
    Draw,
    Entry,
    Lease,
    Panel,
    Registration,
    Round,
    RuleVersion,
    Seat,
    Sheet,
    SheetKind,
    Sitting,
)  # fmt: skip
from contest.rules import RoundRules, RuleFileError, Rules, read_rules

T = TypeVar("T")


def only(db: Session, statement: Select[T]) -> T:
    """The one row of a statement. Raises NotFound."""
    found = db.scalars(statement).unique().one_or_none()
    if found is None:
        raise NotFound
    return found


def contest_by_slug(db: Session, slug: str) -> Contest:
    """The contest at this address. Raises NotFound."""
    return only(db, select(Contest).where(Contest.slug == slug))


def published_contest(db: Session, slug: str) -> Contest:
    """The contest at this address, if the public may know of it. Raises NotFound."""
    return only(db, select(Contest).where(Contest.slug == slug, Contest.published_at.is_not(None)))


def round_of(db: Session, contest: Contest, code: str) -> Round:
    """A contest's round by its code. Raises NotFound."""
    return only(db, select(Round).where(Round.contest_id == contest.id, Round.code == code))


def appearance_of(db: Session, contest: Contest, public_id: str) -> Appearance:
    """A contest's appearance by its public id. Raises NotFound."""
    return only(
        db,
        select(Appearance).join(Appearance.round)
        .where(Appearance.public_id == public_id, Round.contest_id == contest.id)
        .options(joinedload(Appearance.round), joinedload(Appearance.entry), joinedload(Appearance.panel)),
    )  # fmt: skip


def registration_of(db: Session, contest: Contest, public_id: str) -> Registration:
    """A contest's registration by its public id. Raises NotFound."""
    return only(
        db, select(Registration).where(Registration.public_id == public_id, Registration.contest_id == contest.id)
    )


def entry_of(db: Session, contest: Contest, public_id: str) -> Entry:
    """A contest's entry by its public id. Raises NotFound."""
    return only(db, select(Entry).where(Entry.public_id == public_id, Entry.contest_id == contest.id))


def seat_of(db: Session, contest: Contest, public_id: str) -> Seat:
    """A contest's seat by its public id. Raises NotFound."""
    return only(db, select(Seat).join(Seat.panel).where(Seat.public_id == public_id, Panel.contest_id == contest.id))


def appearances_in_order(db: Session, round_: Round) -> Sequence[Appearance]:
    """A round's appearances in running order, with their entries."""
    return db.scalars(
        select(Appearance).where(Appearance.round_id == round_.id).order_by(Appearance.position, Appearance.panel_id)
        .options(joinedload(Appearance.entry))
    ).all()  # fmt: skip


def order_is_known(db: Session, round_: Round) -> bool:
    """Whether everybody may know a round's running order: it was published, or came with the contest and no draw."""
    newest = select(Draw).where(Draw.round_id == round_.id).order_by(Draw.number.desc()).limit(1)
    draw = db.scalars(newest).one_or_none()
    return draw is None or draw.published_at is not None


def rule_version(db: Session, contest: Contest) -> RuleVersion:
    """The rule version that counts now: the newest."""
    found = db.scalars(_newest_rules(), {"contest": contest.id}).one_or_none()
    if found is None:
        raise NotFound
    return found


@cache
def _newest_rules() -> Select[RuleVersion]:
    statement = select(RuleVersion).where(RuleVersion.contest_id == bindparam("contest"))
    return statement.order_by(RuleVersion.number.desc()).limit(1)


def rules_of(version: RuleVersion) -> Rules:
    """A stored rule version, read. Raises RulesUnusable where today's engine cannot read it any more."""
    try:
        return _parsed(version.source)
    except RuleFileError as error:
        raise RulesUnusable(detail=str(error)) from error


@lru_cache(maxsize=64)
def _parsed(source: bytes) -> Rules:
    return read_rules(source)


def round_rules(rules: Rules, appearance: Appearance) -> RoundRules:
    """The rules an appearance is judged by, its division's own where it has any."""
    return rules.rounds[appearance.round.code].for_division(appearance.entry.division)


def sits_for(sitting: Sitting, appearance: Appearance) -> bool:
    """Whether a sitting counts for an appearance of its panel: inside one of its spans, or it has none."""
    if sitting.seat.panel_id != appearance.panel_id:
        return False
    if not sitting.spans:
        return True
    for span in sitting.spans:
        if span.round_id == appearance.round_id:
            after_start = span.first is None or span.first <= appearance.position
            return after_start and (span.last is None or appearance.position <= span.last)
    return False


def sittings_for(db: Session, appearance: Appearance) -> list[Sitting]:
    """The sittings that judge an appearance, by seat: its assigned ones, else all of its panel that count for it."""
    assigned = select(Assignment.sitting_id).where(Assignment.appearance_id == appearance.id)
    statement: Select[Any] = (
        select(Sitting).join(Sitting.seat)
        .where(or_(Sitting.id.in_(assigned), ~assigned.exists()), Seat.panel_id == appearance.panel_id)
        .options(joinedload(Sitting.seat), joinedload(Sitting.spans), joinedload(Sitting.person))
        .order_by(Seat.number, Sitting.id)
    )  # fmt: skip
    return [sitting for sitting in db.scalars(statement).unique() if sits_for(sitting, appearance)]


def sheets_of(db: Session, appearance: Appearance, kind: SheetKind = SheetKind.MARK) -> dict[int, Sheet]:
    """An appearance's sheets of its first attempt, by sitting id."""
    statement = select(Sheet).where(Sheet.appearance_id == appearance.id, Sheet.attempt == 1, Sheet.kind == kind)
    return {sheet.sitting_id: sheet for sheet in db.scalars(statement)}


def open_approval(db: Session, round_: Round) -> Approval | None:
    """The proposal that waits for a second person, if there is one."""
    return db.scalars(
        select(Approval)
        .where(Approval.round_id == round_.id, Approval.confirmed_at.is_(None), Approval.withdrawn_at.is_(None))
        .order_by(Approval.id.desc()).limit(1)
    ).one_or_none()  # fmt: skip


def last_seen(db: Session, contest: Contest) -> dict[int, datetime]:
    """When a device of each seat was last heard of, by seat id."""
    latest = (
        select(Sitting.seat_id, func.max(Lease.seen_at)).join(Lease.sitting).join(Sitting.seat).join(Seat.panel)
        .where(Seat.panel.has(contest_id=contest.id)).group_by(Sitting.seat_id)
    )  # fmt: skip
    return {row[0]: row[1] for row in db.execute(latest)}
