"""Reads of the people behind a contest: the accounts that have a part in it, and what each does."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from contest.models import Account, Contest, Duty, Membership, Role


@dataclass(frozen=True)
class Colleague:
    """An account with its roles in the contest; `works_here`: it works for the organization and organizes anyway."""

    account: Account
    roles: Sequence[Role]
    works_here: bool


def colleagues(db: Session, contest: Contest) -> list[Colleague]:
    """Everybody with a part in the contest, in the order in which their accounts were made."""
    roles: dict[int, set[Role]] = defaultdict(set)
    for account_id, role in db.execute(select(Duty.account_id, Duty.role).where(Duty.contest_id == contest.id)):
        roles[account_id].add(role)
    works = set(
        db.scalars(select(Membership.account_id).where(Membership.organization_id == contest.organization_id))
    )
    accounts = db.scalars(select(Account).where(Account.id.in_(set(roles) | works)).order_by(Account.id))
    return [
        Colleague(account, [role for role in Role if role in roles[account.id]], account.id in works)
        for account in accounts
    ]


def owners(db: Session, contest: Contest) -> list[str]:
    """The names a task's owner field offers."""
    return [each.account.display_name for each in colleagues(db, contest) if each.account.disabled_at is None]
