"""Recorded measures beside the marks: which band they demand, whether an imported total is right, what they are."""
from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from contest.rules.facts import AdjustmentFact
from contest.rules.numbers import shown, total
from contest.rules.outcome import AppliedAdjustment, Step
from contest.rules.shape import AdjustmentKind, Band, Criterion, RoundRules
from contest.rules.sheets import Sheet


def measured_values(round: RoundRules, values: Sequence[AdjustmentFact]) -> tuple[AppliedAdjustment, ...]:
    """What has been recorded of each kind that is a measure, as it was measured and not as it acts."""
    return tuple(
        AppliedAdjustment(kind.id, recorded)
        for kind in round.measured
        if (recorded := _recorded(values, kind.id)) is not None
    )


def contradictions(round: RoundRules, sheets: Sequence[Sheet], values: Sequence[AdjustmentFact]) -> list[Step]:
    """What keeps an entry out of the ranking until somebody mends it; empty where everything fits."""
    found = [step for kind in round.per_attempt if kind.check_sum for step in _wrong_sum(round, kind, values)]
    for criterion in round.criteria:
        if criterion.band_by is not None:
            found.extend(_wrong_band(round, criterion, sheets, values))
    return found


def _recorded(values: Sequence[AdjustmentFact], kind: str) -> Decimal | None:
    own = [value.value for value in values if value.kind == kind]
    return total(own) if own else None


def _wrong_sum(round: RoundRules, kind: AdjustmentKind, values: Sequence[AdjustmentFact]) -> list[Step]:
    """A recorded total must be the sum of its parts, and all of them must be there."""
    whole = _recorded(values, kind.id)
    if whole is None:
        return []
    parts = [(name, _recorded(values, name)) for name in kind.check_sum]
    lacking = [_title(round, name) for name, value in parts if value is None]
    if lacking:
        return [Step("value_missing", {"kinds": lacking})]
    summed = total([value for _, value in parts if value is not None])
    if summed == whole:
        return []
    return [Step("sum_differs", {
        "kind": kind.title, "value": shown(whole, 0), "sum": shown(summed, 0),
        "parts": [_title(round, name) for name, _ in parts],
    })]


def _wrong_band(
    round: RoundRules, criterion: Criterion, sheets: Sequence[Sheet], values: Sequence[AdjustmentFact],
) -> list[Step]:
    """The measure picks the band; a mark in another band is wrong. A mark that a ruling made 0 is not looked at."""
    id = criterion.band_by or ""
    measured = _recorded(values, id)
    if measured is None:
        return [Step("value_missing", {"kinds": [_title(round, id)]})]
    picked = next((band for band in criterion.bands if band.at is None or measured >= band.at), None)
    about = {"criterion": criterion.title, "kind": _title(round, id), "measured": shown(measured, 0)}
    if picked is None:
        return [Step("band_none", about)]
    wrong = [
        [sheet.judge, shown(mark, 0)]
        for sheet in sheets
        if (mark := sheet.marks.get(criterion.id)) is not None
        and criterion.id not in sheet.ruled_zero and criterion.band_of(mark) is not picked
    ]
    if not wrong:
        return []
    return [Step("band_wrong", {
        **about, "band": picked.title, "low": picked.low, "high": _top(criterion, picked),
        "marks": [f"{judge} {mark}" for judge, mark in wrong],
    })]


def _top(criterion: Criterion, band: Band) -> Decimal:
    """The highest mark that lies in a band."""
    above = [other.low for other in criterion.bands if other.low > band.low]
    return shown(min(above) - criterion.step, 0) if above else criterion.max


def _title(round: RoundRules, kind: str) -> object:
    found = round.adjustment(kind)
    return kind if found is None else found.title
