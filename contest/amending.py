"""Verbs: change the rules of a contest that is being judged: proposed with a reason, confirmed by a second person."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from contest import drafting, entering, ledger, queries, settling
from contest.effects import Effect, Move, effect
from contest.errors import AlreadyProposed, NothingProposed, ReasonMissing, RulesUnusable, SecondPersonNeeded
from contest.ledger import Actor
from contest.models import Account, Action, Contest, RuleChange
from contest.naming import clean_paragraphs
from contest.refusals import RoundsSealed, RulesMoved
from contest.rules import RuleFileError, Rules, read_rules

LONGEST_REASON = 500


def propose(
    db: Session, contest: Contest, *, rules: Rules, reason: str, account: Account, by: Actor, now: datetime
) -> RuleChange:
    """Propose other rules; they count when a second person confirms, in an office of one at once.

    Raises ReasonMissing, TextRefused for a reason that is too long, AlreadyProposed, RulesSame, RulesUnfit,
    RoundsSealed where a sealed result would move.
    """
    ledger.lock(db, contest)
    written = clean_paragraphs(reason, field="reason", most=LONGEST_REASON)
    if not written:
        raise ReasonMissing
    if open_change(db, contest) is not None:
        raise AlreadyProposed
    moved = _allowed(db, contest, rules)
    base = queries.rule_version(db, contest)
    change = RuleChange(
        contest_id=contest.id, base_id=base.id, source=rules.data, sha256=rules.sha256, reason=written,
        proposer_id=account.id, proposed_at=now,
    )  # fmt: skip
    db.add(change)
    db.flush()
    ledger.append(
        db, contest, by=by, action=Action.APPROVAL_PROPOSED, subject=f"contest:{contest.public_id}", now=now,
        payload={
            "approval": change.public_id, "act": "rules", "reason": written, "before": base.sha256,
            "sha256": rules.sha256, "places": moved.places,
        },
    )  # fmt: skip
    if contest.one_person:
        _carry_out(db, contest, change, rules, moved, None, by, now)
    return change


def withdraw(db: Session, contest: Contest, *, public_id: str, by: Actor, now: datetime) -> RuleChange:
    """Take an open proposal back. Raises NotFound, NothingProposed where it is decided already."""
    ledger.lock(db, contest)
    change = _open(db, contest, public_id)
    change.withdrawn_at = now
    ledger.append(
        db, contest, by=by, action=Action.APPROVAL_WITHDRAWN, subject=f"contest:{contest.public_id}", now=now,
        payload={"approval": change.public_id, "act": "rules"},
    )  # fmt: skip
    return change


def confirm(
    db: Session, contest: Contest, *, public_id: str, account: Account, by: Actor, now: datetime
) -> RuleChange:  # fmt: skip
    """The second person's yes: the proposed rules are the next version. In an office of one the proposer may say it.

    Raises NotFound, NothingProposed, SecondPersonNeeded, RulesMoved where other rules came into force meanwhile,
    RulesUnusable, and whatever would stand in the way of proposing it now.
    """
    ledger.lock(db, contest)
    change = _open(db, contest, public_id)
    alone = change.proposer_id == account.id
    if alone and not contest.one_person:
        raise SecondPersonNeeded
    newest = queries.rule_version(db, contest)
    if newest.id != change.base_id:
        raise RulesMoved(number=newest.number)
    try:
        rules = read_rules(change.source)
    except RuleFileError as error:
        raise RulesUnusable(detail=str(error)) from error
    moved = _allowed(db, contest, rules)
    _carry_out(db, contest, change, rules, moved, None if alone else account, by, now)
    return change


def open_change(db: Session, contest: Contest) -> RuleChange | None:
    """The proposal that waits for a second person, if there is one."""
    return db.scalars(
        select(RuleChange)
        .where(RuleChange.contest_id == contest.id, RuleChange.confirmed_at.is_(None),
               RuleChange.withdrawn_at.is_(None))
        .options(joinedload(RuleChange.proposer), joinedload(RuleChange.base))
    ).one_or_none()  # fmt: skip


def adopted(db: Session, contest: Contest) -> Sequence[RuleChange]:
    """The changes that were confirmed, oldest first, with their versions and people."""
    return db.scalars(
        select(RuleChange).where(RuleChange.contest_id == contest.id, RuleChange.confirmed_at.is_not(None))
        .order_by(RuleChange.id)
        .options(joinedload(RuleChange.version), joinedload(RuleChange.proposer), joinedload(RuleChange.confirmer))
    ).all()  # fmt: skip


def moves_of(change: RuleChange) -> list[Move]:
    """What a confirmed change moved, as it was computed when it was confirmed."""
    return [Move(**row) for row in json.loads(change.effect or "{}").get("moves", [])]


def places_moved(change: RuleChange, code: str | None = None) -> int:
    """How many places a confirmed change moved, each ranking for itself; with `code` those of one round's."""
    moved = (move for move in moves_of(change) if move.place_before != move.place)
    return sum(code is None or move.round == code for move in moved)


def _open(db: Session, contest: Contest, public_id: str) -> RuleChange:
    change = queries.only(
        db, select(RuleChange).where(RuleChange.contest_id == contest.id, RuleChange.public_id == public_id)
    )
    if not change.is_open:
        raise NothingProposed
    return change


def _allowed(db: Session, contest: Contest, rules: Rules) -> Effect:
    moved = effect(db, contest, rules)
    if moved.sealed:
        raise RoundsSealed(rounds=list(moved.sealed))
    return moved


def _carry_out(
    db: Session, contest: Contest, change: RuleChange, rules: Rules, moved: Effect, confirmer: Account | None,
    by: Actor, now: datetime,
) -> None:  # fmt: skip
    because: dict[str, object] = {
        "approval": change.public_id, "before": change.base.sha256, "reason": change.reason, "places": moved.places,
    }  # fmt: skip
    settling.keep_rounds(db, contest, rules, begun=True)
    version = entering.adopt_rules(
        db, contest, rules=rules, by=by, now=now, because=because | ({"alone": 1} if confirmer is None else {})
    )
    change.alone, change.confirmer, change.confirmed_at = confirmer is None, confirmer, now
    change.version, change.effect = version, ledger.canonical({"moves": [vars(move) for move in moved.moves]})
    draft = drafting.read_draft(db, contest)
    if draft is not None and draft.source == change.source:
        drafting.drop_draft(db, contest)
    db.flush()
