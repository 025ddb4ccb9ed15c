"""Made-up entries for a trial of rules: likely marks for every kind of criterion, values that rules ask for. Pure.

Chance is an argument: the same seed always makes the same field. Marks and values are exact decimals.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from contest.rules import AdjustmentKind, Band, Criterion, MarkError, RoundRules
from contest.rules.numbers import ONE, ZERO, total
from contest.rules.shape import Apply, CriterionKind, PanelOf

USUAL_PANEL, MOST_JUDGES, FIELD, MOST_FIELD = 5, 30, 3, 6
HALF = Decimal("0.5")
Marks = Mapping[int, Mapping[str, Decimal]]


@dataclass(frozen=True)
class Sample:
    """A made-up entry: its marks by judge (from 1) and criterion, and the values of the round's adjustments.

    `later`: what its second attempt and the following ones got, where the round has several.
    """

    marks: Marks
    values: tuple[tuple[str, Decimal], ...] = ()
    later: tuple[Sample, ...] = ()


def panel_size(round_: RoundRules, asked: int | None = None) -> int:
    """How many judges a trial has: as many as the rules say, else as were asked for, else a usual panel."""
    return min(round_.panel.size or asked or USUAL_PANEL, MOST_JUDGES) if round_.is_judged else 0


def attempts_of(round_: RoundRules) -> int:
    """How many attempts an entry has."""
    return 1 if round_.attempts is None else round_.attempts.count


def asked_values(round_: RoundRules, attempt: int) -> tuple[AdjustmentKind, ...]:
    """The kinds that are recorded with an attempt; with the first also those that belong to none."""
    if round_.attempts is None or attempt == 1:
        return round_.adjustments
    return round_.per_attempt


def field_size(round_: RoundRules) -> int:
    """How many entries a trial has where the field decides: as many as a ballot has places, within reason."""
    ballot = None if round_.sheet is None else round_.sheet.ballot
    return FIELD if ballot is None else min(max(FIELD, ballot.places), MOST_FIELD)


def sums_up(round_: RoundRules) -> bool:
    """Whether a judge's sheet is the plain sum of points, each free of the others, so that it may be typed as one."""
    return round_.panel.of is PanelOf.SHEETS and all(
        each.kind is CriterionKind.POINTS and each.weight == ONE and each.band_by is None for each in round_.criteria
    )


def sample_of(round_: RoundRules, judges: int, seed: int, *, entry: int = 0) -> Sample:
    """The entry number `entry` (from 0) of a field of likely marks, the same for the same seed; needed values too.

    Where judges hand in places, each of them gives every place of the field once.
    """
    parts = [_part_of(round_, judges, seed, entry, attempt) for attempt in range(1, attempts_of(round_) + 1)]
    return replace(parts[0], later=tuple(parts[1:]))


def _part_of(round_: RoundRules, judges: int, seed: int, entry: int, attempt: int) -> Sample:
    chance = random.Random(f"{seed}/{entry}/{attempt}")  # noqa: S311  made-up marks, nothing to be guessed
    level = chance.randint(80, 92)
    marks: dict[int, dict[str, Decimal]] = {}
    for judge in range(1, judges + 1):
        places = list(range(field_size(round_)))
        random.Random(f"{seed}/{judge}").shuffle(places)  # noqa: S311  the same order for all entries of a judge
        marks[judge] = {
            each.id: each.min + min(places[entry % len(places)], int(each.max - each.min))
            if each.kind is CriterionKind.RANK else _likely(each, level + chance.randint(-6, 6))
            for each in round_.criteria
        }  # fmt: skip
    return Sample(marks, tuple(_values(round_, attempt, level).items()))


def _values(round_: RoundRules, attempt: int, level: int) -> dict[str, Decimal]:
    """What has to be recorded with an attempt: needed kinds, measures that pick a band, sums that must agree."""
    picking = {each.band_by: best for each in round_.criteria if each.band_by and (best := _best_band(each))}
    made: dict[str, Decimal] = {}
    for kind in asked_values(round_, attempt):
        if kind.id in picking:
            made[kind.id] = picking[kind.id].at or ZERO
        elif kind.required or not round_.is_judged:
            made[kind.id] = _value(kind, 0 if round_.is_judged else level)
    for kind in round_.adjustments:
        if kind.check_sum and kind.id in made:
            made[kind.id] = total([made.get(part, ZERO) for part in kind.check_sum])
    return made


def _best_band(criterion: Criterion) -> Band | None:
    return next((band for band in criterion.bands if band.at is not None), None)


def _value(kind: AdjustmentKind, percent: int) -> Decimal:
    """A value that a kind may have: nothing at all (a factor of 1), or so far between its limits."""
    if percent and kind.max is not None and kind.max > ZERO and kind.apply is Apply.ADD:
        low = kind.min or ZERO
        return max(low, (low + (kind.max - low) * percent / 100) // kind.step * kind.step)
    neutral = ONE if kind.apply is Apply.MULTIPLY else ZERO
    if percent and kind.max is None and kind.apply is Apply.ADD:
        return max(kind.min or ZERO, Decimal(percent) // kind.step * kind.step)
    return neutral if kind.min is None or kind.min <= neutral else kind.min


def grid(criterion: Criterion) -> Decimal:
    """How far apart made-up marks are: half points where the criterion has them, so that they look like a judge's."""
    coarse = criterion.max - criterion.min >= 4 and HALF % criterion.step == 0
    return HALF if coarse else criterion.step


def sheet_limits(round_: RoundRules) -> tuple[Decimal, Decimal]:
    """The lowest and the highest sum of a judge's marks."""
    return total([each.min for each in round_.criteria]), total([each.max for each in round_.criteria])


def split(round_: RoundRules, whole: Decimal) -> Mapping[str, Decimal]:
    """Marks of every criterion that add up to a sheet's sum, each in proportion to its range. Raises MarkError."""
    low, high = sheet_limits(round_)
    args = {"found": str(whole), "min": low, "max": high, "step": min(each.step for each in round_.criteria)}
    if whole < low:
        raise MarkError("below_min", **args)
    if whole > high:
        raise MarkError("above_max", **args)
    marks, rest = {}, whole - low
    for each in round_.criteria:
        share = (whole - low) * (each.max - each.min) / (high - low)
        marks[each.id] = each.min + share // each.step * each.step
        rest -= marks[each.id] - each.min
    for each in sorted(round_.criteria, key=lambda criterion: criterion.step, reverse=True):
        more = min(rest, each.max - marks[each.id]) // each.step * each.step
        marks[each.id] += more
        rest -= more
    if rest:
        raise MarkError("off_step", **args)
    return marks


def is_allowed(criterion: Criterion, mark: Decimal) -> bool:
    """Whether a judge may give this mark."""
    try:
        criterion.check(format(mark, "f"))
    except MarkError:
        return False
    return True


def _likely(criterion: Criterion, percent: int) -> Decimal:
    if criterion.levels:
        return criterion.levels[min(len(criterion.levels) * percent // 100, len(criterion.levels) - 1)].value
    step, span = grid(criterion), criterion.max - criterion.min
    mark = criterion.min + min(span, span * min(percent, 100) / 100) // step * step
    band = _best_band(criterion) if criterion.band_by else None
    return mark if band is None else max(mark, band.low)
