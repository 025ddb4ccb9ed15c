"""What a sheet says: as the ledger keeps it, and as its own judge may see it."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from contest.models import LedgerRow, Sheet


def sheet_facts(sheet: Sheet, *, rules: int) -> dict[str, object]:
    """A sheet as the ledger keeps it: ids and marks, no name and no private note."""
    return {
        "sitting": sheet.sitting.public_id, "attempt": sheet.attempt, "kind": sheet.kind.value,
        "version": sheet.version, "rules": rules, "marks": {mark.criterion: str(mark.value) for mark in sheet.marks},
    }  # fmt: skip


def own_sheet(db: Session, sheet: Sheet, hashes: Mapping[int, str] | None = None) -> dict[str, object]:
    """A sheet as its own judge may see it: state, version, marks, note, reason, and its ledger number and hash.

    `hashes`: of ledger rows that are known already, by their number.
    """
    seq, receipt = sheet.ledger_seq, None
    if seq is not None:
        found = (hashes or {}).get(seq)
        receipt = {"seq": seq, "hash": found if found is not None else _hash(db, sheet, seq)}
    return {
        "state": sheet.state.value, "version": sheet.version, "note": sheet.note, "ledger": receipt,
        "marks": {mark.criterion: str(mark.value) for mark in sheet.marks}, "reason": sheet.returned_reason or None,
    }  # fmt: skip


def _hash(db: Session, sheet: Sheet, seq: int) -> str | None:
    contest_id = sheet.appearance.round.contest_id
    return db.scalar(select(LedgerRow.hash).where(LedgerRow.contest_id == contest_id, LedgerRow.seq == seq))
