"""The dates of a registration as an iCalendar file: stable ids, so that a changed date moves in place."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from flask_babel import gettext as _

from contest import registering
from contest.models import Registration
from registration.words import title_of
from web import links

LINE_BYTES = 73


def dates(registration: Registration, *, now: datetime) -> str:
    """The deadline, with a reminder a day before, and the contest itself with an hour's."""
    contest = registration.contest
    closes, address = registering.deadline(contest, registration), links.absolute("registration.my")
    title = title_of(contest)
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Lectern//Registration//EN", "METHOD:PUBLISH"]
    if closes is not None:
        said = _("报名截止：%(title)s", title=title)
        lines += _event(f"deadline-{registration.public_id}", closes, closes, said, "", address, "-P1D", now)
    if contest.starts_at is not None:
        ends = contest.starts_at + timedelta(hours=8)
        lines += _event(
            f"contest-{registration.public_id}", contest.starts_at, ends, title, contest.place, address, "-PT1H", now
        )
    return "".join(f"{_folded(line)}\r\n" for line in [*lines, "END:VCALENDAR"])


def _event(
    uid: str, begins: datetime, ends: datetime, title: str, place: str, address: str, reminder: str, now: datetime
) -> list[str]:
    return [
        "BEGIN:VEVENT", f"UID:{uid}@lectern", f"DTSTAMP:{_instant(now)}", f"SEQUENCE:{int(now.timestamp()) // 60}",
        f"DTSTART:{_instant(begins)}", f"DTEND:{_instant(ends)}", f"SUMMARY:{_escaped(title)}",
        *([f"LOCATION:{_escaped(place)}"] if place else []), f"URL:{address}",
        "BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{_escaped(title)}", f"TRIGGER:{reminder}", "END:VALARM",
        "END:VEVENT",
    ]  # fmt: skip


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _escaped(text: str) -> str:
    for mark in ("\\", ";", ","):
        text = text.replace(mark, f"\\{mark}")
    return text.replace("\r\n", "\\n").replace("\n", "\\n")


def _folded(line: str) -> str:
    """A line of at most 75 bytes, going on after a break and a space; no character is torn."""
    parts, part = [], ""
    for c in line:
        if len((part + c).encode()) > LINE_BYTES:
            parts.append(part)
            part = ""
        part += c
    return "\r\n ".join([*parts, part])
