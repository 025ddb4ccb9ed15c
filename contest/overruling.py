"""Verbs: decide a place or an award otherwise than the rules: proposed with a reason, confirmed by a second person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from contest import ledger, queries
from contest.errors import AlreadyProposed, Malformed, NotFound, NothingProposed, ReasonMissing, SecondPersonNeeded
from contest.ledger import Actor
from contest.models import (
    Account,
    Action,
    Appearance,
    Contest,
    Decides,
    Entry,
    Override,
    Round,
    RoundState,
    Ruling,
    RulingKind,
)  # fmt: skip
from contest.naming import clean_paragraphs
from contest.refusals import OverrideNotNow
from contest.rules import NO_AWARD

LONGEST_REASON = 500
LAST_PLACE = 9999


def propose(
    db: Session, contest: Contest, *, round_: Round, entry: Entry, kind: Decides, value: str | None, reason: str,
    account: Account, by: Actor, now: datetime,
) -> Override:  # fmt: skip
    """Propose a place or an award by decision; it counts when a second person confirms, in an office of one at once.

    `value` is the place, or an award's code or "none"; None lets the computed result count again. Raises
    ReasonMissing, TextRefused for a reason that is too long, OverrideNotNow unless the round is locked, Malformed,
    NotFound where the entry is not in the round, NothingProposed where nothing stands that could be taken back,
    AlreadyProposed.
    """
    ledger.lock(db, contest)
    written = clean_paragraphs(reason, field="reason", most=LONGEST_REASON)
    if not written:
        raise ReasonMissing
    _must_be_locked(round_)
    _must_be_in(db, round_, entry)
    _check_value(db, contest, kind, value)
    if value is None and not _standing(db, contest, round_, entry, kind):
        raise NothingProposed
    if any((o.round_id, o.entry_id, o.kind) == (round_.id, entry.id, kind) for o in waiting(db, contest)):
        raise AlreadyProposed
    made = Override(
        contest_id=contest.id, round_id=round_.id, entry_id=entry.id, kind=kind, value=value, reason=written,
        proposer_id=account.id, proposed_at=now,
    )  # fmt: skip
    db.add(made)
    db.flush()
    ledger.append(
        db, contest, by=by, action=Action.APPROVAL_PROPOSED, subject=f"round:{round_.public_id}", now=now,
        payload={"approval": made.public_id, "act": "override", "reason": written} | _about(made),
    )  # fmt: skip
    if contest.one_person:
        _carry_out(db, contest, made, None, by, now)
    return made


def withdraw(db: Session, contest: Contest, *, public_id: str, by: Actor, now: datetime) -> Override:
    """Take an open proposal back. Raises NotFound, NothingProposed where it is decided already."""
    ledger.lock(db, contest)
    found = _open(db, contest, public_id)
    found.withdrawn_at = now
    ledger.append(
        db, contest, by=by, action=Action.APPROVAL_WITHDRAWN, now=now,
        subject=f"contest:{contest.public_id}" if found.round is None else f"round:{found.round.public_id}",
        payload={"approval": found.public_id, "act": "override"},
    )  # fmt: skip
    return found


def confirm(
    db: Session, contest: Contest, *, public_id: str, account: Account, by: Actor, now: datetime
) -> Override:  # fmt: skip
    """The second person's yes: the decision counts. In an office of one the proposer may say it.

    Raises NotFound, NothingProposed, SecondPersonNeeded, OverrideNotNow, Malformed where the rules no longer know
    the award.
    """
    ledger.lock(db, contest)
    found = _open(db, contest, public_id)
    alone = found.proposer_id == account.id
    if alone and not contest.one_person:
        raise SecondPersonNeeded
    if found.round is not None:
        _must_be_locked(found.round)
    _check_value(db, contest, found.kind, found.value)
    _carry_out(db, contest, found, None if alone else account, by, now)
    return found


def waiting(db: Session, contest: Contest) -> Sequence[Override]:
    """The proposals that wait for a second person, oldest first."""
    return _all(db, contest, Override.confirmed_at.is_(None), Override.withdrawn_at.is_(None))


def decided(db: Session, contest: Contest) -> Sequence[Override]:
    """The decisions that were confirmed, oldest first, with what stands of them."""
    return _all(db, contest, Override.confirmed_at.is_not(None))


def _all(db: Session, contest: Contest, *which: object) -> Sequence[Override]:
    statement = select(Override).where(Override.contest_id == contest.id, *which).order_by(Override.id)  # type: ignore[arg-type]
    return db.scalars(statement.options(
        joinedload(Override.entry), joinedload(Override.round), joinedload(Override.ruling),
        joinedload(Override.proposer), joinedload(Override.confirmer),
    )).all()  # fmt: skip


def _open(db: Session, contest: Contest, public_id: str) -> Override:
    found = queries.only(
        db, select(Override).where(Override.contest_id == contest.id, Override.public_id == public_id)
    )
    if not found.is_open:
        raise NothingProposed
    return found


def _must_be_locked(round_: Round) -> None:
    """Before the marks are all in nothing is computed yet; what is sealed has to be reopened first."""
    if round_.state is not RoundState.LOCKED:
        raise OverrideNotNow(state=round_.state.value)


def _must_be_in(db: Session, round_: Round, entry: Entry) -> None:
    found = select(Appearance.id).where(Appearance.round_id == round_.id, Appearance.entry_id == entry.id)
    if db.scalar(found) is None:
        raise NotFound


def _check_value(db: Session, contest: Contest, kind: Decides, value: str | None) -> None:
    if value is None:
        return
    if kind is Decides.PLACE:
        known = value.isascii() and value.isdigit() and len(value) <= 4 and 1 <= int(value) <= LAST_PLACE
    else:
        rules = queries.rules_of(queries.rule_version(db, contest))
        known = value in (NO_AWARD, *(award.id for award in rules.awards))
    if not known:
        raise Malformed(what="value")


def _standing(db: Session, contest: Contest, round_: Round | None, entry: Entry, kind: Decides) -> Sequence[Ruling]:
    """The rulings that a new decision replaces: an award is one for the whole contest, a place one of its round."""
    statement = select(Ruling).where(
        Ruling.contest_id == contest.id, Ruling.entry_id == entry.id, Ruling.kind == RulingKind(kind.value),
        Ruling.cancelled_at.is_(None),
    )  # fmt: skip
    if kind is Decides.PLACE:
        statement = statement.where(Ruling.round_id == (None if round_ is None else round_.id))
    return db.scalars(statement.order_by(Ruling.id)).all()


def _about(made: Override) -> dict[str, object]:
    return {"entry": made.entry.public_id, "kind": made.kind.value, "value": made.value}


def _carry_out(
    db: Session, contest: Contest, made: Override, confirmer: Account | None, by: Actor, now: datetime
) -> None:
    before = _standing(db, contest, made.round, made.entry, made.kind)
    for ruling in before:
        ruling.cancelled_at = now
    because: dict[str, object] = {"approval": made.public_id} | ({"alone": 1} if confirmer is None else {})
    subject = f"entry:{made.entry.public_id}"
    if before:
        ledger.append(
            db, contest, by=by, action=Action.RULING_CANCELLED, subject=subject, now=now,
            payload={"rulings": [ruling.public_id for ruling in before], "kind": made.kind.value} | because,
        )  # fmt: skip
    made.alone, made.confirmer, made.confirmed_at = confirmer is None, confirmer, now
    if made.value is None:
        db.flush()
        return
    ruling = Ruling(
        contest_id=contest.id, round_id=made.round_id, entry_id=made.entry_id, kind=RulingKind(made.kind.value),
        value=made.value, reason=made.reason, created_at=now,
    )  # fmt: skip
    db.add(ruling)
    db.flush()
    made.ruling_id = ruling.id
    ledger.append(
        db, contest, by=by, action=Action.RULED, subject=subject, now=now,
        payload={"rulings": [ruling.public_id], "reason": made.reason} | _about(made) | because,
    )  # fmt: skip
    db.flush()
