"""The door: who is expected, who came and when, checking in once, and taking a check-in back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from contest import ledger, queries
from contest.errors import Malformed, NotExpected, NotFound, ReasonMissing
from contest.ledger import Actor
from contest.models import (
    Account,
    Action,
    Appearance,
    AppearanceStatus,
    CheckIn,
    Contest,
    Entry,
    Round,
    Ruling,
    RulingKind,
    Seal,
    Stage,
)  # fmt: skip
from contest.naming import clean_line

OUT = (RulingKind.WITHDRAWN, RulingKind.DISQUALIFIED)
LONGEST_PRESS = 36
# A wrong tap is taken back without a word; later a reason is asked for.
NO_REASON_WITHIN = timedelta(minutes=1)
# How long a device may have kept a scan before it could send it.
LONGEST_OFFLINE = timedelta(hours=12)


@dataclass(frozen=True)
class Guest:
    """An entry at the door: its number in the round that is on, and its check-in if it has come.

    `why` it is not expected: "out" of the contest, "elsewhere" for one that is not in this round; else empty.
    """

    entry: Entry
    number: str
    order: int
    why: str
    check_in: CheckIn | None

    @property
    def out(self) -> bool:
        """Whether it is not expected."""
        return bool(self.why)


@dataclass(frozen=True)
class Welcomed:
    """What a scan did: `fresh` where it is the one that checked the entry in."""

    check_in: CheckIn
    fresh: bool


def guests(db: Session, contest: Contest, *, told: bool = False) -> list[Guest]:
    """Everybody expected at the door, in running order: the entries of the round that is on, else all entries.

    `told`: as contestants may know it; until the order is published they have their entry's number.
    """
    round_ = _round_on(db, contest)
    places: dict[int, Appearance] = {}
    if round_ is not None:
        shown = db.scalars(select(Appearance).where(Appearance.round_id == round_.id))
        places = {each.entry_id: each for each in shown}
    numbers = {} if told and round_ is not None and not queries.order_is_known(db, round_) else places
    out, since = _out(db, contest, round_), _since(db, contest, round_)
    standing = {
        each.entry_id: each
        for each in db.scalars(
            select(CheckIn).join(CheckIn.entry).where(Entry.contest_id == contest.id, CheckIn.undone_at.is_(None))
            .options(joinedload(CheckIn.account))
        )
        if since is None or each.at >= since
    }  # fmt: skip
    entries = db.scalars(select(Entry).where(Entry.contest_id == contest.id).order_by(Entry.position)).all()
    found = [
        Guest(
            entry=each, number=numbers[each.id].number if each.id in numbers else each.code,
            order=numbers[each.id].position if each.id in numbers else each.position,
            why="out" if each.id in out else "", check_in=standing.get(each.id),
        )
        for each in entries if not places or each.id in places
    ]  # fmt: skip
    return sorted(found, key=lambda guest: (guest.order, guest.number))


def count(found: Sequence[Guest]) -> tuple[int, int]:
    """How many have come, of how many expected; whoever is out of the contest is not expected."""
    expected = [guest for guest in found if not guest.out or guest.check_in is not None]
    return sum(guest.check_in is not None for guest in expected), len(expected)


def matching(found: Sequence[Guest], words: str) -> list[Guest]:
    """The guests that words mean: a number alone first (8 finds 08), else whoever has them in name, unit or title."""
    asked = words.strip().casefold()
    if not asked:
        return list(found)
    bare = asked.lstrip("0")
    numbers = [guest for guest in found if asked in (guest.number.casefold(), guest.entry.code.casefold())]
    numbers = numbers or [guest for guest in found if bare and guest.number.casefold().lstrip("0") == bare]
    return numbers or [
        guest for guest in found
        if any(asked in (text or "").casefold() for text in (guest.entry.name, guest.entry.unit, guest.entry.title))
    ]  # fmt: skip


def check_in(
    db: Session, contest: Contest, *, entry: Entry, account: Account, door: str, press: str, by: Actor, now: datetime,
    waited: timedelta = timedelta(0),
) -> Welcomed:  # fmt: skip
    """Let an entry through the door. The second scan changes nothing and is told of the first; the same press again
    gets the same answer. `waited`: how long the device was offline with it. Who came to a round that is sealed by now
    checks in again for the next one.

    Raises NotExpected for an entry that is out of the contest or not in the round that is on, TextRefused for an
    overlong door, Malformed.
    """
    ledger.lock(db, contest)
    if len(press) > LONGEST_PRESS:
        raise Malformed(what="press")
    again = db.scalars(select(CheckIn).where(CheckIn.press == press)).one_or_none() if press else None
    if again is not None:
        if again.entry_id != entry.id:
            raise Malformed(what="press")
        return Welcomed(again, fresh=True)
    round_ = _round_on(db, contest)
    since, standing = _since(db, contest, round_), standing_check_in(db, entry)
    if standing is not None and (since is None or standing.at >= since):
        return Welcomed(standing, fresh=False)
    why = _why(db, contest, round_, entry)
    if why:
        raise NotExpected(why=why)
    if standing is not None:
        standing.undone_at = now
        db.flush()
    at = now - min(max(waited, timedelta(0)), LONGEST_OFFLINE)
    made = CheckIn(
        entry_id=entry.id, account_id=account.id, door=clean_line(door, field="door", most=64, needed=False),
        press=press or None, at=at,
    )  # fmt: skip
    db.add(made)
    db.flush()
    _move(db, entry, AppearanceStatus.WAITING, AppearanceStatus.ARRIVED)
    ledger.append(
        db, contest, by=by, action=Action.CHECKED_IN, subject=f"entry:{entry.public_id}", now=now,
        payload={"check_in": made.public_id, "door": made.door, "at": ledger.instant(at)},
    )  # fmt: skip
    return Welcomed(made, fresh=True)


def undo_check_in(
    db: Session, contest: Contest, *, public_id: str, reason: str, by: Actor, now: datetime
) -> CheckIn:
    """Take a check-in back, one's own or another's; a second press changes nothing.

    Raises NotFound, ReasonMissing where more than a minute has passed.
    """
    ledger.lock(db, contest)
    found = queries.only(
        db,
        select(CheckIn).join(CheckIn.entry).where(CheckIn.public_id == public_id, Entry.contest_id == contest.id),
    )  # fmt: skip
    if found.undone_at is not None:
        return found
    reason = clean_line(reason, field="reason", most=200, needed=False)
    if not reason and now - found.at > NO_REASON_WITHIN:
        raise ReasonMissing
    found.undone_at = now
    _move(db, found.entry, AppearanceStatus.ARRIVED, AppearanceStatus.WAITING)
    ledger.append(
        db, contest, by=by, action=Action.CHECK_IN_UNDONE, subject=f"entry:{found.entry.public_id}", now=now,
        payload={"check_in": found.public_id, "reason": reason},
    )  # fmt: skip
    db.flush()
    return found


def standing_check_in(db: Session, entry: Entry) -> CheckIn | None:
    """When an entry came, if it has."""
    return db.scalars(
        select(CheckIn).where(CheckIn.entry_id == entry.id, CheckIn.undone_at.is_(None))
        .options(joinedload(CheckIn.account))
    ).one_or_none()  # fmt: skip


def entry_of(db: Session, contest: Contest, public_id: str) -> Entry:
    """A contest's entry by its public id. Raises NotFound."""
    return queries.only(db, select(Entry).where(Entry.public_id == public_id, Entry.contest_id == contest.id))


def guest_of(db: Session, contest: Contest, entry: Entry, *, told: bool = False) -> Guest:
    """An entry as the door sees it, also where it is not in the round that is on; see `guests`. Raises NotFound."""
    for guest in guests(db, contest, told=told):
        if guest.entry.id == entry.id:
            return guest
    if entry.contest_id != contest.id:
        raise NotFound
    return Guest(entry, entry.code, entry.position, "elsewhere", None)


def _move(db: Session, entry: Entry, old: AppearanceStatus, new: AppearanceStatus) -> None:
    for each in db.scalars(select(Appearance).where(Appearance.entry_id == entry.id, Appearance.status == old)):
        each.status = new
    db.flush()


def _round_on(db: Session, contest: Contest) -> Round | None:
    """The round on stage, else the first with a running order that is not sealed, else the last with one."""
    drawn = select(Appearance.round_id)
    rounds = db.scalars(
        select(Round).where(Round.contest_id == contest.id, Round.id.in_(drawn)).order_by(Round.position)
    ).all()  # fmt: skip
    stage = db.scalars(select(Stage).where(Stage.contest_id == contest.id)).one_or_none()
    on = [each for each in rounds if stage is not None and each.id == stage.round_id and not each.is_official]
    return next(iter(on or [each for each in rounds if not each.is_official] or rounds[::-1]), None)


def _since(db: Session, contest: Contest, round_: Round | None) -> datetime | None:
    """From when on a check-in counts for this round: the last seal of a round before it."""
    if round_ is None:
        return None
    sealed = (
        select(Seal.sealed_at).join(Seal.round)
        .where(Round.contest_id == contest.id, Round.position < round_.position)
        .order_by(Seal.sealed_at.desc()).limit(1)
    )  # fmt: skip
    return db.scalars(sealed).one_or_none()


def _why(db: Session, contest: Contest, round_: Round | None, entry: Entry) -> str:
    if entry.id in _out(db, contest, round_):
        return "out"
    if round_ is None:
        return ""
    here = select(Appearance.id).where(Appearance.round_id == round_.id, Appearance.entry_id == entry.id)
    return "" if db.scalar(here) is not None else "elsewhere"


def _out(db: Session, contest: Contest, round_: Round | None) -> set[int]:
    """The entries that a ruling takes out of the contest or of this round."""
    rulings = db.scalars(
        select(Ruling).where(
            Ruling.contest_id == contest.id, Ruling.kind.in_(OUT), Ruling.cancelled_at.is_(None),
            Ruling.entry_id.is_not(None),
        )
    )  # fmt: skip
    here = (None, round_.id if round_ else None)
    return {each.entry_id for each in rulings if each.entry_id is not None and each.round_id in here}
