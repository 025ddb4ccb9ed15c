"""Prove a result from its ledger: the chain, what its rows say against what is stored, and the seals made from it.

The chain alone shows that no row was altered. This walks it and keeps what its rows say counts: whole sheets, values,
rulings. At each seal the standings are computed from that and compared with what was sealed; at the end what is stored
must be what the rows say. The first row that does not fit is named.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from contest import facts, keeping, ledger, queries
from contest.ledger import Fault
from contest.models import (
    Action,
    Adjustment,
    Appearance,
    Contest,
    LedgerRow,
    Panel,
    Round,
    RuleVersion,
    Ruling,
    Seal,
    Seat,
    Sheet,
    Sitting,
)  # fmt: skip
from contest.rules import AdjustmentFact, MarkFact, compute, outcome_json
from contest.rules.comparing import first_difference

Payload = Mapping[str, Any]
Key = tuple[str, str, int, str]  # an appearance, a sitting, an attempt, the kind of sheet
SHEETS = (Action.SHEET_SUBMITTED, Action.SHEET_CORRECTED)


@dataclass(frozen=True)
class Proof:
    """What was looked at: how many rows, sheets, values, rulings and seals fit; `purged` rows can no longer be read."""

    rows: int
    head: str
    sheets: int
    adjustments: int
    rulings: int
    seals: int
    purged: int
    fault: Fault | None


@dataclass(frozen=True)
class _Told:
    """A whole sheet as a row carries it."""

    seq: int
    marks: Mapping[str, str]


@dataclass
class _Account:
    """What the rows so far say counts."""

    sheets: dict[Key, _Told] = field(default_factory=dict)
    adjustments: dict[str, tuple[int, str, str, str]] = field(default_factory=dict)
    rulings: dict[str, int] = field(default_factory=dict)
    purged: int = 0
    seals: int = 0

    def take(self, row: LedgerRow, payload: Payload) -> None:
        """Add what one row says."""
        kind, _, name = row.subject.partition(":")
        if row.action in SHEETS:
            # A stray that was only saved corrects a draft; what a judge has not handed in counts for nothing yet.
            if payload.get("submits", 1):
                self.sheets[_key(name, payload)] = _Told(row.seq, payload["marks"])
        elif row.action is Action.SHEET_RETURNED:
            for key in [key for key in self.sheets if key[:2] == (name, payload["sitting"])]:
                del self.sheets[key]
        elif row.action is Action.ADJUSTED:
            self.adjustments[payload["adjustment"]] = (row.seq, name, payload["kind"], payload["value"])
        elif row.action is Action.ADJUSTMENT_CANCELLED:
            self.adjustments.pop(payload["adjustment"], None)
        elif row.action in (Action.RULED, Action.RULING_CANCELLED):
            for ruling in payload.get("rulings", [name] if kind == "ruling" else []):
                if row.action is Action.RULED:
                    self.rulings[ruling] = row.seq
                else:
                    self.rulings.pop(ruling, None)


def prove(db: Session, contest: Contest) -> Proof:
    """Walk the whole ledger of a contest; `fault` is the first row that does not fit, None where all of it does."""
    head = ledger.head_of(db, contest)
    account = _Account()
    fault = ledger.verify(db, contest) or _walk(db, contest, account) or _stored(db, contest, account)
    return Proof(
        head.seq, head.hash, len(account.sheets), len(account.adjustments), len(account.rulings), account.seals,
        account.purged, fault,
    )  # fmt: skip


def _walk(db: Session, contest: Contest, account: _Account) -> Fault | None:
    """Take row after row; at each seal the standings that the rows make must be the sealed ones."""
    names = _Names(db, contest)
    rows = select(LedgerRow).where(LedgerRow.contest_id == contest.id).order_by(LedgerRow.seq)
    for row in db.scalars(rows.execution_options(yield_per=500)):
        if row.payload is None:
            account.purged += 1
            continue
        payload = json.loads(row.payload)
        account.take(row, payload)
        if row.action is Action.ROUND_SEALED and (fault := _sealed(db, contest, row, payload, account, names)):
            return fault
    return None


def _sealed(
    db: Session, contest: Contest, row: LedgerRow, payload: Payload, account: _Account, names: _Names
) -> Fault | None:
    """What is wrong with a seal: its own figures, or the standings that the ledger makes up to its row."""
    seal = db.scalars(
        select(Seal).join(Seal.round).where(Round.contest_id == contest.id, Seal.ledger_seq == row.seq)
        .options(joinedload(Seal.round))
    ).one_or_none()  # fmt: skip
    if seal is None or (seal.ledger_hash, seal.number) != (row.hash, payload["seal"]):
        return Fault(row.seq, "seal")
    if ledger.digest_of(b"", seal.standings) != payload["standings"]:
        return Fault(row.seq, "seal_standings")
    version = db.get_one(RuleVersion, seal.rule_version_id)
    if version.sha256 != payload["rules"]:
        return Fault(row.seq, "seal_rules")
    account.seals += 1
    if seal.facts is None or account.purged:
        return None
    told = replace(keeping.unpack(seal.facts), marks=names.marks(account), adjustments=names.adjustments(account))
    found = outcome_json(compute(queries.rules_of(version), told))["rounds"][seal.round.code]
    difference = first_difference(json.loads(seal.standings), found)
    return None if difference is None else Fault(row.seq, "seal_recount")


def _stored(db: Session, contest: Contest, account: _Account) -> Fault | None:
    """The first row (the lowest number) whose sheet, value or ruling is stored otherwise than it says."""
    if account.purged:
        return None
    return min(_differences(db, contest, account), key=lambda fault: fault.seq, default=None)


def _differences(db: Session, contest: Contest, account: _Account) -> Iterator[Fault]:
    stored: dict[Key, tuple[int, dict[str, str]]] = {}
    for sheet in db.scalars(
        select(Sheet).join(Sheet.appearance).join(Appearance.round)
        .where(Round.contest_id == contest.id, Sheet.state.in_(facts.FINAL))
        .options(joinedload(Sheet.appearance), joinedload(Sheet.sitting), selectinload(Sheet.marks))
    ):  # fmt: skip
        key = (sheet.appearance.public_id, sheet.sitting.public_id, sheet.attempt, sheet.kind.value)
        stored[key] = (sheet.ledger_seq or 0, {mark.criterion: str(mark.value) for mark in sheet.marks})
    for key, told in account.sheets.items():
        if stored.pop(key, (0, None))[1] != told.marks:
            yield Fault(told.seq, "sheet")
    yield from (Fault(seq, "sheet_unrecorded") for seq, _marks in stored.values())
    kept = {
        each.public_id: (each.appearance.public_id, each.kind, str(each.value))
        for each in db.scalars(
            select(Adjustment).join(Adjustment.appearance).join(Appearance.round)
            .where(Round.contest_id == contest.id, Adjustment.cancelled_at.is_(None))
            .options(joinedload(Adjustment.appearance))
        )
    }  # fmt: skip
    for name, (seq, *said) in account.adjustments.items():
        if kept.pop(name, None) != tuple(said):
            yield Fault(seq, "adjustment")
    yield from (Fault(0, "adjustment_unrecorded") for _ in kept)
    ruled = set(db.scalars(
        select(Ruling.public_id).where(Ruling.contest_id == contest.id, Ruling.cancelled_at.is_(None))
    ))  # fmt: skip
    yield from (Fault(seq, "ruling") for name, seq in account.rulings.items() if name not in ruled)
    yield from (Fault(0, "ruling_unrecorded") for name in ruled if name not in account.rulings)


class _Names:
    """What the ledger's ids are called in facts: an appearance's round and entry, a sitting's judge."""

    def __init__(self, db: Session, contest: Contest) -> None:
        self.appearances = {
            each.public_id: (each.round.code, each.entry.code)
            for each in db.scalars(
                select(Appearance).join(Appearance.round).where(Round.contest_id == contest.id)
                .options(joinedload(Appearance.round), joinedload(Appearance.entry))
            )
        }  # fmt: skip
        self.judges = {
            each.public_id: each.code
            for each in db.scalars(
                select(Sitting).join(Sitting.seat).join(Seat.panel).where(Panel.contest_id == contest.id)
            )
        }  # fmt: skip

    def marks(self, account: _Account) -> tuple[MarkFact, ...]:
        """The sheets that count as marks; one whose appearance or judge is gone is missed by the recount."""
        return tuple(
            MarkFact(*self.appearances[appearance], self.judges[sitting], criterion, attempt, kind, Decimal(value))
            for (appearance, sitting, attempt, kind), told in account.sheets.items()
            if appearance in self.appearances and sitting in self.judges
            for criterion, value in told.marks.items()
        )

    def adjustments(self, account: _Account) -> tuple[AdjustmentFact, ...]:
        """The values that count."""
        return tuple(
            AdjustmentFact(*self.appearances[appearance], None, None, kind, Decimal(value))
            for _seq, appearance, kind, value in account.adjustments.values() if appearance in self.appearances
        )


def _key(appearance: str, payload: Payload) -> Key:
    return appearance, payload["sitting"], payload["attempt"], payload["kind"]
