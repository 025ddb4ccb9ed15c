"""Record what the judges' tablets send, so that a mark is never lost, doubled, or changed silently.

The rules of the message (docs/architecture.md, "The tablet's message") in the order in which they are asked here:
seen before? well-formed? this seat's? in range? older than what this lease already sent? then, if nothing stands in
its way, it is applied; otherwise it is kept as a stray, which a person decides about.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from contest import ledger, queries, seating
from contest.errors import Malformed, TooManyMessages
from contest.ledger import Actor, canonical
from contest.messages import MOST_MESSAGES, Refusal, TabletMessage, check_marks, read_id, read_message
from contest.models import (
    Action,
    Appearance,
    Contest,
    Entry,
    Lease,
    LedgerRow,
    Mark,
    Message,
    MessageResult,
    Round,
    RuleVersion,
    Sheet,
    SheetState,
)  # fmt: skip
from contest.rules import RoundRules

APPLIED = (MessageResult.SAVED, MessageResult.SUBMITTED)
MOST_REVOKED = 300
LARGEST_REVOKED_BODY = 20_000


def record_messages(db: Session, *, lease: Lease, messages: Sequence[object], now: datetime) -> list[str]:
    """Record a tablet's messages in their order and return each one's answer as stored JSON text.

    Raises Malformed (nothing is recorded) where a message has no id to answer, TooManyMessages for a revoked lease
    that has used up what it may leave behind.
    """
    if len(messages) > MOST_MESSAGES:
        raise Malformed(what="messages")
    contest = lease.sitting.seat.panel.contest
    ledger.lock(db, contest)
    db.refresh(lease.sitting.seat, ["card_generation"])  # It may have been revoked while this waited for the lock.
    lease.seen_at = now
    recorder = _Recorder(db, contest, lease, now)
    return [recorder.record(raw) for raw in messages]


class _Recorder:
    """One request's messages: what stays the same from one message to the next."""

    def __init__(self, db: Session, contest: Contest, lease: Lease, now: datetime) -> None:
        self.db, self.contest, self.lease, self.now = db, contest, lease, now
        self.sitting = lease.sitting
        self.by = Actor(f"sitting:{lease.sitting.public_id}", f"lease:{lease.public_id}")
        self.revoked = seating.is_revoked(lease)
        self.version = queries.rule_version(db, contest)

    def record(self, raw: object) -> str:
        uid, raw = read_id(raw)
        known = select(Message.answer).where(Message.sitting_id == self.sitting.id, Message.uid == uid)
        answer = self.db.scalar(known)
        return answer if answer is not None else self._first_time(uid, raw)

    def _first_time(self, uid: str, raw: Mapping[str, object]) -> str:
        if self.revoked:
            self._spend_allowance(raw)
        try:
            message = read_message(raw)
        except Malformed as error:
            shape = Refusal("malformed", {"what": str(error.args_["what"])})
            return self._keep(uid, 1, raw, MessageResult.REFUSED, reason=shape)
        appearance = self._appearance(message)
        if isinstance(appearance, Refusal):
            return self._keep(uid, message.n, raw, MessageResult.REFUSED, reason=appearance)
        if self.revoked:
            return self._stray(message, raw, appearance, None, "card_revoked")
        rules = self._rules_then(message, appearance)
        marks = check_marks(message, rules) if rules is not None else {}
        sheet = self._sheet(message, appearance)
        if isinstance(marks, Refusal):
            return self._keep(
                uid, message.n, raw, MessageResult.REFUSED, appearance=appearance, sheet=sheet, reason=marks
            )
        if sheet is not None and message.n <= self._last_applied(sheet):
            return self._keep(uid, message.n, raw, MessageResult.SUPERSEDED, appearance=appearance, sheet=sheet)
        obstacle = self._obstacle(message, appearance, sheet, rules)
        if obstacle:
            return self._stray(message, raw, appearance, sheet, obstacle)
        return self._apply(message, raw, appearance, sheet, marks)

    def _appearance(self, message: TabletMessage) -> Appearance | Refusal:
        found = self.db.scalars(
            select(Appearance).join(Appearance.round).join(Appearance.entry)
            .where(Round.contest_id == self.contest.id, Round.code == message.round, Entry.code == message.entry)
            .options(joinedload(Appearance.round), joinedload(Appearance.entry))
        ).one_or_none()  # fmt: skip
        if found is None:
            return Refusal("entry_unknown", {"entry": message.entry, "round": message.round})
        if found.panel_id != self.sitting.seat.panel_id:
            return Refusal("not_your_seat", {"entry": message.entry})
        if message.attempt != 1 or message.sheet.value != "mark":
            return Refusal("malformed", {"what": "attempt"})
        return found

    def _sheet(self, message: TabletMessage, appearance: Appearance) -> Sheet | None:
        return self.db.scalars(
            select(Sheet).where(
                Sheet.appearance_id == appearance.id, Sheet.attempt == message.attempt,
                Sheet.sitting_id == self.sitting.id, Sheet.kind == message.sheet,
            )
        ).one_or_none()  # fmt: skip

    def _last_applied(self, sheet: Sheet) -> int:
        applied = select(func.max(Message.n)).where(
            Message.sheet_id == sheet.id, Message.lease_id == self.lease.id, Message.result.in_(APPLIED)
        )
        return self.db.scalar(applied) or 0

    def _rules_then(self, message: TabletMessage, appearance: Appearance) -> RoundRules | None:
        """The rules of the version that the tablet had when its judge marked; None where there is no such version."""
        if message.rules == self.version.number:
            return self._rules_now(appearance)
        older = self.db.scalars(
            select(RuleVersion).where(RuleVersion.contest_id == self.contest.id, RuleVersion.number == message.rules)
        ).one_or_none()
        if older is None or appearance.round.code not in queries.rules_of(older).rounds:
            return None
        return queries.round_rules(queries.rules_of(older), appearance)

    def _rules_now(self, appearance: Appearance) -> RoundRules:
        return queries.round_rules(queries.rules_of(self.version), appearance)

    def _obstacle(
        self, message: TabletMessage, appearance: Appearance, sheet: Sheet | None, rules: RoundRules | None
    ) -> str | None:
        """The reason code for which a well-formed message cannot be applied now, or None."""
        if not appearance.round.is_judging:
            return "round_closed"
        if appearance.is_released:
            return "sheet_locked"
        if message.epoch and message.epoch != self.contest.epoch:
            # Confirmed before the server was restored from a copy, which lacks what happened to the sheet since then.
            return "restored"
        if sheet is not None and sheet.is_final:
            return "sheet_locked"
        if self.sitting not in queries.sittings_for(self.db, appearance):
            return "outside_sitting"
        if sheet is not None:
            own = sheet.lease_id == self.lease.id
            if message.base < (sheet.foreign_version if own else sheet.version):
                return "newer_version"
        now = self._rules_now(appearance)
        # A sheet that may have gaps by the older rules alone is not whole by those that count.
        if rules is None or _limits(rules) != _limits(now) or isinstance(check_marks(message, now), Refusal):
            return "rules_changed"
        return None

    def _apply(
        self, message: TabletMessage, raw: Mapping[str, object], appearance: Appearance, sheet: Sheet | None,
        marks: Mapping[str, Decimal],
    ) -> str:  # fmt: skip
        if sheet is None:
            sheet = Sheet(
                appearance_id=appearance.id, attempt=message.attempt, sitting_id=self.sitting.id, kind=message.sheet,
                version=1, foreign_version=0, rule_version_id=self.version.id, updated_at=self.now,
                state=SheetState.DRAFT,
            )  # fmt: skip
            self.db.add(sheet)
            self.db.flush()
        else:
            if sheet.lease_id != self.lease.id:
                sheet.foreign_version = sheet.version
            sheet.version += 1
        sheet.lease_id, sheet.rule_version_id, sheet.updated_at = self.lease.id, self.version.id, self.now
        sheet.note = message.note
        write_marks(self.db, sheet, marks)
        if not message.submits:
            return self._keep(message.uid, message.n, raw, MessageResult.SAVED, appearance=appearance, sheet=sheet)
        submit(self.db, self.contest, sheet=sheet, version=self.version, by=self.by, now=self.now)
        return self._keep(message.uid, message.n, raw, MessageResult.SUBMITTED, appearance=appearance, sheet=sheet)

    def _stray(
        self, message: TabletMessage, raw: Mapping[str, object], appearance: Appearance, sheet: Sheet | None,
        reason: str,
    ) -> str:  # fmt: skip
        ledger.append(
            self.db, self.contest, by=self.by, action=Action.MESSAGE_STRAYED, now=self.now,
            subject=f"appearance:{appearance.public_id}",
            payload={
                "message": message.uid, "reason": reason, "marks": dict(message.marks),
                "submits": int(message.submits),
            },
        )  # fmt: skip
        return self._keep(
            message.uid, message.n, raw, MessageResult.STRAY, appearance=appearance, sheet=sheet,
            reason=Refusal(reason, {}),
        )  # fmt: skip

    def _spend_allowance(self, raw: Mapping[str, object]) -> None:
        """Count what a revoked lease leaves behind; what it sent while its card was good does not count."""
        kept = select(func.count()).where(Message.lease_id == self.lease.id, Message.result.not_in(APPLIED))
        used = self.db.scalar(kept) or 0
        if used >= MOST_REVOKED or len(json.dumps(raw)) > LARGEST_REVOKED_BODY:
            raise TooManyMessages(seconds=3600)

    def _keep(
        self, uid: str, n: int, raw: Mapping[str, object], result: MessageResult, *,
        appearance: Appearance | None = None, sheet: Sheet | None = None, reason: Refusal | None = None,
    ) -> str:  # fmt: skip
        """Store the message with its answer in the transaction of what it did, and return the answer."""
        self.db.flush()
        current = None if sheet is None or self.revoked else own_sheet(self.db, sheet)
        answer = canonical({
            "id": uid, "result": result.value, "version": sheet.version if sheet else 0,
            "ledger": current["ledger"] if current and result is MessageResult.SUBMITTED else None,
            "reason": {"code": reason.code, "args": dict(reason.args)} if reason else None, "current": current,
        })  # fmt: skip
        self.db.add(Message(
            sitting_id=self.sitting.id, lease_id=self.lease.id, uid=uid, n=n, result=result, received_at=self.now,
            appearance_id=appearance.id if appearance else None, sheet_id=sheet.id if sheet else None,
            body=json.dumps(raw, ensure_ascii=True), answer=answer,
        ))  # fmt: skip
        self.db.flush()
        return answer


def _limits(rules: RoundRules) -> list[tuple[object, ...]]:
    """What a judge may give: each criterion with its limits and step, or its levels."""
    return [
        (each.id, each.kind, each.min, each.max, each.step, [(level.name, level.value) for level in each.levels])
        for each in rules.criteria
    ]  # fmt: skip


def write_marks(db: Session, sheet: Sheet, marks: Mapping[str, Decimal]) -> None:
    """Make a sheet's marks equal to a whole snapshot."""
    there = {mark.criterion: mark for mark in sheet.marks}
    for criterion, mark in there.items():
        if criterion not in marks:
            sheet.marks.remove(mark)
    for criterion, value in marks.items():
        if criterion in there:
            there[criterion].value = value
        else:
            sheet.marks.append(Mark(criterion=criterion, value=value))
    db.flush()


def submit(
    db: Session, contest: Contest, *, sheet: Sheet, version: RuleVersion, by: Actor, now: datetime,
    paper: Mapping[str, str] | None = None,
) -> None:  # fmt: skip
    """Make a sheet final with its ledger row, which carries the whole sheet and the rule version.

    `paper`: of a sheet that was written on paper, who typed it and in which batch; `by` is then who confirmed it.
    """
    row = ledger.append(
        db, contest, by=by, action=Action.SHEET_SUBMITTED, subject=f"appearance:{sheet.appearance.public_id}",
        payload=sheet_facts(sheet, rules=version.number) | ({"paper": dict(paper)} if paper is not None else {}),
        now=now,
    )  # fmt: skip
    sheet.state, sheet.ledger_seq, sheet.submitted_at = SheetState.SUBMITTED, row.seq, now
    sheet.returned_reason = ""
    db.flush()


def sheet_facts(sheet: Sheet, *, rules: int) -> dict[str, object]:
    """A sheet as the ledger keeps it: ids and marks, no name and no private note."""
    return {
        "sitting": sheet.sitting.public_id, "attempt": sheet.attempt, "kind": sheet.kind.value,
        "version": sheet.version, "rules": rules, "marks": {mark.criterion: str(mark.value) for mark in sheet.marks},
    }  # fmt: skip


def own_sheet(db: Session, sheet: Sheet) -> dict[str, object]:
    """A sheet as its own judge may see it: state, version, marks, note, reason, and its ledger number and hash."""
    receipt = None
    if sheet.ledger_seq is not None:
        contest_id = sheet.appearance.round.contest_id
        found = select(LedgerRow.hash).where(LedgerRow.contest_id == contest_id, LedgerRow.seq == sheet.ledger_seq)
        receipt = {"seq": sheet.ledger_seq, "hash": db.scalar(found)}
    return {
        "state": sheet.state.value, "version": sheet.version, "note": sheet.note, "ledger": receipt,
        "marks": {mark.criterion: str(mark.value) for mark in sheet.marks}, "reason": sheet.returned_reason or None,
    }  # fmt: skip
