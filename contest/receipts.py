"""Check a judge's receipt: whether that very sheet is in a sealed and published result, without a word about its marks.

A receipt is the number and the hash of the ledger's row that carries the sheet. The hash rests on a salt that is never
shown, so neither the receipt nor the answer lets anybody guess a mark.
"""

from __future__ import annotations

import enum
import json
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from contest import sealing
from contest.errors import NotFound
from contest.models import Action, Appearance, Contest, LedgerRow, Round, RoundState, Seal

SHEETS = (Action.SHEET_SUBMITTED, Action.SHEET_CORRECTED)
# So many digits of the hash are asked for at least: a slip of the pen is not taken for a receipt.
LEAST_DIGITS, ALL_DIGITS = 8, 64


class Standing(enum.Enum):
    """What became of the sheet that a receipt stands for."""

    IN_SEAL = "in_seal"
    REPLACED = "replaced"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Checked:
    """The answer about one receipt; round and seal where the sheet belongs to a published round."""

    standing: Standing
    number: int
    hash: str | None = None
    round: str | None = None
    seal: Seal | None = None


def published_rounds(db: Session, contest: Contest) -> list[Round]:
    """The rounds whose receipts may be checked."""
    rounds = select(Round).where(Round.contest_id == contest.id, Round.state == RoundState.PUBLISHED)
    return list(db.scalars(rounds.order_by(Round.position)))


def check(db: Session, contest: Contest, *, number: int, digits: str) -> Checked:
    """What became of the sheet of this receipt: `digits` are the first of its hash, at least LEAST_DIGITS.

    A row of a round that is not published is as unknown as one that never was. Raises NotFound before any round is.
    """
    rounds = {each.id: each for each in published_rounds(db, contest)}
    if not rounds:
        raise NotFound
    row = db.scalars(
        select(LedgerRow).where(
            LedgerRow.contest_id == contest.id, LedgerRow.seq == number, LedgerRow.action.in_(SHEETS)
        )
    ).one_or_none()  # fmt: skip
    if row is None or len(digits) < LEAST_DIGITS or not row.hash.startswith(digits.lower()):
        return Checked(Standing.UNKNOWN, number)
    round_ = rounds.get(_round_of(db, contest, row) or 0)
    seal = None if round_ is None else sealing.last_seal(db, round_)
    if round_ is None or seal is None or row.seq > seal.ledger_seq:
        return Checked(Standing.UNKNOWN, number)
    standing = Standing.REPLACED if _is_replaced(db, contest, row, seal) else Standing.IN_SEAL
    return Checked(standing, number, row.hash, round_.code, seal)


def _round_of(db: Session, contest: Contest, row: LedgerRow) -> int | None:
    appearance = row.subject.partition(":")[2]
    return db.scalar(
        select(Appearance.round_id).join(Appearance.round)
        .where(Round.contest_id == contest.id, Appearance.public_id == appearance)
    )  # fmt: skip


def _is_replaced(db: Session, contest: Contest, row: LedgerRow, seal: Seal) -> bool:
    """Whether the same judge's sheet was returned, or handed in or corrected again, before the seal."""
    later = db.scalars(
        select(LedgerRow).where(
            LedgerRow.contest_id == contest.id, LedgerRow.subject == row.subject, LedgerRow.seq > row.seq,
            LedgerRow.seq <= seal.ledger_seq, LedgerRow.action.in_((*SHEETS, Action.SHEET_RETURNED)),
        )
    )  # fmt: skip
    own = _sheet(row)
    return own is None or any(_same(own, _sheet(each)) for each in later)


def _sheet(row: LedgerRow) -> tuple[str, int | None, str | None] | None:
    if row.payload is None:
        return None
    payload = json.loads(row.payload)
    return payload["sitting"], payload.get("attempt"), payload.get("kind")


def _same(own: tuple[str, int | None, str | None], later: tuple[str, int | None, str | None] | None) -> bool:
    """A return names the judge alone: it takes back all that this judge gave the appearance."""
    return later is not None and own[0] == later[0] and (later[1] is None or own == later)
