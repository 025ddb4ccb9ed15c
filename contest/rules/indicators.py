"""An indicator tree: what each node of it comes to, added up from the criteria below."""
from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from contest.rules.numbers import mean, median, shown, total
from contest.rules.outcome import GroupScore, Step
from contest.rules.panel import PanelScore
from contest.rules.shape import Criterion, PanelOf, RoundRules, Take
from contest.rules.sheets import weighted


def group_scores(round: RoundRules, panel: PanelScore) -> tuple[GroupScore, ...]:
    """Each node of the round's tree, parents before children; nothing where the panel takes no number of sheets.

    Of a panel of sheets a node is taken like the score itself: each counted sheet's marks below the node are added up,
    then the mean, sum or median is taken. Of a panel per criterion it is the sum of the criteria's results.
    """
    if not round.groups or panel.score is None:
        return ()
    found = []
    for group in round.groups:
        below = [criterion for criterion in round.criteria if group.id in round.above[criterion.id]]
        value = _of_criteria(below, panel) if round.panel.of is PanelOf.CRITERIA else _of_sheets(round, below, panel)
        if value is not None:
            found.append(GroupScore(group.id, shown(value, _places(round))))
    return tuple(found)


def group_steps(round: RoundRules, groups: Sequence[GroupScore]) -> list[Step]:
    """The nodes in words."""
    titles = {group.id: group.title for group in round.groups}
    return [Step("group_value", {"group": titles[each.group], "value": each.value}) for each in groups]


def _places(round: RoundRules) -> int:
    return 0 if round.panel.rounding is None else round.panel.rounding.decimals


def _of_criteria(below: Sequence[Criterion], panel: PanelScore) -> Decimal:
    counted = {criterion.id for criterion in below if criterion.weight}
    return total([
        each.value for each in panel.components if each.criterion in counted and each.value is not None
    ])


def _of_sheets(round: RoundRules, below: Sequence[Criterion], panel: PanelScore) -> Decimal | None:
    take = {Take.MEAN: mean, Take.SUM: total, Take.MEDIAN: median}.get(round.panel.take)
    counted = [sheet.judge for sheet in panel.sheets if sheet.total is not None and sheet.dropped is None]
    if take is None or not counted:
        return None
    marks = {each.criterion: {judge: mark for judge, mark, _ in each.marks} for each in panel.components}
    value = take([
        total([weighted(criterion, marks[criterion.id][judge]) for criterion in below]) for judge in counted
    ])
    return value if round.panel.rounding is None else round.panel.rounding.apply(value)
