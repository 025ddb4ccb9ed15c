"""The dates of a registration as an iCalendar file: stable ids, so that a changed date moves in place."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask_babel import gettext as _

from contest import admitting
from contest.models import Registration
from web import ical, links
from web.words import title_of

A_DAY_OF_IT = timedelta(hours=8)


def dates(registration: Registration, *, now: datetime) -> str:
    """The deadline, with a reminder a day before, and the contest itself with an hour's."""
    contest, id = registration.contest, registration.public_id
    closes, address = admitting.deadline(contest, registration), links.absolute("registration.my")
    title, events = title_of(contest), []
    if closes is not None:
        said = _("报名截止：%(title)s", title=title)
        events.append(ical.Event(f"deadline-{id}", closes, closes, said, address=address, reminder="-P1D"))
    if contest.starts_at is not None:
        ends = contest.starts_at + A_DAY_OF_IT
        events.append(ical.Event(
            f"contest-{id}", contest.starts_at, ends, title, contest.place, address=address, reminder="-PT1H"
        ))  # fmt: skip
    return ical.calendar(events, now=now)
