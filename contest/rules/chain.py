"""What happens to the panel's score afterwards, in order: adjustments with caps, rounding steps, floor and ceiling."""
from __future__ import annotations

from decimal import Decimal

from contest.rules.facts import AdjustmentFact
from contest.rules.numbers import EXACT, ONE, ZERO, Rounding, shown, total
from contest.rules.outcome import AppliedAdjustment, Step
from contest.rules.shape import Adjust, AdjustmentKind, Apply, Ceiling, Family, Floor, RoundRules


def clamped(value: Decimal, low: Decimal | None, high: Decimal | None) -> Decimal:
    """`value`, not below low and not above high."""
    if low is not None and value < low:
        return low
    return high if high is not None and value > high else value


def missing_values(round: RoundRules, values: list[AdjustmentFact]) -> list[AdjustmentKind]:
    """The required kinds (measured values) of which nothing has been recorded."""
    return [kind for kind in round.adjustments if kind.required and not any(value.kind == kind.id for value in values)]


def after_panel(
    round: RoundRules, panel: Decimal, values: list[AdjustmentFact],
) -> tuple[Decimal, tuple[AppliedAdjustment, ...], list[Step]]:
    """The final score, what each kind did, and the steps."""
    score = panel
    applied: list[AppliedAdjustment] = []
    steps: list[Step] = []
    families: dict[str, Decimal] = {}
    for link in round.after:
        if isinstance(link, Adjust):
            for id in link.kinds:
                kind = round.adjustment(id)
                own = [value.value for value in values if value.kind == id]
                if kind is None or not own:
                    continue
                if kind.apply is Apply.MULTIPLY:
                    effect, said = _product(kind, own, round.places)
                    score = EXACT.multiply(score, effect)
                else:
                    effect, said = _sum(kind, own, round, families)
                    score = EXACT.add(score, effect)
                applied.append(AppliedAdjustment(id, effect))
                steps.extend(said)
        else:
            changed = _limited(link, score)
            if changed != score:
                steps.append(_limit_step(link, score, changed, round.places))
            score = changed
    return score, tuple(applied), steps


def _product(kind: AdjustmentKind, values: list[Decimal], places: int) -> tuple[Decimal, list[Step]]:
    factor = ONE
    for value in values:
        factor = EXACT.multiply(factor, value)
    return factor, [Step("multiplied", {"kind": kind.title, "factor": shown(factor, 0)})]


def _sum(
    kind: AdjustmentKind, values: list[Decimal], round: RoundRules, families: dict[str, Decimal],
) -> tuple[Decimal, list[Step]]:
    """The sum of one kind after its own cap and the family's; `families` keeps each family's sum so far."""
    recorded = total(values)
    effect = clamped(recorded, kind.sum_min, kind.sum_max)
    steps: list[Step] = []
    if effect != recorded:
        steps.append(_cap_step(kind.title, recorded, effect, round.places))
    family = None if kind.family is None else round.families.get(kind.family)
    if family is not None:
        before = families.get(family.id, ZERO)
        after = EXACT.add(before, effect)
        families[family.id] = after
        within = EXACT.subtract(_in_family(family, after), _in_family(family, before))
        if within != effect:
            steps.append(_cap_step(family.title, after, _in_family(family, after), round.places))
        effect = within
    code = "added" if effect >= 0 else "deducted"
    return effect, [*steps, Step(code, {"kind": kind.title, "value": shown(abs(effect), round.places)})]


def _in_family(family: Family, value: Decimal) -> Decimal:
    return clamped(value, family.sum_min, family.sum_max)


def _cap_step(title: object, recorded: Decimal, effect: Decimal, places: int) -> Step:
    return Step("capped", {"kind": title, "recorded": shown(recorded, places), "cap": shown(effect, places)})


def _limited(link: Rounding | Floor | Ceiling, score: Decimal) -> Decimal:
    if isinstance(link, Rounding):
        return link.apply(score)
    return max(score, link.at) if isinstance(link, Floor) else min(score, link.at)


def _limit_step(link: Rounding | Floor | Ceiling, before: Decimal, after: Decimal, places: int) -> Step:
    if isinstance(link, Rounding):
        return Step(f"rounded_{link.mode}", {"before": shown(before, 0), "decimals": link.decimals, "value": after})
    code = "floored" if isinstance(link, Floor) else "ceiled"
    return Step(code, {"before": shown(before, places), "value": shown(after, places)})
