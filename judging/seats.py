"""The seats this browser holds: one browser may hold several, each by a lease in its cookie."""

from __future__ import annotations

from flask import session
from sqlalchemy.orm import Session

from contest import seating
from contest.errors import CardRevoked, LeaseUnknown
from contest.models import Lease

LEASES = "leases"


def own_lease(db: Session, seat: str) -> Lease:
    """The lease this browser holds for a seat (its public id). Raises LeaseUnknown, CardRevoked."""
    held = session.get(LEASES, {}).get(seat)
    if not held:
        raise LeaseUnknown
    lease = seating.lease_of(db, seat=seat, lease=held[0], secret=held[1])
    if seating.is_revoked(lease):
        raise CardRevoked
    return lease
