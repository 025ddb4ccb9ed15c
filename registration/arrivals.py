"""What a scan means, and how a guest is told to the page's script."""

from __future__ import annotations

from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from contest import welcoming
from contest.errors import NotFound
from contest.models import Contest, Entry
from contest.rules import Rules
from contest.welcoming import Guest
from web import links
from web.words import language, shown_time

PASS = "/pass/"  # noqa: S105


def scanned(db: Session, contest: Contest, code: str, entry: str | None) -> list[Guest]:
    """The guests meant by a tapped line, a scanned address of a pass, or a typed number or name; one is a match."""
    if entry:
        return [welcoming.guest_of(db, contest, welcoming.entry_of(db, contest, entry))]
    code = code.strip()
    if PASS in code:
        try:
            opened = links.open_token("pass", urlsplit(code).path.rpartition(PASS)[2].strip("/"))
        except (NotFound, ValueError):
            return []
        mine = select(Entry).where(Entry.public_id == opened.public_id, Entry.contest_id == contest.id)
        found = db.scalars(mine).one_or_none()
        return [welcoming.guest_of(db, contest, found)] if found is not None else []
    return welcoming.matching(welcoming.guests(db, contest), code) if code else []


def about(guest: Guest, rules: Rules) -> str:
    """An entry's unit and division, as its line says."""
    division = rules.division_title(guest.entry.division, language())
    return " · ".join(part for part in (guest.entry.unit, division) if part)


def guest_json(guest: Guest, contest: Contest, rules: Rules) -> dict[str, object]:
    """A line of the list as the script shows it."""
    came = guest.check_in
    return {
        "entry": guest.entry.public_id, "number": guest.number, "name": guest.entry.name or "",
        "about": about(guest, rules), "title": guest.entry.title or "", "out": guest.out,
        "came": None if came is None else {
            "id": came.public_id, "at": shown_time(came.at, contest.time_zone, "HH:mm"), "door": came.door,
            "who": came.account.display_name,
        },
    }  # fmt: skip
