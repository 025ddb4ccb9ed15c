"""What the chief judge mends: return a sheet to its judge, and decide what becomes of a stray message."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from contest import judging, ledger, queries, sheets
from contest.errors import (
    AlreadyReleased,
    Malformed,
    NotFound,
    ReasonMissing,
    RoundNotJudging,
    SheetNotSubmitted,
    StrayUnusable,
)  # fmt: skip
from contest.ledger import Actor
from contest.messages import Refusal, TabletMessage, check_marks, read_message
from contest.models import (
    Action,
    Appearance,
    Contest,
    Message,
    MessageResult,
    Panel,
    RuleVersion,
    Seat,
    Sheet,
    SheetState,
    Sitting,
    StrayDecision,
)  # fmt: skip


def return_sheet(
    db: Session, contest: Contest, *, appearance: Appearance, seat: str, reason: str, by: Actor, now: datetime
) -> Sheet:
    """Give a submitted sheet back to the judge on a seat (its public id), who may change it and submit again.

    The version rises and no lease owns it any more, so copies that are still on their way become strays.
    Raises RoundNotJudging, AlreadyReleased, ReasonMissing, SheetNotSubmitted.
    """
    ledger.lock(db, contest)
    _must_be_open(appearance)
    if not reason.strip():
        raise ReasonMissing
    sheet = _sheet_on(db, appearance, seat)
    if sheet is None or sheet.state is not SheetState.SUBMITTED:
        raise SheetNotSubmitted
    sheet.state, sheet.version, sheet.lease_id = SheetState.RETURNED, sheet.version + 1, None
    sheet.returned_reason, sheet.updated_at = reason.strip(), now
    ledger.append(
        db, contest, by=by, action=Action.SHEET_RETURNED, subject=f"appearance:{appearance.public_id}", now=now,
        payload={"sitting": sheet.sitting.public_id, "version": sheet.version, "reason": reason.strip()},
    )  # fmt: skip
    return sheet


def stray_id(message: Message) -> str:
    """A stray's name in addresses: its sitting and its own id, which is unique within the sitting."""
    return f"{message.sitting.public_id}.{message.uid}"


def decide_stray(
    db: Session, contest: Contest, *, message_id: str, accept: bool, reason: str, by: Actor, now: datetime
) -> Message:
    """Let a stray message count as its sheet's newest version, or set it aside for good.

    Decided once: a second press changes nothing, whichever way it goes. Raises NotFound, ReasonMissing, and where it
    is to count RoundNotJudging, AlreadyReleased, StrayUnusable.
    """
    ledger.lock(db, contest)
    message = _stray(db, contest, message_id)
    if message.decision is not None:
        return message
    if not reason.strip():
        raise ReasonMissing
    appearance = queries.appearance_of(db, contest, message.appearance.public_id) if message.appearance else None
    if appearance is None:
        raise NotFound  # A stray is always about an appearance; what is about none was refused.
    if accept:
        _apply(db, contest, message, appearance, reason=reason.strip(), by=by, now=now)
    message.decision = StrayDecision.ACCEPTED if accept else StrayDecision.SET_ASIDE
    message.decided_at = now
    ledger.append(
        db, contest, by=by, action=Action.STRAY_DECIDED, subject=f"appearance:{appearance.public_id}", now=now,
        payload={"message": message.uid, "sitting": message.sitting.public_id, "decision": message.decision.value,
                 "reason": reason.strip()},
    )  # fmt: skip
    return message


def _apply(
    db: Session, contest: Contest, message: Message, appearance: Appearance, *, reason: str, by: Actor, now: datetime
) -> None:
    _must_be_open(appearance)
    if message.sitting not in queries.sittings_for(db, appearance):
        raise StrayUnusable(why="outside_sitting")
    version = queries.rule_version(db, contest)
    sheet = queries.sheets_of(db, appearance).get(message.sitting_id)
    sent, marks = _usable(message, appearance, version, final=sheet is not None and sheet.is_final)
    if sheet is None:
        sheet = Sheet(
            appearance_id=appearance.id, sitting_id=message.sitting_id, version=1, foreign_version=0,
            rule_version_id=version.id, updated_at=now, state=SheetState.DRAFT,
        )  # fmt: skip
        db.add(sheet)
        db.flush()
    else:
        sheet.version += 1
    sheet.lease_id, sheet.rule_version_id, sheet.updated_at, sheet.note = None, version.id, now, sent.note
    judging.write_marks(db, sheet, marks)
    row = ledger.append(
        db, contest, by=by, action=Action.SHEET_CORRECTED, subject=f"appearance:{appearance.public_id}", now=now,
        payload=sheets.sheet_facts(sheet, rules=version.number) | {
            "message": message.uid, "reason": reason, "submits": int(sent.submits),
        },
    )  # fmt: skip
    if sent.submits:
        sheet.state, sheet.submitted_at, sheet.returned_reason = SheetState.SUBMITTED, now, ""
        sheet.ledger_seq = row.seq
    message.sheet_id = sheet.id
    db.flush()


def _usable(
    message: Message, appearance: Appearance, version: RuleVersion, *, final: bool
) -> tuple[TabletMessage, Mapping[str, Decimal]]:
    """The stray's marks, checked as if it came now: it may have been kept before anybody looked at them."""
    try:
        sent = read_message(json.loads(message.body))
    except Malformed as error:
        raise StrayUnusable(why="malformed") from error
    # What replaces a submitted sheet must be whole like it, also where the tablet had only meant to save.
    sent = replace(sent, submits=sent.submits or final)
    marks = check_marks(sent, queries.round_rules(queries.rules_of(version), appearance))
    if isinstance(marks, Refusal):
        raise StrayUnusable(why=marks.code)
    return sent, marks


def _must_be_open(appearance: Appearance) -> None:
    if not appearance.round.is_judging:
        raise RoundNotJudging(state=appearance.round.state.value)
    if appearance.is_released:
        raise AlreadyReleased


def _sheet_on(db: Session, appearance: Appearance, seat: str) -> Sheet | None:
    sitting = next((s for s in queries.sittings_for(db, appearance) if s.seat.public_id == seat), None)
    return None if sitting is None else queries.sheets_of(db, appearance).get(sitting.id)


def _stray(db: Session, contest: Contest, message_id: str) -> Message:
    sitting, _, uid = message_id.partition(".")
    message = queries.only(
        db,
        select(Message).join(Message.sitting).join(Sitting.seat).join(Seat.panel)
        .where(Panel.contest_id == contest.id, Sitting.public_id == sitting, Message.uid == uid)
        .options(joinedload(Message.appearance).joinedload(Appearance.round)),
    )  # fmt: skip
    if message.result is not MessageResult.STRAY:
        raise NotFound
    return message
