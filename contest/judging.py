"""Record what the judges' tablets send, so that a mark is never lost, doubled, or changed silently.

The rules of the message (docs/architecture.md, "The tablet's message") in the order in which they are asked here:
seen before? well-formed? this seat's? in range? older than what this lease already sent? then, if nothing stands in
its way, it is applied; otherwise it is kept as a stray, which a person decides about.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from contest import batch, ledger, queries, seating
from contest.batch import APPLIED, Arrived, Batch, Target
from contest.errors import Malformed, TooManyMessages
from contest.ledger import Actor, canonical
from contest.messages import MOST_MESSAGES, Refusal, TabletMessage, check_marks
from contest.models import (
    Action,
    Appearance,
    Contest,
    Lease,
    LedgerHead,
    LedgerRow,
    Mark,
    Message,
    MessageResult,
    RuleVersion,
    Sheet,
    SheetKind,
    SheetState,
)  # fmt: skip
from contest.rules import RoundRules
from contest.sheets import own_sheet, sheet_facts

# How long ago a device was heard of is told in minutes.
SEEN_AGAIN = timedelta(seconds=5)
_KEEPING = insert(Message)
MOST_REVOKED = 300
LARGEST_REVOKED_BODY = 20_000


def record_messages(db: Session, *, lease: Lease, messages: Sequence[object], now: datetime) -> list[str]:
    """Record a tablet's messages in their order and return each one's answer as stored JSON text.

    Raises Malformed (nothing is recorded) where a message has no id to answer, TooManyMessages for a revoked lease
    that has used up what it may leave behind.
    """
    if len(messages) > MOST_MESSAGES:
        raise Malformed(what="messages")
    arrived = [batch.read(raw) for raw in messages]
    contest = lease.sitting.seat.panel.contest
    head = ledger.lock(db, contest)
    if now - lease.seen_at > SEEN_AGAIN:
        lease.seen_at = now
    recorder = _Recorder(db, contest, lease, head, batch.Batch(db, contest, lease, arrived), now)
    answers = [recorder.record(each) for each in arrived]
    recorder.write()
    return answers


class _Recorder:
    """One request's messages: what stays the same from one message to the next.

    What it changes is written to the database at the end at once, or earlier by whatever has to ask.
    """

    def __init__(
        self, db: Session, contest: Contest, lease: Lease, head: LedgerHead, known: Batch, now: datetime
    ) -> None:
        self.db, self.contest, self.lease, self.head, self.known, self.now = db, contest, lease, head, known, now
        self.sitting = lease.sitting
        self.by = Actor(f"sitting:{lease.sitting.public_id}", f"lease:{lease.public_id}")
        self.revoked = seating.is_revoked(lease)
        self.version = queries.rule_version(db, contest)
        self.kept: list[tuple[dict[str, object], Sheet | None]] = []
        self.hashes: dict[int, str] = {}

    def write(self) -> None:
        """The sheets first, whose ids the messages name."""
        self.db.flush()
        rows = [values | {"sheet_id": sheet.id if sheet else None} for values, sheet in self.kept]
        if rows:
            self.db.execute(_KEEPING, rows)

    def record(self, arrived: Arrived) -> str:
        if arrived.uid not in self.known.answers:
            self.known.answers[arrived.uid] = self._first_time(arrived)
        return self.known.answers[arrived.uid]

    def _first_time(self, arrived: Arrived) -> str:
        uid, raw, message = arrived.uid, arrived.raw, arrived.message
        if self.revoked:
            self._spend_allowance(raw)
        if message is None:
            shape = Refusal("malformed", {"what": arrived.what})
            return self._keep(uid, 1, raw, MessageResult.REFUSED, reason=shape)
        target = self._target(message)
        if isinstance(target, Refusal):
            return self._keep(uid, message.n, raw, MessageResult.REFUSED, reason=target)
        appearance, sheet = target.appearance, target.sheet
        if self.revoked:
            return self._stray(message, raw, appearance, None, "card_revoked")
        rules = self._rules_then(message, appearance)
        marks = check_marks(message, rules) if rules is not None else {}
        if isinstance(marks, Refusal):
            return self._keep(
                uid, message.n, raw, MessageResult.REFUSED, appearance=appearance, sheet=sheet, reason=marks
            )
        if sheet is not None and message.n <= target.last:
            return self._keep(uid, message.n, raw, MessageResult.SUPERSEDED, appearance=appearance, sheet=sheet)
        obstacle = self._obstacle(message, target, rules)
        if obstacle:
            return self._stray(message, raw, appearance, sheet, obstacle)
        return self._apply(message, raw, target, marks)

    def _target(self, message: TabletMessage) -> Target | Refusal:
        found = self.known.target(message)
        if found is None:
            return Refusal("entry_unknown", {"entry": message.entry, "round": message.round})
        if found.appearance.panel_id != self.sitting.seat.panel_id:
            return Refusal("not_your_seat", {"entry": message.entry})
        if message.attempt != 1 or message.sheet is not SheetKind.MARK:
            return Refusal("malformed", {"what": "attempt"})
        return found

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

    def _obstacle(self, message: TabletMessage, target: Target, rules: RoundRules | None) -> str | None:
        """The reason code for which a well-formed message cannot be applied now, or None."""
        appearance, sheet = target.appearance, target.sheet
        if not appearance.round.is_judging:
            return "round_closed"
        if appearance.is_released:
            return "sheet_locked"
        if message.epoch and message.epoch != self.contest.epoch:
            # Confirmed before the server was restored from a copy, which lacks what happened to the sheet since then.
            return "restored"
        if sheet is not None and sheet.is_final:
            return "sheet_locked"
        if not (target.assigned and queries.sits_for(self.sitting, appearance)):
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
        self, message: TabletMessage, raw: Mapping[str, object], target: Target, marks: Mapping[str, Decimal]
    ) -> str:
        sheet = target.sheet
        if sheet is None:
            sheet = Sheet(
                appearance=target.appearance, attempt=message.attempt, sitting=self.sitting, kind=message.sheet,
                version=1, foreign_version=0, updated_at=self.now, state=SheetState.DRAFT, returned_reason="",
            )  # fmt: skip
            self.db.add(sheet)
            target.sheet = sheet
        else:
            if sheet.lease_id != self.lease.id:
                sheet.foreign_version = sheet.version
            sheet.version += 1
        sheet.lease_id, sheet.rule_version_id, sheet.updated_at = self.lease.id, self.version.id, self.now
        sheet.note, target.last = message.note, message.n
        if _set_marks(sheet, marks):
            self.db.flush()  # A mark that is gone must not be in the way of one that a later message gives again.
        result = MessageResult.SAVED
        if message.submits:
            result = MessageResult.SUBMITTED
            row = submit(
                self.db, self.contest, sheet=sheet, version=self.version, by=self.by, now=self.now, head=self.head
            )
            self.hashes[row.seq] = row.hash
        return self._keep(message.uid, message.n, raw, result, appearance=target.appearance, sheet=sheet)

    def _stray(
        self, message: TabletMessage, raw: Mapping[str, object], appearance: Appearance, sheet: Sheet | None,
        reason: str,
    ) -> str:  # fmt: skip
        ledger.append(
            self.db, self.contest, by=self.by, action=Action.MESSAGE_STRAYED, now=self.now, head=self.head,
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
        used = (self.db.scalar(kept) or 0) + len(self.kept)
        if used >= MOST_REVOKED or len(json.dumps(raw)) > LARGEST_REVOKED_BODY:
            raise TooManyMessages(seconds=3600)

    def _keep(
        self, uid: str, n: int, raw: Mapping[str, object], result: MessageResult, *,
        appearance: Appearance | None = None, sheet: Sheet | None = None, reason: Refusal | None = None,
    ) -> str:  # fmt: skip
        """Store the message with its answer in the transaction of what it did, and return the answer."""
        current = None if sheet is None or self.revoked else own_sheet(self.db, sheet, self.hashes)
        answer = canonical({
            "id": uid, "result": result.value, "version": sheet.version if sheet else 0,
            "ledger": current["ledger"] if current and result is MessageResult.SUBMITTED else None,
            "reason": {"code": reason.code, "args": dict(reason.args)} if reason else None, "current": current,
        })  # fmt: skip
        self.kept.append(({
            "sitting_id": self.sitting.id, "lease_id": self.lease.id, "uid": uid, "n": n, "result": result,
            "received_at": self.now, "appearance_id": appearance.id if appearance else None,
            "body": json.dumps(raw, ensure_ascii=True), "answer": answer,
        }, sheet))  # fmt: skip
        return answer


def _limits(rules: RoundRules) -> list[tuple[object, ...]]:
    """What a judge may give: each criterion with its limits and step, or its levels."""
    return [
        (each.id, each.kind, each.min, each.max, each.step, [(level.name, level.value) for level in each.levels])
        for each in rules.criteria
    ]  # fmt: skip


def write_marks(db: Session, sheet: Sheet, marks: Mapping[str, Decimal]) -> None:
    """Make a sheet's marks equal to a whole snapshot."""
    _set_marks(sheet, marks)
    db.flush()


def _set_marks(sheet: Sheet, marks: Mapping[str, Decimal]) -> bool:
    """Make a sheet's marks equal to a whole snapshot, not written yet. Whether any had to go."""
    there = {mark.criterion: mark for mark in sheet.marks}
    for criterion, mark in there.items():
        if criterion not in marks:
            sheet.marks.remove(mark)
    for criterion, value in marks.items():
        if criterion in there:
            there[criterion].value = value
        else:
            sheet.marks.append(Mark(criterion=criterion, value=value))
    return not there.keys() <= marks.keys()


def submit(
    db: Session, contest: Contest, *, sheet: Sheet, version: RuleVersion, by: Actor, now: datetime,
    paper: Mapping[str, str] | None = None, head: LedgerHead | None = None,
) -> LedgerRow:  # fmt: skip
    """Make a sheet final with its ledger row, which is returned and carries the whole sheet and the rule version.

    `paper`: of a sheet that was written on paper, who typed it and in which batch; `by` is then who confirmed it.
    `head`: see ledger.append.
    """
    row = ledger.append(
        db, contest, by=by, action=Action.SHEET_SUBMITTED, subject=f"appearance:{sheet.appearance.public_id}",
        payload=sheet_facts(sheet, rules=version.number) | ({"paper": dict(paper)} if paper is not None else {}),
        now=now, head=head,
    )  # fmt: skip
    sheet.state, sheet.ledger_seq, sheet.submitted_at = SheetState.SUBMITTED, row.seq, now
    sheet.returned_reason = ""
    if head is None:
        db.flush()
    return row
