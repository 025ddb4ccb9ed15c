"""Reads of the organizer's pages, each with a number of queries that does not grow with entries, seats or rounds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from contest import ledger, sealing, seating, signing
from contest import queries as shared
from contest.models import (
    Appearance,
    Approval,
    Contest,
    Duty,
    LedgerHead,
    Membership,
    Message,
    MessageResult,
    Panel,
    Role,
    Round,
    RoundState,
    RuleVersion,
    Screen,
    Seal,
    Seat,
    Sitting,
    Span,
    Stage,
)  # fmt: skip
from contest.rules import Text
from organizer.progress import Progress, progress

CARDS_ON_A_SHEET = 10


@dataclass(frozen=True)
class Mine:
    """A contest on the first page, and the roles this account has in it."""

    contest: Contest
    roles: Sequence[Role]
    titles: Mapping[str, Text]


@dataclass(frozen=True)
class RoundCard:
    """A round with the steps it can take, and what stands in the way of its seal."""

    round: Round
    title: str
    steps: Sequence[RoundState]
    approval: Approval | None
    seals: Sequence[Seal]
    strays: int
    held: Sequence[str]
    appearances: int
    released: int
    signatures: Signatures


@dataclass(frozen=True)
class Signatures:
    """Of `all` judges with sheets in a round, how many signed; the seats that have not, and those that must again."""

    all: int
    done: int
    waiting: Sequence[int]
    again: Sequence[int]


@dataclass(frozen=True)
class SeatCard:
    """A seat: who sits, and when its device was last heard of."""

    seat: Seat
    sittings: Sequence[Sitting]
    seen_at: datetime | None


@dataclass(frozen=True)
class Overview:
    """All that a contest's page shows."""

    rounds: Sequence[RoundCard]
    shown: RoundCard | None
    entries: Sequence[Progress]
    panels: Sequence[tuple[Panel, Sequence[SeatCard]]]
    screens: Sequence[Screen]
    rules: RuleVersion
    head: LedgerHead


def mine(db: Session, account_id: int) -> list[Mine]:
    """The contests of the organizations this account works for, and those it has a duty in, the newest first."""
    roles: dict[int, list[Role]] = defaultdict(list)
    for contest_id, role in db.execute(select(Duty.contest_id, Duty.role).where(Duty.account_id == account_id)):
        roles[contest_id].append(role)
    owned = select(Membership.organization_id).where(Membership.account_id == account_id)
    found = db.scalars(
        select(Contest).where(Contest.organization_id.in_(owned) | Contest.id.in_(roles))
        .order_by(Contest.created_at.desc(), Contest.id.desc())
        .options(joinedload(Contest.organization), selectinload(Contest.rounds), selectinload(Contest.rule_versions))
    ).all()  # fmt: skip
    works_for = set(db.scalars(owned))
    lines = []
    for contest in found:
        own = set(roles[contest.id]) | ({Role.ORGANIZER} if contest.organization_id in works_for else set())
        rules = shared.rules_of(contest.rule_versions[-1])
        titles = {code: round_.title for code, round_ in rules.rounds.items()}
        lines.append(Mine(contest, [role for role in Role if role in own], titles))
    return lines


def overview(db: Session, contest: Contest, *, asked: str | None, lang: str) -> Overview:
    """A contest's page, its table at the round asked for by code, else at the one on stage."""
    version = shared.rule_version(db, contest)
    rules = shared.rules_of(version)
    rounds = db.scalars(select(Round).where(Round.contest_id == contest.id).order_by(Round.position)).all()
    lines = progress(db, contest)
    seals, approvals, strays = _by_round(db, contest)
    signed = _signatures(db, contest)
    cards = [
        RoundCard(
            round=each, title=rules.rounds[each.code].title.in_(lang), steps=sealing.next_steps(each),
            approval=approvals.get(each.id), seals=seals[each.id], strays=strays.get(each.id, 0),
            held=[line.appearance.number for line in lines[each.id] if line.holds_the_seal],
            appearances=len(lines[each.id]), released=sum(line.appearance.is_released for line in lines[each.id]),
            signatures=signed.get(each.id, Signatures(0, 0, (), ())),
        )
        for each in rounds
    ]  # fmt: skip
    stage = db.scalars(select(Stage).where(Stage.contest_id == contest.id)).one()
    shown = next((card for card in cards if card.round.code == asked), None) or next(
        (card for card in cards if card.round.id == stage.round_id), cards[0] if cards else None
    )
    return Overview(
        rounds=cards, shown=shown, entries=lines[shown.round.id] if shown else [], panels=_panels(db, contest),
        screens=db.scalars(select(Screen).where(Screen.contest_id == contest.id).order_by(Screen.id)).all(),
        rules=version, head=ledger.head_of(db, contest),
    )  # fmt: skip


def _signatures(db: Session, contest: Contest) -> dict[int, Signatures]:
    """Who has signed, by round id; of a judge who has marked nothing yet no signature is expected."""
    found: dict[int, dict[signing.Signed, list[int]]] = defaultdict(lambda: defaultdict(list))
    for own in signing.own_sheets(db, contest):
        if own.signature is not None or len(own.missing) < len(own.lines):
            found[own.round.id][own.standing].append(own.sitting.seat.number)
    return {
        round_id: Signatures(
            sum(len(seats) for seats in by.values()), len(by[signing.Signed.SIGNED]), by[signing.Signed.NOT_YET],
            by[signing.Signed.OUT_OF_DATE],
        ) for round_id, by in found.items()
    }  # fmt: skip


def _by_round(db: Session, contest: Contest) -> tuple[dict[int, list[Seal]], dict[int, Approval], dict[int, int]]:
    """The seals (the newest first), the open proposals and the undecided strays of a contest, by round id."""
    seals: dict[int, list[Seal]] = defaultdict(list)
    for seal in db.scalars(
        select(Seal).join(Seal.round).where(Round.contest_id == contest.id).order_by(Seal.number.desc()).options(
            joinedload(Seal.approval).joinedload(Approval.proposer),
            joinedload(Seal.approval).joinedload(Approval.confirmer),
        )
    ):  # fmt: skip
        seals[seal.round_id].append(seal)
    waiting = db.scalars(
        select(Approval).join(Approval.round).options(joinedload(Approval.proposer))
        .where(Round.contest_id == contest.id, Approval.confirmed_at.is_(None), Approval.withdrawn_at.is_(None))
    )  # fmt: skip
    strays = (
        select(Appearance.round_id, func.count(Message.id)).join(Message.appearance).join(Appearance.round)
        .where(Round.contest_id == contest.id, Message.result == MessageResult.STRAY, Message.decision.is_(None))
        .group_by(Appearance.round_id)
    )  # fmt: skip
    return seals, {each.round_id: each for each in waiting}, dict(db.execute(strays).all())


def _panels(db: Session, contest: Contest) -> list[tuple[Panel, Sequence[SeatCard]]]:
    panels = db.scalars(_with_seats(contest)).all()
    seen = shared.last_seen(db, contest)
    return [
        (panel, [SeatCard(seat, seat.sittings, seen.get(seat.id)) for seat in panel.seats]) for panel in panels
    ]  # fmt: skip


def _with_seats(contest: Contest) -> Select[Panel]:
    sittings = selectinload(Panel.seats).selectinload(Seat.sittings)
    return (
        select(Panel).where(Panel.contest_id == contest.id).order_by(Panel.code)
        .options(
            sittings.joinedload(Sitting.person), sittings.selectinload(Sitting.spans).joinedload(Span.round),
        )
    )  # fmt: skip


@dataclass(frozen=True)
class Card:
    """What is printed on a judge's card beside its code."""

    seat: Seat
    judge: str
    panel: str | None


def card_sheets(db: Session, contest: Contest, only: str | None) -> list[list[Card]]:
    """The cards of all seats that somebody sits on, or of one seat, ten to a sheet of A4."""
    stage = db.scalars(select(Stage).where(Stage.contest_id == contest.id)).one()
    on = (stage.round, stage.appearance.position) if stage.round and stage.appearance else None
    panels = db.scalars(_with_seats(contest)).all()
    cards = [
        Card(seat, seating.sitting_now(seat, on).person.name, panel.code if len(panels) > 1 else None)
        for panel in panels for seat in panel.seats if seat.sittings and only in (None, seat.public_id)
    ]  # fmt: skip
    return [cards[at : at + CARDS_ON_A_SHEET] for at in range(0, len(cards), CARDS_ON_A_SHEET)]
