"""The minutes of a round, read from its rows and the ledger: panel, counts, adjustments, rulings, changes, seals."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from contest import amending, ledger, ordering, overruling
from contest import queries as shared
from contest.models import (
    Account,
    Action,
    Adjustment,
    Appearance,
    Approval,
    Contest,
    Draw,
    LedgerHead,
    LedgerRow,
    Override,
    Panel,
    Round,
    RuleChange,
    RuleVersion,
    Ruling,
    RulingKind,
    Seal,
    Seat,
    Sheet,
    SheetState,
    Sitting,
)  # fmt: skip
from organizer import seals

# What may be asked about afterwards, besides marks as they came in.
CHANGES = (
    Action.SHEET_RETURNED, Action.SHEET_CORRECTED, Action.STRAY_DECIDED, Action.RELEASE_WITHDRAWN,
    Action.ENTRY_CORRECTED, Action.ORDER_CHANGED, Action.ROUND_REOPENED,
)  # fmt: skip
OFFICE = (RulingKind.VOID, RulingKind.RECUSED, RulingKind.ABSENT)


@dataclass(frozen=True)
class Noted:
    """A row of the ledger in the minutes: when, by whom, what, about whom, and the reason that was given."""

    at: datetime
    who: str
    what: str
    about: str
    reason: str


@dataclass(frozen=True)
class Sealed:
    """A seal with what it changed, and since when and by whose word one person could seal alone."""

    seal: Seal
    changes: Sequence[seals.Change]
    office: tuple[str, datetime] | None


@dataclass(frozen=True)
class Off:
    """Why a seat did not count; without `numbers` for the whole round."""

    kind: RulingKind
    reason: str
    cancelled: bool
    numbers: Sequence[str]


@dataclass(frozen=True)
class Paper:
    """A sheet that counts and came from paper: whose it is, who typed it and who confirmed it."""

    number: str
    seat: int
    typed: str
    confirmed: str


@dataclass(frozen=True)
class Minutes:
    """All that the minutes of a round say."""

    round: Round
    title: str
    rules: RuleVersion
    rule_changes: Sequence[tuple[RuleChange, int]]
    panel: Sequence[Seat]
    panel_rulings: Sequence[Ruling]
    appearances: Sequence[Appearance]
    withdrawn: Mapping[int, Ruling]
    sheets: int
    paper: Sequence[Paper]
    adjustments: Sequence[tuple[Adjustment, str]]
    rulings: Sequence[Ruling]
    overrides: Mapping[int, Override]
    awards: Mapping[str, str]
    draws: Sequence[Draw]
    changes: Sequence[Noted]
    seals: Sequence[Sealed]
    reopened: Sequence[Approval]
    results: Sequence[tuple[Mapping[str, Any], Appearance | None]]
    head: LedgerHead

    def off_the_panel(self, seat: Seat) -> list[Off]:
        """When somebody on a seat did not judge: rulings of one kind and reason in one line, with their numbers."""
        numbers = {each.entry_id: each.number for each in self.appearances}
        found: dict[tuple[RulingKind, str, bool], list[str]] = {}
        for ruling in self.panel_rulings:
            if ruling.sitting is not None and ruling.sitting.seat_id == seat.id:
                alike = found.setdefault((ruling.kind, ruling.reason, ruling.cancelled_at is not None), [])
                alike += [numbers.get(ruling.entry_id, "")] if ruling.entry_id is not None else []
        return [
            Off(kind, reason, cancelled, [] if len(alike) == len(self.appearances) else sorted(filter(None, alike)))
            for (kind, reason, cancelled), alike in found.items()
        ]

    @property
    def released(self) -> int:
        """How many scores are out."""
        return sum(each.is_released for each in self.appearances)


def minutes(db: Session, contest: Contest, round_: Round, *, lang: str) -> Minutes:
    """The minutes of one round, as its newest seal and the ledger have them."""
    appearances = shared.appearances_in_order(db, round_)
    sealed = _sealed(db, contest, round_)
    version = db.get_one(RuleVersion, sealed[-1].seal.rule_version_id) if sealed else shared.rule_version(db, contest)
    whole = shared.rules_of(version)
    rules = whole.rounds[round_.code]
    rulings = _rulings(db, contest, round_)
    by_code = {each.entry.code: each for each in appearances}
    kinds = {kind.id: kind.title.in_(lang) for kind in rules.adjustments}
    adjustments = db.scalars(
        select(Adjustment).join(Adjustment.appearance).where(Appearance.round_id == round_.id).order_by(Adjustment.id)
        .options(joinedload(Adjustment.appearance).joinedload(Appearance.entry))
    ).all()  # fmt: skip
    return Minutes(
        round=round_, title=rules.title.in_(lang), rules=version,
        rule_changes=[(each, amending.places_moved(each, round_.code)) for each in amending.adopted(db, contest)],
        panel=_panel(db, appearances),
        panel_rulings=[each for each in rulings if each.kind in OFFICE], appearances=appearances,
        withdrawn=ordering.withdrawn(db, contest, round_), sheets=_sheets(db, round_),
        paper=_paper(db, contest, round_),
        adjustments=[(each, kinds.get(each.kind, each.kind)) for each in adjustments],
        rulings=[each for each in rulings if each.kind not in OFFICE],
        overrides={each.ruling_id: each for each in overruling.decided(db, contest) if each.ruling_id is not None},
        awards={award.id: award.title.in_(lang) for award in whole.awards},
        draws=db.scalars(select(Draw).where(Draw.round_id == round_.id, Draw.order != "[]").order_by(Draw.number)
                         .options(joinedload(Draw.account))).all(),
        changes=_changes(db, contest, round_, appearances), seals=sealed,
        reopened=db.scalars(select(Approval).where(Approval.round_id == round_.id, Approval.act == "reopen",
                                                   Approval.confirmed_at.is_not(None)).order_by(Approval.id)).all(),
        results=[(row, by_code.get(str(row["entry"]))) for row in seals.standings(sealed[-1].seal)] if sealed else [],
        head=ledger.head_of(db, contest),
    )  # fmt: skip


def _panel(db: Session, appearances: Sequence[Appearance]) -> list[Seat]:
    panels = {each.panel_id for each in appearances}
    return list(db.scalars(
        select(Seat).join(Seat.panel).where(Panel.id.in_(panels)).order_by(Panel.code, Seat.number).options(
            joinedload(Seat.panel), selectinload(Seat.sittings).joinedload(Sitting.person),
            selectinload(Seat.sittings).selectinload(Sitting.spans),
        )
    ))  # fmt: skip


def _sheets(db: Session, round_: Round) -> int:
    return db.scalar(
        select(func.count(Sheet.id)).join(Sheet.appearance).where(
            Appearance.round_id == round_.id, Sheet.state.in_((SheetState.SUBMITTED, SheetState.LOCKED))
        )
    ) or 0  # fmt: skip


def _paper(db: Session, contest: Contest, round_: Round) -> list[Paper]:
    """The sheets that came from paper, in running order: what their own rows in the ledger say."""
    names = _names(db)
    found = db.execute(
        select(Appearance.number, Seat.number, LedgerRow.actor, LedgerRow.payload)
        .select_from(Sheet).join(Sheet.appearance).join(Sheet.sitting).join(Sitting.seat)
        .join(LedgerRow, LedgerRow.seq == Sheet.ledger_seq)
        .where(Appearance.round_id == round_.id, LedgerRow.contest_id == contest.id,
               Sheet.state.in_((SheetState.SUBMITTED, SheetState.LOCKED)), LedgerRow.payload.contains('"paper":'))
        .order_by(Appearance.position, Seat.number)
    )  # fmt: skip
    return [
        Paper(number, seat, names.get(json.loads(payload or "{}")["paper"]["typed"], ""), names.get(actor, ""))
        for number, seat, actor, payload in found
    ]


def _rulings(db: Session, contest: Contest, round_: Round) -> Sequence[Ruling]:
    return db.scalars(
        select(Ruling).where(
            Ruling.contest_id == contest.id, (Ruling.round_id == round_.id) | Ruling.round_id.is_(None),
            Ruling.kind != RulingKind.ADVANCE,
        ).order_by(Ruling.id)
        .options(joinedload(Ruling.entry), joinedload(Ruling.sitting).joinedload(Sitting.person),
                 joinedload(Ruling.sitting).joinedload(Sitting.seat))
    ).all()  # fmt: skip


def _changes(db: Session, contest: Contest, round_: Round, appearances: Sequence[Appearance]) -> list[Noted]:
    """The ledger's rows about this round, its appearances and their entries that change something."""
    about = {f"round:{round_.public_id}": ""}
    for each in appearances:
        label = " ".join(filter(None, (each.number, each.entry.name)))
        about |= {f"appearance:{each.public_id}": label, f"entry:{each.entry.public_id}": label}
    names = _names(db)
    found = []
    for row in db.scalars(
        select(LedgerRow).where(LedgerRow.contest_id == contest.id, LedgerRow.action.in_(CHANGES))
        .order_by(LedgerRow.seq)
    ):  # fmt: skip
        if row.subject not in about:
            continue
        payload = json.loads(row.payload or "{}")
        moved = next((label for key, label in about.items() if key == f"appearance:{payload.get('appearance')}"), "")
        what = payload.get("change", "") if row.action is Action.ORDER_CHANGED else ""
        if what in ("arranged", "published"):
            continue
        found.append(Noted(
            row.at, names.get(row.actor, ""), f"{row.action.value}.{what}" if what else row.action.value,
            about[row.subject] or moved, str(payload.get("reason") or payload.get("note") or ""),
        ))  # fmt: skip
    return found


def _sealed(db: Session, contest: Contest, round_: Round) -> list[Sealed]:
    """The round's seals, the oldest first."""
    found = db.scalars(
        select(Seal).where(Seal.round_id == round_.id).order_by(Seal.number).options(
            joinedload(Seal.approval).joinedload(Approval.proposer),
            joinedload(Seal.approval).joinedload(Approval.confirmer),
        )
    ).all()  # fmt: skip
    names = _names(db)
    offices = [
        (names.get(row.actor, ""), row.at) for row in db.scalars(
            select(LedgerRow).where(LedgerRow.contest_id == contest.id, LedgerRow.action == Action.OFFICE_CHANGED)
            .order_by(LedgerRow.seq)
        ) if json.loads(row.payload or "{}").get("one_person")
    ]  # fmt: skip
    lines = []
    for at, seal in enumerate(found):
        set_before = [office for office in offices if office[1] <= seal.sealed_at]
        lines.append(Sealed(
            seal, seals.differences(db, found[at - 1], seal) if at else [],
            set_before[-1] if seal.approval.alone and set_before else None,
        ))  # fmt: skip
    return lines


def _names(db: Session) -> dict[str, str]:
    rows = db.execute(select(Account.public_id, Account.display_name))
    return {f"account:{public_id}": name for public_id, name in rows}
