"""flask accounts: who can sign in here, and a new one-time code for whoever lost a password."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from contest import staffing
from contest.models import Account
from settings import Settings
from web import venue
from web.db import reading, writing
from web.live import now

accounts = AppGroup("accounts", help="List accounts, and give a new one-time code to whoever lost a password.")


@accounts.command("list")
def list_() -> None:
    """List every account: username, name, whether it can sign in, and its parts in contests."""
    with reading() as db:
        found = db.scalars(select(Account).options(
            selectinload(Account.memberships), selectinload(Account.duties)
        ).order_by(Account.username)).all()  # fmt: skip
        for account in found:
            offices = [f"office:{each.organization.name}" for each in account.memberships]
            roles = sorted({each.role.value for each in account.duties})
            parts = ", ".join(offices + roles) or "-"
            click.echo(f"{account.username:<20}{_state(account):<12}{account.display_name}  {parts}")
    if not found:
        click.echo("No account yet. `make venue` prints the code that makes the first one.")


@accounts.command("reset")
@click.argument("username")
def reset(username: str) -> None:
    """Print a new one-time code for USERNAME. The old password works until the code is used at /welcome."""
    settings: Settings = current_app.extensions["lectern_settings"]
    with writing() as db:
        account = db.scalars(select(Account).where(Account.username == username)).one_or_none()
        if account is None:
            raise click.ClickException(f"there is no account {username}. `flask accounts list` shows them all.")
        if account.disabled_at is not None:
            raise click.ClickException(f"the account {username} is disabled, a code would not open it")
        code = staffing.issue_code(db, account=account, now=now())
    before = venue.starts(settings.instance)
    base = settings.public_url or (before[-1].url if before else f"http://{settings.host}:{settings.port}")
    click.echo(f"{base.rstrip('/')}/welcome   code for {username}: {code}   (once, within {_days()} days)")


def _state(account: Account) -> str:
    if account.disabled_at is not None:
        return "disabled"
    return "active" if account.password_hash else "not opened"


def _days() -> int:
    return staffing.CODE_LIFETIME.days
