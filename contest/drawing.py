"""Draw a running order that anyone can draw again: a seed is committed to first, and known afterwards.

The order is the entries' codes, sorted by sha256(seed ‖ code). The commitment, sha256(seed), is shown before the draw,
so that a seed cannot be chosen for the order it gives; the seed is shown after it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from contest import ledger, ordering, queries
from contest.errors import ReasonMissing
from contest.ledger import Actor
from contest.models import Account, Action, Contest, Draw, Entry, Panel, Round
from contest.naming import clean_paragraphs
from contest.refusals import DrawNotPrepared


def commitment_of(seed: str) -> str:
    """What is shown of a seed before the draw."""
    return hashlib.sha256(seed.encode()).hexdigest()


def sorted_by_lot(seed: str, codes: Iterable[str]) -> list[str]:
    """Codes in the order that a seed gives them, whatever order they come in."""
    return sorted(codes, key=lambda code: hashlib.sha256((seed + code).encode()).hexdigest())


def recipe(seed: str, groups: Sequence[Sequence[str]]) -> list[str]:
    """A line of Python for each block of the order, which anyone can run to draw it again."""
    return [
        f"python3 -c \"import hashlib; print(sorted({sorted(codes)!r}, "
        f"key=lambda c: hashlib.sha256(('{seed}' + c).encode()).hexdigest()))\""
        for codes in groups
    ]


def groups_of(draw: Draw) -> list[list[str]]:
    """The drawn codes, block by block; empty while the draw is only prepared."""
    found: list[list[str]] = json.loads(draw.order)
    return found


def prepare(
    db: Session, contest: Contest, *, round_: Round, seed: str, account: Account, reason: str, by: Actor, now: datetime
) -> Draw:
    """Commit to a seed for the next draw; a seed that waits already stays, so that none can be tried out.

    Raises OrderFixed once the round has begun, ReasonMissing where an order is to be drawn again, NobodyTakesPart.
    """
    ledger.lock(db, contest)
    ordering.must_not_have_begun(db, round_)
    ordering.to_lay(db, contest, round_)
    last = ordering.last_draw(db, round_)
    if last is not None and not last.is_drawn:
        return last
    reason = clean_paragraphs(reason, field="reason", most=ordering.LONGEST_REASON)
    if last is not None and not reason:
        raise ReasonMissing
    draw = Draw(
        round_id=round_.id, number=1 + (last.number if last else 0), seed=seed, commitment=commitment_of(seed),
        order="[]", account_id=account.id, drawn_at=now,
    )  # fmt: skip
    db.add(draw)
    db.flush()
    _record(db, contest, round_, draw, by, now, step="committed", reason=reason)
    return draw


def draw(
    db: Session, contest: Contest, *, round_: Round, panel: Panel, by_division: bool, account: Account, by: Actor,
    now: datetime,
) -> Draw:  # fmt: skip
    """Draw with the seed that was committed to: positions, numbers and the panel of everybody who takes part.

    `by_division`: the divisions come one after the other in the rule file's order, drawn within each.
    Raises DrawNotPrepared, OrderFixed, NobodyTakesPart.
    """
    ledger.lock(db, contest)
    ordering.must_not_have_begun(db, round_)
    prepared = ordering.last_draw(db, round_)
    if prepared is None or prepared.is_drawn:
        raise DrawNotPrepared
    entries = ordering.to_lay(db, contest, round_)
    groups = _divided(db, contest, entries) if by_division else [entries]
    by_code = {entry.code: entry for entry in entries}
    order = [sorted_by_lot(prepared.seed, [entry.code for entry in group]) for group in groups]
    ordering.lay(db, round_, panel, [by_code[code] for codes in order for code in codes])
    prepared.order, prepared.account_id, prepared.drawn_at = json.dumps(order), account.id, now
    db.flush()
    _record(db, contest, round_, prepared, by, now, step="drawn", seed=prepared.seed, order=order)
    return prepared


def _divided(db: Session, contest: Contest, entries: Sequence[Entry]) -> list[list[Entry]]:
    """Entries by division: those of the rule file in its order, then the others by name, then without any."""
    known = list(queries.rules_of(queries.rule_version(db, contest)).divisions)
    used = {entry.division for entry in entries}
    others = sorted(code for code in used if code is not None and code not in known)
    return [
        group for code in (*known, *others, None)
        if (group := [entry for entry in entries if entry.division == code])
    ]  # fmt: skip


def _record(
    db: Session, contest: Contest, round_: Round, made: Draw, by: Actor, now: datetime, **payload: object
) -> None:
    ledger.append(
        db, contest, by=by, action=Action.ORDER_DRAWN, subject=f"round:{round_.public_id}", now=now,
        payload={"draw": made.public_id, "number": made.number, "commitment": made.commitment} | payload,
    )  # fmt: skip
