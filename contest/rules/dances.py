"""Places by the skating system in a round: every criterion is a dance, every judge gives every entry a place in it."""
from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from contest.rules.numbers import shown
from contest.rules.outcome import Status, Step
from contest.rules.shape import Criterion, Take
from contest.rules.skating_system import DancePlace, FinalPlace, all_dances, one_dance

if TYPE_CHECKING:
    from contest.rules.scoring import Tally


@dataclass(slots=True)
class _Dance:
    """One dance: who judged every entry, the entries' marks in the judges' order, their places."""

    criterion: Criterion
    judges: list[str]
    passed_over: list[str]
    marks: dict[str, list[Decimal]]
    majority: int
    places: dict[str, DancePlace] = field(default_factory=dict)


def place_by_majority(tallies: list[Tally]) -> None:
    """Give the entries of each division their places, where the panel takes the majority.

    The score is the place, with several dances the sum of the places in them. A judge who has no mark for one of the
    entries (recused, void) cannot be compared and is passed over in that dance, which is said.
    """
    fields: dict[tuple[int, str | None], list[Tally]] = {}
    for tally in tallies:
        if tally.rules.panel.take is Take.MAJORITY and tally.left is None and tally.tries[0].status is None:
            fields.setdefault((id(tally.rules), tally.division), []).append(tally)
    for field_ in fields.values():
        _one_field(field_)


def _one_field(tallies: list[Tally]) -> None:
    rules = tallies[0].rules
    dances = [_dance(criterion, tallies) for criterion in rules.criteria]
    fewest = min(len(dance.judges) for dance in dances)
    if fewest < rules.panel.min_marks:
        for tally in tallies:
            attempt = tally.tries[0]
            attempt.status = Status.TOO_FEW_MARKS
            attempt.steps.append(Step("too_few_marks", {"count": fewest, "least": rules.panel.min_marks}))
        return
    for dance in dances:
        dance.places = one_dance(dance.marks, dance.majority)
    final: dict[str, FinalPlace] = {}
    if len(dances) > 1:
        entries = [tally.appearance.entry for tally in tallies]
        pooled = {entry: [mark for dance in dances for mark in dance.marks[entry]] for entry in entries}
        majority = sum(len(dance.judges) for dance in dances) // 2 + 1
        own = {entry: [dance.places[entry].place for dance in dances] for entry in entries}
        final = all_dances(own, pooled, majority)
    for tally in tallies:
        _settle(tally, dances, final.get(tally.appearance.entry))


def _dance(criterion: Criterion, tallies: list[Tally]) -> _Dance:
    given = {
        tally.appearance.entry: {
            sheet.judge: sheet.marks[criterion.id] for sheet in tally.tries[0].sheets if criterion.id in sheet.marks
        }
        for tally in tallies
    }
    seen = list(dict.fromkeys(judge for marks in given.values() for judge in marks))
    judges = [judge for judge in seen if all(judge in marks for marks in given.values())]
    return _Dance(
        criterion, judges, [judge for judge in seen if judge not in judges],
        {entry: [marks[judge] for judge in judges] for entry, marks in given.items()}, len(judges) // 2 + 1,
    )


def _settle(tally: Tally, dances: list[_Dance], final: FinalPlace | None) -> None:
    """The entry's places into its attempt: components, score and the steps that say how they came about."""
    attempt, entry = tally.tries[0], tally.appearance.entry
    for dance in dances:
        attempt.steps.extend(_dance_steps(dance, entry))
    place = dances[0].places[entry].place if final is None else final.place
    score = place if final is None else final.total
    attempt.score = shown(score, tally.rules.places)
    tally.order = place
    if final is not None:
        attempt.steps.append(Step("dances_total", {"value": attempt.score}))
        attempt.steps.extend(_final_step(*decision) for decision in final.decisions)
    if attempt.panel is not None:
        values = {dance.criterion.id: dance.places[entry].place for dance in dances}
        attempt.panel = replace(attempt.panel, score=attempt.score, components=tuple(
            replace(component, mean=values[component.criterion], value=values[component.criterion])
            for component in attempt.panel.components
        ))


def _dance_steps(dance: _Dance, entry: str) -> list[Step]:
    own = dance.places[entry]
    steps: list[Step] = []
    if dance.passed_over:
        steps.append(Step("dance_judges_out", {"criterion": dance.criterion.title, "judges": dance.passed_over}))
    return [*steps, Step(f"dance_{own.rule}", {
        "criterion": dance.criterion.title, "marks": [shown(mark, 0) for mark in dance.marks[entry]],
        "count": own.count, "column": shown(own.column, 0), "sum": shown(own.total, 0), "majority": dance.majority,
        "place": own.place,
    })]


def _final_step(rule: int, at: Decimal, count: int, total: Decimal) -> Step:
    if rule == 0:
        return Step("dances_shared", {"first": shown(at, 0), "last": shown(at + count - 1, 0)})
    return Step(f"dances_rule_{rule}", {"at": shown(at, 0), "count": count, "sum": shown(total, 0)})
