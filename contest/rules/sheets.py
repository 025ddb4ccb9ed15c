"""The sheets of an appearance: sittings, marks and rulings put together."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from operator import attrgetter

from contest.rules.facts import AppearanceFact, RulingFact, SittingFact
from contest.rules.grouping import REMOVING, SCORING, RoundFacts, sitting_for
from contest.rules.numbers import EXACT, ONE, ZERO, shown, total
from contest.rules.outcome import Step
from contest.rules.shape import Criterion, Missing, RoundRules

NO_MARKS: Mapping[str, Decimal] = {}
NOTHING_RULED: frozenset[str] = frozenset()


@dataclass(slots=True)
class Sheet:
    """One judge's marks of an appearance, zeros by ruling already put in. `complete`: every criterion has a mark.

    `total` is the sum of its marks (None while incomplete); `value` is what the panel works with: the total, until a
    stage that needs all of a judge's sheets puts something else there. `place` is the place this judge gave the entry,
    where the round works with places; `unplaced`: on a valid ballot this entry has none. `set_aside`
    (high, low): a review of the entry has made it one of those that do not count.
    """

    judge: str
    seat: str | None
    marks: Mapping[str, Decimal]
    complete: bool
    total: Decimal | None
    value: Decimal | None
    place: Decimal | None = None
    unplaced: bool = False
    set_aside: str | None = None
    ruled_zero: frozenset[str] = frozenset()


_parts_of_sheet = attrgetter(*(part.name for part in fields(Sheet)))


def fresh(sheets: Sequence[Sheet]) -> list[Sheet]:
    """Sheets as they are now, for later stages to change: those that are remembered stay what they were."""
    return [Sheet(*_parts_of_sheet(sheet)) for sheet in sheets]


def sheets_for(
    round: RoundRules, of: RoundFacts, appearance: AppearanceFact, attempt: int = 1, role: str = SCORING,
) -> tuple[list[Sheet], list[Step]]:
    """The sheets that count for an attempt of an appearance, and the steps that say what was ruled or replaced."""
    steps: list[Step] = []
    entry_rulings = of.rulings.get(appearance.entry, [])
    rulings = [*of.rulings.get(None, []), *entry_rulings]
    if round.attempts is not None:
        rulings = [ruling for ruling in rulings if ruling.attempt in (None, attempt)]
        entry_rulings = [ruling for ruling in entry_rulings if ruling.attempt in (None, attempt)]
    # Sorted, so that the order of rows never matters: of several reasons why a judge is out the last one here is told.
    removed = {r.judge: r.kind for r in sorted(rulings, key=_ruling_order) if r.kind in REMOVING}
    zeros = sorted([ruling for ruling in entry_rulings if ruling.kind == "zero"], key=_ruling_order)
    given = of.sheets(appearance.entry, attempt)
    criteria = {criterion.id for criterion in round.criteria}
    sheets: list[Sheet] = []
    for sitting in sitting_for(of, appearance, role):
        if sitting.first is not None:
            steps.extend(_substitution(of, sitting))
        if sitting.judge in removed:
            steps.append(Step(removed[sitting.judge], {"judge": sitting.judge}))
            continue
        marks = given.get(sitting.judge, NO_MARKS)
        ruled = _ruled_zero(round.criteria, sitting.judge, zeros) if zeros else NOTHING_RULED
        if ruled:
            marks = {**marks, **dict.fromkeys(sorted(ruled), ZERO)}
        complete = criteria <= marks.keys()
        summed = sum_of(round, marks) if complete else None
        sheets.append(Sheet(sitting.judge, sitting.seat, marks, complete, summed, summed, ruled_zero=ruled))
    if round.panel.missing is Missing.ZERO:
        steps.extend(_zero_missing(round, sheets))
    steps.extend(step for ruling in zeros for step in _zero_steps(round, ruling))
    return sheets, steps


def _ruling_order(ruling: RulingFact) -> tuple[str, ...]:
    return (ruling.kind, ruling.criterion or "", ruling.judge or "")


def sum_of(round: RoundRules, marks: Mapping[str, Decimal]) -> Decimal:
    """What a complete sheet amounts to: each mark times its criterion's weight, added up."""
    return total([
        marks[criterion.id] if criterion.weight is ONE else weighted(criterion, marks[criterion.id])
        for criterion in round.criteria
    ])


def weighted(criterion: Criterion, mark: Decimal) -> Decimal:
    """A mark times its criterion's weight."""
    return mark if criterion.weight is ONE else shown(EXACT.multiply(mark, criterion.weight), 0)


def _ruled_zero(criteria: tuple[Criterion, ...], judge: str, zeros: list[RulingFact]) -> frozenset[str]:
    """The criteria of a judge's sheet that rulings made 0."""
    return frozenset(
        criterion.id for criterion in criteria for ruling in zeros
        if ruling.judge in (None, judge) and ruling.criterion in (None, criterion.id)
    )


def _zero_missing(round: RoundRules, sheets: list[Sheet]) -> list[Step]:
    """Marks that are not there become 0 once anybody has marked, where the rule says so."""
    lacking = [sheet for sheet in sheets if not sheet.complete]
    if not lacking or not any(sheet.marks for sheet in sheets):
        return []
    for sheet in lacking:
        sheet.marks = {criterion.id: sheet.marks.get(criterion.id, ZERO) for criterion in round.criteria}
        sheet.complete, sheet.total = True, sum_of(round, sheet.marks)
        sheet.value = sheet.total
    return [Step("missing_zero", {"judges": [sheet.judge for sheet in lacking]})]


def _zero_steps(round: RoundRules, ruling: RulingFact) -> list[Step]:
    """What a zero ruling says; nothing where it names a criterion that another round has."""
    of = {} if ruling.judge is None else {"judge": ruling.judge}
    if ruling.criterion is None:
        return [Step("zero_sheet_of" if of else "zero_sheet", of)]
    criterion = round.criterion(ruling.criterion)
    if criterion is None:
        return []
    if criterion.zero_if is not None:
        args = {"criterion": criterion.title, **of, "rule": criterion.zero_if}
        return [Step("zero_part_of_if" if of else "zero_part_if", args)]
    return [Step("zero_part_of" if of else "zero_part", {"criterion": criterion.title, **of})]


def _substitution(of: RoundFacts, sitting: SittingFact) -> list[Step]:
    """Said wherever a judge sits on a seat that somebody else had before."""
    if sitting.seat is None or sitting.first is None:
        return []
    before = [
        other for other in of.sittings
        if other.seat == sitting.seat and other.panel == sitting.panel and other.judge != sitting.judge
        and other.last is not None and other.last < sitting.first
    ]
    if not before:
        return []
    latest = max(before, key=lambda other: (other.last or 0, other.judge))
    args = {"seat": sitting.seat, "judge": sitting.judge, "before": latest.judge, "first": sitting.first}
    return [Step("substituted", args)]
