"""Move a round along its clock and make its result official: lock, seal (two people, or one alone), reopen, publish."""

from __future__ import annotations

import json
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from contest import facts, keeping, ledger, queries
from contest.errors import (
    AlreadyProposed,
    AppearancesHeld,
    NothingProposed,
    ReasonMissing,
    SecondPersonNeeded,
    StepNotAllowed,
    StraysUndecided,
)  # fmt: skip
from contest.ledger import Actor
from contest.models import (
    Account,
    Act,
    Action,
    Appearance,
    AppearanceStatus,
    Approval,
    Contest,
    Message,
    MessageResult,
    Recount,
    Round,
    RoundState,
    Scene,
    Seal,
    Sheet,
    SheetState,
    Stage,
)  # fmt: skip
from contest.rules import compute, outcome_json
from contest.showing import is_out, set_sheet_states

# The steps one person may take; sealing and reopening need two.
STEPS = {
    (RoundState.DRAFT, RoundState.OPEN),
    (RoundState.OPEN, RoundState.DRAFT),
    (RoundState.OPEN, RoundState.JUDGING),
    (RoundState.JUDGING, RoundState.LOCKED),
    (RoundState.LOCKED, RoundState.JUDGING),
    (RoundState.SEALED, RoundState.PUBLISHED),
}


def next_steps(round_: Round) -> list[RoundState]:
    """The states one person may take a round to from where it stands."""
    return [state for state in RoundState if (round_.state, state) in STEPS]


def move(db: Session, contest: Contest, *, round_: Round, to: RoundState, by: Actor, now: datetime) -> Round:
    """Take a round one step; pressing twice changes nothing. Raises StepNotAllowed."""
    ledger.lock(db, contest)
    if round_.state is to:
        return round_
    if (round_.state, to) not in STEPS:
        raise StepNotAllowed(state=round_.state.value, to=to.value)
    before, round_.state = round_.state, to
    sheets = _sheets(db, round_)
    if to is RoundState.LOCKED:
        set_sheet_states(sheets, SheetState.SUBMITTED, SheetState.LOCKED)
    elif before is RoundState.LOCKED:
        set_sheet_states([s for s in sheets if not s.appearance.is_released], SheetState.LOCKED, SheetState.SUBMITTED)
    stage = db.scalars(select(Stage).where(Stage.contest_id == contest.id)).one()
    if to in (RoundState.OPEN, RoundState.JUDGING) and _is_free(stage, round_):
        if stage.appearance is not None and stage.appearance.status is AppearanceStatus.ON_STAGE:
            stage.appearance.status = AppearanceStatus.DONE
        stage.round, stage.appearance, stage.changed_at = round_, None, now
        stage.scene = Scene.WAITING if stage.automatic else stage.scene
    elif to is RoundState.LOCKED and stage.appearance is not None and stage.appearance.is_released:
        stage.appearance.status = AppearanceStatus.DONE
    ledger.append(
        db, contest, by=by, action=Action.ROUND_MOVED, subject=f"round:{round_.public_id}",
        payload={"from": before.value, "to": to.value}, now=now,
    )  # fmt: skip
    return round_


def _is_free(stage: Stage, round_: Round) -> bool:
    """Whether a round that opens gets the stage: not while another one is being judged on it."""
    return stage.round_id != round_.id and (stage.round is None or not stage.round.is_judging)


def propose(
    db: Session, contest: Contest, *, round_: Round, act: Act, account: Account, reason: str, by: Actor, now: datetime
) -> Approval:
    """Propose to seal or reopen a round; it happens when a second person confirms, in an office of one at once.

    Raises StepNotAllowed, StraysUndecided, AppearancesHeld, ReasonMissing, AlreadyProposed.
    """
    ledger.lock(db, contest)
    _check_ready(db, round_, act)
    if act is Act.REOPEN and not reason.strip():
        raise ReasonMissing
    if queries.open_approval(db, round_) is not None:
        raise AlreadyProposed
    approval = Approval(round_id=round_.id, act=act, reason=reason.strip(), proposer_id=account.id, proposed_at=now)
    db.add(approval)
    db.flush()
    ledger.append(
        db, contest, by=by, action=Action.APPROVAL_PROPOSED, subject=f"round:{round_.public_id}",
        payload={"approval": approval.public_id, "act": act.value, "reason": approval.reason}, now=now,
    )  # fmt: skip
    if contest.one_person:
        _carry_out(db, contest, approval, None, by, now)
    return approval


def withdraw(db: Session, contest: Contest, *, round_: Round, by: Actor, now: datetime) -> None:
    """Take an open proposal back. Raises NothingProposed."""
    ledger.lock(db, contest)
    approval = _open(db, round_)
    approval.withdrawn_at = now
    ledger.append(
        db, contest, by=by, action=Action.APPROVAL_WITHDRAWN, subject=f"round:{round_.public_id}",
        payload={"approval": approval.public_id}, now=now,
    )  # fmt: skip


def confirm(db: Session, contest: Contest, *, round_: Round, account: Account, by: Actor, now: datetime) -> Approval:
    """The second person's yes: the round is sealed or reopened. In an office of one the proposer may say it.

    Raises NothingProposed, SecondPersonNeeded, and whatever would stand in the way of proposing it now.
    """
    ledger.lock(db, contest)
    approval = _open(db, round_)
    if approval.proposer_id == account.id and not contest.one_person:
        raise SecondPersonNeeded
    _check_ready(db, round_, approval.act)
    _carry_out(db, contest, approval, None if approval.proposer_id == account.id else account, by, now)
    return approval


def _carry_out(
    db: Session, contest: Contest, approval: Approval, confirmer: Account | None, by: Actor, now: datetime
) -> None:
    """Do what was proposed, on a second person's word or, in an office of one, alone."""
    round_ = approval.round
    approval.alone, approval.confirmer, approval.confirmed_at = confirmer is None, confirmer, now
    if approval.act is Act.SEAL:
        _seal(db, contest, round_, approval, by, now)
        return
    round_.state = RoundState.LOCKED
    ledger.append(
        db, contest, by=by, action=Action.ROUND_REOPENED, subject=f"round:{round_.public_id}", now=now,
        payload={"approval": approval.public_id, "reason": approval.reason} | _alone(approval),
    )  # fmt: skip


def _alone(approval: Approval) -> dict[str, object]:
    return {"alone": 1} if approval.alone else {}


def record_recount(db: Session, *, seal_id: int, agrees: bool) -> Seal:
    """Note on a seal what the independent recount of its folder said."""
    seal = db.get_one(Seal, seal_id)
    seal.recount = Recount.AGREES if agrees else Recount.DIFFERS
    return seal


def last_seal(db: Session, round_: Round) -> Seal | None:
    """The seal that counts: the one with the highest number."""
    newest = select(Seal).where(Seal.round_id == round_.id).order_by(Seal.number.desc()).limit(1)
    return db.scalars(newest).one_or_none()


def _seal(db: Session, contest: Contest, round_: Round, approval: Approval, by: Actor, now: datetime) -> None:
    version = queries.rule_version(db, contest)
    found = facts.read(db, contest)
    outcome = compute(queries.rules_of(version), found)
    standings = json.dumps(outcome_json(outcome)["rounds"][round_.code], ensure_ascii=False, sort_keys=True)
    number = (db.scalar(select(func.max(Seal.number)).where(Seal.round_id == round_.id)) or 0) + 1
    row = ledger.append(
        db, contest, by=by, action=Action.ROUND_SEALED, subject=f"round:{round_.public_id}", now=now,
        payload={
            "approval": approval.public_id, "seal": number, "rules": version.sha256,
            "standings": ledger.digest_of(b"", standings),
        } | _alone(approval),
    )  # fmt: skip
    db.add(Seal(
        round_id=round_.id, number=number, approval_id=approval.id, rule_version_id=version.id, standings=standings,
        rules_sha256=version.sha256, facts=keeping.pack(found), ledger_seq=row.seq, ledger_hash=row.hash, sealed_at=now,
    ))  # fmt: skip
    round_.state = RoundState.SEALED
    db.flush()


def _check_ready(db: Session, round_: Round, act: Act) -> None:
    if act is Act.REOPEN:
        if not round_.is_official:
            raise StepNotAllowed(state=round_.state.value, to=RoundState.LOCKED.value)
        return
    if round_.state is not RoundState.LOCKED:
        raise StepNotAllowed(state=round_.state.value, to=RoundState.SEALED.value)
    strays = count_strays(db, round_)
    if strays:
        raise StraysUndecided(count=strays)
    held = [a.number for a in queries.appearances_in_order(db, round_) if not a.is_released and not is_out(db, a)]
    if held:
        raise AppearancesHeld(numbers=held)


def count_strays(db: Session, round_: Round) -> int:
    """How many stray messages of the round wait for the chief judge."""
    waiting = (
        select(func.count()).select_from(Message).join(Message.appearance)
        .where(Appearance.round_id == round_.id, Message.result == MessageResult.STRAY, Message.decision.is_(None))
    )  # fmt: skip
    return db.scalar(waiting) or 0


def _open(db: Session, round_: Round) -> Approval:
    approval = queries.open_approval(db, round_)
    if approval is None:
        raise NothingProposed
    return approval


def _sheets(db: Session, round_: Round) -> list[Sheet]:
    return list(db.scalars(select(Sheet).join(Sheet.appearance).where(Appearance.round_id == round_.id)))
