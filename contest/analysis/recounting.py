"""The same facts without one seat: the engine counts again, and this says which places and awards would change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from contest.rules import Facts, GivenAward, RulingFact, Standing


@dataclass(frozen=True, slots=True)
class SeatOf:
    """A seat of a panel in a round, with the judges who sit or sat on it there, by code."""

    round: str
    panel: str | None
    seat: str
    judges: tuple[str, ...]

    @property
    def code(self) -> str:
        """What an address calls the seat."""
        return "|".join((self.round, self.panel or "", self.seat))


@dataclass(frozen=True, slots=True)
class Move:
    """An entry after a recount: its place and score there, and how many places it moved; above 0 is upwards."""

    place: int | None
    score: Decimal | None
    moved: int


@dataclass(frozen=True, slots=True)
class Crossing:
    """Who crosses an award line: entries that come into this award or a higher one, and those that fall out of it."""

    rising: tuple[str, ...]
    falling: tuple[str, ...]

    @property
    def count(self) -> int:
        """How many entries cross the line."""
        return len(self.rising) + len(self.falling)


def seats(facts: Facts, rounds: Iterable[str]) -> list[SeatOf]:
    """The seats of these rounds in the order of the sittings; one with a substitute is one seat with two judges."""
    found: dict[tuple[str, str | None, str], list[str]] = {}
    for round_ in rounds:
        for sitting in facts.sittings:
            if sitting.round in (None, round_):
                judges = found.setdefault((round_, sitting.panel, sitting.seat or sitting.judge), [])
                if sitting.judge not in judges:
                    judges.append(sitting.judge)
    return [SeatOf(*key, tuple(judges)) for key, judges in found.items()]


def without(facts: Facts, seat: SeatOf) -> Facts:
    """The facts as if the seat's judges had been absent from the round: a ruling the engine knows, nothing else."""
    absent = tuple(
        RulingFact(round=seat.round, entry=None, attempt=None, judge=judge, criterion=None, kind="absent", value=None)
        for judge in seat.judges
    )
    return replace(facts, rulings=(*facts.rulings, *absent))


def moves(before: Sequence[Standing], after: Sequence[Standing]) -> dict[str, Move]:
    """Where each entry of a ranking stands in another one of the same entries."""
    old = {standing.entry: standing.place for standing in before}
    found: dict[str, Move] = {}
    for standing in after:
        was = old.get(standing.entry)
        moved = was - standing.place if was is not None and standing.place is not None else 0
        found[standing.entry] = Move(standing.place, standing.score, moved)
    return found


def holders(awards: Iterable[GivenAward]) -> dict[str, str]:
    """Which award each entry gets, by entry; whoever gets none is not there."""
    return {entry: award.award for award in awards for entry, _ in award.entries}


def crossings(before: Sequence[GivenAward], after: Sequence[GivenAward]) -> list[Crossing]:
    """For each award line of a ranking, in order: who would cross it. Both lists hold the same awards."""
    found = []
    above: set[str] = set()
    above_then: set[str] = set()
    later: Mapping[tuple[str, str | None], GivenAward] = {(one.award, one.division): one for one in after}
    for one in before:
        then = later.get((one.award, one.division))
        above |= {entry for entry, _ in one.entries}
        above_then |= set() if then is None else {entry for entry, _ in then.entries}
        found.append(Crossing(tuple(sorted(above_then - above)), tuple(sorted(above - above_then))))
    return found
