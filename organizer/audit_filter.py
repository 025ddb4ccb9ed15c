"""What is asked of the record, as it stands in the address: kind, round, person or seat, contestant, from and until."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from flask import url_for
from sqlalchemy import ColumnElement, Select, String, cast, func, literal, or_, select
from sqlalchemy.orm import Session

from contest.models import (
    Appearance,
    Award,
    Certificate,
    Contest,
    Entry,
    LedgerRow,
    Panel,
    Round,
    Ruling,
    Seal,
    Seat,
    Sitting,
)  # fmt: skip
from web.changes import KINDS

ON_A_PAGE = 50
LONGEST = 100
# Of so many contestants whose name or number fits, what moved them in an order is looked up too.
MOST_NAMED = 20
NAMES = ("kind", "round", "who", "contestant", "since", "until")


@dataclass(frozen=True)
class Asked:
    """The filter as typed; `before` is the ledger number that the page ends before. What fits nothing is left out."""

    slug: str
    kind: str = ""
    round: str = ""
    who: str = ""
    contestant: str = ""
    since: str = ""
    until: str = ""
    before: int | None = None
    wrong: tuple[str, ...] = ()

    @classmethod
    def read(cls, slug: str, args: Mapping[str, str]) -> Asked:
        """From an address. A kind that is none or a time that is none is noted in `wrong` and asked for nothing."""
        typed = {name: args.get(name, "").strip()[:LONGEST] for name in NAMES}
        wrong = tuple(name for name in ("since", "until") if typed[name] and _moment(typed[name], "UTC") is None)
        typed["kind"] = typed["kind"] if typed["kind"] in KINDS else ""
        number = args.get("before", "")
        before = int(number) if number.isdecimal() and len(number) <= 9 else None
        return cls(slug, **typed, before=before, wrong=wrong)

    @property
    def values(self) -> dict[str, str]:
        """What is asked for, by the names of the form's fields."""
        return {name: value for name in NAMES if (value := str(getattr(self, name)))}

    def url(self, endpoint: str = "organizer.audit", **changed: Any) -> str:
        """An address of the same filter."""
        asked = replace(self, **{name: each for name, each in changed.items() if name in (*NAMES, "before")})
        values = asked.values | ({"before": str(asked.before)} if asked.before else {})
        other = {name: each for name, each in changed.items() if name not in (*NAMES, "before")}
        base = url_for(endpoint, slug=self.slug, **other)
        return f"{base}?{urlencode(values)}" if values else base

    def rows(self, db: Session, contest: Contest) -> Select[LedgerRow]:
        """The ledger's rows that are asked for, the newest first, over all pages."""
        found = select(LedgerRow).where(LedgerRow.contest_id == contest.id, *self._wanted(db, contest))
        return found.order_by(LedgerRow.seq.desc())

    def count(self, db: Session, contest: Contest) -> int:
        """How many they are."""
        wanted = self._wanted(db, contest)
        counted = select(func.count(LedgerRow.id)).where(LedgerRow.contest_id == contest.id, *wanted)
        return db.scalar(counted) or 0

    def page(self, db: Session, contest: Contest) -> tuple[list[LedgerRow], int | None]:
        """The rows of this page, and before which number the next one begins, None at the end."""
        statement = self.rows(db, contest).limit(ON_A_PAGE + 1)
        if self.before is not None:
            statement = statement.where(LedgerRow.seq < self.before)
        rows = list(db.scalars(statement))
        return rows[:ON_A_PAGE], rows[ON_A_PAGE - 1].seq if len(rows) > ON_A_PAGE else None

    def _wanted(self, db: Session, contest: Contest) -> list[ColumnElement[bool]]:
        wanted: list[ColumnElement[bool]] = []
        if self.kind:
            wanted.append(LedgerRow.action.in_(KINDS[self.kind]))
        if self.round:
            wanted.append(_of_round(contest, self.round))
        if self.who:
            wanted.append(_of_person(contest, self.who))
        if self.contestant:
            wanted.append(_of_contestant(db, contest, self.contestant))
        since, until = _moment(self.since, contest.time_zone), _moment(self.until, contest.time_zone)
        if since is not None:
            wanted.append(LedgerRow.at >= since)
        if until is not None:  # To the end of what was typed: the minute, or the second.
            wanted.append(LedgerRow.at < until + timedelta(seconds=1 if self.until.count(":") > 1 else 60))
        return wanted


def _moment(typed: str, zone: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(typed).replace(tzinfo=ZoneInfo(zone))
        found.astimezone(ZoneInfo("UTC"))
    except (ValueError, OverflowError):
        return None
    # Nearer the ends of the calendar a day of another time zone is no date any more.
    return found if 1900 <= found.year <= 2200 else None


def _of_round(contest: Contest, code: str) -> ColumnElement[bool]:
    """About a round: itself, its appearances, the rulings of it, the certificates of its seals."""
    round_ = select(Round.id).where(Round.contest_id == contest.id, Round.code == code)
    subject = LedgerRow.subject
    return or_(
        subject.in_(select(literal("round:") + Round.public_id).where(Round.id.in_(round_))),
        subject.in_(select(literal("appearance:") + Appearance.public_id).where(Appearance.round_id.in_(round_))),
        subject.in_(select(literal("ruling:") + Ruling.public_id).where(Ruling.round_id.in_(round_))),
        subject.in_(
            select(literal("certificate:") + Certificate.public_id).join(Certificate.award).join(Award.seal)
            .where(Seal.round_id.in_(round_))
        ),
        _names('"round":"' + code.replace('"', "") + '"'),
    )  # fmt: skip


def _of_person(contest: Contest, who: str) -> ColumnElement[bool]:
    """By an account, or by and about a seat with everybody who sat on it."""
    kind, _sep, public_id = who.partition(":")
    if kind != "seat":
        return or_(LedgerRow.actor == who, _names(f'"{who}"'))
    seat = select(Seat.id).join(Seat.panel).where(Panel.contest_id == contest.id, Seat.public_id == public_id)
    sittings = select(literal("sitting:") + Sitting.public_id).where(Sitting.seat_id.in_(seat))
    named = (
        select(Sitting.id).where(Sitting.seat_id.in_(seat), cast(LedgerRow.payload, String).contains(Sitting.public_id))
        .correlate(LedgerRow).exists()
    )  # fmt: skip
    return or_(
        LedgerRow.subject == f"seat:{public_id}", LedgerRow.actor.in_(sittings), LedgerRow.subject.in_(sittings), named,
        LedgerRow.subject.in_(
            select(literal("ruling:") + Ruling.public_id).join(Ruling.sitting).where(Sitting.seat_id.in_(seat))
        ),
    )  # fmt: skip


def _of_contestant(db: Session, contest: Contest, typed: str) -> ColumnElement[bool]:
    """About the entries with this number (in any round), or with this in their name."""
    numbered = select(Appearance.entry_id).join(Appearance.round).where(
        Round.contest_id == contest.id, Appearance.number == typed
    )  # fmt: skip
    entries = select(Entry.id).where(
        Entry.contest_id == contest.id,
        or_(Entry.code == typed, Entry.id.in_(numbered), Entry.name.contains(typed, autoescape=True)),
    )
    subject = LedgerRow.subject
    about = [
        subject.in_(select(literal("entry:") + Entry.public_id).where(Entry.id.in_(entries))),
        subject.in_(select(literal("appearance:") + Appearance.public_id).where(Appearance.entry_id.in_(entries))),
        subject.in_(select(literal("ruling:") + Ruling.public_id).where(Ruling.entry_id.in_(entries))),
        subject.in_(
            select(literal("certificate:") + Certificate.public_id).join(Certificate.award)
            .where(Award.entry_id.in_(entries))
        ),
    ]  # fmt: skip
    ids = [
        *db.scalars(select(Entry.public_id).where(Entry.id.in_(entries)).limit(MOST_NAMED)),
        *db.scalars(select(Appearance.public_id).where(Appearance.entry_id.in_(entries)).limit(MOST_NAMED)),
    ]
    return or_(*about, *(_names(f'"{each}"') for each in ids))


def _names(text: str) -> ColumnElement[bool]:
    """Whether a row's payload, which is canonical JSON, has this in it."""
    return cast(LedgerRow.payload, String).contains(text, autoescape=True)
