"""What happened at a contest, as frozen values: the content of a contest folder. A blank cell is None."""
from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class EntryFact:
    """A row of entries.csv."""

    entry: str
    division: str | None = None
    unit: str | None = None
    name: str | None = None
    title: str | None = None


@dataclass(frozen=True, slots=True)
class MemberFact:
    """A row of members.csv; role is author or teacher."""

    entry: str
    order: int | None = None
    name: str | None = None
    role: str | None = None


@dataclass(frozen=True, slots=True)
class AppearanceFact:
    """An entry in a round; `order` is its place in the running order, `number` what people call it by."""

    round: str | None
    entry: str
    order: int | None = None
    number: str | None = None
    panel: str | None = None


@dataclass(frozen=True, slots=True)
class SittingFact:
    """A person on a seat for the running numbers first–last (both included, None: open). round or panel None: any."""

    round: str | None
    panel: str | None
    judge: str
    seat: str | None = None
    role: str = "scoring"
    first: int | None = None
    last: int | None = None


@dataclass(frozen=True, slots=True)
class AssignmentFact:
    """This judge judges this entry. An entry with assignments is judged by the assigned judges only."""

    round: str | None
    entry: str
    judge: str


@dataclass(frozen=True, slots=True)
class MarkFact:
    """One mark of one judge."""

    round: str | None
    entry: str
    judge: str
    criterion: str | None
    attempt: int | None
    kind: str
    mark: Decimal


@dataclass(frozen=True, slots=True)
class AdjustmentFact:
    """One value of a declared kind: a penalty is negative."""

    round: str | None
    entry: str
    attempt: int | None
    judge: str | None
    kind: str
    value: Decimal


@dataclass(frozen=True, slots=True)
class RulingFact:
    """A decision. void, recused, absent name a judge (entry None: all); zero an entry (judge, criterion None: all)."""

    round: str | None
    entry: str | None
    attempt: int | None
    judge: str | None
    criterion: str | None
    kind: str
    value: str | None


@dataclass(frozen=True, slots=True)
class Facts:
    """All of it. Only entries with an appearance take part: a live board passes the released appearances alone."""

    entries: tuple[EntryFact, ...] = ()
    members: tuple[MemberFact, ...] = ()
    appearances: tuple[AppearanceFact, ...] = ()
    sittings: tuple[SittingFact, ...] = ()
    assignments: tuple[AssignmentFact, ...] = ()
    marks: tuple[MarkFact, ...] = ()
    adjustments: tuple[AdjustmentFact, ...] = ()
    rulings: tuple[RulingFact, ...] = ()
