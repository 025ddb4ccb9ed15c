"""Which of a panel's marks count, and what is taken of those that do."""
from __future__ import annotations

from decimal import Decimal

from contest.rules.numbers import EXACT, ONE, ZERO, mean, median, shown, total
from contest.rules.outcome import Step
from contest.rules.shape import PanelRule, Take, Text, Trim

_TAKEN = {Take.MEAN: mean, Take.SUM: total, Take.MEDIAN: median}


def dropped(marks: list[Decimal], trim: Trim) -> list[str | None]:
    """Which marks are dropped ("high", "low") and which count (None). Of equal extremes only as many as ruled."""
    marked: list[str | None] = [None] * len(marks)
    order = sorted(range(len(marks)), key=marks.__getitem__)
    for index in order[:trim.low]:
        marked[index] = "low"
    for index in order[len(order) - trim.high:]:
        marked[index] = "high"
    return marked


def drops_of(panel: PanelRule, marks: list[Decimal]) -> list[str | None]:
    """Which marks this panel drops: a number at each end, all but the middle ones, or those far from the median."""
    if panel.drop_beyond is None:
        return dropped(marks, panel.trim_for(len(marks)))
    centre, limit = median(marks), panel.drop_beyond
    return [
        "high" if mark - centre > limit else "low" if centre - mark > limit else None for mark in marks
    ]


def too_few(panel: PanelRule, marks: list[Decimal]) -> bool:
    """Whether there are fewer marks than the rule needs, or none would be left of them."""
    if len(marks) < panel.min_marks:
        return True
    if panel.drop_beyond is not None:
        return all(drops_of(panel, marks))
    trim = panel.trim_for(len(marks))
    return len(marks) <= trim.high + trim.low


def taken(panel: PanelRule, counted: list[Decimal]) -> Decimal:
    """Mean, sum or median of the marks that count, rounded where the rule says so."""
    if merges(panel, counted):
        ordered = sorted(counted)
        counted = [*ordered[1:-1], EXACT.divide(ordered[0] + ordered[-1], Decimal(2))]
    value = _TAKEN[panel.take](counted)
    return value if panel.rounding is None else panel.rounding.apply(value)


def merges(panel: PanelRule, counted: list[Decimal]) -> bool:
    """Whether the highest and the lowest mark become one: of two marks that would be their mean anyway."""
    return panel.merge_extremes and len(counted) > 2


def taking_steps(
    code: str, panel: PanelRule, marks: list[Decimal], drops: list[str | None], title: Text | None, **more: object,
) -> list[Step]:
    """What was dropped and what was taken, of the panel or of one criterion."""
    places = panel.rounding.decimals if panel.rounding is not None else 0
    named: dict[str, object] = {} if title is None else {"criterion": title}
    counted = [mark for mark, drop in zip(marks, drops, strict=True) if drop is None]
    if merges(panel, counted):
        high, low = max(counted), min(counted)
        return [Step(f"{code}_{panel.take}_merged", {
            **named, **more, "high": shown(high, places), "low": shown(low, places),
            "merged": shown(EXACT.divide(high + low, Decimal(2)), places), "count": len(counted) - 2,
        })]
    steps: list[Step] = []
    if panel.drop_beyond is not None:
        far = sorted(mark for mark, drop in zip(marks, drops, strict=True) if drop is not None)
        if far:
            steps.append(Step("far_from_median" if title is None else "far_from_median_for", {
                **named, "median": shown(median(marks), places), "limit": shown(panel.drop_beyond, 0),
                "marks": [shown(mark, places) for mark in far],
            }))
        return [*steps, Step(f"{code}_{panel.take}_all", {**named, **more, "count": len(counted)})]
    high_marks = sorted([m for m, d in zip(marks, drops, strict=True) if d == "high"], reverse=True)
    low_marks = sorted([m for m, d in zip(marks, drops, strict=True) if d == "low"])
    side = ("both" if low_marks else "high") if high_marks else ("low" if low_marks else "all")
    return [Step(f"{code}_{panel.take}_{side}", {
        **named, **more,
        **({"high": [shown(m, places) for m in high_marks]} if high_marks else {}),
        **({"low": [shown(m, places) for m in low_marks]} if low_marks else {}),
        "count": len(counted),
    })]


def voted(panel: PanelRule, passes: Decimal, present: int) -> tuple[Decimal, list[Step]]:
    """1 where at least the needed share of those present said pass, else 0; without a needed share the passes."""
    need = panel.need
    if need is None:
        return passes, []
    carried = passes * need.denominator >= need.numerator * present
    share = f"{need.numerator}/{need.denominator}"
    return ONE if carried else ZERO, [Step("carried" if carried else "not_carried", {
        "passes": shown(passes, 0), "present": present, "need": share,
    })]
