"""Verbs: who works on a contest: new accounts with a one-time code, roles, and never nobody who may organize."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from contest import queries, staffing
from contest.errors import NameTaken, NotPermitted
from contest.models import Account, Contest, Duty, Membership, Role
from contest.naming import clean_line
from contest.refusals import LastOrganizer


@dataclass(frozen=True)
class Appointed:
    """An account and the one-time code that was made for it; None where it could sign in already."""

    account: Account
    code: str | None


def appoint(
    db: Session, contest: Contest, *, username: str, display_name: str, roles: Collection[Role], now: datetime
) -> Appointed:
    """Give roles to the account of this name, made where there is none.

    An account that exists must belong to the same organization or work on one of its contests already; of any other
    nothing is told but that its name is taken. Raises NameTaken, TextRefused, Malformed.
    """
    username = clean_line(username, field="username", most=64)
    found = db.scalars(select(Account).where(Account.username == username)).one_or_none()
    code = None
    if found is None:
        found = staffing.create_account(db, username=username, display_name=display_name, now=now)
        code = staffing.issue_code(db, account=found, now=now)
    elif not _is_known_here(db, contest, found):
        raise NameTaken(name=username)
    for role in roles:
        staffing.give_role(db, contest, account=found, role=role)
    return Appointed(found, code)


def set_roles(db: Session, contest: Contest, *, account: Account, roles: Collection[Role]) -> None:
    """Let an account have exactly these roles in the contest. Raises LastOrganizer."""
    for role in Role:
        if role in roles:
            staffing.give_role(db, contest, account=account, role=role)
        else:
            staffing.take_role(db, contest, account=account, role=role)
    _must_have_an_organizer(db, contest)


def colleague(db: Session, contest: Contest, public_id: str) -> Account:
    """An account with a part in the contest. Raises NotFound for any other."""
    duties = select(Duty.account_id).where(Duty.contest_id == contest.id)
    works = select(Membership.account_id).where(Membership.organization_id == contest.organization_id)
    statement = select(Account).where(
        Account.public_id == public_id, Account.id.in_(duties) | Account.id.in_(works)
    )  # fmt: skip
    return queries.only(db, statement)


def may_reset(db: Session, contest: Contest, *, account: Account, by: Account) -> bool:
    """Whether `by` may make a new code for an account or shut it out: it must belong to nobody but this organization.

    Whoever could let an account in anew could act as its owner. So an account that works elsewhere too is left to its
    own office, and that of a member of the organization to another member.
    """
    return account.id in resettable(db, contest, accounts=[account.id], by=by)


def resettable(db: Session, contest: Contest, *, accounts: Collection[int], by: Account) -> set[int]:
    """Those of these accounts (their ids) that `by` may reset, in as many queries for many as for one."""
    here = contest.organization_id
    contests = select(Contest.id).where(Contest.organization_id != here)
    elsewhere = select(Duty.account_id).where(Duty.account_id.in_(accounts), Duty.contest_id.in_(contests))
    working = db.execute(
        select(Membership.account_id, Membership.organization_id)
        .where(Membership.account_id.in_([*accounts, by.id]))
    ).all()  # fmt: skip
    members = {account for account, organization in working if organization == here}
    away = set(db.scalars(elsewhere)) | {account for account, organization in working if organization != here}
    return {each for each in accounts if each not in away and (each not in members or by.id in members)}


def new_code(db: Session, contest: Contest, *, account: Account, by: Account, now: datetime) -> str:
    """A new one-time code for somebody who lost the way in. Raises NotPermitted (see `may_reset`)."""
    if not may_reset(db, contest, account=account, by=by):
        raise NotPermitted
    return staffing.issue_code(db, account=account, now=now)


def set_disabled(
    db: Session, contest: Contest, *, account: Account, disabled: bool, by: Account, now: datetime
) -> None:
    """Shut an account out everywhere, or let it in again. Raises NotPermitted, also for one's own; LastOrganizer."""
    if account.id == by.id or not may_reset(db, contest, account=account, by=by):
        raise NotPermitted
    account.disabled_at = (account.disabled_at or now) if disabled else None
    db.flush()
    _must_have_an_organizer(db, contest)


def _is_known_here(db: Session, contest: Contest, account: Account) -> bool:
    works = select(Membership.id).where(
        Membership.account_id == account.id, Membership.organization_id == contest.organization_id
    )
    served = (
        select(Duty.id).join(Contest, Contest.id == Duty.contest_id)
        .where(Duty.account_id == account.id, Contest.organization_id == contest.organization_id)
    )  # fmt: skip
    return db.scalar(works.limit(1)) is not None or db.scalar(served.limit(1)) is not None


def _must_have_an_organizer(db: Session, contest: Contest) -> None:
    duties = select(Duty.account_id).where(Duty.contest_id == contest.id, Duty.role == Role.ORGANIZER)
    works = select(Membership.account_id).where(Membership.organization_id == contest.organization_id)
    left = select(func.count(Account.id)).where(
        Account.id.in_(duties) | Account.id.in_(works), Account.disabled_at.is_(None)
    )
    if not db.scalar(left):
        raise LastOrganizer
