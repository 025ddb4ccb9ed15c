"""What happens to the panel's score afterwards, in order: adjustments with caps, rounding steps, floor and ceiling."""
from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from contest.rules.facts import AdjustmentFact
from contest.rules.numbers import EXACT, ONE, ZERO, Rounding, shown, total
from contest.rules.outcome import AppliedAdjustment, Step
from contest.rules.shape import (
    Adjust,
    AdjustmentKind,
    Apply,
    Ceiling,
    ChainStep,
    Family,
    Floor,
    Plus,
    RoundRules,
    Times,
)


def clamped(value: Decimal, low: Decimal | None, high: Decimal | None) -> Decimal:
    """`value`, not below low and not above high."""
    if low is not None and value < low:
        return low
    return high if high is not None and value > high else value


def missing_values(kinds: Sequence[AdjustmentKind], values: Sequence[AdjustmentFact]) -> list[AdjustmentKind]:
    """The required kinds (measured values) of which nothing has been recorded."""
    return [kind for kind in kinds if kind.required and not any(value.kind == kind.id for value in values)]


def run_chain(
    round: RoundRules, links: Sequence[ChainStep], score: Decimal, values: Sequence[AdjustmentFact], places: int,
    families: dict[str, Decimal] | None = None,
) -> tuple[Decimal, tuple[AppliedAdjustment, ...], list[Step]]:
    """The score after these links, what each kind did, and the steps; `places` are the decimals they are said with.

    `families` keeps each family's sum so far, where this is a further part of a chain. A scaling is none of its links.
    """
    applied: list[AppliedAdjustment] = []
    steps: list[Step] = []
    families = {} if families is None else families
    for link in links:
        if isinstance(link, Adjust):
            for id in link.kinds:
                kind = round.adjustment(id)
                own = [value.value for value in values if value.kind == id]
                if kind is None or not own:
                    continue
                if kind.apply is Apply.MULTIPLY:
                    effect, said = _product(kind, own)
                    score = EXACT.multiply(score, effect)
                else:
                    effect, said = _sum(kind, own, round, families, places)
                    score = EXACT.add(score, effect)
                applied.append(AppliedAdjustment(id, effect))
                steps.extend(said)
        elif isinstance(link, Times):
            before, score = score, EXACT.multiply(score, link.by)
            args = {"before": shown(before, places), "factor": shown(link.by, 0), "value": shown(score, places)}
            steps.append(Step("times", args))
        elif isinstance(link, Plus):
            score = EXACT.add(score, link.add)
            args = {"value": shown(abs(link.add), places)}
            steps.append(Step("constant_added" if link.add >= 0 else "constant_deducted", args))
        elif isinstance(link, Rounding | Floor | Ceiling):
            changed = _limited(link, score)
            if changed != score:
                steps.append(_limit_step(link, score, changed, places))
            score = changed
    return score, tuple(applied), steps


def _product(kind: AdjustmentKind, values: list[Decimal]) -> tuple[Decimal, list[Step]]:
    factor = ONE
    for value in values:
        factor = EXACT.multiply(factor, value)
    return factor, [Step("multiplied", {"kind": kind.title, "factor": shown(factor, 0)})]


def _sum(
    kind: AdjustmentKind, values: list[Decimal], round: RoundRules, families: dict[str, Decimal], places: int,
) -> tuple[Decimal, list[Step]]:
    """The sum of one kind after its own cap and the family's; `families` keeps each family's sum so far."""
    recorded = total([kind.acting(value) for value in values]) if kind.is_measured else total(values)
    effect = clamped(recorded, kind.sum_min, kind.sum_max)
    steps: list[Step] = []
    if effect != recorded:
        steps.append(_cap_step(kind.title, recorded, effect, places))
    family = None if kind.family is None else round.families.get(kind.family)
    if family is not None:
        before = families.get(family.id, ZERO)
        after = EXACT.add(before, effect)
        families[family.id] = after
        within = EXACT.subtract(_in_family(family, after), _in_family(family, before))
        if within != effect:
            steps.append(_cap_step(family.title, after, _in_family(family, after), places))
        effect = within
    args: dict[str, Any] = {"kind": kind.title, "value": shown(abs(effect), places)}
    if kind.is_measured:
        args["recorded"] = [shown(value, 0) for value in values]
        return effect, [*steps, Step("measured_added" if effect >= 0 else "measured_deducted", args)]
    return effect, [*steps, Step("added" if effect >= 0 else "deducted", args)]


def _in_family(family: Family, value: Decimal) -> Decimal:
    return clamped(value, family.sum_min, family.sum_max)


def _cap_step(title: object, recorded: Decimal, effect: Decimal, places: int) -> Step:
    return Step("capped", {"kind": title, "recorded": shown(recorded, places), "cap": shown(effect, places)})


def limits(links: Sequence[ChainStep], score: Decimal, places: int) -> tuple[Decimal, list[Step]]:
    """The score after roundings, floors and ceilings alone, as they stand after the rounds have been put together."""
    steps = []
    for link in links:
        if isinstance(link, Rounding | Floor | Ceiling):
            changed = _limited(link, score)
            if changed != score:
                steps.append(_limit_step(link, score, changed, places))
            score = changed
    return score, steps


def _limited(link: Rounding | Floor | Ceiling, score: Decimal) -> Decimal:
    if isinstance(link, Rounding):
        return link.apply(score)
    return max(score, link.at) if isinstance(link, Floor) else min(score, link.at)


def _limit_step(link: Rounding | Floor | Ceiling, before: Decimal, after: Decimal, places: int) -> Step:
    if isinstance(link, Rounding):
        return Step(f"rounded_{link.mode}", {"before": shown(before, 0), "decimals": link.decimals, "value": after})
    code = "floored" if isinstance(link, Floor) else "ceiled"
    return Step(code, {"before": shown(before, places), "value": shown(after, places)})
