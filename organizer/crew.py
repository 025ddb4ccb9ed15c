"""The people step as a form: judges' names one per line, and rows of staff who get an account and a role."""

from __future__ import annotations

from collections.abc import Sequence

from flask import session
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from contest import appointing, paneling
from contest.appointing import Appointed
from contest.errors import ContestError, NameTaken, TextRefused
from contest.models import Contest, Panel, Role
from organizer.typed import Typed
from web import links, live
from web.roles import actor

STAFF_ROWS = 5
MOST_JUDGES = 30
CODES = "new_codes"


def stored(db: Session, contest: Contest) -> Typed:
    """The judges of the first panel as the form holds them."""
    panel = db.scalars(select(Panel).where(Panel.contest_id == contest.id).order_by(Panel.id).limit(1)).one_or_none()
    seats = panel.seats if panel is not None else []
    return Typed({"judges": "\n".join(seat.sittings[-1].person.name for seat in seats if seat.sittings)})


def save(db: Session, contest: Contest, typed: Typed) -> None:
    """Seat the judges and appoint the staff; what does not fit stands in `typed.errors`."""
    names = typed.lines("judges", most=MOST_JUDGES)
    if not typed.errors and names != stored(db, contest).lines("judges", most=MOST_JUDGES):
        try:
            paneling.seat_judges(db, contest, names=names, by=actor(), now=live.now())
        except ContestError as error:
            typed.refuse("judges", error)
    made = []
    for at in range(STAFF_ROWS):
        row = f"staff-{at}-"
        if not any(typed.values.get(f"{row}{name}", "").strip() for name in ("name", "username")):
            continue
        name = typed.line(f"{row}name", most=60, needed=True)
        username = typed.line(f"{row}username", most=64, needed=True)
        role = typed.choice(f"{row}role", tuple(role.value for role in Role))
        if not typed.errors:
            made.append(appoint(db, contest, typed, row, name, username, [Role(role)]))
    if not typed.errors:
        show_once([each for each in made if each is not None])


def appoint(
    db: Session, contest: Contest, typed: Typed, row: str, name: str, username: str, roles: Sequence[Role]
) -> Appointed | None:
    """Appoint somebody, or note at the username why not."""
    try:
        return appointing.appoint(
            db, contest, username=username, display_name=name, roles=roles, now=live.now()
        )  # fmt: skip
    except NameTaken:
        typed.refuse(f"{row}username", _("「%(name)s」已被别的单位使用，请换一个用户名。", name=username))
    except TextRefused as error:
        typed.refuse(f"{row}name" if error.args_["field"] == "display_name" else f"{row}username", error)
    except ContestError as error:
        typed.refuse(f"{row}username", error)
    return None


def show_once(made: Sequence[Appointed]) -> None:
    """Keep new one-time codes for the next page alone."""
    shown = [[each.account.display_name, each.account.username, each.code] for each in made if each.code]
    if shown:
        session[CODES] = shown


def welcome(code: str) -> str:
    """Where a one-time code is redeemed; without a code, the address to type."""
    return links.absolute("accounts.welcome", code=code) if code else links.absolute("accounts.welcome")


def new_codes() -> list[list[str]]:
    """The one-time codes to show now: name, username, code. They are forgotten with this answer."""
    found: list[list[str]] = session.pop(CODES, [])
    return found


