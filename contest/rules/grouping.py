"""The facts of a contest sorted out by round and entry: who appears when, who sits for whom, who has marked what."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeVar

from contest.rules.facts import AdjustmentFact, AppearanceFact, Facts, RulingFact, SittingFact
from contest.rules.shape import Rules

REMOVING = ("void", "recused", "absent")
LEAVING = ("disqualified", "withdrawn")
# Whose sheets make the score, and whose are looked at only where entries are tied.
SCORING, TIEBREAK = "scoring", "tiebreak"
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
