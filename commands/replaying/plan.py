"""What a replay will do, worked out before it starts: which tablet sends which messages, and what the desk adds.

Chance has no part in it, so a replay of the same folder sends the same marks and repeats the same messages each time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from sqlalchemy.orm import Session

from contest import queries, showing
from contest.models import Appearance, Contest, Sitting
from contest.rules import AdjustmentFact, Facts, Rules
from contest.rules.shape import Missing

RESENT_EVERY = 8
Marks = dict[str, str | None]


@dataclass(frozen=True)
class Snapshot:
    """One message: the whole sheet as it is at this moment. `resent`: its answer gets lost, so it is sent again."""

    kind: str
    marks: Marks
    resent: bool


@dataclass(frozen=True)
class SheetPlan:
    """All that one judge's tablet sends about one appearance."""

    sitting: int
    judge: str
    seat: str
    round: str
    entry: str
    appearance: str
    snapshots: tuple[Snapshot, ...]


@dataclass(frozen=True)
class Turn:
    """One contestant on stage: whose tablets send what, what the desk adds, and whether the score can be released."""

    round: str
    entry: str
    appearance: str
    sheets: tuple[SheetPlan, ...]
    adjustments: tuple[AdjustmentFact, ...]
    complete: bool


@dataclass
class Plan:
    """The turns in running order."""

    turns: list[Turn] = field(default_factory=list)

    @property
    def held(self) -> set[tuple[str, str]]:
        """The (round, entry) whose panel is never complete, so that no desk releases them."""
        return {(turn.round, turn.entry) for turn in self.turns if not turn.complete}


def make_plan(db: Session, contest: Contest, rules: Rules, facts: Facts) -> Plan:
    """The plan for a contest that was just made from these facts, its rulings included."""
    return _Planner(db, contest, rules, facts).plan()


class _Planner:
    def __init__(self, db: Session, contest: Contest, rules: Rules, facts: Facts) -> None:
        self.db, self.contest, self.rules = db, contest, rules
        self.marks: dict[tuple[str | None, str, str], dict[str, Decimal]] = defaultdict(dict)
        for mark in facts.marks:
            self.marks[mark.round, mark.entry, mark.judge][mark.criterion or ""] = mark.mark
        self.adjustments: dict[tuple[str | None, str], list[AdjustmentFact]] = defaultdict(list)
        for fact in facts.adjustments:
            self.adjustments[fact.round, fact.entry].append(fact)
        self.messages = 0

    def plan(self) -> Plan:
        found = Plan()
        for round_ in sorted(self.contest.rounds, key=lambda each: each.position):
            for appearance in queries.appearances_in_order(self.db, round_):
                found.turns.append(self._turn(appearance))
        return found

    def _turn(self, appearance: Appearance) -> Turn:
        round_, entry = appearance.round.code, appearance.entry.code
        excused = showing.excused_sittings(self.db, appearance)
        sheets, complete = [], True
        for sitting in queries.sittings_for(self.db, appearance):
            given = self.marks[round_, entry, sitting.code]
            if not given and sitting.id in excused:
                continue
            sheet = self._sheet(appearance, sitting, given)
            if sheet.snapshots:
                sheets.append(sheet)
            is_in = bool(sheet.snapshots) and sheet.snapshots[-1].kind == "submit"
            complete = complete and (is_in or sitting.id in excused)
        return Turn(
            round_, entry, appearance.public_id, tuple(sheets), tuple(self.adjustments[round_, entry]),
            complete or showing.is_out(self.db, appearance),
        )  # fmt: skip

    def _sheet(self, appearance: Appearance, sitting: Sitting, given: Mapping[str, Decimal]) -> SheetPlan:
        rules = queries.round_rules(self.rules, appearance)
        criteria = [each.id for each in rules.criteria]
        may_submit = len(given) == len(criteria) or rules.panel.missing is not Missing.INCOMPLETE
        # Every other seat saves after each mark, the rest after two, so that both kinds of tablet take part.
        step = 1 if sitting.seat.number % 2 else 2
        there = [criterion for criterion in criteria if criterion in given]
        counts = sorted({*range(step, len(there) + 1, step), len(there)} - {0})
        shots = [self._snapshot("save", criteria, there[:count], given) for count in counts]
        if may_submit:
            shots.append(self._snapshot("submit", criteria, there, given))
        return SheetPlan(
            sitting.id, sitting.code, sitting.seat.public_id, appearance.round.code, appearance.entry.code,
            appearance.public_id, tuple(shots),
        )  # fmt: skip

    def _snapshot(self, kind: str, criteria: list[str], filled: list[str], given: Mapping[str, Decimal]) -> Snapshot:
        marks: Marks = {each: format(given[each], "f") if each in filled else None for each in criteria}
        self.messages += 1
        return Snapshot(kind, marks, resent=self.messages % RESENT_EVERY == 1)
