"""What a judge hands in as an order: places made of totals, ballots that must be complete, points for places."""
from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING

from contest.rules.numbers import EXACT, FINE, ONE, ZERO, settled, shown, total
from contest.rules.outcome import Step
from contest.rules.shape_sheet import BallotRule, PointsBy, PointsRule, RankRule, RankTies, SheetRule, Withdrawn
from contest.rules.sheets import Sheet

if TYPE_CHECKING:
    from contest.rules.scoring import Tally, Try

Held = list[tuple["Tally", "Try", Sheet]]


def _held(field: Iterable[Tally]) -> dict[tuple[str, int], Held]:
    """The sheets of each judge in each attempt, with the entry and the attempt that they belong to."""
    held: dict[tuple[str, int], Held] = {}
    for tally in field:
        for attempt in tally.tries:
            for sheet in attempt.sheets:
                held.setdefault((sheet.judge, attempt.attempt), []).append((tally, attempt, sheet))
    return held


def give_places(field: list[Tally], rule: SheetRule, rank: RankRule) -> None:
    """Put each judge's place of an entry, among the entries that judge has marked, into the sheets of one scope.

    A place that was handed in stays what it is; where the rule leaves withdrawn entries out, those behind them move up.
    """
    before: dict[int, Decimal] = {}
    leaving = rank.withdrawn is Withdrawn.LEAVE_OUT
    for sheets in _held(field).values():
        marked = [(sheet.value, leaving and tally.left is not None, sheet)
                  for tally, _, sheet in sheets if sheet.value is not None]
        gone = [value for value, out, _ in marked if out]
        staying = [(value, sheet) for value, out, sheet in marked if not out]
        values = [value for value, _ in staying]
        places = _moved_up(values, gone) if rule.handed_in else _ordered(values, rank.ties, rule.lower_wins)
        for value, sheet in staying:
            place = places[value] if rank.cap is None else min(places[value], rank.cap)
            before[id(sheet)] = shown(value, 0)
            sheet.value = sheet.place = shown(place, 0)
    code = "ranked_by_judge" if rank.cap is None else "ranked_capped"
    for tally in field:
        for attempt in tally.tries:
            marks = [(sheet.judge, before[id(sheet)], sheet.value) for sheet in attempt.sheets if id(sheet) in before]
            if marks and (not rule.handed_in or any(was != now for _, was, now in marks)):
                attempt.steps.append(Step(code, {"marks": marks, "cap": rank.cap} if rank.cap else {"marks": marks}))


def _ordered(values: list[Decimal], ties: RankTies, lower_wins: bool) -> dict[Decimal, Decimal]:
    """The place of each value, the best being 1."""
    ordered = sorted(values, reverse=not lower_wins)
    first: dict[Decimal, int] = {}
    last: dict[Decimal, int] = {}
    for place, value in enumerate(ordered, start=1):
        first.setdefault(value, place)
        last[value] = place
    if ties is RankTies.MIN:
        return {value: Decimal(place) for value, place in first.items()}
    return {value: Decimal(place + last[value]) / 2 for value, place in first.items()}


def _moved_up(values: list[Decimal], gone: list[Decimal]) -> dict[Decimal, Decimal]:
    return {value: value - sum(other < value for other in gone) for value in values}


def count_ballots(field: list[Tally], rule: BallotRule) -> None:
    """Take away the ballots that do not hold each place exactly once; on the others the unplaced get their points.

    A judge who has handed in nothing yet is waited for, like anybody whose sheet is not there.
    """
    for (judge, _), sheets in _held(field).items():
        given = [sheet.value for _, _, sheet in sheets if sheet.value is not None]
        if not given:
            continue
        least = min(rule.places, len(sheets))
        valid = all(given.count(Decimal(place)) == 1 for place in range(1, least + 1))
        for _, attempt, sheet in sheets:
            if not valid:
                attempt.sheets.remove(sheet)
                attempt.steps.append(Step("ballot_void", {"judge": judge, "places": least}))
            elif sheet.value is None:
                sheet.unplaced, sheet.complete = True, True
                sheet.value = rule.unplaced


def give_points(field: list[Tally], rule: PointsRule) -> None:
    """Turn places into points, sheet by sheet; what is not on the list, and who is not on a ballot, has its own."""
    for sheets in _held(field).values():
        placed = [sheet for _, _, sheet in sheets if sheet.value is not None and not sheet.unplaced]
        size = len(sheets) if any(sheet.unplaced for _, _, sheet in sheets) else len(placed)
        known: dict[Decimal, Decimal] = {}
        sharing: dict[Decimal, int] = {}
        for sheet in placed:
            if sheet.value is not None:
                sharing[sheet.value] = sharing.get(sheet.value, 0) + 1
        for sheet in placed:
            place = sheet.value
            if place is not None:
                if place not in known:
                    known[place] = _points(rule, place, sharing[place], size)
                sheet.value = known[place]
    for tally in field:
        for attempt in tally.tries:
            marks = [
                (sheet.judge, None if sheet.unplaced else sheet.place, sheet.value)
                for sheet in attempt.sheets if sheet.value is not None
            ]
            if marks:
                attempt.steps.append(Step("points_for_places", {"marks": marks}))


def _points(rule: PointsRule, place: Decimal, sharing: int, size: int) -> Decimal:
    """The points of one place. Of a list, those who share a place (2.5, 2.5) share the points of what they take up."""
    if place < 1:  # ruled to be a real 0: no place at all
        return ZERO
    if rule.by is PointsBy.BORDA:
        return max(size - place, ZERO)
    if rule.by is PointsBy.RECIPROCAL:
        value = FINE.divide(ONE, place)
    elif rule.by is PointsBy.EXPONENTIAL:
        value = FINE.exp(FINE.multiply(rule.rate, place - 1))
    elif rule.rounding is None:
        return _listed(rule, int(place))
    else:
        first = int(place - Decimal(sharing - 1) / 2)
        value = FINE.divide(total([_listed(rule, first + more) for more in range(sharing)]), Decimal(sharing))
    return settled(value, rule.rounding) if rule.rounding is not None else EXACT.plus(value)


def _listed(rule: PointsRule, place: int) -> Decimal:
    return rule.values[place - 1] if 1 <= place <= len(rule.values) else ZERO
