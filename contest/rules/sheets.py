"""Who judges an appearance, and the sheets that come of it: sittings, assignments, marks and rulings put together."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeVar

from contest.rules.facts import AdjustmentFact, AppearanceFact, Facts, RulingFact, SittingFact
from contest.rules.numbers import EXACT, ONE, ZERO, shown, total
from contest.rules.outcome import Step
from contest.rules.shape import Criterion, Missing, RoundRules, Rules

REMOVING = ("void", "recused", "absent")
LEAVING = ("disqualified", "withdrawn")
# Whose sheets make the score, and whose are looked at only where entries are tied.
SCORING, TIEBREAK = "scoring", "tiebreak"
NO_MARKS: Mapping[str, Decimal] = {}
NOTHING_RULED: frozenset[str] = frozenset()
K = TypeVar("K")
V = TypeVar("V")


@dataclass(slots=True)
class RoundFacts:
    """The facts of one round, by entry; what names no entry is kept apart.

    `reviews` are the marks of judges who looked again; without a criterion it is "".
    `marks` are those of the first attempt, by entry, judge and criterion; `later` has the others, by entry, attempt
    and so on.
    """

    appearances: list[AppearanceFact] = field(default_factory=list)
    running: dict[str, int] = field(default_factory=dict)
    sittings: list[SittingFact] = field(default_factory=list)
    assigned: dict[str, set[str]] = field(default_factory=dict)
    marks: dict[str, dict[str, dict[str, Decimal]]] = field(default_factory=dict)
    adjustments: dict[str, list[AdjustmentFact]] = field(default_factory=dict)
    rulings: dict[str | None, list[RulingFact]] = field(default_factory=dict)
    later: dict[str, dict[int, dict[str, dict[str, Decimal]]]] = field(default_factory=dict)
    reviews: dict[str, dict[str, dict[str, Decimal]]] = field(default_factory=dict)
    # Found out from the above: where in `sittings` a judge is, who may judge on a panel, what belongs to one entry.
    seats: dict[str, list[int]] = field(default_factory=dict, compare=False)
    panels: dict[str | None, list[SittingFact]] = field(default_factory=dict, compare=False)
    parts: dict[str, RoundFacts] = field(default_factory=dict, compare=False)

    def sheets(self, entry: str, attempt: int) -> dict[str, dict[str, Decimal]]:
        """The marks of one attempt of an entry, by judge and criterion."""
        if attempt == 1:
            return self.marks.get(entry, {})
        return self.later.get(entry, {}).get(attempt, {})

    def only(self, appearance: AppearanceFact) -> RoundFacts:
        """What of this belongs to one appearance; as long as that does not change, it is the same object."""
        entry = appearance.entry
        part = self.parts.get(entry)
        if part is None:
            part = self.parts[entry] = RoundFacts(
                [appearance], _at(self.running, entry), self.sittings, _at(self.assigned, entry),
                _at(self.marks, entry), _at(self.adjustments, entry), _at(self.rulings, None, entry),
                _at(self.later, entry), _at(self.reviews, entry), self.seats, self.panels,
            )
        return part

    def forget(self, entry: str | None) -> None:
        """What belongs to an entry has changed; None: what belongs to all of them."""
        if entry is None:
            self.parts.clear()
        else:
            self.parts.pop(entry, None)


def _at(parts: Mapping[K, V], *keys: K) -> dict[K, V]:
    return {key: parts[key] for key in keys if key in parts}


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


def facts_by_round(rules: Rules, facts: Facts) -> dict[str, RoundFacts]:
    """Facts sorted out by round. A blank round means the only one; for sittings and rulings it means every round."""
    rounds = {id: RoundFacts() for id in rules.rounds}
    only = next(iter(rounds)) if len(rounds) == 1 else None
    only_criterion = {
        id: round.criteria[0].id if len(round.criteria) == 1 else "" for id, round in rules.rounds.items()
    }
    for appearance in facts.appearances:
        rounds[appearance.round or only or ""].appearances.append(appearance)
    for sitting in facts.sittings:
        for id in rounds if sitting.round is None else (sitting.round,):
            rounds[id].sittings.append(sitting)
    for assignment in facts.assignments:
        rounds[assignment.round or only or ""].assigned.setdefault(assignment.entry, set()).add(assignment.judge)
    for mark in facts.marks:
        id = mark.round or only or ""
        if mark.kind == "review":
            reviews = rounds[id].reviews.setdefault(mark.entry, {})
            reviews.setdefault(mark.judge, {})[mark.criterion or ""] = mark.mark
            continue
        sheets = rounds[id].marks.get(mark.entry)
        if mark.attempt is not None and mark.attempt > 1:
            sheets = rounds[id].later.setdefault(mark.entry, {}).setdefault(mark.attempt, {})
        elif sheets is None:
            sheets = rounds[id].marks[mark.entry] = {}
        if (sheet := sheets.get(mark.judge)) is None:
            sheet = sheets[mark.judge] = {}
        sheet[mark.criterion or only_criterion[id]] = mark.mark
    for adjustment in facts.adjustments:
        rounds[adjustment.round or only or ""].adjustments.setdefault(adjustment.entry, []).append(adjustment)
    for ruling in facts.rulings:
        for id in rounds if ruling.round is None else (ruling.round,):
            rounds[id].rulings.setdefault(ruling.entry, []).append(ruling)
    for of in rounds.values():
        seat_judges(of, of.sittings if facts.sittings else None)
        put_in_order(of)
    return rounds


def put_in_order(of: RoundFacts) -> None:
    """The appearances of a round in their running order."""
    of.forget(None)
    of.running = running_numbers(of.appearances)
    of.appearances.sort(key=lambda appearance: (of.running[appearance.entry], appearance.entry))
    for panel in {appearance.panel for appearance in of.appearances}:
        of.panels[panel] = [sitting for sitting in of.sittings if serves(sitting, panel)]


def seat_judges(of: RoundFacts, sittings: list[SittingFact] | None) -> None:
    """These sittings in the order of the panel; None: nobody has said who judges, so whoever marked does."""
    of.forget(None)
    of.sittings = sorted(_judges_of_marks(of) if sittings is None else sittings, key=_panel_order)
    of.seats = {}
    for at, sitting in enumerate(of.sittings):
        of.seats.setdefault(sitting.judge, []).append(at)
    of.panels = {panel: [s for s in of.sittings if serves(s, panel)] for panel in of.panels}


def running_numbers(appearances: Sequence[AppearanceFact]) -> dict[str, int]:
    """The running-order number of each entry: `order`, or the position in the list where nobody has one."""
    if all(appearance.order is None for appearance in appearances):
        return {appearance.entry: index for index, appearance in enumerate(appearances, start=1)}
    last = max(appearance.order or 0 for appearance in appearances)
    return {a.entry: last + 1 if a.order is None else a.order for a in appearances}


def _judges_of_marks(of: RoundFacts) -> list[SittingFact]:
    judges = dict.fromkeys(judge for sheets in of.marks.values() for judge in sheets)
    later = (sheets for attempts in of.later.values() for sheets in attempts.values())
    judges.update(dict.fromkeys(judge for sheets in later for judge in sheets))
    return [SittingFact(None, None, judge) for judge in judges]


def _panel_order(sitting: SittingFact) -> tuple[object, ...]:
    """By seat, then by judge, shorter codes first (2 before 10), so that the order of rows never matters."""
    seat, judge = sitting.seat or "", sitting.judge
    return (not seat, len(seat), seat, len(judge), judge, sitting.first or 0, sitting.last or 0)


def serves(sitting: SittingFact, panel: str | None) -> bool:
    """Whether a sitting belongs to a panel: the same one where both name one."""
    return sitting.panel is None or panel is None or sitting.panel == panel


def sits_for(sitting: SittingFact, appearance: AppearanceFact, running: int) -> bool:
    """Whether a sitting covers an appearance: same panel where both name one, running number inside first–last."""
    if not serves(sitting, appearance.panel):
        return False
    return (sitting.first is None or running >= sitting.first) and (sitting.last is None or running <= sitting.last)


def sitting_for(of: RoundFacts, appearance: AppearanceFact, role: str = SCORING) -> list[SittingFact]:
    """The sittings that judge an appearance in this role, one per judge, in the order of the panel."""
    running = of.running[appearance.entry]
    assigned = of.assigned.get(appearance.entry)
    candidates = of.panels[appearance.panel]
    if assigned is not None:
        candidates = [of.sittings[at] for at in sorted(at for judge in assigned for at in of.seats.get(judge, ()))]
    chosen: dict[str, SittingFact] = {}
    for sitting in candidates:
        if sitting.role == role and sits_for(sitting, appearance, running):
            chosen.setdefault(sitting.judge, sitting)
    return list(chosen.values())


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
    return total([weighted(criterion, marks[criterion.id]) for criterion in round.criteria])


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
