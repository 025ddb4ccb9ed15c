"""From sheets to the panel's score: dropping, mean, sum or median, factors, rounding."""
from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from contest.rules.numbers import EXACT, ZERO, mean, median, shown, total
from contest.rules.outcome import ComponentScore, SheetScore, Status, Step
from contest.rules.shape import Criterion, Missing, PanelOf, PanelRule, RoundRules, Take, Trim
from contest.rules.sheets import Sheet


@dataclass(frozen=True, slots=True)
class PanelScore:
    """What the panel gives: score None with a status where it cannot be computed."""

    sheets: tuple[SheetScore, ...]
    components: tuple[ComponentScore, ...]
    score: Decimal | None
    status: Status | None
    steps: tuple[Step, ...]


def panel_score(round: RoundRules, sheets: list[Sheet]) -> PanelScore:
    """The panel's score of one appearance; where the round has no judges it is 0."""
    if not round.is_judged:
        return PanelScore((), (), ZERO, None, ())
    return _of_sheets(round, sheets) if round.panel.of is PanelOf.SHEETS else _of_criteria(round, sheets)


def dropped(marks: list[Decimal], trim: Trim) -> list[str | None]:
    """Which marks are dropped ("high", "low") and which count (None). Of equal extremes only as many as ruled."""
    marked: list[str | None] = [None] * len(marks)
    order = sorted(range(len(marks)), key=marks.__getitem__)
    for index in order[:trim.low]:
        marked[index] = "low"
    for index in order[len(order) - trim.high:]:
        marked[index] = "high"
    return marked


def _taken(panel: PanelRule, counted: list[Decimal]) -> Decimal:
    value = {Take.MEAN: mean, Take.SUM: total, Take.MEDIAN: median}[panel.take](counted)
    return value if panel.rounding is None else panel.rounding.apply(value)


def _too_few(panel: PanelRule, marks: int) -> bool:
    trim = panel.trim_for(marks)
    return marks < panel.min_marks or marks <= trim.high + trim.low


def _panel_step(
    code: str, places: int, marks: list[Decimal], drops: list[str | None], take: Take, **more: object,
) -> Step:
    """One step for the panel or a criterion; the code names what was taken and what was dropped."""
    high = sorted([m for m, d in zip(marks, drops, strict=True) if d == "high"], reverse=True)
    low = sorted([m for m, d in zip(marks, drops, strict=True) if d == "low"])
    side = ("both" if low else "high") if high else ("low" if low else "all")
    return Step(f"{code}_{take}_{side}", {
        **more,
        **({"high": [shown(m, places) for m in high]} if high else {}),
        **({"low": [shown(m, places) for m in low]} if low else {}),
        "count": len(marks) - len(high) - len(low),
    })


def _waiting(round: RoundRules, sheets: list[Sheet]) -> tuple[Status, Step] | None:
    """Why nothing can be said yet: nobody has marked, or marks are missing and the rule waits for them."""
    if not any(sheet.marks or sheet.unplaced for sheet in sheets):
        return Status.WAITING, Step("waiting", {})
    if round.panel.missing is Missing.INCOMPLETE:
        judges = [sheet.judge for sheet in sheets if not sheet.complete]
        if judges:
            return Status.INCOMPLETE, Step("incomplete", {"judges": judges})
    return None


def _raw_components(round: RoundRules, sheets: list[Sheet]) -> tuple[ComponentScore, ...]:
    return tuple([
        ComponentScore(
            criterion.id,
            tuple([(sheet.judge, sheet.marks[criterion.id], None) for sheet in sheets if criterion.id in sheet.marks]),
            None, None, None,
        )
        for criterion in round.criteria
    ])


def _sheet_score(sheet: Sheet, drop: str | None) -> SheetScore:
    value = None if sheet.value is sheet.total else sheet.value
    value = None if sheet.value is sheet.total else sheet.value
    return SheetScore(sheet.judge, sheet.seat, sheet.total, drop, value, sheet.place)


def _undropped(sheets: list[Sheet]) -> tuple[SheetScore, ...]:
    return tuple(_sheet_score(sheet, None) for sheet in sheets)


def _of_sheets(round: RoundRules, sheets: list[Sheet]) -> PanelScore:
    panel = round.panel
    places = panel.rounding.decimals if panel.rounding is not None else 0
    components = _raw_components(round, sheets)
    waiting = _waiting(round, sheets)
    if waiting is not None:
        return PanelScore(_undropped(sheets), components, None, waiting[0], (waiting[1],))
    there = [sheet.value for sheet in sheets if sheet.value is not None]
    steps: list[Step] = []
    left_out = [sheet.judge for sheet in sheets if not sheet.complete]
    if left_out:
        steps.append(Step("left_out", {"judges": left_out}))
    if _too_few(panel, len(there)):
        steps.append(Step("too_few_marks", {"count": len(there), "least": panel.min_marks}))
        return PanelScore(_undropped(sheets), components, None, Status.TOO_FEW_MARKS, tuple(steps))
    if panel.size is not None and len(there) < panel.size:
        steps.append(Step("reduced_panel", {"count": len(there), "size": panel.size}))
    drops = dropped(there, panel.trim_for(len(there)))
    score = _taken(panel, [value for value, drop in zip(there, drops, strict=True) if drop is None])
    steps.append(_panel_step("panel", places, there, drops, panel.take, value=shown(score, places)))
    marked = iter(drops)
    scores = tuple([_sheet_score(sheet, None if sheet.value is None else next(marked)) for sheet in sheets])
    return PanelScore(scores, components, score, None, tuple(steps))


def _of_criteria(round: RoundRules, sheets: list[Sheet]) -> PanelScore:
    panel = round.panel
    blank = tuple(SheetScore(sheet.judge, sheet.seat, None, None) for sheet in sheets)
    waiting = _waiting(round, sheets)
    if waiting is not None:
        return PanelScore(blank, _raw_components(round, sheets), None, waiting[0], (waiting[1],))
    components: list[ComponentScore] = []
    steps: list[Step] = []
    score = ZERO
    few = False
    for criterion in round.criteria:
        judges = [sheet.judge for sheet in sheets if criterion.id in sheet.marks]
        marks = [sheet.marks[criterion.id] for sheet in sheets if criterion.id in sheet.marks]
        if _too_few(panel, len(marks)):
            few = True
            steps.append(Step("too_few_marks_for", {
                "criterion": criterion.title, "count": len(marks), "least": panel.min_marks,
            }))
            undropped = tuple((judge, mark, None) for judge, mark in zip(judges, marks, strict=True))
            components.append(ComponentScore(criterion.id, undropped, None, None, None))
            continue
        component, step = _component(panel, criterion, judges, marks)
        components.append(component)
        if len(marks) < len(sheets):
            steps.append(Step("left_out_for", {"criterion": criterion.title, "judges": [
                sheet.judge for sheet in sheets if criterion.id not in sheet.marks
            ]}))
        steps.append(step)
        if criterion.weight:
            score = EXACT.add(score, component.value or ZERO)
    if few:
        return PanelScore(blank, tuple(components), None, Status.TOO_FEW_MARKS, tuple(steps))
    if len(components) > 1:
        steps.append(Step("components", {"value": shown(score, 0)}))
    return PanelScore(blank, tuple(components), score, None, tuple(steps))


def _component(
    panel: PanelRule, criterion: Criterion, judges: list[str], marks: list[Decimal],
) -> tuple[ComponentScore, Step]:
    drops = dropped(marks, panel.trim_for(len(marks)))
    taken = _taken(panel, [mark for mark, drop in zip(marks, drops, strict=True) if drop is None])
    places = panel.rounding.decimals if panel.rounding is not None else 0
    factor = panel.factors.get(criterion.id)
    more: dict[str, object] = {"criterion": criterion.title, "mean": shown(taken, places)}
    value = taken
    code = "component"
    if factor is not None:
        value = EXACT.multiply(taken, factor)
        if panel.factor_rounding is not None:
            value = panel.factor_rounding.apply(value)
        more |= {"factor": shown(factor, 0), "value": shown(value, places)}
        code = "factored"
    step = _panel_step(code, places, marks, drops, panel.take, **more)
    return ComponentScore(criterion.id, tuple(zip(judges, marks, drops, strict=True)), taken, factor, value), step
