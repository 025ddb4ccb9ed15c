"""What a round of a rule file does with a judge's sheets before the panel, and when judges look again."""
from __future__ import annotations

from decimal import Decimal

from contest.rules.numbers import ONE, ZERO
from contest.rules.shape import Criterion, CriterionKind, PanelOf, PanelRule
from contest.rules.shape_sheet import (
    BallotRule,
    BallotVoid,
    Deviation,
    Fallback,
    Normalise,
    NormaliseBy,
    PointsBy,
    PointsRule,
    RankRule,
    RankTies,
    ReviewOf,
    ReviewRule,
    ReviewUse,
    Scope,
    SheetRule,
    Withdrawn,
)
from contest.rules.table import Table

LARGEST_TARGET = Decimal(1_000_000)
LARGEST_PLACE = 10_000
MAX_MARKS = 1000
STEEPEST = Decimal(10)
MAX_POINTS = 200
_POINTS = {str(by): by for by in (PointsBy.BORDA, PointsBy.RECIPROCAL)}


def read_sheet(round: Table, criteria: tuple[Criterion, ...], panel: PanelRule) -> SheetRule | None:
    """The table `sheet` of a round; None where it does nothing. Marks that are places are known without a table."""
    lower_wins = _places(round, criteria)
    handed_in = lower_wins and [criterion.weight for criterion in criteria if criterion.weight] == [ONE]
    table = round.table("sheet", "sheet")
    if table is None:
        return SheetRule(lower_wins=True, handed_in=handed_in) if lower_wins and panel.of is PanelOf.SHEETS else None
    if panel.of is not PanelOf.SHEETS:
        round.fail("sheet", table.data, "only_of_sheets")
    normalise, ballot = _normalise(table), _ballot(table, criteria)
    points = _points(table)
    rank = _rank(table, points)
    if normalise is not None:
        for key in ("rank", "points", "ballot"):
            if key in table.data:
                table.fail(key, table.data[key], "without_normalise")
    if points is not None and rank is None and not handed_in:
        table.fail("rank", None, "rank_for_points")
    if rank is not None and ballot is not None and rank.scope is not ballot.scope:
        table.fail("rank", str(rank.scope), "same_scope", scope=str(ballot.scope))
    return SheetRule(table.rounding("round"), normalise, rank, points, ballot, lower_wins, handed_in)


def sheet_decimals(sheet: SheetRule | None) -> int | None:
    """The decimals of what the panel works with; None where nothing is rounded before it."""
    if sheet is None:
        return None
    roundings = [
        sheet.points.rounding if sheet.points is not None else None,
        sheet.normalise.rounding if sheet.normalise is not None else None,
        sheet.rounding if sheet.rank is None and sheet.points is None else None,
    ]
    return next((rounding.decimals for rounding in roundings if rounding is not None), None)


def _places(round: Table, criteria: tuple[Criterion, ...]) -> bool:
    """Whether a sheet of this round is a place (1 is the best); a round cannot add places and points together."""
    kinds = {criterion.kind is CriterionKind.RANK for criterion in criteria if criterion.weight}
    if len(kinds) > 1:
        round.fail("criteria", [criterion.id for criterion in criteria], "no_mixture")
    return kinds == {True}


def _normalise(sheet: Table) -> Normalise | None:
    table = sheet.table("normalise", "normalise")
    if table is None:
        return None
    by = table.choice("by", NormaliseBy, None)
    for key in ("mean", "sd"):
        if key in table.data and by is not NormaliseBy.STANDARD:
            table.fail(key, table.data[key], "only_standard")
    mean, sd = table.number("mean", Decimal(50)), table.number("sd", Decimal(10))
    if by is NormaliseBy.Z:
        mean, sd = ZERO, ONE
    if abs(mean) > LARGEST_TARGET:
        table.fail("mean", mean, "factor", most=LARGEST_TARGET)
    if not 0 < sd <= LARGEST_TARGET:
        table.fail("sd", sd, "factor", most=LARGEST_TARGET)
    rounding = table.rounding("round")
    if rounding is None:
        table.fail("round", None, "rounding_needed")
    return Normalise(
        by, mean, sd, table.choice("deviation", Deviation, Deviation.SAMPLE), rounding,
        table.integer("min_marks", 3, 2, MAX_MARKS), table.choice("fallback", Fallback, Fallback.MEAN_SHIFT),
        table.choice("scope", Scope, Scope.ROUND), table.choice("withdrawn", Withdrawn, Withdrawn.COUNT),
    )


def _rank(sheet: Table, points: PointsRule | None) -> RankRule | None:
    table = sheet.table("rank", "rank")
    if table is None:
        return None
    listed = points is not None and points.by is PointsBy.LIST
    ties = table.choice("ties", RankTies, RankTies.MIN if listed else RankTies.MEAN)
    if listed and ties is RankTies.MEAN and points is not None and points.rounding is None:
        sheet.fail("points_round", None, "rounding_needed")
    cap = Decimal(table.needed_integer("cap", 1, LARGEST_PLACE)) if "cap" in table.data else None
    return RankRule(
        ties, cap, table.choice("scope", Scope, Scope.ROUND), table.choice("withdrawn", Withdrawn, Withdrawn.COUNT),
    )


def _points(sheet: Table) -> PointsRule | None:
    rounding = sheet.rounding("points_round")
    if "points" not in sheet.data:
        if rounding is not None:
            sheet.fail("points_round", sheet.data["points_round"], "only_with_points")
        return None
    raw = sheet.data["points"]
    if isinstance(raw, list):
        if not 0 < len(raw) <= MAX_POINTS:
            sheet.fail("points", raw, "points", most=MAX_POINTS)
        inner = Table(sheet.source, {}, (*sheet.path, "points"), None)
        return PointsRule(
            PointsBy.LIST, tuple(inner.as_number(index, value) for index, value in enumerate(raw)), rounding=rounding,
        )
    if isinstance(raw, str) and raw in _POINTS:
        rule = PointsRule(_POINTS[raw], rounding=rounding)
    elif isinstance(raw, dict):
        table = Table(sheet.source, raw, (*sheet.path, "points"), "points")
        rate = table.needed_number("exponential")
        if not -STEEPEST <= rate < 0:
            table.fail("exponential", rate, "rate", least=-STEEPEST)
        rule = PointsRule(PointsBy.EXPONENTIAL, rate=rate, rounding=rounding)
    else:
        sheet.fail("points", raw, "points", most=MAX_POINTS)
    if rounding is None and rule.by is not PointsBy.BORDA:
        sheet.fail("points_round", None, "rounding_needed")
    return rule


def _ballot(sheet: Table, criteria: tuple[Criterion, ...]) -> BallotRule | None:
    table = sheet.table("ballot", "ballot")
    if table is None:
        return None
    if len(criteria) != 1 or criteria[0].kind is not CriterionKind.RANK:
        sheet.fail("ballot", table.data, "one_rank")
    places = table.needed_integer("places", 1, int(criteria[0].max))
    table.choice("void", BallotVoid, BallotVoid.INCOMPLETE)
    unplaced = table.number("unplaced", ZERO) if "points" in sheet.data else table.needed_number("unplaced")
    return BallotRule(places, unplaced, table.choice("scope", Scope, Scope.ROUND))


def read_review(round: Table, panel: PanelRule, sheet: SheetRule | None) -> ReviewRule | None:
    """The table `review` of a round."""
    table = round.table("review", "review")
    if table is None:
        return None
    if panel.of is not PanelOf.SHEETS:
        round.fail("review", table.data, "only_of_sheets")
    if sheet is not None and (sheet.rank is not None or sheet.points is not None or sheet.lower_wins):
        round.fail("review", table.data, "no_review_of_places")
    if "attempts" in round.data:
        round.fail("review", table.data, "no_review_of_attempts")
    spread = table.needed_number("spread")
    if spread <= 0:
        table.fail("spread", spread, "above", bound=ZERO)
    return ReviewRule(
        spread, table.choice("of", ReviewOf, ReviewOf.VALUE), table.choice("use", ReviewUse, ReviewUse.REPLACE),
        table.flag("required"),
    )
