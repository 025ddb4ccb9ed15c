"""Between the sheets and the panel: what is done to each judge's sheets over all the entries that judge has marked."""
from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable
from typing import TYPE_CHECKING

from contest.rules.ballots import count_ballots, give_places, give_points
from contest.rules.normalising import normalise
from contest.rules.outcome import Step
from contest.rules.shape_sheet import NormaliseBy, RankRule, RankTies, Scope, SheetRule

if TYPE_CHECKING:
    from contest.rules.scoring import Tally


def between_judges(tallies: Iterable[Tally]) -> None:
    """Put what the panel works with into every sheet's `value`, and say so in the attempt's steps.

    Only what a round's [sheet] asks for happens. Entries are looked at together as the rule's scope says, and only
    with others that are marked on the same criteria.
    """
    asked = [tally for tally in tallies if tally.rules.sheet is not None]
    if not asked:
        return
    for tally in asked:
        _own_values(tally)
    for field in _fields(asked):
        _one_field(field)


def _own_values(tally: Tally) -> None:
    """A sheet's sum rounded; where the marks are places, it is the place that this judge gave."""
    rule = tally.rules.sheet
    if rule is None or (rule.rounding is None and not rule.handed_in):
        return
    for attempt in tally.tries:
        for sheet in attempt.sheets:
            if sheet.value is not None and rule.rounding is not None:
                sheet.value = rule.rounding.apply(sheet.value)
            if rule.handed_in:
                sheet.place = sheet.value


def _fields(tallies: list[Tally]) -> list[list[Tally]]:
    """The entries that are looked at together."""
    fields: dict[Hashable, list[Tally]] = {}
    same: dict[int, Hashable] = {}
    for tally in tallies:
        rules = tally.rules
        if (key := same.get(id(rules))) is None:
            key = same[id(rules)] = (rules.sheet, tuple(criterion.id for criterion in rules.criteria))
        scope = _scope(rules.sheet)
        within = tally.division if scope is Scope.DIVISION else tally.appearance.panel if scope is Scope.PANEL else None
        fields.setdefault((key, within), []).append(tally)
    return list(fields.values())


def _say_unequal_loads(field: list[Tally]) -> None:
    """A third place of three is not a third place of ten: said where judges have marked different numbers."""
    loads: Counter[str] = Counter(
        sheet.judge for tally in field for attempt in tally.tries for sheet in attempt.sheets if sheet.place is not None
    )
    if len(set(loads.values())) > 1:
        said = Step("unequal_loads", {"least": min(loads.values()), "most": max(loads.values())})
        for tally in field:
            for attempt in tally.tries:
                if any(sheet.place is not None for sheet in attempt.sheets):
                    attempt.steps.append(said)


def _scope(rule: SheetRule | None) -> Scope:
    if rule is None:
        return Scope.ROUND
    part = rule.normalise or rule.rank or rule.ballot
    return Scope.ROUND if part is None else part.scope


def _one_field(field: list[Tally]) -> None:
    rule = field[0].rules.sheet
    if rule is None:
        return
    if rule.normalise is not None:
        if rule.normalise.by is NormaliseBy.RANK_MEAN:
            own = rule.normalise
            give_places(field, rule, RankRule(RankTies.MEAN, None, own.scope, own.withdrawn))
            for tally in field:
                for attempt in tally.tries:
                    for sheet in attempt.sheets:
                        sheet.value = None if sheet.place is None else own.rounding.apply(sheet.place)
            _say_unequal_loads(field)
        else:
            normalise(field, rule.normalise)
        return
    if rule.ballot is not None:
        count_ballots(field, rule.ballot)
    if rule.rank is not None:
        give_places(field, rule, rule.rank)
    if rule.points is not None:
        give_points(field, rule.points)
