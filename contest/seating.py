"""Sit down and stand up: cards, leases, and which device holds a seat."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from contest import ledger
from contest.errors import CardRevoked, LeaseUnknown, NotFound
from contest.ledger import Actor
from contest.models import Action, Contest, Lease, Panel, Round, Seat, Sitting


@dataclass(frozen=True)
class NewLease:
    """A lease and its secret, which is known here and on the device only."""

    lease: Lease
    secret: str


def seat_by_id(db: Session, public_id: str) -> Seat:
    """A seat by its public id, with its panel. Raises NotFound."""
    seat = db.scalars(select(Seat).where(Seat.public_id == public_id).options(joinedload(Seat.panel))).one_or_none()
    if seat is None:
        raise NotFound
    return seat


def seat_of_card(db: Session, public_id: str, generation: int) -> Seat:
    """The seat a genuine card opens. Raises NotFound, or CardRevoked where a newer card was printed."""
    seat = seat_by_id(db, public_id)
    if seat.card_generation != generation:
        raise CardRevoked
    return seat


def sitting_now(seat: Seat, on_stage: tuple[Round, int] | None) -> Sitting:
    """Who sits here now: the newest sitting that has begun by the running-order number on stage, else the first.

    Raises NotFound where nobody was ever put on the seat.
    """
    if not seat.sittings:
        raise NotFound
    if on_stage is not None:
        round_, position = on_stage
        for sitting in reversed(seat.sittings):
            spans = [span for span in sitting.spans if span.round_id == round_.id]
            if not sitting.spans or any((s.first or 0) <= position <= (s.last or position) for s in spans):
                return sitting
    return seat.sittings[0]


def sit_down(
    db: Session, contest: Contest, *, seat: Seat, generation: int, sitting: Sitting, device: str, now: datetime
) -> NewLease:
    """Give a device the seat. Raises CardRevoked. The lease before stays able to flush what it holds."""
    ledger.lock(db, contest)
    db.refresh(seat, ["card_generation"])  # It may have been revoked while this waited for the lock.
    if seat.card_generation != generation:
        raise CardRevoked
    secret = secrets.token_urlsafe(24)
    lease = Lease(
        sitting_id=sitting.id, secret_hash=_hash(secret), card_generation=generation, device=device[:200],
        created_at=now, seen_at=now,
    )  # fmt: skip
    db.add(lease)
    db.flush()
    ledger.append(
        db, contest, by=Actor(f"sitting:{sitting.public_id}", f"lease:{lease.public_id}"), action=Action.SEAT_TAKEN,
        subject=f"seat:{seat.public_id}", payload={"lease": lease.public_id, "generation": generation}, now=now,
    )  # fmt: skip
    return NewLease(lease, secret)


def lease_of(db: Session, *, seat: str, lease: str, secret: str) -> Lease:
    """The lease a device proves for a seat's address. Raises LeaseUnknown, never saying which part is wrong."""
    if not all(part.isascii() and part.isprintable() for part in (seat, lease, secret)):
        raise LeaseUnknown
    found = db.scalars(_lease_of(), {"lease": lease, "seat": seat}).unique().one_or_none()
    if not hmac.compare_digest(found.secret_hash if found else "", _hash(secret)) or found is None:
        raise LeaseUnknown
    return found


@cache
def _lease_of() -> Select[Lease]:
    """With all that a message's way asks of a lease. Made once: every message of every tablet begins with it."""
    return (
        select(Lease).join(Lease.sitting).join(Sitting.seat).join(Seat.panel).join(Panel.contest)
        .where(Lease.public_id == bindparam("lease"), Seat.public_id == bindparam("seat"))
        .options(
            contains_eager(Lease.sitting).options(
                contains_eager(Sitting.seat).contains_eager(Seat.panel).contains_eager(Panel.contest),
                joinedload(Sitting.spans),
            )
        )
    )  # fmt: skip


def is_revoked(lease: Lease) -> bool:
    """Whether the card this lease sat down with has been replaced."""
    return lease.card_generation != lease.sitting.seat.card_generation


def is_active(db: Session, lease: Lease) -> bool:
    """Whether no newer device has taken the seat."""
    seat_id = lease.sitting.seat_id
    newest = select(Lease.id).join(Lease.sitting).where(Sitting.seat_id == seat_id).order_by(Lease.id.desc()).limit(1)
    return db.scalar(newest) == lease.id


def revoke_card(db: Session, contest: Contest, *, seat: Seat, by: Actor, now: datetime) -> None:
    """Make every printed card and every lease of the seat invalid; a new card must be printed."""
    ledger.lock(db, contest)
    seat.card_generation += 1
    ledger.append(
        db, contest, by=by, action=Action.CARD_REVOKED, subject=f"seat:{seat.public_id}",
        payload={"generation": seat.card_generation}, now=now,
    )  # fmt: skip


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
