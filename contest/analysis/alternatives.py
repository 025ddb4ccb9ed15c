"""The same facts under another panel rule: what a plain mean, a trimmed mean or a median would have made of them."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

from contest.analysis.marks import are_points, keeps_points, on_own_scale
from contest.rules import Facts, Outcome, PanelRule, Rounding, RoundingMode, RoundRules, Rules, Take, Trim, compute

# A rule that takes the median needs no rounding; the mean that stands in for it is rounded as most rules do.
USUAL = Rounding(2, RoundingMode.HALF_UP)


class Way(StrEnum):
    """Another way of taking the panel's number."""

    MEAN = "mean"
    TRIMMED = "trimmed"
    MEDIAN = "median"


_TAKES = {
    Way.MEAN: (Take.MEAN, Trim(0, 0), 1), Way.TRIMMED: (Take.MEAN, Trim(1, 1), 3),
    Way.MEDIAN: (Take.MEDIAN, Trim(0, 0), 1),
}  # fmt: skip


def comparable(rules: RoundRules) -> bool:
    """Whether other ways say something about a round: its marks are points, and what is added or taken off later would
    weigh the same.

    Where the rule takes a sum, a penalty weighs as many times more against a mean as there are judges; where it works
    with standard scores or places, a penalty is in their units. Without any such values every way can be compared.
    """
    return all(
        are_points(each) and (not each.adjustments or (keeps_points(each) and str(each.panel.take) != "sum"))
        for each in (rules, *rules.divisions.values())
    )


def counted(rules: Rules, facts: Facts, round_: str, way: Way) -> Outcome:
    """The outcome with the round's panel rule changed to `way` and everything else as it is, penalties and ties too.

    Where the panel works with standard scores, places or points for places, it works with the marks themselves instead,
    and the highest wins.
    """
    changed = _changed(rules.rounds[round_], way)
    return compute(replace(rules, rounds={**rules.rounds, round_: changed}), facts)


def _changed(rules: RoundRules, way: Way) -> RoundRules:
    divisions = {code: _changed(own, way) for code, own in rules.divisions.items()}
    changed = replace(rules, panel=_panel(rules.panel, way), divisions=divisions)
    return changed if on_own_scale(rules) else replace(changed, sheet=None, ranking=type(rules.ranking)())


def _panel(panel: PanelRule, way: Way) -> PanelRule:
    take, trim, least = _TAKES[way]
    return replace(
        panel, take=take, trim=trim, by_size={}, rounding=panel.rounding or USUAL, min_marks=max(least, panel.min_marks)
    )
