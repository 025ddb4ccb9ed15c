"""The account behind a request: who it is, which roles it holds in a contest, for whom it works."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import Session

from contest import queries
from contest.errors import NotFound
from contest.ledger import Actor
from contest.models import Account, Contest, Duty, Membership, Role
from web.db import reading


@dataclass(frozen=True)
class SignedIn:
    """The account behind a request, apart from any database session."""

    id: int
    public_id: str
    name: str
    language: str
    generation: str

    is_authenticated = True
    is_active = True
    is_anonymous = False

    @classmethod
    def of(cls, account: Account) -> SignedIn:
        """This account, with the password it has now."""
        generation = hashlib.sha256(f"lectern-session:{account.password_hash}".encode()).hexdigest()[:16]
        return cls(account.id, account.public_id, account.display_name, account.language, generation)

    def get_id(self) -> str:
        """What the session cookie keeps: a new password ends every session that began with the old one."""
        return f"{self.public_id}.{self.generation}"


def actor() -> Actor:
    """The signed-in account as the ledger writes it."""
    return Actor(f"account:{current_user.public_id}", "web")


def duties(db: Session, account_id: int, contest: Contest) -> frozenset[Role]:
    """The roles an account holds in a contest; working for its organization makes an organizer."""
    held = db.scalars(select(Duty.role).where(Duty.account_id == account_id, Duty.contest_id == contest.id))
    works_for = select(Membership.id).where(
        Membership.account_id == account_id, Membership.organization_id == contest.organization_id
    )
    return frozenset(held) | ({Role.ORGANIZER} if db.scalar(works_for) else frozenset())


def public_contest(db: Session, slug: str) -> Contest:
    """The contest at this address, published or not yet: its own staff may look at it before. Raises NotFound."""
    contest = queries.contest_by_slug(db, slug)
    if contest.published_at is None and not (
        current_user.is_authenticated and duties(db, current_user.id, contest)
    ):
        raise NotFound
    return contest


def offices(account_id: int) -> list[int]:
    """The ids of the organizations an account works for: whose contests it may make."""
    with reading() as db:
        return list(db.scalars(select(Membership.organization_id).where(Membership.account_id == account_id)))
