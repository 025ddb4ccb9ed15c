"""The skating system of dance sport finals, rules 5 to 11: places of one dance, and places out of all dances.

Each judge gives every couple a place. With J judges the majority is J // 2 + 1; "count" is how many of a couple's
places are at or above a column (1st, 1st and 2nd, …), "total" the sum of those places. A shared place is the mean of
the places that are shared, so places are whole or halves and everything here is exact.
"""
from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import accumulate

from contest.rules.numbers import ZERO, shown


class _Row:
    """A couple's places, so that count and total at any column are found at once."""

    def __init__(self, places: Iterable[Decimal]) -> None:
        self.places = sorted(places)
        self.totals = [ZERO, *accumulate(self.places)]

    def at(self, column: Decimal) -> tuple[int, Decimal]:
        """How many places are at or above the column, and their sum."""
        count = bisect_right(self.places, column)
        return count, self.totals[count]


@dataclass(frozen=True, slots=True)
class DancePlace:
    """A couple's place in one dance: the column that decided, the couple's count and total there, and the rule.

    `rule`: majority (rule 5), count (rule 6), total and further (rule 7), shared.
    """

    place: Decimal
    rule: str
    column: Decimal
    count: int
    total: Decimal


def shared_place(first: int, sharing: int) -> Decimal:
    """The mean of the places from `first` on that so many take up together."""
    return shown(Decimal(2 * first + sharing - 1) / 2, 0)


def one_dance(marks: Mapping[str, Sequence[Decimal]], majority: int) -> dict[str, DancePlace]:
    """Rules 5 to 8: the place of every couple in one dance. All couples have as many marks."""
    rows = {couple: _Row(places) for couple, places in marks.items()}
    columns = sorted({place for row in rows.values() for place in row.places})
    found: dict[str, DancePlace] = {}
    left = set(rows)
    for at, column in enumerate(columns):
        ready = sorted(couple for couple in left if rows[couple].at(column)[0] >= majority)
        for group, rule, decided in _in_order(ready, rows, columns, at):
            place = shared_place(len(found) + 1, len(group))
            for couple in group:
                count, total = rows[couple].at(decided)
                found[couple] = DancePlace(place, rule, decided, count, total)
        left.difference_update(ready)
    return found


def _in_order(
    ready: list[str], rows: Mapping[str, _Row], columns: Sequence[Decimal], at: int,
) -> list[tuple[list[str], str, Decimal]]:
    """Those with a majority in a column, best first, with the rule and the column that decided."""
    if len(ready) == 1:
        return [(ready, "majority", columns[at])]
    found: list[tuple[list[str], str, Decimal]] = []
    # Couples still equal, the column they are compared in next, and the rule that has told a single one apart.
    pending = [(ready, at, "")] if ready else []
    while pending:
        group, level, rule = pending.pop()
        if rule or level == len(columns):
            found.append((group, rule or "shared", columns[level - 1]))
            continue
        parts: dict[tuple[int, Decimal], list[str]] = {}
        for couple in group:
            count, total = rows[couple].at(columns[level])
            parts.setdefault((-count, total), []).append(couple)
        counts = [count for count, _ in parts]
        for key in sorted(parts, reverse=True):
            alone = "further" if level > at else "count" if counts.count(key[0]) == 1 else "total"
            pending.append((parts[key], level + 1, alone if len(parts[key]) == 1 else ""))
    return found


@dataclass(slots=True)
class FinalPlace:
    """A couple's place out of all dances. `decisions` are the comparisons that rules 10 and 11 made for it.

    A decision: (rule 10, the place under review, dances at or above it, sum of those places), or (rule 11, the
    column, marks at or above it, their sum), or (0, the first place shared, how many share, 0).
    """

    place: Decimal
    total: Decimal
    decisions: list[tuple[int, Decimal, int, Decimal]] = field(default_factory=list)


def all_dances(
    dances: Mapping[str, Sequence[Decimal]], marks: Mapping[str, Sequence[Decimal]], majority: int,
) -> dict[str, FinalPlace]:
    """Rules 9 to 11: the places out of each couple's places in the `dances`, ties by all `marks` of all dances."""
    of_dances = {couple: _Row(places) for couple, places in dances.items()}
    of_marks = {couple: _Row(places) for couple, places in marks.items()}
    totals: dict[Decimal, list[str]] = {}
    for couple in sorted(dances):
        totals.setdefault(of_dances[couple].totals[-1], []).append(couple)
    found: dict[str, FinalPlace] = {}
    for total in sorted(totals):
        found.update(_equal_totals(total, totals[total], len(found) + 1, of_dances, of_marks, majority))
    return found


def _equal_totals(
    total: Decimal, group: list[str], place: int, of_dances: Mapping[str, _Row], of_marks: Mapping[str, _Row],
    majority: int,
) -> dict[str, FinalPlace]:
    """Rule 10 for each place in turn, rule 11 where it leaves several."""
    found = {couple: FinalPlace(ZERO, total) for couple in group}
    left = list(group)
    while left:
        review = Decimal(place)
        best = left
        if len(left) > 1:
            counted = {couple: of_dances[couple].at(review) for couple in left}
            for couple in left:
                found[couple].decisions.append((10, review, *counted[couple]))
            best = _best(left, counted)
        if len(best) > 1:
            best = _rule_eleven(best, place, of_marks, majority, found)
        own = shared_place(place, len(best))
        for couple in best:
            found[couple].place = own
            if len(best) > 1:
                found[couple].decisions.append((0, review, len(best), ZERO))
        left = [couple for couple in left if couple not in best]
        place += len(best)
    return found


def _best(group: list[str], counted: Mapping[str, tuple[int, Decimal]]) -> list[str]:
    """Those with the most, and of these with the lowest sum."""
    key = min((-counted[couple][0], counted[couple][1]) for couple in group)
    return [couple for couple in group if (-counted[couple][0], counted[couple][1]) == key]


def _rule_eleven(
    tied: list[str], place: int, of_marks: Mapping[str, _Row], majority: int, found: Mapping[str, FinalPlace],
) -> list[str]:
    """Rule 11: all marks of all dances, from the column of the place under review on; several where none decides."""
    later = {mark for couple in tied for mark in of_marks[couple].places if mark > place}
    for column in [Decimal(place), *sorted(later)]:
        counted = {couple: of_marks[couple].at(column) for couple in tied}
        ready = [couple for couple in tied if counted[couple][0] >= majority]
        if not ready:
            continue
        for couple in tied:
            found[couple].decisions.append((11, column, *counted[couple]))
        tied = _best(ready, counted)
        if len(tied) == 1:
            break
    return tied
