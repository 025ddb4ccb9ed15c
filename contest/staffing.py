"""Accounts of staff: make one, give it a one-time code, let its owner choose a password, give and take roles."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from contest.errors import CodeExpired, Malformed, NameTaken
from contest.models import Account, Contest, Duty, Membership, Organization, Role
from contest.naming import clean_line

# No I, L, O, U, 0 or 1: a code is read from paper and typed on a phone.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 12
CODE_LIFETIME = timedelta(days=14)
# A new installation's first account has this name until its owner chooses one.
FIRST = "owner"
SHORTEST_PASSWORD = 10


def create_account(db: Session, *, username: str, display_name: str, now: datetime) -> Account:
    """An account without a password: it opens with a one-time code. Raises NameTaken, TextRefused, Malformed."""
    account = Account(
        username=_free_username(db, username), display_name=clean_line(display_name, field="display_name"),
        password_hash="", created_at=now,
    )
    db.add(account)
    db.flush()
    return account


def _free_username(db: Session, username: str, own: Account | None = None) -> str:
    username = clean_line(username, field="username", most=64)
    if " " in username:
        raise Malformed(what="username")
    taken = db.scalar(select(Account.id).where(Account.username == username))
    if taken is not None and (own is None or taken != own.id):
        raise NameTaken(name=username)
    return username


def issue_code(db: Session, *, account: Account, now: datetime) -> str:
    """A new one-time code for an account, which ends any code before it; shown once, kept as a hash."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
    account.code_hash, account.code_expires_at = code_hash(code), now + CODE_LIFETIME
    db.flush()
    return "-".join(code[at : at + 4] for at in range(0, CODE_LENGTH, 4))


def account_of_code(db: Session, *, code: str, now: datetime) -> Account:
    """The account a one-time code opens. Raises CodeExpired, which does not tell an old code from a wrong one."""
    found = db.scalars(
        select(Account).where(Account.code_hash == code_hash(code), Account.disabled_at.is_(None))
    ).one_or_none()  # fmt: skip
    if found is None or found.code_expires_at is None or found.code_expires_at <= now:
        raise CodeExpired
    return found


def is_opened(db: Session) -> bool:
    """Whether anybody can sign in: an account has a password and is not disabled."""
    opened = select(Account.id).where(Account.password_hash != "", Account.disabled_at.is_(None)).limit(1)
    return db.scalar(opened) is not None


def first_code(db: Session, *, now: datetime) -> str | None:
    """A new one-time code for the first owner of an installation; None where somebody has opened an account already."""
    if is_opened(db):
        return None
    account = db.scalars(select(Account).where(Account.username == FIRST)).one_or_none()
    if account is None:
        account = create_account(db, username=FIRST, display_name=FIRST, now=now)
    return issue_code(db, account=account, now=now)


def is_first(db: Session, account: Account) -> bool:
    """Whether this account still waits for the installation's first owner, who names the organization and themself."""
    if account.username != FIRST or account.password_hash:
        return False
    held = [select(kind.id).where(kind.account_id == account.id).limit(1) for kind in (Membership, Duty)]
    return all(db.scalar(statement) is None for statement in held)


def open_first(
    db: Session, *, account: Account, organization: Organization, username: str, display_name: str
) -> None:
    """Make the first account its owner's, who works for this organization. Raises NameTaken, TextRefused, Malformed."""
    username = _free_username(db, username, account)
    account.username, account.display_name = username, clean_line(display_name, field="display_name")
    join_organization(db, account=account, organization=organization)


def set_password(db: Session, *, account: Account, password_hash: str) -> None:
    """Keep a new password's hash; the one-time code is used up."""
    account.password_hash, account.code_hash, account.code_expires_at = password_hash, None, None
    db.flush()


def code_hash(code: str) -> str:
    """What is kept of a code: hyphens, spaces and case do not matter; 0 reads as O would, which no code has."""
    plain = "".join(c for c in code.upper() if c.isalnum())
    return hashlib.sha256(f"lectern-code:{plain}".encode()).hexdigest()


def join_organization(db: Session, *, account: Account, organization: Organization) -> Membership:
    """Make an account work for an organization; once is enough."""
    found = db.scalars(
        select(Membership).where(
            Membership.account_id == account.id, Membership.organization_id == organization.id
        )
    ).one_or_none()  # fmt: skip
    if found is None:
        found = Membership(account_id=account.id, organization_id=organization.id)
        db.add(found)
        db.flush()
    return found


def give_role(db: Session, contest: Contest, *, account: Account, role: Role) -> Duty:
    """Give an account a role in a contest; once is enough."""
    found = db.scalars(
        select(Duty).where(Duty.account_id == account.id, Duty.contest_id == contest.id, Duty.role == role)
    ).one_or_none()
    if found is None:
        found = Duty(account_id=account.id, contest_id=contest.id, role=role)
        db.add(found)
        db.flush()
    return found


def take_role(db: Session, contest: Contest, *, account: Account, role: Role) -> None:
    """Take a role in a contest from an account; nothing happens where it has none."""
    for duty in db.scalars(
        select(Duty).where(Duty.account_id == account.id, Duty.contest_id == contest.id, Duty.role == role)
    ):
        db.delete(duty)
    db.flush()
