"""Judges who are far apart look again (复议): when a review is due, and what its marks do."""
from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from contest.rules.grouping import REMOVING, RoundFacts
from contest.rules.numbers import shown
from contest.rules.outcome import Step
from contest.rules.shape import Missing, RoundRules
from contest.rules.shape_sheet import ReviewOf, ReviewRule, ReviewUse
from contest.rules.sheets import Sheet, sum_of

if TYPE_CHECKING:
    from contest.rules.scoring import Tally, Try


def look_again(tally: Tally, of: RoundFacts) -> None:
    """Put review marks where the rule wants them, if the judges of the entry are as far apart as it says."""
    rule, attempt = tally.rules.review, tally.tries[0]
    if rule is None or attempt.refused is not None:
        return
    if tally.rules.panel.missing is Missing.INCOMPLETE and not all(sheet.complete for sheet in attempt.sheets):
        return
    there = [(value, sheet.judge) for sheet in attempt.sheets if (value := _measured(sheet, rule)) is not None]
    if len(there) < 2:
        return
    reviews = _reviews(tally, of)
    low, high = min(there), max(there)
    spread = high[0] - low[0]
    args = {"range": shown(spread, 0), "spread": shown(rule.spread, 0), "high": high[1], "low": low[1]}
    if spread < rule.spread:
        if reviews:
            attempt.steps.append(Step("review_needless", {**args, "judges": list(reviews)}))
    elif reviews:
        _used(attempt, rule, reviews, args)
    elif rule.required:
        attempt.refused = Step("review_required", args)
    else:
        attempt.steps.append(Step("review_due", args))


def _measured(sheet: Sheet, rule: ReviewRule) -> Decimal | None:
    return sheet.value if rule.of is ReviewOf.VALUE else sheet.total


def _reviews(tally: Tally, of: RoundFacts) -> dict[str, Decimal]:
    """The review of each judge who has handed one in and was not taken off by a ruling, shorter codes first."""
    entry = tally.appearance.entry
    removed = {
        ruling.judge for ruling in [*of.rulings.get(None, ()), *of.rulings.get(entry, ())] if ruling.kind in REMOVING
    }
    found = {
        judge: value for judge, marks in of.reviews.get(entry, {}).items()
        if judge not in removed and (value := review_value(tally.rules, marks)) is not None
    }
    return dict(sorted(found.items(), key=lambda item: (len(item[0]), item[0])))


def review_value(round: RoundRules, marks: Mapping[str, Decimal]) -> Decimal | None:
    """A review as one number: a mark without a criterion, else the sum of all criteria; None while one is missing."""
    whole = marks.get("")
    if whole is not None:
        return whole
    return sum_of(round, marks) if all(criterion.id in marks for criterion in round.criteria) else None


def _used(attempt: Try, rule: ReviewRule, reviews: Mapping[str, Decimal], args: dict[str, object]) -> None:
    """The reviews at work, with the range before and after them."""
    own = {sheet.judge: sheet for sheet in attempt.sheets if sheet.value is not None}
    changes: list[tuple[str, Decimal | None, Decimal]] = []
    for judge, value in reviews.items():
        sheet = own.get(judge)
        if rule.use is ReviewUse.REPLACE and sheet is not None:
            changes.append((judge, None if sheet.value is None else shown(sheet.value, 0), shown(value, 0)))
            sheet.value = value
        else:
            changes.append((judge, None, shown(value, 0)))
            attempt.sheets.append(Sheet(judge, None, {}, True, None, value))
    values = [sheet.value for sheet in attempt.sheets if sheet.value is not None]
    attempt.steps.append(Step("reviewed", {**args, "marks": changes, "after": shown(max(values) - min(values), 0)}))
    if rule.use is ReviewUse.CLOSEST_TWO:
        _closest_two(attempt, sorted(values))


def _closest_two(attempt: Try, values: list[Decimal]) -> None:
    """Only the two closest values count; where several pairs are equally close, all of these count."""
    pairs = list(pairwise(values))
    closest = min(high - low for low, high in pairs)
    counted = {value for pair in pairs if pair[1] - pair[0] == closest for value in pair}
    middle = min(counted)
    aside: list[str] = []
    for sheet in attempt.sheets:
        if sheet.value is not None and sheet.value not in counted:
            aside.append(sheet.judge)
            sheet.set_aside = "low" if sheet.value < middle else "high"
            sheet.value = None
    attempt.steps.append(Step("closest_two", {
        "marks": [shown(value, 0) for value in values if value in counted], "judges": aside,
    }))
