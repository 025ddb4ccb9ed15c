"""From sheets to the panel's score: who is waited for, what counts, factors, rounding."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from contest.rules.counting import drops_of, taken, taking_steps, too_few, voted
from contest.rules.numbers import EXACT, ZERO, shown
from contest.rules.outcome import ComponentScore, SheetScore, Status, Step
from contest.rules.shape import Criterion, Missing, PanelOf, PanelRule, RoundRules, Take
from contest.rules.sheets import Sheet

# Who gave which marks, judge by judge.
Given = tuple[tuple[str, Mapping[str, Decimal]], ...]


@dataclass(frozen=True, slots=True)
class PanelScore:
    """What the panel gives: score None with a status where it cannot be computed."""

    sheets: tuple[SheetScore, ...]
    components: tuple[ComponentScore, ...]
    score: Decimal | None
    status: Status | None
    steps: tuple[Step, ...]


def given_by(sheets: Sequence[Sheet]) -> Given:
    """What the sheets of an appearance say, without what becomes of them."""
    return tuple([(sheet.judge, sheet.marks) for sheet in sheets])


def panel_score(
    round: RoundRules, sheets: list[Sheet], raw: tuple[ComponentScore, ...] | None = None,
) -> PanelScore:
    """The panel's score of one appearance; where the round has no judges it is 0.

    `raw` is raw_components() of these sheets, where somebody has it already.
    """
    if not round.is_judged:
        return PanelScore((), (), ZERO, None, ())
    if raw is None:
        raw = raw_components(round, given_by(sheets))
    if round.panel.take is Take.MAJORITY:
        return _of_places(round, sheets, raw)
    return _of_sheets(round, sheets, raw) if round.panel.of is PanelOf.SHEETS else _of_criteria(round, sheets, raw)


def _waiting(round: RoundRules, sheets: list[Sheet]) -> tuple[Status, Step] | None:
    """Why nothing can be said yet: nobody has marked, or marks are missing and the rule waits for them."""
    if not any(sheet.marks or sheet.unplaced for sheet in sheets):
        return Status.WAITING, Step("waiting", {})
    if round.panel.missing is Missing.INCOMPLETE:
        judges = [sheet.judge for sheet in sheets if not sheet.complete]
        if judges:
            return Status.INCOMPLETE, Step("incomplete", {"judges": judges})
    return None


def raw_components(round: RoundRules, given: Given) -> tuple[ComponentScore, ...]:
    """Each criterion's marks as they were given, judge by judge: of a panel that drops no marks of a criterion."""
    return tuple([
        ComponentScore(
            criterion.id,
            tuple([(judge, marks[criterion.id], None) for judge, marks in given if criterion.id in marks]),
            None, None, None,
        )
        for criterion in round.criteria
    ])


def _sheet_score(sheet: Sheet, drop: str | None) -> SheetScore:
    value = None if sheet.value is sheet.total else sheet.value
    return SheetScore(sheet.judge, sheet.seat, sheet.total, drop, value, sheet.place)


def _undropped(sheets: list[Sheet]) -> tuple[SheetScore, ...]:
    return tuple(_sheet_score(sheet, None) for sheet in sheets)


def _of_sheets(round: RoundRules, sheets: list[Sheet], raw: tuple[ComponentScore, ...]) -> PanelScore:
    panel = round.panel
    places = panel.rounding.decimals if panel.rounding is not None else 0
    waiting = _waiting(round, sheets)
    if waiting is not None:
        return PanelScore(_undropped(sheets), raw, None, waiting[0], (waiting[1],))
    there = [sheet.value for sheet in sheets if sheet.value is not None]
    steps: list[Step] = []
    left_out = [sheet.judge for sheet in sheets if not sheet.complete]
    if left_out:
        steps.append(Step("left_out", {"judges": left_out}))
    if too_few(panel, there):
        steps.append(Step("too_few_marks", {"count": len(there), "least": panel.min_marks}))
        return PanelScore(_undropped(sheets), raw, None, Status.TOO_FEW_MARKS, tuple(steps))
    if panel.size is not None and len(there) < panel.size:
        steps.append(Step("reduced_panel", {"count": len(there), "size": panel.size}))
    drops = drops_of(panel, there)
    score = taken(panel, [value for value, drop in zip(there, drops, strict=True) if drop is None])
    if panel.need is None:
        code = "places" if round.sheet is not None and round.sheet.gives_places else "panel"
        steps.extend(taking_steps(code, panel, there, drops, None, value=shown(score, places)))
    else:
        score, said = voted(panel, score, len(there))
        steps.extend(said)
    marked = iter(drops)
    scores = tuple([_sheet_score(sheet, sheet.set_aside if sheet.value is None else next(marked)) for sheet in sheets])
    return PanelScore(scores, raw, score, None, tuple(steps))


def _of_places(round: RoundRules, sheets: list[Sheet], raw: tuple[ComponentScore, ...]) -> PanelScore:
    """Places by majority are given to the whole field at once: here is only whether this entry can take part."""
    blank = tuple(SheetScore(sheet.judge, sheet.seat, None, None) for sheet in sheets)
    waiting = _waiting(round, sheets)
    status, steps = (None, ()) if waiting is None else (waiting[0], (waiting[1],))
    return PanelScore(blank, raw, None, status, steps)


def _of_criteria(round: RoundRules, sheets: list[Sheet], raw: tuple[ComponentScore, ...]) -> PanelScore:
    panel = round.panel
    blank = tuple(SheetScore(sheet.judge, sheet.seat, None, None) for sheet in sheets)
    waiting = _waiting(round, sheets)
    if waiting is not None:
        return PanelScore(blank, raw, None, waiting[0], (waiting[1],))
    components: list[ComponentScore] = []
    steps: list[Step] = []
    score = ZERO
    few = False
    for criterion in round.criteria:
        judges = [sheet.judge for sheet in sheets if criterion.id in sheet.marks]
        marks = [sheet.marks[criterion.id] for sheet in sheets if criterion.id in sheet.marks]
        if too_few(panel, marks):
            few = True
            steps.append(Step("too_few_marks_for", {
                "criterion": criterion.title, "count": len(marks), "least": panel.min_marks,
            }))
            undropped = tuple((judge, mark, None) for judge, mark in zip(judges, marks, strict=True))
            components.append(ComponentScore(criterion.id, undropped, None, None, None))
            continue
        component, said = _component(panel, criterion, judges, marks)
        components.append(component)
        if len(marks) < len(sheets):
            steps.append(Step("left_out_for", {"criterion": criterion.title, "judges": [
                sheet.judge for sheet in sheets if criterion.id not in sheet.marks
            ]}))
        steps.extend(said)
        if criterion.weight:
            score = EXACT.add(score, component.value or ZERO)
    if few:
        return PanelScore(blank, tuple(components), None, Status.TOO_FEW_MARKS, tuple(steps))
    if len(components) > 1:
        steps.append(Step("components", {"value": shown(score, 0)}))
    return PanelScore(blank, tuple(components), score, None, tuple(steps))


def _component(
    panel: PanelRule, criterion: Criterion, judges: list[str], marks: list[Decimal],
) -> tuple[ComponentScore, list[Step]]:
    drops = drops_of(panel, marks)
    middle = taken(panel, [mark for mark, drop in zip(marks, drops, strict=True) if drop is None])
    places = panel.rounding.decimals if panel.rounding is not None else 0
    factor = panel.factors.get(criterion.id)
    more: dict[str, object] = {"mean": shown(middle, places)}
    value = middle
    code = "component"
    if factor is not None:
        value = EXACT.multiply(middle, factor)
        if panel.factor_rounding is not None:
            value = panel.factor_rounding.apply(value)
        more |= {"factor": shown(factor, 0), "value": shown(value, places)}
        code = "factored"
    steps = taking_steps(code, panel, marks, drops, criterion.title, **more)
    return ComponentScore(criterion.id, tuple(zip(judges, marks, drops, strict=True)), middle, factor, value), steps
